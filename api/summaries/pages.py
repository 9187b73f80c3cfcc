"""The strategy team's page: one table of a release, drawn as a chart and written out beneath it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.doors import staff_door
from api.office import Office, office_of
from api.pages import render
from api.summaries.chart import Chart, Told, draw_chart
from core.database import Store
from core.staff.roles import Role
from core.summaries.measures import VOICES, Kind, Plan
from core.summaries.numbers import NOT_BROKEN_DOWN, Hidden, Shown, Symbol
from core.summaries.query import AREA, THEME, UNANCHORED, Query, read_query
from core.summaries.read import KINDS, Published, list_releases, read_summary
from core.summaries.tabulate import Row
from core.text.messages import Catalogue

Desk = Annotated[Office, Depends(office_of)]
TEMPLATE = "summaries/templates/insight.html"
CHOICES = (
    "answer",
    "answer,district",
    "answer,age",
    "answer,helped_by",
    "answer,channel",
    "district",
    "age",
    "",
)
ASKED = ("release", "measure", "by")


def insight_router(views: Store) -> APIRouter:
    """Make the page over the views store; only the strategy team may come in."""
    router = APIRouter()

    @router.get("/staff/insight", dependencies=[Depends(staff_door(Role.STRATEGY))])
    async def show_insight(http_request: Request, office: Desk) -> Response:
        """Show the table that the form asks for, or the first question of the newest release."""
        releases = await list_releases(views)
        if not releases:
            return render(http_request, TEMPLATE, releases=(), shown=None)
        shown = await _read(http_request, views, releases, office.words)
        return render(http_request, TEMPLATE, releases=releases, shown=shown)

    return router


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Choices of a list that stand under one heading."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """All that the page says of one table."""

    query: Query
    release: Published
    measure: str
    columns: tuple[str, ...]
    rows: tuple[Told, ...]
    hidden: int
    groups: tuple[OptionGroup, ...]
    choices: tuple[Option, ...]
    address: str

    @property
    def by(self) -> str:
        """The columns as the form names them."""
        return ",".join(name for name in self.query.by if name not in KINDS)

    @property
    def chart(self) -> Chart:
        """The bars of the rows."""
        return draw_chart(self.rows)


async def _read(
    http_request: Request, views: Store, releases: tuple[Published, ...], words: Catalogue
) -> ShownTable:
    given = {name: value for name, value in http_request.query_params.items() if name in ASKED}
    first = next(each for each in releases[0].plan.measures if each.kind is Kind.QUESTION)
    asked = {"measure": first.id, "by": "answer"} | given
    if asked["measure"] == UNANCHORED:
        asked["by"] = ""
    query = read_query(asked.items())
    summary = await read_summary(views, query)
    release = next(each for each in releases if each.id == summary.release)
    rows = tuple(_tell(row, query, release.plan, words) for row in summary.rows)
    return ShownTable(
        query=query,
        release=release,
        measure=_measure_words(query.measure, release.plan, words),
        columns=tuple(words.say(f"staff_insight_column_{name}") for name in query.by),
        rows=rows,
        hidden=sum(row.people is None for row in rows),
        groups=_measure_groups(release.plan, words),
        choices=tuple(Option(value, _by_words(value, words)) for value in CHOICES),
        address="/api/v1/summaries",
    )


def _tell(row: Row, query: Query, plan: Plan, words: Catalogue) -> Told:
    """Put a row into words."""
    categories = tuple(
        _category_words(name, category, query, plan, words) for name, category in row.categories.items()
    )
    match row.number:
        case Shown(people=people):
            return Told(categories, str(people), people)
        case Hidden(symbol=Symbol.NEARLY_ALL):
            return Told(categories, words.say("staff_insight_nearly_all"), None)
        case Hidden():
            return Told(categories, words.say("staff_insight_hidden"), None)


def _category_words(name: str, category: str, query: Query, plan: Plan, words: Catalogue) -> str:
    if category == NOT_BROKEN_DOWN:
        return words.say("staff_insight_pool")
    if name in KINDS:
        found = plan.find(f"{name}:{category}")
        return found.label if found else category
    if name == "answer":
        measures = plan.of_kind(KINDS[query.measure]) if query.measure in KINDS else plan.measures
        known = [each for each in measures if query.measure in KINDS or each.id == query.measure][:1]
        return next(
            (answer.label for each in known for answer in each.answers if answer.id == category), category
        )
    return next((each.label for each in plan.shared[name] if each.id == category), category)


def _measure_words(measure: str, plan: Plan, words: Catalogue) -> str:
    names = {
        AREA: "staff_insight_all_areas",
        THEME: "staff_insight_all_themes",
        UNANCHORED: "staff_insight_unanchored",
    }
    if measure in names:
        return words.say(names[measure])
    found = plan.find(measure)
    return found.label if found else measure


def _by_words(by: str, words: Catalogue) -> str:
    names = [words.say(f"staff_insight_column_{name}") for name in by.split(",") if name]
    if not names:
        return words.say("staff_insight_by_nothing")
    return names[0] if len(names) == 1 else words.say("staff_insight_and", one=names[0], two=names[1].lower())


def _measure_groups(plan: Plan, words: Catalogue) -> tuple[OptionGroup, ...]:
    """List the questions by area, and then what was said in own words."""
    questions = plan.of_kind(Kind.QUESTION)
    by_area = [
        OptionGroup(
            words.say("staff_insight_group_questions", area=area.label),
            tuple(Option(each.id, each.label) for each in questions if each.area == area.area),
        )
        for area in plan.of_kind(Kind.AREA)
    ]
    grown_ups = [
        OptionGroup(
            words.say(f"staff_insight_group_{voice}"),
            tuple(Option(each.id, each.label) for each in questions if each.area == voice),
        )
        for voice in VOICES
    ]
    own = tuple(Option(each, _measure_words(each, plan, words)) for each in (AREA, THEME, UNANCHORED))
    return (*by_area, OptionGroup(words.say("staff_insight_group_words"), own), *grown_ups)
