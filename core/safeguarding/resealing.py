"""Seal what people wrote about concerns anew, when their conversation gets a new key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.ids import ConversationId
from core.safeguarding.notes import hand_over_row, note_row
from core.safeguarding.openings import opening_row
from core.safeguarding.record_tables import ConcernNote, ContactOpening, HandOver
from core.safeguarding.tables import Concern
from core.sealing import one_key, seal, unseal


@dataclass(frozen=True, slots=True)
class SealedWithWords:
    """A column that is sealed under the key of the concern's conversation; `row` names the row of an id."""

    id: InstrumentedAttribute[Any]
    concern: InstrumentedAttribute[Any]
    value: InstrumentedAttribute[Any]
    row: Callable[[str], str]


def reach_row(concern: str) -> str:
    """Name the row that a way to reach someone is sealed for."""
    return f"concern-reach:{concern}"


SEALED_WITH_WORDS = (
    SealedWithWords(ConcernNote.id, ConcernNote.concern_id, ConcernNote.sealed_text, note_row),
    SealedWithWords(HandOver.concern_id, HandOver.concern_id, HandOver.sealed_record, hand_over_row),
    SealedWithWords(ContactOpening.id, ContactOpening.concern_id, ContactOpening.sealed_reason, opening_row),
    SealedWithWords(Concern.id, Concern.id, Concern.sealed_reach, reach_row),
)
"""Every such column must stand here, or what was written can't be read any more after a wish to delete."""


async def reseal_concerns(
    session: AsyncSession, conversation: ConversationId, *, old: bytes, new: bytes
) -> None:
    """Seal everything about the concerns of a conversation anew."""
    mine = select(Concern.id).where(Concern.conversation_id == conversation)
    for column in SEALED_WITH_WORDS:
        wanted = select(column.id, column.value).where(column.concern.in_(mine), column.value.is_not(None))
        for name, sealed in (await session.execute(wanted)).all():
            row = column.row(name)
            fresh = seal(unseal(sealed, one_key(old), row=row), one_key(new), row=row)
            put = update(column.value.class_).where(column.id == name).values({column.value.key: fresh})
            await session.execute(put.execution_options(synchronize_session=False))
