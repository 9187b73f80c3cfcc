"""The answer to danger or a worry: given in the same turn, in the transaction of the message that told it.

It needs no bot, no model, no network. It doesn't question, praise, doubt or promise secrecy.
"""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import who_is_there
from core.conversation.arrived import Arrived
from core.conversation.bot import Choice, Chosen, SayMessage, State
from core.conversation.house import House
from core.conversation.place import Place
from core.conversation.reviewing import asks_for_personal
from core.conversation.say import Said, say_message, variant_for
from core.conversation.speak import speak
from core.conversation.staff_named import with_staff_named
from core.conversation.tables import Kind, Message, Progress
from core.ids import ConversationId, MessageId
from core.safeguarding.check_in import Reply, read_reply
from core.safeguarding.concerns import note_check_in, raise_concern
from core.safeguarding.phrases import Category, Level
from core.safeguarding.rules import Heard, Match
from core.safeguarding.unreadable import Unreadable, find_unreadable
from core.text.messages import Variant
from core.views.question_bank import Bank
from core.views.questions import answer_of

log = structlog.get_logger()

ADULT = 18
"""The one age for which Childline and the adults' team are both right."""
BUTTON = "button: I am not safe"
REPLY = "reply to the check-in: not safe"
CHECK_IN = {
    Reply.NOT_SAFE: "worry_not_safe",
    Reply.SAFE: "worry_safe",
    Reply.UNSURE: "worry_not_sure",
    Reply.WONT_SAY: "worry_wont_say",
}
"""The choices of the check-in, in their order, with their labels."""


def heard_in_choice(chosen: Chosen | None) -> Heard | None:
    """Hear danger in the one choice that says it."""
    if chosen is None or chosen.intent != "say_not_safe":
        return None
    match = Match(BUTTON, Category.IMMEDIATE_DANGER, Level.DANGER)
    return Heard(Level.DANGER, (Category.IMMEDIATE_DANGER,), (match,))


async def answer_at_once(
    session: AsyncSession, house: House, arrived: Arrived, message: Message, heard: Heard
) -> None:
    """Raise the concern, say the numbers that help (for a worry, ask if they are safe), keep the question open.

    Words in which phrases heard a worry are left to the second listener as well: it may hear danger in them.
    """
    if heard is arrived.heard and heard.level is Level.WORRY:
        message.progress = Progress.UNHEARD
    now, conversation = house.clock(), arrived.conversation
    its_id = ConversationId(conversation.id)
    told = await with_staff_named(
        session, heard, message=MessageId(message.id), place=arrived.place, key=arrived.key
    )
    concern = await raise_concern(
        session, house.area, conversation=its_id, message=MessageId(message.id), heard=told, now=now
    )
    if arrived.place.is_check_in and heard.because[0].phrase_id in {BUTTON, REPLY}:
        await note_check_in(session, its_id, Reply.NOT_SAFE, now)
    log.info("concern_raised", concern=concern, channel=conversation.channel)
    if not arrived.may_answer:
        return
    said = safety_words(house, arrived.place, heard.level)
    if arrived.unreadable is not None:
        said = _with_language(house, arrived, arrived.unreadable, said)
    await speak(session, conversation, arrived.key, said, now)
    arrived.keep_place(stand_by(arrived.place, said, after=message.seq))


def safety_words(house: House, place: Place, level: Level) -> tuple[Said, ...]:
    """Put the safety answer into words for this age, hour and channel; every part is of kind `safety`."""
    state = place.state
    by_text = state["channel"] == "sms"
    says = _danger(house, state) if level is Level.DANGER else _worry(house, state)
    opening = SayMessage("danger_text_opening" if level is Level.DANGER else "worry_text_opening")
    said = [say_message(house, each, place) for each in ([opening, *says] if by_text else says)]
    if by_text and level is Level.DANGER:
        # Two texts hold the numbers; tiles would make a third. The words "go on" are understood all the same.
        said[-1] = replace(said[-1], choices=())
    return tuple(replace(each, kind=Kind.SAFETY, level=str(level), again=None) for each in said)


def hear_in_place(house: House, place: Place, text: str | None) -> Heard | Unreadable | None:
    """Hear what typed words mean where the conversation stands, and whether they can be read.

    A name, an address or a number that we asked for need not be read.
    """
    heard = heard_in_reply(house, place, text)
    if heard is not None or not text or asks_for_personal(place):
        return heard
    return find_unreadable(text, house.languages, house.phrases.lexicon)


def _with_language(
    house: House, arrived: Arrived, unreadable: Unreadable, said: Sequence[Said]
) -> tuple[Said, ...]:
    """Say, before the check-in, in the likely language what to call; else in English how to ask for it."""
    if unreadable.language is None:
        line = say_message(house, SayMessage("worry_any_language"), arrived.place)
    else:
        line = Said(unreadable.language.line, unreadable.language.line)
    return (*said[:-1], replace(line, kind=Kind.SAFETY, level=str(Level.WORRY)), said[-1])


def heard_in_reply(house: House, place: Place, text: str | None) -> Heard | None:
    """Hear danger in typed words that answer the check-in: by text a number is all that people have."""
    if text is None or read_check_in(house, place, text) is not Reply.NOT_SAFE:
        return None
    match = Match(REPLY, Category.IMMEDIATE_DANGER, Level.DANGER)
    return Heard(Level.DANGER, (Category.IMMEDIATE_DANGER,), (match,))


def read_check_in(house: House, place: Place, text: str) -> Reply | None:
    """Give what typed words say to the check-in; None when none is open."""
    if not place.is_check_in:
        return None
    return read_reply(text, _replies(house, variant_for(place.state)))


def _replies(house: House, variant: Variant) -> dict[Reply, str]:
    return {reply: house.catalogue.say(label, variant) for reply, label in CHECK_IN.items()}


def stand_by(place: Place, said: Sequence[Said], *, after: int) -> Place:
    """Offer what the safety answer to message `after` offers, and keep the open question to be asked again."""
    offered = tuple(choice for each in said for choice in each.choices)
    is_check_in = any(each.level == Level.WORRY for each in said)
    return replace(place, open=(*offered, *place.open), safety_seq=after, is_check_in=is_check_in)


def age_variant(bank: Bank, state: State) -> str:
    """Name the safety answer's variant for an age band; without one, both numbers are given by age."""
    question = bank.question(bank.age_question)
    band = answer_of(question, state["answers"].get(question.id, ""))
    if band is None or band.ages is None:
        return "age_unknown"
    oldest = band.ages[1]
    if oldest < ADULT:
        return "under_18"
    return "18" if oldest == ADULT else "19_to_25"


def _danger(house: House, state: State) -> list[SayMessage]:
    age = age_variant(house.bank, state)
    there = who_is_there(house.area, house.clock())
    go_on = (
        Choice("go_on", "danger_go_on"),
        Choice("pause_conversation", "danger_stop"),
    )
    return [
        SayMessage(f"danger_numbers_{age}"),
        SayMessage("danger_cannot_talk"),
        SayMessage("danger_more_numbers"),
        SayMessage(f"danger_team_{there.team}_{age}", values=there.words_for(age), choices=go_on),
    ]


def _worry(house: House, state: State) -> list[SayMessage]:
    check_in = tuple(
        Choice("say_not_safe", label)
        if reply is Reply.NOT_SAFE
        else Choice("check_in", label, {"safe": reply.value})
        for reply, label in CHECK_IN.items()
    )
    return [
        SayMessage(f"worry_numbers_{age_variant(house.bank, state)}"),
        SayMessage("worry_check_in", choices=check_in),
    ]
