"""The production profile does not start while nobody could be told that a young person is in danger."""

import pytest

from app.rasa_environment import SetUpFailed
from app.ready_for_real import refuse_if_not_ready
from core.staff.accounts import NewStaff, add_staff
from core.staff.roles import Role
from tests.builders import build_test_house, settings_for_tests
from tests.fakes import FakeClock
from tests.stores import Stores

REAL = {
    "hys_profile": "production",
    "public_url": "https://haveyoursay.example.org",
    "smtp_url": "smtp://alerts%40example.org@127.0.0.1",
}


async def test_on_one_machine_nothing_is_asked_for(sqlite_stores: Stores, clock: FakeClock) -> None:
    await refuse_if_not_ready(settings_for_tests(), build_test_house(sqlite_stores, clock))


async def test_all_that_is_missing_is_said_at_once(sqlite_stores: Stores, clock: FakeClock) -> None:
    house = build_test_house(sqlite_stores, clock)
    with pytest.raises(SetUpFailed) as refused:
        await refuse_if_not_ready(settings_for_tests(hys_profile="production"), house)
    for word in ("PUBLIC_URL", "safeguarding-lead", "SMTP_URL"):
        assert word in str(refused.value)


async def test_with_a_lead_and_a_way_out_for_alerts_it_starts(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    house = build_test_house(sqlite_stores, clock)
    with pytest.raises(SetUpFailed, match="Nobody reads concerns"):
        await refuse_if_not_ready(settings_for_tests(**REAL), house)
    lead = NewStaff("jo@example.org", "Jo Marsh", Role.SAFEGUARDING_LEAD, "a hash")
    async with house.service.write() as session:
        await add_staff(session, house.keys, lead, by="test", now=clock())
    await refuse_if_not_ready(settings_for_tests(**REAL), house)
