"""Add a member of staff, and list who there is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.errors import Refusal
from core.ids import StaffId, new_id
from core.keys import ServiceKeys
from core.staff.audit import Deed, record_deed
from core.staff.passwords import SHORTEST, is_easy_to_guess
from core.staff.roles import Role, may_not_be_one_person
from core.staff.tables import SignInSession, StaffAccount

LONGEST_EMAIL = 254
LONGEST_NAME = 100
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class NotAnEmail(Refusal):
    """What was given is no e-mail address."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please write an e-mail address with an @ in it."


class NoName(Refusal):
    """An account needs the name that a young person is told."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please write a name of up to 100 letters."


class PasswordTooShort(Refusal):
    """A password must be long; it need not be odd."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = f"Please use a password of {SHORTEST} letters or more."


class PasswordTooEasy(Refusal):
    """A guesser would soon have it."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "That password is easy to guess. Please use some words that do not belong together."


class TwoHats(Refusal):
    """One person may not both know young people and see what all of them think."""

    status = HTTPStatus.CONFLICT
    words = (
        "This person has an account for another job. Who knows young people by name can not "
        "see what all of them say too."
    )


class StaffAlreadyThere(Refusal):
    """Two accounts may not share an e-mail address."""

    status = HTTPStatus.CONFLICT
    words = "There is an account with this e-mail already."


class NoSuchStaff(Refusal):
    """No account with this id is in use."""

    status = HTTPStatus.NOT_FOUND
    words = "We can not find this person."


class NotYourself(Refusal):
    """Someone must be left who can add people."""

    status = HTTPStatus.CONFLICT
    words = "You can not end your own account. Please ask another person."


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Someone to add; `email` and `name` as they were typed."""

    email: str
    name: str
    role: Role
    password_hash: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """An account as an administrator sees it."""

    id: StaffId
    email: str
    name: str
    role: Role
    has_left: bool
    is_locked: bool
    has_second_step: bool
    has_password: bool


def check_password(password: str, *about: str) -> str:
    """Give the password back if it is long and hard to guess; PasswordTooShort or PasswordTooEasy if not.

    `about` are words that a guesser knows of its owner: their name, their e-mail.
    """
    if len(password) < SHORTEST:
        raise PasswordTooShort
    if is_easy_to_guess(password, *about):
        raise PasswordTooEasy
    return password


async def add_staff(
    session: AsyncSession, keys: ServiceKeys, new: NewStaff, *, by: str, now: datetime
) -> StaffId:
    """Add an account; NotAnEmail, NoName, TwoHats, or StaffAlreadyThere if it can't be."""
    await refuse_two_hats(session, new.email, new.role)
    row = {
        "id": new_id(),
        "email": tidy_email(new.email),
        "name": tidy_name(new.name),
        "role": new.role,
        "password_hash": new.password_hash,
        "added_at": now,
    }
    if not await insert_new(session, StaffAccount, [row]):
        raise StaffAlreadyThere
    await record_deed(session, keys, who=by, did=Deed.ADDED_STAFF, about=str(row["id"]), now=now)
    return StaffId(str(row["id"]))


async def end_staff(
    session: AsyncSession, keys: ServiceKeys, staff: StaffId, *, by: str, now: datetime
) -> None:
    """Let a person who left in no more, also where they are signed in now; NoSuchStaff, NotYourself."""
    if staff == by:
        raise NotYourself
    ended = await session.execute(
        update(StaffAccount)
        .where(StaffAccount.id == staff, StaffAccount.left_at.is_(None))
        .values(left_at=now)
        .returning(StaffAccount.id)
    )
    if ended.scalar_one_or_none() is None:
        raise NoSuchStaff
    await session.execute(delete(SignInSession).where(SignInSession.staff_id == staff))
    await record_deed(session, keys, who=by, did=Deed.ENDED_STAFF, about=staff, now=now)


async def find_staff(session: AsyncSession, email: str) -> StaffId:
    """Find the account in use of an e-mail address; NotAnEmail, NoSuchStaff."""
    wanted = select(StaffAccount.id).where(
        StaffAccount.email == tidy_email(email), StaffAccount.left_at.is_(None)
    )
    found = await session.scalar(wanted)
    if found is None:
        raise NoSuchStaff
    return StaffId(found)


async def list_staff(session: AsyncSession) -> Sequence[StaffMember]:
    """List all accounts by name."""
    rows = await session.scalars(select(StaffAccount).order_by(StaffAccount.name, StaffAccount.email))
    return [
        StaffMember(
            StaffId(row.id),
            row.email,
            row.name,
            Role(row.role),
            has_left=row.left_at is not None,
            is_locked=row.locked_at is not None,
            has_second_step=row.subject is not None or row.sealed_secret is not None,
            has_password=bool(row.password_hash),
        )
        for row in rows
    ]


async def refuse_two_hats(session: AsyncSession, email: str, role: Role, *, but: str = "") -> None:
    """Raise TwoHats when the same mailbox has an account in use for a job that must be another person's.

    `but` is the account itself, where it is there already.
    """
    mailbox = mailbox_of(tidy_email(email))
    in_use = select(StaffAccount.email, StaffAccount.role).where(
        StaffAccount.left_at.is_(None), StaffAccount.id != but
    )
    for other, its_role in (await session.execute(in_use)).all():
        if mailbox_of(other) == mailbox and may_not_be_one_person(role, Role(its_role)):
            raise TwoHats


def mailbox_of(email: str) -> str:
    """Give the mailbox behind a tidy address: what stands between a plus and the @ only sorts mail."""
    name, _, domain = email.rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def tidy_email(email: str) -> str:
    """Write an e-mail address as accounts keep it; NotAnEmail if it is none."""
    tidy = email.strip().lower()
    if len(tidy) > LONGEST_EMAIL or not EMAIL.fullmatch(tidy):
        raise NotAnEmail
    return tidy


def tidy_name(name: str) -> str:
    """Write a name as accounts keep it; NoName if it is none."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise NoName
    return tidy


async def free_email(
    session: AsyncSession, keys: ServiceKeys, staff: StaffId, *, by: str, now: datetime
) -> None:
    """End an account and let go of its e-mail, so that the same person's work account can have it.

    Raises NoSuchStaff, NotYourself.
    """
    await end_staff(session, keys, staff, by=by, now=now)
    kept = select(StaffAccount).where(StaffAccount.id == staff)
    account = (await session.scalars(kept)).one()
    account.email = f"{staff}@ended.invalid"
