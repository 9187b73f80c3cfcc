"""THE WAY OF A MESSAGE: claim the oldest one that waits, decide what to say and do, and commit all of it at once.

Nothing is committed before the end, so a crash at any step loses nothing and does nothing twice: the message
still waits, and the conversation still stands where it stood.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from core.conversation.bot import Answer, BotUnavailable, Chosen, HandBack, Say, SayMessage
from core.conversation.check_in import check_in, keep_reply
from core.conversation.claim import Claimed, Leased, LeaseLost, claim_next, hold_lease, open_leased, release
from core.conversation.effects import TurnAtWork, carry_out
from core.conversation.erase import erase_on_wish
from core.conversation.house import House
from core.conversation.ourselves import MENU, OURS, WHOSE, answer_ourselves
from core.conversation.place import Place, only_page, read_place, seal_place
from core.conversation.rights import OF_RIGHTS, answer_wish, has_confirmed_delete
from core.conversation.rows import finish_message, put_off_message, set_message_aside
from core.conversation.safety import safety_words, stand_by
from core.conversation.say import Said
from core.conversation.second_answer import answer_danger, raise_news
from core.conversation.second_ear import hear_more, with_worry
from core.conversation.speak import speak
from core.conversation.stand_after import meet_news, stand_after
from core.conversation.symbols import MEAN, ask_meaning, hear_meaning, read_back
from core.conversation.tables import Kind
from core.conversation.town import forget_town
from core.conversation.typed_code import TYPE_CODE
from core.conversation.understand import Understood, make_ready
from core.conversation.words import put_into_words, read_again
from core.failpoint import Failpoint, pass_by
from core.ids import ConversationId
from core.safeguarding.phrases import Level

log = structlog.get_logger()

TROUBLE = SayMessage("trouble_kept_message")
NOT_UNDERSTOOD = SayMessage("trouble_not_understood")
TAPPED_BEFORE = SayMessage("trouble_choice_old")
FIRST_WAIT = timedelta(seconds=2)
MOST_TRIES = 4
ANSWERED_HERE = OURS | {TYPE_CODE}
LONGEST_WAIT = timedelta(seconds=10)


async def answer_next(house: House, conversation: ConversationId) -> bool:
    """Answer the oldest waiting message of a conversation; False when none is due or another worker has it."""
    claimed = await claim_next(house, conversation)
    return claimed is not None and await _answer(house, claimed)


async def answer_leased(house: House, leased: Leased) -> bool:
    """Answer a message that was leased as it came in (`seats`); False when another worker has it now."""
    return await _answer(house, open_leased(house, leased))


async def _answer(house: House, claimed: Claimed) -> bool:
    pass_by(Failpoint.CLAIM_COMMITTED)
    understood = await make_ready(house, claimed)
    deciding = asyncio.create_task(decide(house, claimed, understood))
    claimed, level = await hear_more(house, claimed, understood)
    try:
        await answer_claimed(house, claimed, understood, deciding, level)
        pass_by(Failpoint.TURN_COMMITTED)
    except BotUnavailable:
        await say_trouble(house, claimed, level)
    except LeaseLost:
        log.warning("lease_lost", message=claimed.message)
        return False
    except Exception as error:  # noqa: BLE001 - a bug of ours must not silence a young person for ever
        log.error("answer_failed", message=claimed.message, problem=type(error).__name__)  # noqa: TRY400
        await bear_with_bug(house, claimed, level)
    finally:
        deciding.cancel()
        await asyncio.gather(deciding, return_exceptions=True)  # of danger nobody waits for what was decided
    house.doorbell.ring(claimed.conversation)
    return True


async def answer_claimed(
    house: House,
    claimed: Claimed,
    understood: Understood,
    deciding: asyncio.Task[Answer],
    level: Level | None,
) -> None:
    """Answer danger that only the second listener heard at once; else wait for what is decided. BotUnavailable."""
    if level is Level.DANGER:
        await answer_danger(house, claimed)
        return
    answer = await deciding
    pass_by(Failpoint.ANSWER_DECIDED)
    await commit_turn(
        house, claimed, understood, with_worry(answer, claimed.place.state) if level else answer
    )


async def decide(house: House, claimed: Claimed, understood: Understood) -> Answer:
    """Answer ourselves what needs no bot; ask the bot for the rest. Raises BotUnavailable."""
    chosen = understood.chosen
    no_answer = _is_no_answer(understood)
    if no_answer is not None:
        return Answer((*no_answer, *_again(claimed.place)), ())
    if chosen is not None and chosen.intent in OF_RIGHTS:
        return await _answer_wish(house, claimed, chosen.intent)
    if chosen is not None and chosen.intent in ANSWERED_HERE:
        meant = hear_meaning(chosen) if chosen.intent == MEAN else ()
        return Answer(_our_answer(house, chosen, claimed.place), meant)
    if understood.symbols and claimed.place.expects != "free_text":
        return ask_meaning(understood.symbols, claimed.place.state, claimed.message)
    answer = await house.bot.answer(understood.turn)
    handed_back = next((each.intent for each in answer.decisions if isinstance(each, HandBack)), None)
    if handed_back is not None:
        return await _answer_wish(house, claimed, handed_back)
    return replace(answer, says=(*_notes(understood), *answer.says))


async def _answer_wish(house: House, claimed: Claimed, intent: str) -> Answer:
    return await answer_wish(house, intent, claimed.channel, claimed.place, _again(claimed.place))


def _our_answer(house: House, chosen: Chosen, place: Place) -> tuple[Say, ...]:
    if chosen.intent in {WHOSE, TYPE_CODE}:
        return ()  # what is said depends on what is found when it is carried out: see effects
    return (*answer_ourselves(house, chosen), *_again(place))


def _is_no_answer(understood: Understood) -> tuple[SayMessage, ...] | None:
    """Give what to say before the open question is asked again; None when the message is an answer."""
    if understood.is_stale:
        return (TAPPED_BEFORE,)
    if understood.says_nothing:
        return (NOT_UNDERSTOOD,)
    if understood.unclear is not None:
        return (SayMessage(understood.unclear),)
    return () if understood.only_repeat else None


def _notes(understood: Understood) -> tuple[SayMessage, ...]:
    """Read symbols back, and say so when only the beginning of the words was thought about."""
    if understood.symbols:
        return (read_back(understood.symbols),)
    return (SayMessage("trouble_message_cut"),) if understood.is_cut else ()


async def commit_turn(house: House, claimed: Claimed, understood: Understood, answer: Answer) -> None:
    """Write state, effects, replies and "done" in one transaction, if the lease is still ours."""
    now = house.clock()
    async with house.service.write() as session:
        conversation = await hold_lease(session, house, claimed)
        turn = TurnAtWork(session, house, conversation, claimed, understood)
        place, more = await carry_out(turn, answer.decisions)
        place, is_check_in = await check_in(session, house, claimed, answer.decisions, place)
        await keep_reply(session, house, claimed, understood.chosen)
        await forget_town(session, house, claimed, answer, place)  # last: words that a concern needs stay
        said = put_into_words(house, (*more, *answer.says), place)
        stands = read_place(conversation, house.keys)[0]
        place = meet_news(stand_after(place, said, claimed), stands, claimed.place)
        if is_check_in:
            said = safety_words(house, place, Level.WORRY)
            place = stand_by(place, said, after=claimed.seq)
        conversation.sealed_place = seal_place(place, claimed.key, claimed.conversation)
        release(conversation)  # changed before it is written with the replies: one UPDATE instead of three
        await speak(session, conversation, claimed.key, said, now)
        await finish_message(session, claimed.message, hear_again_at=claimed.hear_again_at)
        if has_confirmed_delete(understood.chosen):
            await erase_on_wish(session, house.keys, conversation, since=claimed.seq, now=now)
        await session.flush()
        pass_by(Failpoint.TURN_WRITTEN)
    log.info("message_answered", message=claimed.message, attempt=claimed.attempt)


async def say_trouble(house: House, claimed: Claimed, level: Level | None) -> None:
    """Say once that the bot does not work, and keep the message waiting: it is answered when the bot is back.

    What the second listener heard does not wait: it is raised, and answered now, at a later try too where the one
    before died.
    """
    now = house.clock()
    wait = min(FIRST_WAIT * 2 ** min(claimed.attempt - 1, 10), LONGEST_WAIT)
    async with house.service.write() as session:
        conversation = await hold_lease(session, house, claimed)
        await put_off_message(session, claimed.message, now + wait)
        release(conversation)
        trouble = put_into_words(house, (TROUBLE,), claimed.place) if claimed.attempt == 1 else ()
        said = [replace(each, kind=Kind.PROBLEM) for each in trouble]
        said += await raise_news(session, house, claimed, conversation, level)
        if said:
            await speak(session, conversation, claimed.key, said, now)
    log.warning("bot_not_reached", message=claimed.message, attempt=claimed.attempt)


async def bear_with_bug(house: House, claimed: Claimed, level: Level | None) -> None:
    """Try a message again that we failed on; after some tries set it aside, so that what follows is answered.

    What the second listener heard in it is raised all the same, and answered in the place of the menu.
    """
    if claimed.attempt < MOST_TRIES:
        await say_trouble(house, claimed, level)
        return
    async with house.service.write() as session:
        conversation = await hold_lease(session, house, claimed)
        release(conversation)
        said: Sequence[Said] = await raise_news(session, house, claimed, conversation, level)
        if said:
            place = read_place(conversation, house.keys)[0]
        else:
            said = put_into_words(house, (NOT_UNDERSTOOD, MENU), claimed.place)
            place = stand_after(claimed.place, said, claimed)
        place = replace(place, kept=only_page(place.kept))
        conversation.sealed_place = seal_place(place, claimed.key, claimed.conversation)
        await speak(session, conversation, claimed.key, said, house.clock())
        await set_message_aside(session, claimed.message, hear_again_at=claimed.hear_again_at)
    log.error("message_given_up", message=claimed.message, attempt=claimed.attempt)


def _again(place: Place) -> tuple[Say, ...]:
    """Ask the open question again, or offer the menu where none is open."""
    return (read_again(place.question),) if place.question else (MENU,)
