"""Write a release: its leaves and marks, under a name made from what they say."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.area_file import Period
from core.summaries.audit import Attacked
from core.summaries.count import Anchoring
from core.summaries.measures import Plan, write_plan
from core.summaries.numbers import DIMENSIONS
from core.summaries.tables import FrozenLeaf, HiddenCell, Release, ReleaseId

NAME_DIGITS = 12


async def freeze(
    session: AsyncSession,
    period: Period,
    plan: Plan,
    protected: Sequence[Attacked],
    *,
    k: int,
    anchoring: Anchoring,
    unanchored: int,
) -> ReleaseId:
    """Write the release into the caller's transaction, and give its name.

    The name ends in a digest of the content, so that it can stand as the ETag of every answer.
    """
    leaves = [
        {"measure": each.measure, **dict(zip(DIMENSIONS, leaf.path, strict=True)), "people": leaf.people}
        for each in protected
        for leaf in each.protected.leaves
    ]
    marks = _mark_rows(protected)
    content = {
        "period": period.id,
        "label": period.name,
        "k": k,
        "anchoring": anchoring.value,
        "unanchored": unanchored,
        "plan": write_plan(plan),
    }
    release = ReleaseId(f"{period.id}-{_digest([content, leaves, marks])}")
    session.add(Release(id=release, ends_on=period.to, **content))
    await session.flush()
    for table, rows in ((FrozenLeaf, leaves), (HiddenCell, marks)):
        if rows:
            await session.execute(insert(table), [{"release_id": release, **row} for row in rows])
    return release


def _mark_rows(protected: Sequence[Attacked]) -> list[dict[str, Any]]:
    return [
        {
            "measure": each.measure,
            **{name: has or "" for name, has in zip(DIMENSIONS, mark, strict=True)},
            "symbol": symbol.value,
        }
        for each in protected
        for mark, symbol in sorted(
            each.protected.marks.items(), key=lambda mark: [part or "" for part in mark[0]]
        )
    ]


def _digest(content: Any) -> str:
    written = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:NAME_DIGITS]
