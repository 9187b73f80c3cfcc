"""Let a member of staff in, know them again, and let them out."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.database import Store
from core.errors import Refusal
from core.ids import StaffId
from core.keys import ServiceKeys
from core.staff.accounts import NotAnEmail, tidy_email
from core.staff.audit import Deed, record_deed
from core.staff.passwords import Passwords
from core.staff.roles import Role
from core.staff.tables import SignInSession, StaffAccount
from core.staff.tries import count_try, forget_tries

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=1)
TOKEN_BYTES = 32
LONGEST_PASSWORD = 1000

log = structlog.get_logger()


class WrongPassword(Refusal):
    """The e-mail, the password or both are wrong; we don't say which."""

    status = HTTPStatus.UNAUTHORIZED
    words = "The e-mail or the password is not right."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, and the token (`csrf`) that proves a form came from our own page."""

    staff: StaffId
    name: str
    role: Role
    csrf: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed at sign-in, and the network address it came from."""

    email: str
    password: str
    address: str


async def sign_in(
    store: Store, keys: ServiceKeys, passwords: Passwords, credentials: Credentials, *, clock: Clock
) -> str:
    """Open a sign-in session and give its token; WrongPassword or TooManyTries.

    The try is counted first and the password is checked outside any transaction, so that parallel guesses
    can't pass the limit and a slow hash holds no lock.
    """
    try:
        email = tidy_email(credentials.email)
    except NotAnEmail as error:
        raise WrongPassword from error
    async with store.write() as session:
        await count_try(session, keys, email=email, address=credentials.address, now=clock())
    async with store.read() as session:
        account = await session.scalar(
            select(StaffAccount).where(StaffAccount.email == email, StaffAccount.left_at.is_(None))
        )
    kept = account.password_hash if account else None
    is_right = await passwords.fits(credentials.password[:LONGEST_PASSWORD], kept)
    if account is None or not is_right:
        log.info("sign_in_refused")
        raise WrongPassword
    async with store.write() as session:
        await forget_tries(session, keys, email=email, address=credentials.address)
        return await open_sign_in_session(session, keys, StaffId(account.id), now=clock())


async def open_sign_in_session(
    session: AsyncSession, keys: ServiceKeys, staff: StaffId, *, now: datetime
) -> str:
    """Make a sign-in session for someone who has proved who they are; give its token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await session.execute(delete(SignInSession).where(SignInSession.ends_at <= now))
    session.add(
        SignInSession(
            token_hash=_hash(token), staff_id=staff, started_at=now, last_seen_at=now, ends_at=now + LONGEST
        )
    )
    await record_deed(session, keys, who=staff, did=Deed.SIGNED_IN, about=None, now=now)
    log.info("staff_signed_in", staff=staff)
    return token


async def find_signed_in(
    store: Store, token: str, *, clock: Clock, by_themselves: bool = True
) -> SignedIn | None:
    """Say who holds this token: nobody after 12 hours, 2 idle hours, sign-out, or when they have left.

    A page that looks again by itself is no sign of a person (`by_themselves` False): it ends no idleness.
    """
    now = clock()
    async with store.read() as session:
        found = (
            await session.execute(
                select(SignInSession.last_seen_at, StaffAccount.id, StaffAccount.name, StaffAccount.role)
                .join(StaffAccount, StaffAccount.id == SignInSession.staff_id)
                .where(
                    SignInSession.token_hash == _hash(token),
                    SignInSession.ends_at > now,
                    SignInSession.last_seen_at > now - IDLE,
                    StaffAccount.left_at.is_(None),
                )
            )
        ).one_or_none()
    if found is None:
        return None
    last_seen_at, staff, name, role = found
    if by_themselves and now - last_seen_at >= SEEN_EVERY:
        await _note_seen(store, token, now)
    return SignedIn(StaffId(staff), name, Role(role), csrf_token(token))


async def sign_out(
    session: AsyncSession, keys: ServiceKeys, token: str, *, staff: StaffId, now: datetime
) -> None:
    """Forget the sign-in session of this token."""
    await session.execute(delete(SignInSession).where(SignInSession.token_hash == _hash(token)))
    await record_deed(session, keys, who=staff, did=Deed.SIGNED_OUT, about=None, now=now)


def csrf_token(token: str) -> str:
    """Make the token for forms out of that of the sign-in session, which no page can read."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


async def _note_seen(store: Store, token: str, now: datetime) -> None:
    async with store.write() as session:
        await session.execute(
            update(SignInSession).where(SignInSession.token_hash == _hash(token)).values(last_seen_at=now)
        )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
