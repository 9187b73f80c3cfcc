"""Delete codes: who types one has their views of that term erased in the night, and nobody learns if it was right.

What the code opens is sealed under the code itself, and leaves for the views store with a batch like a view does:
a row that came there at the hour at which somebody was shown a code would tell whose it is.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Store, insert_new
from core.ids import ConversationId, PeriodId
from core.sealing import CannotOpen, Keyring, one_key, pad, seal, unpad, unseal
from core.views.batches import Leaving
from core.views.erasing import erase_tags
from core.views.record import keep_tag, put_entry, tag_of_period
from core.views.tables import DeleteCode, ErasureAsk
from core.views.waiting import DELETE_CODE, Entry, Tag

TAG_BYTES = 256
IsOver = Callable[[PeriodId], bool]
"""Says of a period whether it is closed for good: nothing of it can still arrive."""


async def hold_code(
    session: AsyncSession,
    *,
    conversation: ConversationId,
    key: bytes,
    period: PeriodId,
    name: str,
    code_key: bytes,
    seed: str | None,
) -> bool:
    """Keep for a conversation what its new code opens, until a batch leaves; False if it has one for this term."""
    tag = await tag_of_period(session, conversation, key, period, seed)
    if tag.has_code:
        return False
    written = json.dumps([tag.tag, tag.secret]).encode()
    sealed = seal(pad(written, smallest=TAG_BYTES), one_key(code_key), row=code_row(name))
    entry = Entry(period, DELETE_CODE, DELETE_CODE, answer=f"{name}:{sealed.hex()}")
    await put_entry(session, conversation, key, entry=entry)
    await keep_tag(session, conversation, key, period, replace(tag, has_code=True))
    return True


def code_rows(leaving: Sequence[Leaving], period: PeriodId) -> tuple[dict[str, Any], ...]:
    """Make the rows of the codes that leave with a batch."""
    said = [entry.answer or "" for each in leaving for entry in each.entries if entry.measure == DELETE_CODE]
    parts = (each.partition(":") for each in said)
    return tuple(
        {"name": name, "period": period, "sealed_tag": bytes.fromhex(sealed)} for name, _, sealed in parts
    )


async def ask_erasure(
    views: Store, seals: Keyring, *, names: Sequence[str], code_key: bytes, period: PeriodId
) -> None:
    """Keep a code that was typed until the night. Right or wrong, it is the same row, and takes the same time."""
    rows = [
        {"name": name, "period": period, "sealed_key": seal(code_key, seals, row=ask_row(name))}
        for name in names
    ]
    async with views.write() as session:
        await insert_new(session, ErasureAsk, rows)


async def count_asks(session: AsyncSession) -> int:
    """Count the delete codes that were typed and may still have something to erase."""
    return (await session.scalars(select(func.count()).select_from(ErasureAsk))).one()


async def do_asks(session: AsyncSession, seals: Keyring, is_over: IsOver) -> None:
    """Erase the views of every code that was typed and is right.

    An ask stays while views of its term may still arrive; then the code is used up. A wrong one goes with its term.
    """
    for ask in (await session.scalars(select(ErasureAsk))).all():
        code = await session.get(DeleteCode, ask.name)
        tag = None if code is None else _open_asked(code, ask, seals)
        if tag is not None:
            await erase_tags(session, [tag])
        if code is not None and is_over(PeriodId(code.period)):
            await session.delete(code)
            await session.delete(ask)
        elif code is None and is_over(PeriodId(ask.period)):
            await session.delete(ask)


async def forget_codes(session: AsyncSession, period: PeriodId) -> None:
    """Forget the codes of a term whose words are gone."""
    await session.execute(delete(DeleteCode).where(DeleteCode.period == period))


async def periods_with_codes(session: AsyncSession) -> list[PeriodId]:
    """Name the terms that codes are kept for."""
    return [PeriodId(each) for each in await session.scalars(select(DeleteCode.period).distinct())]


def open_code(code: DeleteCode, code_key: bytes) -> Tag | None:
    """Give the tag that a code opens; None where it is not the key to it."""
    try:
        tag, secret = json.loads(unpad(unseal(code.sealed_tag, one_key(code_key), row=code_row(code.name))))
    except CannotOpen:
        return None
    return Tag(tag, secret, 0, {})


def _open_asked(code: DeleteCode, ask: ErasureAsk, seals: Keyring) -> Tag | None:
    try:
        key = unseal(ask.sealed_key, seals, row=ask_row(ask.name))
    except CannotOpen:  # made with a key that is gone: one broken row must not stop the others
        return None
    return open_code(code, key)


def code_row(name: str) -> str:
    """Name the row that a code's tag is sealed for."""
    return f"delete_code:{name}"


def ask_row(name: str) -> str:
    """Name the row that a typed code's key is sealed for."""
    return f"erasure_ask:{name}"
