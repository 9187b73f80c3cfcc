"""Ask, once and gently, whether someone is safe: after a worrying answer, or when only the bot heard it."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import Chosen, Decision, HearNotSafe, RecordView
from core.conversation.claim import Claimed
from core.conversation.house import House
from core.conversation.place import Place
from core.conversation.staff_named import with_staff_named
from core.safeguarding.check_in import Reply
from core.safeguarding.concerns import note_check_in, raise_concern
from core.safeguarding.phrases import Category, Level
from core.safeguarding.rules import Heard, Match
from core.views.questions import answer_of

ANSWERS_TO_WORRY = 2
"""One such answer is no concern by itself; two in one conversation are a worry (SAFETY-AND-PRIVACY 1)."""


async def check_in(
    session: AsyncSession, house: House, claimed: Claimed, decisions: tuple[Decision, ...], place: Place
) -> tuple[Place, bool]:
    """Note worrying answers in the place, and say whether to ask now if the young person is safe."""
    understood = [each.because for each in decisions if isinstance(each, HearNotSafe)]
    if understood:
        await raise_unspoken(session, house, claimed, ", ".join(understood))
        return place, claimed.place.safety_seq != claimed.seq  # else it was asked when the bot was down
    worrying = [
        each.measure for each in decisions if isinstance(each, RecordView) and _is_worrying(house, each)
    ]
    if not worrying:
        return place, False
    noted = tuple(dict.fromkeys((*place.worrying, *worrying)))
    if len(place.worrying) < ANSWERS_TO_WORRY <= len(noted):
        await raise_unspoken(session, house, claimed, "answers: " + ", ".join(noted))
    return replace(place, worrying=noted), not place.worrying


async def keep_reply(session: AsyncSession, house: House, claimed: Claimed, chosen: Chosen | None) -> None:
    """Keep what was answered to the check-in on the concern, for who reads it."""
    if chosen is not None and chosen.intent == "check_in":
        reply = Reply(chosen.entities["safe"])
        await note_check_in(session, claimed.conversation, reply, house.clock())


def _is_worrying(house: House, decision: RecordView) -> bool:
    if decision.answer is None or decision.text:
        return False
    question = house.bank.find(decision.measure)
    answer = answer_of(question, decision.answer) if question else None
    return answer is not None and answer.check_in


async def raise_unspoken(
    session: AsyncSession, house: House, claimed: Claimed, because: str, level: Level = Level.WORRY
) -> None:
    """Raise what no phrase was heard for; a message that was heard before is only ever raised to danger."""
    heard = Heard(level, (Category.UNSPOKEN,), (Match(because, Category.UNSPOKEN, level),))
    heard = await with_staff_named(
        session, heard, message=claimed.message, place=claimed.place, key=claimed.key
    )
    await raise_concern(
        session,
        house.area,
        conversation=claimed.conversation,
        message=claimed.message,
        heard=heard,
        now=house.clock(),
    )
