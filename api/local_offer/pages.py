"""The Local Offer, for who keeps its content: imports and their errors, what is old, and what many said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.doors import staff_door
from api.office import Office, office_of
from api.pages import render
from core.database import Store
from core.local_offer.directory import Entry, ServiceId, is_stale, is_unchecked
from core.local_offer.runs import Run, last_runs
from core.local_offer.shelf import Shelf
from core.local_offer.switching import Removed, list_removed
from core.staff.roles import Role
from core.views.comments import Told, read_comments, settled_period

Desk = Annotated[Office, Depends(office_of)]
TEMPLATE = "local_offer/templates/local_offer.html"


def local_offer_router(shelf: Shelf, views: Store) -> APIRouter:
    """Make the page over the directory as it is now; only content editors may come in."""
    router = APIRouter()

    @router.get("/staff/local-offer", dependencies=[Depends(staff_door(Role.CONTENT_EDITOR))])
    async def show_local_offer(http_request: Request, office: Desk) -> Response:
        """Show how the last imports went, what to look at again, and what at least ten people said."""
        async with office.store.read() as session:
            runs, removed = await last_runs(session), await list_removed(session)
        today = office.clock().astimezone(office.zone).date()
        said = await _read_said(shelf, views, office, today)
        return render(
            http_request,
            TEMPLATE,
            runs=runs,
            shown=_look_over(shelf, removed, today),
            said=said,
            count=_count,
        )

    return router


@dataclass(frozen=True, slots=True)
class LookedOver:
    """What to look at again, each list by name, and how many there are in all."""

    total: int
    stale: Sequence[Entry]
    unchecked: Sequence[Entry]
    removed: Sequence[Removed]


@dataclass(frozen=True, slots=True)
class Said:
    """What at least ten people said of a period: names of services, and whether help was missed."""

    period: str
    right: Sequence[str]
    not_right: Sequence[str]
    is_missed: bool


def _look_over(shelf: Shelf, removed: Sequence[Removed], today: date) -> LookedOver:
    entries = sorted(shelf.directory, key=lambda entry: entry.name)
    return LookedOver(
        total=len(entries),
        stale=[entry for entry in entries if is_stale(entry, today)],
        unchecked=[entry for entry in entries if is_unchecked(entry)],
        removed=removed,
    )


async def _read_said(shelf: Shelf, views: Store, office: Office, today: date) -> Said | None:
    period = settled_period(office.area.periods, today)
    if period is None:
        return None
    async with views.read() as session:
        told = await read_comments(session, period.id)
    return _with_names(shelf, told, period.name)


def _with_names(shelf: Shelf, told: Told, period: str) -> Said:
    def names(services: Sequence[str]) -> list[str]:
        found = [shelf.entry(ServiceId(each)) for each in services]
        return sorted(entry.name for entry in found if entry is not None)

    return Said(period, names(told.right), names(told.not_right), told.is_missed)


def _count(run: Run, name: str) -> str:
    """Give a count of a run as people write it: 1,200."""
    return f"{getattr(run.counts, name):,}"
