"""Small directories to try the search and the loading on; only what matters is said."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from core.local_offer.directory import Confidence, Directory, Entry, ServiceId
from core.local_offer.words import load_words

OURS = Path(__file__).parents[3] / "data" / "local_offer"


def an_id(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))


def term(kind: str, name: str, description: str = "") -> dict[str, Any]:
    made = {"id": an_id(name), "name": name, "description": description, "taxonomy": f"haveyoursay:{kind}"}
    return {"id": an_id(kind + name), "link_type": kind, "taxonomy_term": made}


def a_service(name: str, *attributes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": an_id(name), "name": name, "status": "active", "attributes": list(attributes), **fields}


def folder_of(folder: Path, **files: Any) -> Path:
    """Write each file (text, or a service) beside our own words.yml."""
    (folder / "words.yml").write_text((OURS / "words.yml").read_text(encoding="utf-8"), encoding="utf-8")
    for name, held in files.items():
        text = held if isinstance(held, str) else json.dumps(held)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder


def an_entry(name: str, *needs: str, **changes: Any) -> Entry:
    """Make an entry that is checked, for everyone, and can be called."""
    fields: dict[str, Any] = {
        "id": ServiceId(an_id(name)),
        "name": name,
        "organisation": "A charity",
        "what": "Helps.",
        "needs": needs,
        "keywords": (),
        "audience": None,
        "min_age": None,
        "max_age": None,
        "area": "Worcestershire",
        "districts": frozenset(),
        "phones": ("01632 960001",),
        "text": None,
        "email": None,
        "url": None,
        "hours": None,
        "category": "advice",
        "confidence": Confidence.HIGH,
        "source": "https://www.example.org/page",
        "checked_on": date(2026, 11, 23),
    }
    return Entry(**(fields | changes))


def a_directory(*entries: Entry) -> Directory:
    return Directory({entry.id: entry for entry in entries}, load_words(OURS))
