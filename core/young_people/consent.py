"""Who said stop: kept as a keyed hash only, over all channels, until they say start."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.young_people.tables import OptOut

_STOPPED: Final = select(OptOut.pseudonym).where(
    OptOut.pseudonym.in_(bindparam("pseudonyms", expanding=True))
)


async def opt_out(session: AsyncSession, pseudonym: bytes, now: datetime) -> None:
    """Stop all texts to this number; saying it twice changes nothing."""
    await insert_new(session, OptOut, [{"pseudonym": pseudonym, "since": now}])


async def opt_in(session: AsyncSession, *pseudonyms: bytes) -> None:
    """Let texts go to this number again; give every pseudonym it has had (`contact.pseudonyms_of`)."""
    await session.execute(delete(OptOut).where(OptOut.pseudonym.in_(pseudonyms)))


async def is_opted_out(session: AsyncSession, *pseudonyms: bytes) -> bool:
    """Say whether this number said stop, under any pseudonym it has had."""
    query = select(OptOut.since).where(OptOut.pseudonym.in_(pseudonyms)).limit(1)
    return (await session.execute(query)).first() is not None


async def which_opted_out(session: AsyncSession, pseudonyms: Collection[bytes]) -> set[bytes]:
    """Give those of many pseudonyms that said stop."""
    return set(await session.scalars(_STOPPED, {"pseudonyms": list(pseudonyms)}))


async def rename_opt_out(session: AsyncSession, older: Sequence[bytes], newest: bytes) -> None:
    """Keep a stop under the name that the newest key makes, since when it was said."""
    found = (await session.scalars(select(OptOut).where(OptOut.pseudonym.in_(older)))).first()
    if found is not None:
        await opt_out(session, newest, found.since)
        await opt_in(session, *older)
