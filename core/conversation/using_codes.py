"""Use a code that was typed: come back with my way and open questions, or join a phone and a web chat.

No earlier word is ever shown; the one exception is a copy that the person has just asked for.
"""

from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import Say, SayMessage, State
from core.conversation.claim import Claimed
from core.conversation.house import House
from core.conversation.ourselves import MENU
from core.conversation.own_answers import say_answers
from core.conversation.periods import period_at
from core.conversation.place import Place, read_place, seal_place
from core.conversation.speak import speak
from core.conversation.tables import Channel, Conversation, GivenCode
from core.conversation.words import put_into_words, read_again
from core.ids import ConversationId
from core.sealing import new_key
from core.text.code_words import CodeKind
from core.views.record import join_tags

log = structlog.get_logger()

COPY_FOR = timedelta(hours=1)
"""How long a copy may be opened once its code was typed."""
OF_QUESTIONS = ("flow", "set", "question", "trail", "answers", "mirrored")

Used = tuple[Place, tuple[Say, ...]]


async def use_code(session: AsyncSession, house: House, claimed: Claimed, place: Place) -> Used:
    """Do what a typed code is for, in the turn's transaction, and say so; then the open question comes again."""
    code = claimed.body["code"]
    if code["is_over"]:
        return place, (SayMessage("code_too_many"), *_again(place))
    match CodeKind(code["kind"]):
        case CodeKind.DELETE if code.get("answers") is not None:
            return place, (*say_answers(house, place, code["answers"]), *_again(place))
        case CodeKind.DELETE:
            says = SayMessage("code_delete_taken"), SayMessage("code_delete_otherwise")
            return place, (*says, *_again(place))
        case CodeKind.LINK:
            return await _link(session, house, claimed, place)
        case _:
            return await _come_back(session, house, claimed, place)


async def _come_back(session: AsyncSession, house: House, claimed: Claimed, place: Place) -> Used:
    given = await _take(session, house, claimed)
    other = None if given is None else await _lock_other(session, claimed, given.conversation_id)
    if given is None or other is None:
        return place, (SayMessage("code_not_known"), *_again(place))
    before, _ = read_place(other, house.keys)
    place = await _join(session, house, claimed, place, other)
    state = {**place.state, **_my_way(before.state)}
    question = None
    if before.state["flow"] == "questions" and "ask_question" in (before.question or {}):
        state |= {name: before.state[name] for name in OF_QUESTIONS}
        question = before.question
    place = replace(place, state=state, question=question or place.question)
    says: tuple[Say, ...] = (SayMessage("code_return_done"),)
    if given.with_copy and claimed.channel == Channel.WEB:
        until = (house.clock() + COPY_FOR).isoformat()
        place = replace(place, copy_of=other.id, copy_until=until)
        says = (*says, SayMessage("rights_copy_web"))
    return place, (*says, *_again(place))


async def _link(session: AsyncSession, house: House, claimed: Claimed, place: Place) -> Used:
    """Join a phone's conversation with this one on the web; both are told."""
    if claimed.channel != Channel.WEB:
        return place, (SayMessage("code_link_on_web"), *_again(place))
    given = await _take(session, house, claimed)
    other = None if given is None else await _lock_other(session, claimed, given.conversation_id)
    if other is None:
        return place, (SayMessage("code_not_known"), *_again(place))
    place = await _join(session, house, claimed, place, other)
    told, key = read_place(other, house.keys)
    way = _my_way(place.state, told.state)
    place = replace(place, state={**place.state, **way})
    told = replace(told, state={**told.state, **way})
    other.sealed_place = seal_place(told, key, ConversationId(other.id))
    said = put_into_words(house, (SayMessage("code_link_told"),), told)
    await speak(session, other, key, said, house.clock())
    log.info("phone_linked_to_another", conversation=claimed.conversation)
    return place, (SayMessage("code_link_done"), *_again(place))


def _my_way(*states: State) -> State:
    """Give how somebody likes it to talk: easy words if they ever chose them, and all else that they chose."""
    words = next((each["my_way"] for each in states if each["my_way"] != "standard"), "standard")
    ways = dict.fromkeys(way for each in states for way in each.get("ways") or ())
    return {"my_way": words, "ways": list(ways)}


async def _take(session: AsyncSession, house: House, claimed: Claimed) -> GivenCode | None:
    """Take a given code away: it works once, and only before its time is over."""
    for name in claimed.body["code"]["names"]:
        given = await session.get(GivenCode, name, with_for_update=True)
        if given is not None:
            await session.delete(given)
            is_right = given.kind == claimed.body["code"]["kind"] and given.ends_at > house.clock()
            return given if is_right else None
    return None


async def _lock_other(session: AsyncSession, claimed: Claimed, conversation: str) -> Conversation | None:
    if conversation == claimed.conversation:
        return None
    row = await session.get(Conversation, conversation, with_for_update=True)
    return row if row is not None and row.sealed_key else None


async def _join(
    session: AsyncSession, house: House, claimed: Claimed, place: Place, other: Conversation
) -> Place:
    """Let two conversations count as one person from now on: one seed, and so one tag for each period."""
    theirs, key = read_place(other, house.keys)
    other_id = ConversationId(other.id)
    seed = theirs.seed or place.seed or new_key().hex()
    await join_tags(
        session,
        period_at(house, house.clock()),
        seed,
        first=(other_id, key),
        second=(claimed.conversation, claimed.key),
    )
    joined = replace(theirs, seed=seed, linked=_with(theirs.linked, claimed.conversation))
    other.sealed_place = seal_place(joined, key, other_id)
    return replace(place, seed=seed, linked=_with(place.linked, other_id))


def _with(linked: tuple[str, ...], other: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*linked, other)))


def _again(place: Place) -> tuple[Say, ...]:
    return (read_again(place.question),) if place.question else (MENU,)
