"""Slow down who guesses passwords, by account and by address."""

from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from core.ids import new_id
from core.keys import ServiceKeys
from core.sealing import pseudonym
from core.staff.tables import SignInTry

WINDOW = timedelta(minutes=15)
BY_ACCOUNT_AND_ADDRESS = 5
BY_ACCOUNT = 30
BY_ADDRESS = 50
"""A whole office may share one address; a person who is guessed at from elsewhere must still come in."""


class TooManyTries(Refusal):
    """Someone guesses, or forgot a password."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    words = "There were too many tries. Please wait 15 minutes."


async def count_try(
    session: AsyncSession, keys: ServiceKeys, *, email: str, address: str, now: datetime
) -> None:
    """Count a try before its password is looked at; TooManyTries once a limit is reached."""
    account, place = _names(keys, email, address)
    await session.execute(delete(SignInTry).where(SignInTry.at < now - WINDOW))
    both = await _count(session, SignInTry.account == account, SignInTry.address == place)
    of_account = await _count(session, SignInTry.account == account)
    of_address = await _count(session, SignInTry.address == place)
    if both >= BY_ACCOUNT_AND_ADDRESS or of_account >= BY_ACCOUNT or of_address >= BY_ADDRESS:
        raise TooManyTries
    session.add(SignInTry(id=new_id(), account=account, address=place, at=now))


async def forget_tries(session: AsyncSession, keys: ServiceKeys, *, email: str, address: str) -> None:
    """Forget the tries of an account from an address, once its password was right there."""
    account, place = _names(keys, email, address)
    await session.execute(delete(SignInTry).where(SignInTry.account == account, SignInTry.address == place))


async def _count(session: AsyncSession, *where: object) -> int:
    counted = select(func.count()).select_from(SignInTry).where(*where)  # type: ignore[arg-type]
    return (await session.scalars(counted)).one()


def _names(keys: ServiceKeys, email: str, address: str) -> tuple[bytes, bytes]:
    _, key = keys.staff.derive("sign-in tries").newest
    return pseudonym(email, key), pseudonym(address, key)
