"""A code that was typed: known before anything is kept of the message, so that neither a row nor a bot sees it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.house import House
from core.conversation.own_answers import ReadsAnswers, answers_under
from core.conversation.periods import period_at
from core.conversation.tables import GivenCode
from core.safeguarding.rules import Heard
from core.text.code_words import CodeKind, read_code
from core.views.delete_codes import ask_erasure
from core.young_people.codes import Stretched, give_back_try, may_try

TYPE_CODE = "type_code"

IsRepeat = Callable[[], Awaitable[bool]]
"""Says whether the message came before under the same id: a repeat is never taken as a code."""


@dataclass(frozen=True, slots=True)
class TypedCode:
    """What is kept of a code that was typed: never its words. Of a delete code not even the names.

    `answers`: it was written to read what was answered, and deletes nothing; the ids of what was found.
    """

    kind: int
    names: tuple[str, ...]
    is_over: bool
    answers: tuple[str, ...] | None = None

    @property
    def body(self) -> dict[str, Any]:
        """What of it is sealed in the message's row, until it is answered."""
        return asdict(self)


async def take_code(
    house: House,
    text: str | None,
    heard: Heard | None,
    *,
    whose: Sequence[str],
    reads: ReadsAnswers,
    is_repeat: IsRepeat,
    is_within: bool = True,
) -> TypedCode | None:
    """Know a code by its shape, stretch it, and count the try; None when the message is something else.

    A delete code, right or wrong, is kept for the night under its keyed hash, away from who typed it. It is not
    looked up here, so neither the answer nor its time can tell; but where it was asked for to read answers by
    (`reads`), it is only looked up; and a message that `is_repeat` does nothing. `whose` are the conversation and its
    address. From who sends too much (not `is_within`) a code is taken out of the words, and does nothing.
    """
    words = read_code(text) if text and heard is None else None
    if words is None or await is_repeat():
        return None
    kind, now = CodeKind(len(words)), house.clock()
    if not is_within:
        return TypedCode(kind, (), is_over=True)
    stretched = await house.codes.stretcher.stretch(words, house.keys)
    is_allowed = await _count_try(house, kind, stretched, whose)
    if kind is not CodeKind.DELETE:
        return TypedCode(kind, stretched.names, is_over=not is_allowed)
    if await reads():
        found = await answers_under(house, stretched) if is_allowed else ()
        return TypedCode(kind, (), is_over=not is_allowed, answers=found)
    if await is_repeat():  # it was taken in meanwhile, and perhaps read, so that nothing is asked for now
        return None
    if is_allowed:
        await ask_erasure(
            house.codes.views,
            house.codes.seals,
            names=stretched.names,
            code_key=stretched.key,
            period=period_at(house, now),
        )
    return TypedCode(kind, (), is_over=not is_allowed)


async def _count_try(house: House, kind: CodeKind, stretched: Stretched, whose: Sequence[str]) -> bool:
    """Count a try, and say whether it is allowed; a right code to come back or to link is given back at once.

    Its answer tells that it was right. A delete code is counted, right or wrong: nobody may learn which it was.
    """
    async with house.service.write() as session:
        is_allowed = await may_try(session, house.keys, kind=kind, whose=whose, now=house.clock())
        if is_allowed and kind is not CodeKind.DELETE and await _is_given(session, house, kind, stretched):
            await give_back_try(session, house.keys, whose=whose)
    return is_allowed


async def _is_given(session: AsyncSession, house: House, kind: CodeKind, stretched: Stretched) -> bool:
    given = select(GivenCode.name).where(
        GivenCode.name.in_(stretched.names), GivenCode.kind == kind, GivenCode.ends_at > house.clock()
    )
    return await session.scalar(given) is not None
