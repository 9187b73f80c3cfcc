"""The rota says for every hour who is called, in which order, and where nobody is."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import StaffId
from core.safeguarding.rota import (
    NewTurn,
    NoDays,
    NoSuchTurn,
    NotALead,
    NotAMobile,
    NotAPlace,
    NotHours,
    add_turn,
    read_mobile,
    read_rota,
    remove_turn,
)
from core.safeguarding.rota_rules import MANAGER, Day, Turn, hours_without, on_duty, whom_to_call
from core.staff.accounts import end_staff
from core.staff.roles import Role
from tests.builders import lists
from tests.fakes import FakeClock
from tests.staffed import hold_staff, pretend_keys
from tests.stores import Stores

AREA = lists().area
KEYS = pretend_keys()


def turn(
    name: str, place: int, *, days: tuple[Day, ...] = tuple(Day), hours: tuple[int, int] = (0, 24)
) -> Turn:
    staff, email = StaffId(name), f"{name}@council.example"
    return Turn(name, staff, name, email, None, frozenset(days), hours[0] * 60, hours[1] * 60, place)


ONE, TWO, THREE, BOSS = turn("one", 1), turn("two", 2), turn("three", 3), turn("boss", MANAGER)


def names(turns: tuple[Turn, ...]) -> list[str]:
    return [each.name for each in turns]


@pytest.mark.parametrize(
    ("step", "called"),
    [
        (0, ["one"]),
        (1, ["one", "two"]),
        (2, ["one", "two", "three", "boss"]),
        (9, ["one", "two", "three", "boss"]),
    ],
)
def test_a_call_goes_to_the_next_and_then_to_the_duty_manager(step: int, called: list[str]) -> None:
    assert names(whom_to_call((ONE, TWO, THREE, BOSS), step)) == called


def test_where_nobody_is_next_the_duty_manager_is() -> None:
    assert names(whom_to_call((ONE, BOSS), 1)) == ["one", "boss"]
    assert names(whom_to_call((BOSS,), 0)) == ["boss"]
    assert names(whom_to_call((), 0)) == []


@given(
    people=st.lists(st.sampled_from([ONE, TWO, THREE, BOSS]), unique=True),
    step=st.integers(min_value=0, max_value=20),
)
def test_every_step_reaches_all_that_the_one_before_did(people: list[Turn], step: int) -> None:
    there = tuple(sorted(people, key=lambda each: (each.is_manager, each.place)))
    assert set(whom_to_call(there, step)) <= set(whom_to_call(there, step + 1))
    assert bool(whom_to_call(there, step)) == bool(there)
    assert set(whom_to_call(there, 2)) == set(there)


@pytest.mark.parametrize(
    ("at", "there"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), ["day"]),
        (datetime(2026, 11, 23, 8, 59, tzinfo=UTC), []),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), []),
        (datetime(2026, 12, 25, 10, 0, tzinfo=UTC), ["holiday"]),  # a Friday and a bank holiday
        (datetime(2026, 6, 29, 8, 0, tzinfo=UTC), ["day"]),  # 9 am by the area's own clock
    ],
)
def test_a_turn_follows_the_areas_own_clock_and_its_bank_holidays(at: datetime, there: list[str]) -> None:
    day = turn("day", 1, days=tuple(Day)[:5], hours=(9, 17))
    holiday = turn("holiday", 1, days=(Day.BANK_HOLIDAY,))
    assert names(on_duty((day, holiday), AREA, at)) == there


def test_the_hours_without_anyone_are_named() -> None:
    day = turn("day", 1, days=(Day.MONDAY,), hours=(9, 17))
    gaps = list(hours_without([day]))
    assert gaps[:3] == [(Day.MONDAY, 0, 540), (Day.MONDAY, 1020, 1440), (Day.TUESDAY, 0, 1440)]
    assert list(hours_without([ONE])) == []
    assert len(list(hours_without([ONE], managers=True))) == len(Day)


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900123", "0044-7700-900123", "(07700) 900 123"])
def test_a_mobile_is_read_as_people_write_it(typed: str) -> None:
    assert read_mobile(typed) == "+447700900123"


@pytest.mark.parametrize("typed", ["01905 822666", "7700", "+1 202 555 0100", "mine"])
def test_what_is_no_mobile_here_is_told_so(typed: str) -> None:
    with pytest.raises(NotAMobile):
        read_mobile(typed)


async def test_a_turn_is_added_and_removed_and_ends_with_its_account(
    stores: Stores, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        lead = await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
        new = NewTurn(lead, "07700 900123", ["sunday", "monday"], "09:00", "24:00", "1")
        for _ in range(2):
            await add_turn(session, KEYS, new, by=lead, now=clock())
        first, second = await read_rota(session)
        assert (first.mobile, first.days) == ("+447700900123", frozenset({Day.MONDAY, Day.SUNDAY}))
        await remove_turn(session, KEYS, first.id, by=lead, now=clock())
        assert [each.id for each in await read_rota(session)] == [second.id]
        with pytest.raises(NoSuchTurn):
            await remove_turn(session, KEYS, first.id, by=lead, now=clock())
        boss = await hold_staff(session, "Ada Oak", Role.ADMINISTRATOR)
        await end_staff(session, KEYS, lead, by=boss, now=clock())
        assert await read_rota(session) == ()


@pytest.mark.parametrize(
    ("new", "refused"),
    [
        (NewTurn("nobody", "", ["monday"], "09:00", "17:00", "1"), NotALead),
        (NewTurn("lead", "", [], "09:00", "17:00", "1"), NoDays),
        (NewTurn("lead", "", ["someday"], "09:00", "17:00", "1"), NoDays),
        (NewTurn("lead", "", ["monday"], "22:00", "06:00", "1"), NotHours),
        (NewTurn("lead", "", ["monday"], "nine", "17:00", "1"), NotHours),
        (NewTurn("lead", "12", ["monday"], "09:00", "17:00", "1"), NotAMobile),
        (NewTurn("lead", "", ["monday"], "09:00", "17:00", "7"), NotAPlace),
    ],
)
async def test_what_is_wrong_in_a_turn_is_told(
    sqlite_stores: Stores, clock: FakeClock, new: NewTurn, refused: type[Exception]
) -> None:
    async with sqlite_stores.service.write() as session:
        lead = await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
        staff = lead if new.staff == "lead" else new.staff
        typed = NewTurn(staff, new.mobile, new.days, new.from_, new.to, new.place)
        with pytest.raises(refused):
            await add_turn(session, KEYS, typed, by=lead, now=clock())
