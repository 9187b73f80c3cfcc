"""What the service stands on is written down, and may be used under its licence."""

import re
import tomllib
from importlib.metadata import metadata
from typing import Any

from tests.architecture.source import files, read

STRONG = re.compile(r"\b(A?GPL|General Public License)", re.IGNORECASE)


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(read("pyproject.toml"))["project"]
    return found


def dependencies() -> list[str]:
    return [re.split(r"[\[<>=!~ ]", each)[0] for each in project()["dependencies"]]


def licence_of(package: str) -> str:
    said = metadata(package)
    classifiers = [each for each in said.get_all("Classifier") or [] if each.startswith("License")]
    return " ".join([*(said.get_all("License-Expression") or []), *classifiers])


def test_our_own_licence_is_the_one_that_is_named() -> None:
    assert project()["license"] == "Apache-2.0"
    assert "Apache License" in read("LICENSE")[:200]


def test_every_package_the_service_runs_with_is_listed() -> None:
    table = read("LICENCES.md")
    assert [name for name in dependencies() if not re.search(rf"\b{re.escape(name)}\b", table)] == []


def test_no_package_the_service_runs_with_is_under_the_gpl() -> None:
    assert {name: licence_of(name) for name in dependencies() if STRONG.search(licence_of(name))} == {}


def test_what_others_made_keeps_its_licence_beside_it() -> None:
    assert "OPEN FONT LICENSE" in read("channels/web_chat/static/fonts/OFL.txt").upper()
    assert "CC BY-SA 4.0" in read("channels/web_chat/static/symbols/LICENCE.md")
    assert any(files("channels/web_chat/static/fonts", "*.woff2"))
