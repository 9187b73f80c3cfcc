"""The demo plays through core, mixes with nothing real, and can be taken away whole."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from rich.console import Console
from sqlalchemy import func, select

from app.demo.demo import closed_periods, play_demo
from app.demo.made import (
    AnotherDatabase,
    DemoAlreadyPlayed,
    NoDemoInProduction,
    RealConversations,
)
from app.demo.people import DRAMA_NUMBERS, Inventor, Person
from app.demo.play import DemoClock
from app.demo.remove import remove_demo
from app.demo.script import load_script
from app.stores import Stores as AppStores
from core.conversation.tables import Author, Conversation, Message, Progress
from core.database import ServiceBase, Store, ViewsBase
from core.outbox_tables import Post, Status
from core.safeguarding.rules import listen
from core.safeguarding.tables import Concern
from core.settings import Profile, Settings
from core.signposting.tables import SignpostingRequest
from core.summaries.tables import FrozenLeaf, Release
from core.views.tables import HeldView
from tests.builders import PhoneTalk, WebTalk, build_test_house, lists, settings_for_tests
from tests.fakes import FakeClock
from tests.stores import Stores

FEW = 120
NOWHERE = Console(file=StringIO())
SCRIPT = load_script(settings_for_tests().data / "synthetic")


class CutOff(Exception):
    """The demo was killed half-way."""


class ClockThatStops(DemoClock):
    """Cuts the demo off after so many looks at the clock, wherever that is."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.left = looks

    def __call__(self) -> datetime:
        self.left -= 1
        if self.left < 0:
            raise CutOff
        return super().__call__()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "var").mkdir()
    return settings_for_tests(hys_home=tmp_path)


@pytest.fixture
def both(sqlite_stores: Stores) -> AppStores:
    return AppStores(sqlite_stores.service, sqlite_stores.views)


async def play(settings: Settings, stores: AppStores, clock: FakeClock, people: int = FEW) -> None:
    await play_demo(settings, stores, NOWHERE, people=people, clock=clock)


async def count_rows(stores: AppStores) -> dict[str, int]:
    counted = {}
    for store, base in ((stores.service, ServiceBase), (stores.views, ViewsBase)):
        async with store.read() as session:
            for table in base.metadata.sorted_tables:
                counted[table.name] = await session.scalar(select(func.count()).select_from(table)) or 0
    counted.pop("job_leases")
    return counted


async def count(store: Store, counted: type, *conditions: object) -> int:
    async with store.read() as session:
        asked = select(func.count()).select_from(counted).where(*conditions)  # type: ignore[arg-type]
        return await session.scalar(asked) or 0


def invented(seed: int, people: int = 400) -> list[Person]:
    inventor = Inventor(lists().bank, lists().area, SCRIPT, "I feel safe", Random(seed))
    return list(inventor.invent(people))


