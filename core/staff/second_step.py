"""The second step of a sign-in: a code from an app on the person's phone (TOTP, RFC 6238), or a recovery code."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog
from pyotp import TOTP, random_base32
from sqlalchemy import delete, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.database import Store, insert_new
from core.errors import Refusal
from core.ids import StaffId
from core.keys import ServiceKeys
from core.sealing import CannotOpen, Keyring, pseudonym, seal, unseal
from core.staff.audit import Deed, record_deed
from core.staff.passwords import draw_groups
from core.staff.sign_in import hash_token
from core.staff.tables import RecoveryCode, SignInSession, StaffAccount
from core.staff.tries import count_try, forget_tries

SECONDS = 30
STEPS_AROUND = (0, -1, 1)
"""A phone's clock may be half a minute off."""
CODES = 10
CODE_GROUPS = 3

log = structlog.get_logger()


class WrongCode(Refusal):
    """The code is wrong, was used before, or is too old."""

    status = HTTPStatus.UNAUTHORIZED
    words = "That code is not right. Each code works once. Wait for the next one, then type it."


class NoSetUpBegun(Refusal):
    """A code came to finish a set-up that nobody began."""

    status = HTTPStatus.CONFLICT
    words = "Please start again. Then type the code."


@dataclass(frozen=True, slots=True)
class CodeApp:
    """What a code app is told, this once: the secret to type, or its address to draw as a picture."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code as it was typed, and the network address it came from."""

    code: str
    address: str


async def begin_set_up(
    session: AsyncSession, keys: ServiceKeys, staff: StaffId, *, token: str, service: str
) -> CodeApp:
    """Draw a secret for a code app; it counts only once a code of it was typed in the same sign-in session."""
    account, here = await session.get_one(StaffAccount, staff), await _here(session, token)
    secret = random_base32()
    here.sealed_secret = seal(secret.encode(), app_secrets(keys), row=app_row(staff))
    return CodeApp(secret, TOTP(secret).provisioning_uri(name=account.email, issuer_name=service))


async def finish_set_up(
    store: Store, keys: ServiceKeys, staff: StaffId, typed: TypedCode, *, token: str, clock: Clock
) -> tuple[str, ...]:
    """Let the code app count from now on, and give new recovery codes; WrongCode, NoSetUpBegun, TooManyTries."""
    await _count(store, keys, staff, typed, clock())
    async with store.write() as session:
        account, here = await session.get_one(StaffAccount, staff), await _here(session, token)
        if here.sealed_secret is None:
            raise NoSetUpBegun
        try:
            step = _step_of(typed.code, _open(here.sealed_secret, keys, staff), clock())
        except CannotOpen as error:  # the keys were changed since the set-up began
            raise NoSetUpBegun from error
        if step is None:
            raise WrongCode
        account.sealed_secret, account.last_step, here.sealed_secret = here.sealed_secret, step, None
        codes = await _draw_codes(session, keys, staff)
        await forget_tries(session, keys, email=_tries_of(staff), address=typed.address, now=clock())
        await record_deed(session, keys, who=staff, did=Deed.SET_UP_SECOND_STEP, about=staff, now=clock())
    log.info("second_step_begun", staff=staff)
    return codes


async def prove(store: Store, keys: ServiceKeys, staff: StaffId, typed: TypedCode, *, clock: Clock) -> None:
    """Take a code of the app, once, or a recovery code, once; WrongCode or TooManyTries.

    The try is counted first, in a transaction of its own, so that parallel guesses can't pass the limit.
    """
    await _count(store, keys, staff, typed, clock())
    async with store.write() as session:
        if not (
            await _use_app_code(session, keys, staff, typed.code, clock())
            or await _use_recovery_code(session, keys, staff, typed.code)
        ):
            log.info("second_step_refused", staff=staff)
            raise WrongCode
        await forget_tries(session, keys, email=_tries_of(staff), address=typed.address, now=clock())


async def has_code_app(session: AsyncSession, staff: StaffId) -> bool:
    """Say whether a person has set up an app that shows codes."""
    return (await session.get_one(StaffAccount, staff)).sealed_secret is not None


async def forget_second_step(session: AsyncSession, staff: StaffId) -> None:
    """Take the code app and the recovery codes from an account: at the next sign-in it sets up new ones."""
    account = await session.get_one(StaffAccount, staff)
    account.sealed_secret = account.last_step = None
    await session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff))


async def _here(session: AsyncSession, token: str) -> SignInSession:
    return await session.get_one(SignInSession, hash_token(token))


async def _use_app_code(
    session: AsyncSession, keys: ServiceKeys, staff: StaffId, code: str, now: datetime
) -> bool:
    account = await session.get_one(StaffAccount, staff)
    if account.sealed_secret is None:
        return False
    step = _step_of(code, _open(account.sealed_secret, keys, staff), now)
    if step is None:
        return False
    is_newer = or_(StaffAccount.last_step.is_(None), StaffAccount.last_step < step)
    used = await session.execute(
        update(StaffAccount)
        .where(StaffAccount.id == staff, is_newer)
        .values(last_step=step)
        .returning(StaffAccount.id)
        .execution_options(synchronize_session=False)
    )
    return used.scalar_one_or_none() is not None


async def _use_recovery_code(session: AsyncSession, keys: ServiceKeys, staff: StaffId, code: str) -> bool:
    used = await session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.staff_id == staff, RecoveryCode.code_hash.in_(_hashes(code, keys, staff)))
        .returning(RecoveryCode.staff_id)
    )
    return used.scalar_one_or_none() is not None


async def _draw_codes(session: AsyncSession, keys: ServiceKeys, staff: StaffId) -> tuple[str, ...]:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff))
    codes = tuple(draw_groups(CODE_GROUPS) for _ in range(CODES))
    rows = [{"code_hash": _hashes(code, keys, staff)[0], "staff_id": staff} for code in codes]
    await insert_new(session, RecoveryCode, rows)
    return codes


def _step_of(code: str, secret: str, now: datetime) -> int | None:
    """Say of which half minute a code is; None when it is of none near now."""
    tidy, here = "".join(code.split()), int(now.timestamp()) // SECONDS
    app = TOTP(secret)
    fits = [
        here + off
        for off in STEPS_AROUND
        if hmac.compare_digest(app.generate_otp(here + off).encode(), tidy.encode())
    ]
    return fits[0] if fits else None


def app_secrets(keys: ServiceKeys) -> Keyring:
    """Give the keys that the secrets of code apps are sealed under."""
    return keys.staff.derive("code apps")


def app_row(staff: str) -> str:
    """Name the row that the secret of a person's code app is sealed for."""
    return f"code app:{staff}"


def _open(sealed: bytes, keys: ServiceKeys, staff: StaffId) -> str:
    return unseal(sealed, app_secrets(keys), row=app_row(staff)).decode()


def _hashes(code: str, keys: ServiceKeys, staff: StaffId) -> list[bytes]:
    """Give a recovery code's hash under each key that is kept, newest first."""
    tidy = "".join(code.lower().split()).replace("-", "")
    return [pseudonym(f"{staff}:{tidy}", key) for _, key in keys.staff.derive("recovery codes").keys]


async def _count(store: Store, keys: ServiceKeys, staff: StaffId, typed: TypedCode, now: datetime) -> None:
    async with store.write() as session:
        await count_try(session, keys, email=_tries_of(staff), address=typed.address, now=now)


def _tries_of(staff: StaffId) -> str:
    return f"second step of {staff}"
