"""Views that are held, and the releases made of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

from core.area_file import Period, load_area
from core.database import Store
from core.ids import PeriodId, new_id
from core.summaries.numbers import Hidden, Number, Shown, Symbol
from core.summaries.plan import plan_release
from core.summaries.publish import ReleaseRules, publish_summary
from core.summaries.query import read_query
from core.summaries.read import read_summary
from core.summaries.tables import ReleaseId
from core.views.questions import load_questions
from core.views.tables import HeldPerson, HeldView
from core.views.themes import load_themes
from tests.fakes import FakeClock

DATA = Path(__file__).resolve().parents[3] / "data"
PLAN = plan_release(
    load_questions(DATA / "questions.yml"), load_themes(DATA / "themes.yml"), load_area(DATA / "area.yml")
)


def term(name: str, first: date, last: date) -> Period:
    return Period.model_validate({"id": name, "name": f"Term {name}", "from": first, "to": last})


SPRING = term("2026-spring", date(2026, 1, 1), date(2026, 4, 12))
AUTUMN = term("2026-autumn", date(2026, 9, 1), date(2026, 12, 31))
TERMS = (SPRING, AUTUMN)

C = Hidden(Symbol.SUPPRESSED)
NEARLY_ALL = Hidden(Symbol.NEARLY_ALL)


@dataclass
class Views:
    """A store of views, filled by hand and published."""

    store: Store
    clock: FakeClock = field(default_factory=lambda: FakeClock(datetime(2026, 11, 23, tzinfo=UTC)))

    async def hold(self, people: int, measure: str, answer: str | None = None, **more: Any) -> None:
        """Hold one view each of some people, who are anchored and told nothing of themselves."""
        row: dict[str, Any] = {
            "period": SPRING.id,
            "measure": measure,
            "area": None,
            "answer": answer,
            "sentiment": None,
            "themes": "[]",
            "sealed_text": None,
            "read_from": None,
            "channel": "sms",
            "district": None,
            "age": None,
            "helped_by": None,
            "place": None,
            "anchored": True,
            **more,
        }
        rows = [{**row, "id": new_id(), "person": new_id()} for _ in range(people)]
        async with self.store.write() as session:
            await session.execute(insert(HeldView), rows)
            said = [
                {"tag": new_id(), "period": row["period"], "anchored": row["anchored"]} for _ in range(people)
            ]
            await session.execute(insert(HeldPerson), said)

    async def hold_words(self, people: int, area: str, sentiment: str, *themes: str, **more: Any) -> None:
        await self.hold(
            people, f"area:{area}", sentiment=sentiment, area=area, themes=json.dumps(list(themes)), **more
        )

    async def publish(self, period: str = SPRING.id, rules: ReleaseRules | None = None) -> ReleaseId:
        return await publish_summary(
            self.store,
            self.clock,
            TERMS,
            period=PeriodId(period),
            plan=PLAN,
            rng=Random(1),
            rules=rules or ReleaseRules(),
        )

    async def rows(self, measure: str, **parameters: str) -> dict[tuple[str, ...], Number]:
        summary = await read_summary(self.store, read_query({"measure": measure, **parameters}.items()))
        return {tuple(row.categories.values()): row.number for row in summary.rows}


def shown(rows: Mapping[tuple[str, ...], Number]) -> dict[tuple[str, ...], int]:
    """Only the rows that show a number."""
    return {row: number.people for row, number in rows.items() if isinstance(number, Shown)}
