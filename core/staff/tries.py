"""Slow down who guesses passwords, by account and by address."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from core.keys import ServiceKeys
from core.sealing import pseudonym
from core.tries import Allowed, add_try, give_back_tries, take_tries

WINDOW: Final = timedelta(minutes=15)
BY_ACCOUNT_AND_ADDRESS: Final = Allowed(5, WINDOW)
BY_ACCOUNT: Final = Allowed(30, WINDOW)
BY_ADDRESS: Final = Allowed(50, WINDOW)
"""A whole office may share one address; a person who is guessed at from elsewhere must still come in."""


class TooManyTries(Refusal):
    """Someone guesses, or forgot a password."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    words = "There were too many tries. Please wait 15 minutes."


async def count_try(
    session: AsyncSession, keys: ServiceKeys, *, email: str, address: str, now: datetime
) -> None:
    """Count a try before its password is looked at; TooManyTries, and nothing counted, once a limit is reached.

    The transaction must end before the password is looked at: it holds up every other try from there.
    """
    limits = (BY_ACCOUNT_AND_ADDRESS, BY_ACCOUNT, BY_ADDRESS)
    for whose, allowed in zip(_names(keys, email, address), limits, strict=True):
        if not await add_try(session, whose, allowed, now):
            raise TooManyTries


async def forget_tries(session: AsyncSession, keys: ServiceKeys, *, email: str, address: str) -> None:
    """Forget the tries of an account from an address, once its password was right there."""
    both, *each = _names(keys, email, address)
    tries = await take_tries(session, both)
    for whose in each:
        await give_back_tries(session, whose, tries)


def _names(keys: ServiceKeys, email: str, address: str) -> tuple[bytes, bytes, bytes]:
    """Name both together, the account, and the address."""
    _, key = keys.staff.derive("sign-in tries").newest
    account, place = f"account:{email}", f"address:{address}"
    return pseudonym(f"{place} {account}", key), pseudonym(account, key), pseudonym(place, key)
