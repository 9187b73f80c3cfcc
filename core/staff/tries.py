"""Slow down who guesses passwords, by account and by address, and never lock out a person at their own desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from core.keys import ServiceKeys
from core.sealing import pseudonym
from core.tries import Allowed, add_try, give_back_tries, is_remembered, remember, take_tries

WINDOW: Final = timedelta(minutes=15)
BY_ACCOUNT_AND_ADDRESS: Final = Allowed(5, WINDOW)
BY_ACCOUNT: Final = Allowed(30, WINDOW)
BY_ADDRESS: Final = Allowed(50, WINDOW)
"""A whole office may share one address."""
KNOWN_FOR: Final = timedelta(days=30)
"""How long an address counts as a desk of an account that came in rightly from there: who guesses at the account
from elsewhere, by however many addresses, does not hold it up there."""


class TooManyTries(Refusal):
    """Someone guesses, or forgot a password."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    words = "There were too many tries. Please wait 15 minutes."


async def count_try(
    session: AsyncSession, keys: ServiceKeys, *, email: str, address: str, now: datetime
) -> None:
    """Count a try before its password is looked at; TooManyTries, and nothing counted, once a limit is reached.

    From a known desk the account's own limit counts, and holds nobody up.
    The transaction must end before the password is looked at: it holds up every other try from there.
    """
    names = _name(keys, email, address)
    if not await add_try(session, names.both, BY_ACCOUNT_AND_ADDRESS, now):
        raise TooManyTries
    is_within = await add_try(session, names.account, BY_ACCOUNT, now)
    if not is_within and not await is_remembered(session, names.desk, now):
        raise TooManyTries
    if not await add_try(session, names.place, BY_ADDRESS, now):
        raise TooManyTries


async def forget_tries(
    session: AsyncSession, keys: ServiceKeys, *, email: str, address: str, now: datetime
) -> None:
    """Forget the tries of an account from an address, once its password was right there, and know the desk."""
    names = _name(keys, email, address)
    tries = await take_tries(session, names.both)
    await give_back_tries(session, names.account, tries)
    await give_back_tries(session, names.place, tries)
    await remember(session, names.desk, now + KNOWN_FOR)


@dataclass(frozen=True, slots=True)
class _Names:
    """Keyed hashes of an account and an address together, of each alone, and of the desk that both make."""

    both: bytes
    account: bytes
    place: bytes
    desk: bytes


def _name(keys: ServiceKeys, email: str, address: str) -> _Names:
    _, key = keys.staff.derive("sign-in tries").newest
    account, place = f"account:{email}", f"address:{address}"
    names = (f"{place} {account}", account, place, f"desk: {place} {account}")
    return _Names(*(pseudonym(each, key) for each in names))
