"""Every setting, command and address that anyone may use is written down."""

import re
from collections.abc import Iterator

import pytest
import typer
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

import migrations.tables
from app.cli import app
from app.compose import build_text_desk
from app.site import Parts, build_site
from app.stores import Stores as AppStores
from core.database import ServiceBase, ViewsBase
from core.settings import Settings
from tests.architecture.source import documentation, files, read
from tests.builders import build_test_house, settings_for_tests
from tests.fakes import FakeClock
from tests.stores import Stores

INNER = ("/static/", "/staff/static/", "/simulator/", "/rasa/actions", "/my-way", "/leave", "/finished")
"""Addresses that our own pages and Rasa use; they may change with the page."""
FORMS = ("/staff/", "/chat/start", "/chat/go-on", "/chat/say", "/chat/look", "/chat/finish", "/chat/mine")
"""What the forms of our own pages are sent to."""


def paths(site: FastAPI) -> set[str]:
    """Give every address that is not only for our own pages and their forms."""
    found = set()
    for route in iter_route_contexts(site.routes):
        path, is_form = str(route.path), "GET" not in (getattr(route, "methods", None) or ())
        if not path.startswith(INNER) and not (is_form and path.startswith(FORMS)):
            found.add(path)
    return found


def commands(group: typer.Typer, *before: str) -> Iterator[str]:
    for command in group.registered_commands:
        name = command.name or (command.callback.__name__.replace("_", "-") if command.callback else "")
        yield " ".join((*before, name))
    for inner in group.registered_groups:
        if inner.typer_instance:
            yield from commands(inner.typer_instance, *before, str(inner.name))


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_in_the_table_of_the_readme_and_in_the_example(name: str) -> None:
    assert re.search(rf"^\| `{name}` \|", read("README.md"), re.MULTILINE)
    assert re.search(rf"^#? ?{name}=", read(".env.example"), re.MULTILINE)


def test_the_example_names_no_setting_that_is_not_there() -> None:
    named = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("command", list(commands(app)))
def test_every_command_is_documented(command: str) -> None:
    assert f"haveyoursay {command}" in documentation()


async def test_every_address_is_documented(sqlite_stores: Stores, clock: FakeClock) -> None:
    house = build_test_house(sqlite_stores, clock)
    settings = settings_for_tests()
    texts = build_text_desk(settings, house)
    stores = AppStores(sqlite_stores.service, sqlite_stores.views)
    site = build_site(Parts(settings, stores, house, texts, "a token"))
    written = read("docs/api.md")
    missing = [
        path for path in sorted(paths(site)) if f"`{path}`" not in written and f" {path}`" not in written
    ]
    await texts.close()
    assert missing == []


def test_every_table_is_in_the_paper_on_data_protection() -> None:
    tables = [*ServiceBase.metadata.tables, *ViewsBase.metadata.tables]
    written = read("docs/data-protection.md")
    assert migrations.tables
    assert [name for name in tables if f"`{name}`" not in written] == []


def test_nothing_tells_people_to_use_a_command_that_is_not_there() -> None:
    there = {command.split(" ")[0] for command in commands(app)}
    told = "\n".join([documentation(), *(read(str(path)) for path in files("data", "*.yml"))])
    named = set(re.findall(r"\bhaveyoursay ([a-z][a-z-]+)", told))
    assert named <= there
