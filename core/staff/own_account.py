"""What a person may do with their own account, and an administrator with another's: change, lock, give anew."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.database import Store
from core.errors import Refusal
from core.ids import StaffId
from core.keys import ServiceKeys
from core.staff.accounts import NoSuchStaff, NotYourself, check_password
from core.staff.audit import Deed, record_deed
from core.staff.passwords import Passwords
from core.staff.second_step import forget_second_step
from core.staff.sign_in import LONGEST_PASSWORD, WrongPassword, hash_token
from core.staff.tables import SignInSession, StaffAccount
from core.staff.tries import count_try, forget_tries


class NoPasswordHere(Refusal):
    """The person signs in with the council's own account."""

    status = HTTPStatus.CONFLICT
    words = "You sign in with your work account. Please change your password there."


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """Whose password, what was typed, where from, and in which sign-in session (`token`)."""

    staff: StaffId
    old: str
    new: str
    address: str
    token: str


async def change_password(
    store: Store, keys: ServiceKeys, passwords: Passwords, asked: PasswordChange, *, clock: Clock
) -> None:
    """Change one's own password, and end one's other sign-ins.

    WrongPassword, PasswordTooShort, PasswordTooEasy, NoPasswordHere, or TooManyTries: it is a place to guess at.
    """
    async with store.write() as session:
        account = await session.get_one(StaffAccount, asked.staff)
        await count_try(session, keys, email=account.email, address=asked.address, now=clock())
    if not account.password_hash:
        raise NoPasswordHere
    if not await passwords.fits(asked.old[:LONGEST_PASSWORD], account.password_hash):
        raise WrongPassword("Your old password is not right.")
    kept = await passwords.hash(check_password(asked.new, account.email, account.name))
    async with store.write() as session:
        await forget_tries(session, keys, email=account.email, address=asked.address, now=clock())
        await _keep_password(session, asked.staff, kept)
        others = (SignInSession.staff_id == asked.staff) & (
            SignInSession.token_hash != hash_token(asked.token)
        )
        await session.execute(delete(SignInSession).where(others))
        await record_deed(
            session, keys, who=asked.staff, did=Deed.CHANGED_PASSWORD, about=asked.staff, now=clock()
        )


async def give_new_password(
    session: AsyncSession, keys: ServiceKeys, staff: StaffId, kept: str, *, by: str, now: datetime
) -> str:
    """Give a person who is locked out a new password, and let them set up their second step anew.

    `kept` is its hash; gives the person's name. Raises NoSuchStaff, NotYourself, NoPasswordHere.
    """
    account = await _find_other(session, staff, by)
    if not account.password_hash:
        raise NoPasswordHere
    await _keep_password(session, staff, kept)
    await forget_second_step(session, staff)
    await _end_sign_ins(session, staff)
    await record_deed(session, keys, who=by, did=Deed.GAVE_NEW_PASSWORD, about=staff, now=now)
    return account.name


async def lock_staff(
    session: AsyncSession, keys: ServiceKeys, staff: StaffId, *, by: str, now: datetime
) -> None:
    """Let a person in no more until they are unlocked, also where they are signed in; NoSuchStaff, NotYourself."""
    account = await _find_other(session, staff, by)
    account.locked_at = account.locked_at or now
    await _end_sign_ins(session, staff)
    await record_deed(session, keys, who=by, did=Deed.LOCKED_STAFF, about=staff, now=now)


async def unlock_staff(
    session: AsyncSession, keys: ServiceKeys, staff: StaffId, *, by: str, now: datetime
) -> None:
    """Let a locked person in again; NoSuchStaff, NotYourself."""
    account = await _find_other(session, staff, by)
    account.locked_at = None
    await record_deed(session, keys, who=by, did=Deed.UNLOCKED_STAFF, about=staff, now=now)


async def _find_other(session: AsyncSession, staff: StaffId, by: str) -> StaffAccount:
    if staff == by:
        raise NotYourself
    in_use = select(StaffAccount).where(StaffAccount.id == staff, StaffAccount.left_at.is_(None))
    account = await session.scalar(in_use)
    if account is None:
        raise NoSuchStaff
    return account


async def _keep_password(session: AsyncSession, staff: StaffId, kept: str) -> None:
    await session.execute(
        update(StaffAccount)
        .where(StaffAccount.id == staff)
        .values(password_hash=kept)
        .execution_options(synchronize_session=False)
    )


async def _end_sign_ins(session: AsyncSession, staff: StaffId) -> None:
    await session.execute(delete(SignInSession).where(SignInSession.staff_id == staff))
