"""A content editor sees how imports went, what to look at again, and only what at least ten people said."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import insert

from api.local_offer.pages import local_offer_router
from core.area import Period
from core.errors import Refusal
from core.ids import new_id
from core.local_offer.importing import ImportDesk, import_file
from core.local_offer.joining import join, read_imported
from core.local_offer.shelf import Shelf, Shelved
from core.staff.roles import Role
from core.views.comments import comment_on, settled_period
from core.views.tables import HeldView
from tests.api.conftest import AREA, Site, make_site
from tests.builders import lists
from tests.core.local_offer.directories import an_id
from tests.core.local_offer.feeds import club, known
from tests.fakes import FakeClock
from tests.stores import Stores

PAGE = "/staff/local-offer"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(lists().directory)


@pytest.fixture
async def site(stores: Stores, clock: FakeClock, shelf: Shelf) -> AsyncIterator[Site]:
    made = make_site(stores, clock)
    made.app.include_router(local_offer_router(shelf, stores.views))
    yield made
    await made.close()


@pytest.fixture
def desk(stores: Stores, clock: FakeClock) -> ImportDesk:
    return ImportDesk(stores.service, clock, "this process", known(), is_sure=True)


async def page_of(site: Site) -> str:
    editor = await site.come_in(Role.CONTENT_EDITOR)
    return (await editor.get(PAGE)).text


async def take(desk: ImportDesk, *records: object) -> None:
    await import_file(desk, json.dumps(records).encode(), name="list.json", source="file:list.json")


async def test_before_any_import_it_says_so(site: Site) -> None:
    page = await page_of(site)
    assert "Young people can find 70 services now." in page
    assert "No list and no feed has come in yet." in page


async def test_how_the_last_import_went_is_shown_with_each_bad_record(site: Site, desk: ImportDesk) -> None:
    await take(desk, club("A"), club("B"), club("<b>Bad</b>", url="nowhere"))
    site.clock.go_on(days=1)
    page = await page_of(site)
    assert "Read Monday 23 November 2026, 10:00 am" in page
    assert "Records read: 3. Services to use: 2. Marked as removed: 0." in page
    assert "Problems: 1. We did not take these records." in page
    assert "&lt;b&gt;Bad&lt;/b&gt;&#39;: url: &#39;nowhere&#39; is not a web address" in page


async def test_an_import_that_was_refused_says_why(site: Site, desk: ImportDesk) -> None:
    with pytest.raises(Refusal):
        await import_file(desk, b"PK\x03\x04", name="list.json", source="file:list.json")
    page = await page_of(site)
    assert "We did not take it." in page
    assert "list.json is a spreadsheet or an archive." in page


async def test_what_is_old_unchecked_or_removed_is_listed(site: Site, desk: ImportDesk, shelf: Shelf) -> None:
    await take(desk, club("Old", assured_date="2020-01-01"), club("Unsure", assured_date=None), club("Gone"))
    await take(desk, club("Old", assured_date="2020-01-01"), club("Unsure", assured_date=None))
    async with desk.store.read() as session:
        directory, _ = join(lists().directory, await read_imported(session), known())
    shelf.put(Shelved(directory))
    page = await page_of(site)
    stale, rest = page.split("Never checked: ")
    unchecked, removed = rest.split("Removed: 1")
    assert "Old: last checked on" in stale
    assert "Unsure" in unchecked
    assert "Gone: since" in removed


def settled(site: Site) -> Period:
    period = settled_period(AREA.periods, site.clock().date())
    assert period is not None
    return period


async def comment(stores: Stores, period: str, service: str, answer: str | None, **more: object) -> None:
    row = {
        "id": new_id(),
        "period": period,
        "person": new_id(),
        "measure": comment_on(service),
        "answer": answer,
        "themes": "[]",
        "anchored": True,
        **more,
    }
    async with stores.views.write() as session:
        await session.execute(insert(HeldView).values(row))


async def test_ten_people_behind_something_are_told_of_and_nine_are_not(site: Site, stores: Stores) -> None:
    first, second, *_ = sorted(lists().directory, key=lambda entry: entry.name)
    period = settled(site).id
    for number in range(10):
        await comment(stores, period, first.id, "not-right")
        await comment(stores, period, second.id, "not-right" if number else "right")
        await comment(stores, period, second.id, "not-right", anchored=False)
    said = (await page_of(site)).split("What young people said")[1]
    assert "10 or more people said that these were not right for them:" in said
    assert f"<li>{first.name}</li>" in said
    assert second.name not in said
    assert "people did not find" not in said


async def test_unmet_needs_of_ten_people_are_told_of_without_their_words(site: Site, stores: Stores) -> None:
    for _ in range(10):
        await comment(stores, settled(site).id, "x", None, measure="unmet-need", sealed_text=b"sealed")
    assert "10 or more people did not find the help they need." in await page_of(site)


async def test_nothing_is_told_of_a_term_that_is_open_or_has_just_closed(site: Site, stores: Stores) -> None:
    first, *_ = lists().directory
    now = next(each for each in AREA.periods if each.from_ <= site.clock().date() <= each.to)
    for _ in range(10):
        await comment(stores, now.id, first.id, "not-right")
    assert "Not enough people said the same thing." in await page_of(site)
    assert settled_period((now,), now.to + timedelta(days=7)) is None
    assert settled_period((now,), now.to + timedelta(days=8)) == now


async def test_a_service_that_is_gone_is_not_named(site: Site, stores: Stores) -> None:
    for _ in range(10):
        await comment(stores, settled(site).id, an_id("gone"), "right")
    assert an_id("gone") not in await page_of(site)
