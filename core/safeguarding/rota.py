"""The rota: which safeguarding leads are called at which hours, and in which order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area_file import minutes_of_day
from core.errors import Refusal
from core.ids import StaffId, new_id
from core.keys import ServiceKeys
from core.safeguarding.rota_rules import MANAGER, Day, Turn
from core.safeguarding.rota_tables import RotaTurn
from core.staff.audit import Deed, record_deed
from core.staff.roles import Role
from core.staff.tables import StaffAccount

PLACES = (1, 2, 3, MANAGER)
UK_MOBILE = re.compile(r"(?:\+44|0044|0)(7[0-9]{9})")


class NotALead(Refusal):
    """Only who may open a concern can be called to read one."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please pick a safeguarding lead."


class NoDays(Refusal):
    """A turn is on some day."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please pick one day or more."


class NotHours(Refusal):
    """A turn has a start, and an end after it."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = (
        "Please write the hours like 09:00 and 17:00. For a night, add two turns: to 24:00, and from 00:00."
    )


class NotAMobile(Refusal):
    """Alerts by text go to mobile phones here."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please write a UK mobile number, like 07700 900123, or leave it empty."


class NotAPlace(Refusal):
    """A turn is first, second, third, or the duty manager's."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please pick who is called first, second or third, or the duty manager."


class NoSuchTurn(Refusal):
    """No turn with this id is on the rota."""

    status = HTTPStatus.NOT_FOUND
    words = "We can not find this turn. It may be gone already."


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A turn as it was typed: times like "09:00", days by their names, `place` as a number."""

    staff: str
    mobile: str
    days: Sequence[str]
    from_: str
    to: str
    place: str


async def read_rota(session: AsyncSession) -> tuple[Turn, ...]:
    """Give every turn of who is still here, by the order of the page."""
    query = (
        select(RotaTurn, StaffAccount.name, StaffAccount.email)
        .join(StaffAccount, StaffAccount.id == RotaTurn.staff_id)
        .where(StaffAccount.left_at.is_(None), StaffAccount.role == Role.SAFEGUARDING_LEAD)
        .order_by(RotaTurn.place, RotaTurn.from_minute, StaffAccount.name, RotaTurn.id)
    )
    return tuple(_turn(row, name, email) for row, name, email in (await session.execute(query)).all())


async def leads(session: AsyncSession) -> Sequence[tuple[StaffId, str, str]]:
    """List the safeguarding leads who are here: id, name and e-mail."""
    query = select(StaffAccount.id, StaffAccount.name, StaffAccount.email).where(
        StaffAccount.role == Role.SAFEGUARDING_LEAD, StaffAccount.left_at.is_(None)
    )
    found = (await session.execute(query.order_by(StaffAccount.name, StaffAccount.id))).all()
    return [(StaffId(staff), name, email) for staff, name, email in found]


async def add_turn(session: AsyncSession, keys: ServiceKeys, new: NewTurn, *, by: str, now: datetime) -> None:
    """Put a turn on the rota. NotALead, NoDays, NotHours, NotAMobile or NotAPlace say what to put right."""
    if new.staff not in {staff for staff, _, _ in await leads(session)}:
        raise NotALead
    from_, to = read_hours(new.from_, new.to)
    session.add(
        RotaTurn(
            id=new_id(),
            staff_id=new.staff,
            mobile=read_mobile(new.mobile),
            days=" ".join(read_days(new.days)),
            from_minute=from_,
            to_minute=to,
            place=read_place(new.place),
        )
    )
    await record_deed(session, keys, who=by, did=Deed.CHANGED_ROTA, about=new.staff, now=now)


async def remove_turn(
    session: AsyncSession, keys: ServiceKeys, turn: str, *, by: StaffId, now: datetime
) -> None:
    """Take a turn off the rota; NoSuchTurn."""
    gone = await session.execute(delete(RotaTurn).where(RotaTurn.id == turn).returning(RotaTurn.staff_id))
    staff = gone.scalar_one_or_none()
    if staff is None:
        raise NoSuchTurn
    await record_deed(session, keys, who=by, did=Deed.CHANGED_ROTA, about=staff, now=now)


def read_mobile(typed: str) -> str | None:
    """Read a UK mobile number as people write it; nothing typed is None. NotAMobile."""
    plain = re.sub(r"[\s()\-.]", "", typed)
    if not plain:
        return None
    found = UK_MOBILE.fullmatch(plain)
    if found is None:
        raise NotAMobile
    return f"+44{found.group(1)}"


def read_days(typed: Iterable[str]) -> tuple[Day, ...]:
    """Read days by their names, in the order of the week; NoDays."""
    chosen = set(typed)
    days = tuple(day for day in Day if day in chosen)
    if not days or len(days) != len(chosen):
        raise NoDays
    return days


def read_hours(from_: str, to: str) -> tuple[int, int]:
    """Read "09:00" and "17:00" as minutes of the day; NotHours."""
    try:
        first, last = minutes_of_day(from_.strip()), minutes_of_day(to.strip())
    except ValueError as error:
        raise NotHours from error
    if last <= first:
        raise NotHours
    return first, last


def read_place(typed: str) -> int:
    """Read the place of a turn; NotAPlace."""
    if typed not in {str(place) for place in PLACES}:
        raise NotAPlace
    return int(typed)


def _turn(row: RotaTurn, name: str, email: str) -> Turn:
    return Turn(
        id=row.id,
        staff=StaffId(row.staff_id),
        name=name,
        email=email,
        mobile=row.mobile,
        days=frozenset(Day(day) for day in row.days.split()),
        from_=row.from_minute,
        to=row.to_minute,
        place=row.place,
    )