async def test_it_plays_through_core_and_publishes_the_last_two_closed_terms(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    await play(settings, both, clock)
    assert await count(both.service, Conversation) == FEW
    assert await count(both.service, Message, Message.progress == Progress.WAITING) == 0
    assert await count(both.service, Message, Message.progress == Progress.HELD) == 0
    assert await count(both.service, SignpostingRequest) == 1
    assert await count(both.views, HeldView, HeldView.anchored) > FEW
    assert await count(both.views, HeldView, HeldView.measure == "area:education") > 0
    async with both.views.read() as session:
        assert set(await session.scalars(select(Release.period))) == {"2026-spring", "2026-summer"}
        assert min(await session.scalars(select(FrozenLeaf.people))) >= 10


async def test_messages_carry_the_day_they_are_played_on(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    await play(settings, both, clock, people=20)
    async with both.service.read() as session:
        days = {at.date() for at in await session.scalars(select(Message.at))}
    assert (min(days).year, min(days).month, max(days).month) == (2026, 1, 8)
    assert all(day.weekday() < 5 for day in days)


async def test_no_text_leaves_for_an_invented_phone_and_no_alert_for_a_reader(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    await play(settings, both, clock, people=20)
    assert await count(both.service, Post) > 20
    assert await count(both.service, Post, Post.status != Status.WITHHELD) == 0


async def test_what_it_made_is_removed_whole_and_twice_is_fine(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    await play(settings, both, clock)
    assert await remove_demo(both, settings) == FEW
    assert set((await count_rows(both)).values()) == {0}
    assert await remove_demo(both, settings) == 0
    await play(settings, both, clock, people=10)


async def test_real_people_who_came_after_it_stay_when_it_is_removed(
    both: AppStores, settings: Settings, clock: FakeClock, sqlite_stores: Stores
) -> None:
    await play(settings, both, clock, people=20)
    house = build_test_house(sqlite_stores, clock)
    talk, phone = await WebTalk.begin(house), PhoneTalk(house)
    await talk.say("i like art")
    await phone.text("hello")
    await WebTalk.begin(house)
    await remove_demo(both, settings)
    assert await count(both.service, Conversation) == 3
    assert await count(both.service, Message, Message.author == Author.YOU) == 2
    assert (await talk.messages())[-1].text == "Thank you. I wrote that down."


@pytest.mark.parametrize("played", [0, 1, 2, 3, 7, 40, 200])
async def test_a_demo_that_was_cut_off_is_removed_whole(
    both: AppStores, settings: Settings, clock: FakeClock, played: int
) -> None:
    with pytest.raises(CutOff):
        await play_demo(
            settings, both, NOWHERE, people=FEW, clock=clock, played_at=ClockThatStops(looks=played)
        )
    await remove_demo(both, settings)
    assert set((await count_rows(both)).values()) == {0}


async def test_it_is_refused_where_anyone_real_has_talked(
    both: AppStores, settings: Settings, clock: FakeClock, sqlite_stores: Stores
) -> None:
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock))
    await talk.say("i like art")
    with pytest.raises(RealConversations, match="real conversations"):
        await play(settings, both, clock)
    assert await remove_demo(both, settings) == 0
    assert await count(both.service, Conversation) == 1


async def test_it_is_refused_where_views_stand_that_it_did_not_make(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    await play(settings, both, clock, people=30)
    (settings.var / "demo.json").unlink()
    assert await remove_demo(both, settings) == 30
    with pytest.raises(RealConversations):
        await play(settings, both, clock)


async def test_it_is_refused_twice_and_in_production(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    await play(settings, both, clock, people=10)
    with pytest.raises(DemoAlreadyPlayed, match="demo --remove"):
        await play(settings, both, clock)
    production = settings.model_copy(update={"hys_profile": Profile.PRODUCTION})
    with pytest.raises(NoDemoInProduction):
        await play(production, both, clock)


async def test_nothing_is_removed_from_another_database(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    await play(settings, both, clock, people=10)
    elsewhere = settings.model_copy(update={"views_database_url": "sqlite+aiosqlite:///elsewhere.db"})
    with pytest.raises(AnotherDatabase):
        await remove_demo(both, elsewhere)
    assert await count(both.service, Conversation) == 10


async def test_var_tells_nothing_of_anybody(both: AppStores, settings: Settings, clock: FakeClock) -> None:
    await play(settings, both, clock, people=10)
    assert sorted(file.name for file in settings.var.iterdir()) == ["demo.json"]
    assert '"periods": ["2026-spring", "2026-summer"]' in (settings.var / "demo.json").read_text()


def test_the_same_seed_invents_the_same_people_and_another_seed_others() -> None:
    assert invented(1) == invented(1)
    assert invented(1) != invented(2)


def test_phones_are_of_nobody_and_each_is_one_persons() -> None:
    numbers = [person.number for person in invented(1, 2000) if person.number]
    assert len(numbers) == len(set(numbers)) > 1000
    assert all(number.startswith(DRAMA_NUMBERS) for number in numbers)


def test_few_are_heard_as_a_worry_and_only_those_who_should_be() -> None:
    assert all(listen(words, lists().phrases) for words in SCRIPT.worries)
    typed = [line.words for person in invented(1, 2000) for line in person.lines if not line.is_tapped]
    heard = [words for words in typed if listen(words, lists().phrases)]
    assert set(heard) <= set(SCRIPT.worries)
    assert len(heard) == 10


async def test_concerns_are_raised_for_what_they_say(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    await play(settings, both, clock, people=210)
    assert await count(both.service, Concern) >= 1


def test_a_term_is_played_when_it_closed_more_than_a_week_ago() -> None:
    periods = lists().area.periods
    closed = closed_periods(periods, lambda: datetime(2026, 9, 7, tzinfo=UTC))
    assert [period.id for period in closed] == ["2025-autumn", "2026-spring"]
