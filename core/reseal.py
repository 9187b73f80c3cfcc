"""Seal anew, under the newest key, what stands under an older one, so that the old key can be thrown away.

A sealed value names its key, so what is done is seen from the value itself: a run that was cut off goes on
where it stopped, and two at once do nothing twice. Each few rows are a transaction of their own, held for
milliseconds, beside a service that is running.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, and_, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core.database import Store
from core.sealing import CannotOpen, Keyring, prefix_of, seal, unseal

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column whose values are sealed directly under a store's keys; `row` names the row of an id."""

    what: str
    store: Store
    id: InstrumentedAttribute[Any]
    value: InstrumentedAttribute[Any]
    keys: Keyring
    row: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Resealed:
    """How far it has come: what was done, what no key of ours opens, and the last id that was looked at."""

    done: int = 0
    stuck: int = 0
    last: str | None = None


async def count_old(column: SealedColumn) -> int:
    """Count the values that stand under an older key."""
    wanted = select(func.count()).select_from(column.value.class_).where(_is_old(column))
    async with column.store.read() as session:
        return (await session.scalars(wanted)).one()


async def reseal_some(column: SealedColumn, so_far: Resealed) -> Resealed | None:
    """Seal the next few values anew; None when none is left to look at."""
    wanted = select(column.id, column.value).where(_is_old(column)).order_by(column.id).limit(AT_ONCE)
    if so_far.last is not None:
        wanted = wanted.where(column.id > so_far.last)
    done, stuck, last = so_far.done, so_far.stuck, so_far.last
    async with column.store.write() as session:
        rows = (await session.execute(wanted.with_for_update())).all()
        for name, old in rows:
            last, fresh = name, _sealed_anew(column, name, old)
            if fresh is None:
                stuck += 1
                continue
            put = update(column.value.class_).where(column.id == name).values({column.value.key: fresh})
            await session.execute(put.execution_options(synchronize_session=False))
            done += 1
    return Resealed(done, stuck, last) if rows else None


def _sealed_anew(column: SealedColumn, name: str, old: bytes) -> bytes | None:
    """Seal a value under the newest key; None when no key of ours opens it."""
    row = column.row(name)
    try:
        return seal(unseal(old, column.keys, row=row), column.keys, row=row)
    except CannotOpen:
        return None


def _is_old(column: SealedColumn) -> ColumnElement[bool]:
    """Say which values name another key than the newest; an erased value is empty and names none."""
    newest = prefix_of(column.keys)
    named = func.substr(column.value, 1, len(newest), type_=LargeBinary)
    return and_(column.value.is_not(None), func.length(column.value) > 0, named != newest)
