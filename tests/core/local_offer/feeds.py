"""Records as feeds and files of others hold them, in both profiles and in Outpost's CSV."""

import os
from pathlib import Path
from typing import Any

import pytest

from core.local_offer.records import Record, read_page
from core.local_offer.taking_in import Known, Taken, take_in
from tests.builders import lists
from tests.core.local_offer.directories import an_id
from tests.fakes import MONDAY_MORNING

TODAY = MONDAY_MORNING.date()
REFERENCE = os.environ.get("HYS_REFERENCE", "")  # noqa: TID251 - tests read their own settings


def known() -> Known:
    return Known(lists().directory.words, lists().area)


def taken(records: tuple[Record, ...]) -> Taken:
    return take_in(records, known(), today=TODAY)


def taken_from(raw: object) -> Taken:
    return taken(read_page(raw, place="feed").records)


def club(name: str = "Chess club", **changes: Any) -> dict[str, Any]:
    """A whole record of HSDS-UK 3.0."""
    return {
        "id": an_id(name),
        "name": name,
        "status": "active",
        "description": "We play chess together and talk.",
        "url": "https://chess.example.org/",
        "minimum_age": 8,
        "maximum_age": 16,
        "assured_date": "2026-10-01",
        "service_areas": [{"id": an_id("area"), "name": "Worcestershire"}],
        "contacts": [
            {"id": an_id("contact"), "phones": [{"id": an_id("phone"), "number": "01632 960002"}]},
        ],
        **changes,
    }


def old_club(number: int = 13082, name: str = "Chess club", **changes: Any) -> dict[str, Any]:
    """A whole record of the UK profile 1.0, whose ids are no UUIDs."""
    return {
        "id": str(number),
        "name": name,
        "status": "active",
        "description": "We play chess.",
        "assured_date": "2026-10-01",
        "organization": {"id": "7", "name": "Chess people", "description": None},
        "eligibilitys": [
            {"id": "1", "minimum_age": 8, "maximum_age": 11},
            {"id": "2", "minimum_age": 12, "maximum_age": 16},
        ],
        "service_areas": [{"id": "3", "service_area": "Redditch", "extent": None}],
        "contacts": [{"id": "4", "name": "Desk", "phones": [{"id": "5", "number": "01632 960003"}]}],
        "regular_schedules": [{"id": "6", "byday": "MO,WE", "opens_at": "16:00:00", "closes_at": "18:00:00"}],
        "service_taxonomys": [{"id": "8", "taxonomy": {"id": "9", "name": "Clubs", "vocabulary": "lga"}}],
        **changes,
    }


def page_of(*records: object, **told: Any) -> dict[str, Any]:
    """The only page of a feed of 3.0."""
    alone = {"total_items": len(records), "total_pages": 1, "page_number": 1, "last_page": True}
    return {**alone, "contents": list(records), **told}


@pytest.fixture
def standard() -> Path:
    if not REFERENCE:
        pytest.skip("HYS_REFERENCE is not set: the examples of Open Referral UK are not here")
    return Path(REFERENCE) / "open_referral_uk"
