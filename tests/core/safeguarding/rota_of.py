"""A rota for tests: people with turns at all hours, or at some."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import StaffId, new_id
from core.safeguarding.rota_rules import MANAGER, Day
from core.safeguarding.rota_tables import RotaTurn
from core.staff.roles import Role
from tests.staffed import hold_staff

WORKDAYS = tuple(Day)[:5]


async def hold_turn(
    session: AsyncSession,
    name: str,
    place: int,
    *,
    mobile: str | None = None,
    days: Sequence[Day] = tuple(Day),
    hours: tuple[int, int] = (0, 24),
) -> StaffId:
    """Hire a safeguarding lead and give them a turn."""
    staff = await hold_staff(session, name, Role.SAFEGUARDING_LEAD)
    session.add(
        RotaTurn(
            id=new_id(),
            staff_id=staff,
            mobile=mobile,
            days=" ".join(days),
            from_minute=hours[0] * 60,
            to_minute=hours[1] * 60,
            place=place,
        )
    )
    await session.flush()
    return staff


async def hold_rota(session: AsyncSession) -> dict[str, StaffId]:
    """Two people and a duty manager who are there at every hour, each with a mobile."""
    return {
        "one": await hold_turn(session, "One", 1, mobile="+447700900001"),
        "two": await hold_turn(session, "Two", 2, mobile="+447700900002"),
        "manager": await hold_turn(session, "Manager", MANAGER, mobile="+447700900009"),
    }
