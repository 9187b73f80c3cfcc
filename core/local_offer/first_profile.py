"""The UK profile 1.0 of Open Referral, rewritten as HSDS-UK 3.0: the same service, other names and places."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

ONLY_HERE = frozenset(
    {"eligibilitys", "regular_schedules", "service_taxonomys", "deliverable_type", "reviews"}
)
"""Fields that 3.0 does not have, so that a record with one of them is of this profile."""
CALLED = {
    "minimum_age": "eligibilitys.minimum_age",
    "maximum_age": "eligibilitys.maximum_age",
    "schedules": "regular_schedules",
    "attributes": "service_taxonomys",
}
LINK = "taxonomy"
DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday"} | {
    "SA": "Saturday",
    "SU": "Sunday",
}

Raw = dict[str, Any]


def is_first_profile(raw: Mapping[str, Any]) -> bool:
    """Say whether a record is written in the profile 1.0."""
    return bool(ONLY_HERE.intersection(raw))


def from_first_profile(raw: Raw) -> tuple[Raw, Mapping[str, str]]:
    """Give the record as HSDS-UK 3.0, and for each field that moved the name it had.

    An id that is no UUID gets one made from it, always the same. What does not fit is left as it is, to be found
    wrong like any other mistake; fields that 3.0 has no place for stay under their own names.
    """
    about = str(raw.get("id"))
    written = {
        **raw,
        "id": as_uuid("service", raw.get("id")),
        "organization": _organization(raw.get("organization")),
        "service_areas": _each(raw.get("service_areas"), lambda area: _area(area, about)),
        "contacts": _each(raw.get("contacts"), lambda contact: _contact(contact, about)),
        "schedules": _schedules(raw, about),
        "attributes": _each(raw.get("service_taxonomys"), lambda link: _attribute(link, about)),
        **_ages(raw.get("eligibilitys")),
    }
    return written, CALLED


def as_uuid(kind: str, given: object) -> object:
    """Give an id as it is if it is a UUID, else one made from it; None stays, and is found missing."""
    if given is None or isinstance(given, bool | dict | list) or given == "":
        return None
    try:
        return str(UUID(str(given)))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, f"open-referral-uk-1:{kind}:{given}"))


def _each(value: object, rewrite: Any) -> object:
    if not isinstance(value, list):
        return value
    return [rewrite(each) if isinstance(each, dict) else each for each in value]


def _part(kind: str, raw: Raw, about: str) -> Raw:
    """Give a part an id of its own: in this profile many have none, or one that is no UUID."""
    return {
        **raw,
        "id": as_uuid(kind, raw.get("id")) or as_uuid(kind, f"{about}:{sorted(map(str, raw.items()))}"),
    }


def _organization(raw: object) -> object:
    if not isinstance(raw, dict):
        return raw
    return {**_part("organization", raw, ""), "description": raw.get("description") or ""}


def _area(raw: Raw, about: str) -> Raw:
    return {**_part("area", raw, about), "name": raw.get("service_area") or raw.get("name")}


def _contact(raw: Raw, about: str) -> Raw:
    phones = _each(raw.get("phones"), lambda phone: _phone(phone, about))
    return {**_part("contact", raw, about), "phones": [] if phones is None else phones}


def _phone(raw: Raw, about: str) -> Raw:
    number = raw.get("number")
    return {**_part("phone", raw, about), "number": str(number) if isinstance(number, int) else number}


def _schedules(raw: Raw, about: str) -> object:
    given = raw.get("regular_schedules")
    if given is not None and not isinstance(given, list):
        return given
    there = [*(given or ()), *_at_locations(raw.get("service_at_locations"))]
    return _each(there, lambda each: {**_part("schedule", each, about), "description": _opening(each)})


def _at_locations(locations: object) -> Iterator[object]:
    for place in locations if isinstance(locations, list) else ():
        held = place.get("regular_schedule") if isinstance(place, dict) else None
        yield from held if isinstance(held, list) else ()


def _opening(raw: Raw) -> object:
    """Say in words when it is open: "Monday, Tuesday 09:00 to 17:00"."""
    if raw.get("description"):
        return raw["description"]
    days = ", ".join(
        DAYS.get(day.strip()[-2:].upper(), day.strip()) for day in str(raw.get("byday") or "").split(",")
    )
    hours = " to ".join(str(raw[name])[:5] for name in ("opens_at", "closes_at") if raw.get(name))
    return f"{days} {hours}".strip() or None


def _attribute(raw: Raw, about: str) -> Raw:
    taxonomy = raw.get("taxonomy")
    if not isinstance(taxonomy, dict):
        return {**_part("link", raw, about), "link_type": LINK}
    term = {
        "id": as_uuid("taxonomy", taxonomy.get("id")),
        "name": taxonomy.get("name"),
        "description": str(taxonomy.get("description") or ""),
        "taxonomy": taxonomy.get("vocabulary"),
    }
    return {"id": _part("link", raw, about)["id"], "link_type": LINK, "taxonomy_term": term}


def _ages(given: object) -> Raw:
    """Give the lowest and the highest age of all who may come; an age that is not told leaves that end open."""
    if not isinstance(given, list):
        return {} if given is None else {"minimum_age": given}
    there = [each for each in given if isinstance(each, dict)]
    return {
        name: _outermost([each.get(name) for each in there], pick)
        for name, pick in (("minimum_age", min), ("maximum_age", max))
    }


def _outermost(ages: list[Any], pick: Any) -> object:
    if not ages or None in ages:
        return None
    wrong = [each for each in ages if isinstance(each, bool) or not isinstance(each, int | float)]
    return wrong[0] if wrong else pick(ages)
