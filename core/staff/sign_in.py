"""Let a member of staff in, know them again, and let them out."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
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
LONGEST_HALF = timedelta(minutes=15)
IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=1)
TOKEN_BYTES = 32
LONGEST_PASSWORD = 1000

log = structlog.get_logger()


class AccountLocked(Refusal):
    """The password is right, but an administrator has locked the account."""

    status = HTTPStatus.FORBIDDEN
    words = "Your account is locked. Please ask an administrator."


class WrongPassword(Refusal):
    """The e-mail, the password or both are wrong; we don't say which."""

    status = HTTPStatus.UNAUTHORIZED
    words = "The e-mail or the password is not right."


class SecondStep(StrEnum):
    """What is still asked of somebody whose password was right."""

    NOTHING = "nothing"
    CODE = "code"
    SET_UP = "set-up"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, and the token (`csrf`) that proves a form came from our own page.

    While `second_step` asks for something, they are half in: no door but that of the second step opens.
    `has_work_account`: the council's own sign-in let them in, and keeps their password and second step.
    """

    staff: StaffId
    name: str
    role: Role
    csrf: str
    second_step: SecondStep
    has_work_account: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed at sign-in, and the network address it came from."""

    email: str
    password: str
    address: str


async def sign_in(
    store: Store,
    keys: ServiceKeys,
    passwords: Passwords,
    credentials: Credentials,
    *,
    clock: Clock,
    needs_second_step: bool = False,
) -> str:
    """Open a sign-in session and give its token; WrongPassword, AccountLocked or TooManyTries.

    It is half open for who has a code app, and for everybody where a second step is needed.

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
    if account.locked_at is not None:
        raise AccountLocked
    is_half = needs_second_step or account.sealed_secret is not None
    async with store.write() as session:
        await forget_tries(session, keys, email=email, address=credentials.address, now=clock())
        return await open_sign_in_session(session, keys, StaffId(account.id), now=clock(), is_half=is_half)


async def open_sign_in_session(
    session: AsyncSession, keys: ServiceKeys, staff: StaffId, *, now: datetime, is_half: bool = False
) -> str:
    """Make a sign-in session for someone who has proved who they are, or half of it; give its token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await session.execute(delete(SignInSession).where(SignInSession.ends_at <= now))
    session.add(
        SignInSession(
            token_hash=hash_token(token),
            staff_id=staff,
            is_half=is_half,
            started_at=now,
            last_seen_at=now,
            ends_at=now + (LONGEST_HALF if is_half else LONGEST),
        )
    )
    if not is_half:
        await record_deed(session, keys, who=staff, did=Deed.SIGNED_IN, about=None, now=now)
        log.info("staff_signed_in", staff=staff)
    return token


async def come_in_whole(
    session: AsyncSession, keys: ServiceKeys, token: str, *, staff: StaffId, now: datetime
) -> str:
    """Put a whole sign-in session, with a token of its own, in the place of a half one."""
    await session.execute(delete(SignInSession).where(SignInSession.token_hash == hash_token(token)))
    return await open_sign_in_session(session, keys, staff, now=now)


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
                select(SignInSession, StaffAccount)
                .join(StaffAccount, StaffAccount.id == SignInSession.staff_id)
                .where(
                    SignInSession.token_hash == hash_token(token),
                    SignInSession.ends_at > now,
                    SignInSession.last_seen_at > now - IDLE,
                    StaffAccount.left_at.is_(None),
                    StaffAccount.locked_at.is_(None),
                )
            )
        ).one_or_none()
    if found is None:
        return None
    kept, account = found
    if by_themselves and now - kept.last_seen_at >= SEEN_EVERY:
        await _note_seen(store, token, now)
    return SignedIn(
        StaffId(account.id),
        account.name,
        Role(account.role),
        csrf_token(token),
        _asked_of(kept, account),
        has_work_account=account.subject is not None,
    )


async def sign_out(
    session: AsyncSession, keys: ServiceKeys, token: str, *, staff: StaffId, now: datetime
) -> None:
    """Forget the sign-in session of this token."""
    await session.execute(delete(SignInSession).where(SignInSession.token_hash == hash_token(token)))
    await record_deed(session, keys, who=staff, did=Deed.SIGNED_OUT, about=None, now=now)


def csrf_token(token: str) -> str:
    """Make the token for forms out of that of the sign-in session, which no page can read."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def _asked_of(kept: SignInSession, account: StaffAccount) -> SecondStep:
    if not kept.is_half:
        return SecondStep.NOTHING
    return SecondStep.CODE if account.sealed_secret is not None else SecondStep.SET_UP


async def _note_seen(store: Store, token: str, now: datetime) -> None:
    async with store.write() as session:
        await session.execute(
            update(SignInSession)
            .where(SignInSession.token_hash == hash_token(token))
            .values(last_seen_at=now)
        )


def hash_token(token: str) -> bytes:
    """Make what is kept of a sign-in session's token."""
    return hashlib.sha256(token.encode()).digest()
