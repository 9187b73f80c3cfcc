"""The demo: 2,000 invented people talk over the last two terms that have closed, and both are published."""

from collections.abc import Sequence
from random import Random

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.compose import build_house
from app.demo.made import Played, database_of, refuse_in_production, refuse_unless_empty
from app.demo.people import Inventor
from app.demo.play import DemoClock, play_period
from app.demo.quiet import quiet
from app.demo.script import load_script
from app.demo.scripted_bot import ScriptedBot
from app.lists import read_lists
from app.releases import Desk, build_desk, publish
from app.stores import Stores
from core.area_file import Period
from core.clock import Clock, system_clock
from core.errors import Refusal
from core.ids import PeriodId
from core.settings import Settings
from core.summaries.publish import ReleaseRules

log = structlog.get_logger()

PEOPLE = 2000
PERIODS = 2
SEED = 2026


class TooFewClosedPeriods(Refusal):
    """The area file names fewer closed periods than the demo plays."""

    words = f"The area file needs {PERIODS} periods that closed more than 7 days ago."


async def play_demo(
    settings: Settings,
    stores: Stores,
    console: Console,
    *,
    people: int = PEOPLE,
    seed: int = SEED,
    clock: Clock = system_clock,
    played_at: DemoClock | None = None,
) -> None:
    """Play it and publish it. `played_at` is the clock that is set to the days that are played.

    NoDemoInProduction, RealConversations, DemoAlreadyPlayed, AnotherDatabase, TooFewClosedPeriods, and the
    Refusals of publish_summary. What is played of it when it is cut off, `remove_demo` takes away.
    """
    refuse_in_production(settings)
    await refuse_unless_empty(stores, settings)
    lists = read_lists(settings)
    periods = closed_periods(lists.area.periods, clock)
    ids = tuple(PeriodId(each.id) for each in periods)
    Played(ids, periods[-1].to, database_of(settings)).keep(settings)
    demo_clock, script = played_at or DemoClock(), load_script(settings.data / "synthetic")
    bot = ScriptedBot(lists.bank, lists.area, script)
    house = build_house(settings, quiet(stores), bot, lists, clock=demo_clock)
    feels_safe = lists.catalogue.say("worry_safe")
    invented = list(Inventor(lists.bank, lists.area, script, feels_safe, Random(seed)).invent(people))
    shares = [
        invented[n * people // len(periods) : (n + 1) * people // len(periods)] for n in range(len(periods))
    ]
    with _progress(console) as progress:
        talking = progress.add_task("Invented people talk", total=people)
        for period, share in zip(periods, shares, strict=True):
            await play_period(house, demo_clock, period, share, tell=lambda n: progress.advance(talking, n))
        desk = build_desk(settings, stores, lists, clock=clock)
        await _publish(desk, periods, progress)
    log.info("demo_played", people=people)


def closed_periods(periods: Sequence[Period], clock: Clock) -> list[Period]:
    """Give the last periods that may be published by now, oldest first; TooFewClosedPeriods."""
    today, lag = clock().date(), ReleaseRules().lag
    closed = sorted((each for each in periods if each.to + lag < today), key=lambda each: each.to)
    if len(closed) < PERIODS:
        raise TooFewClosedPeriods
    return closed[-PERIODS:]


async def _publish(desk: Desk, periods: Sequence[Period], progress: Progress) -> None:
    publishing = progress.add_task("The summaries are published", total=len(periods))
    for period in periods:
        await publish(desk, PeriodId(period.id))
        progress.advance(publishing)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
