"""Every page of the staff in every state keeps the rules of accessibility that can be read off it."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from api.groups.pages import groups_router
from core.staff.roles import Role
from tests.api.conftest import Browser, Site
from tests.api.test_concerns import tell
from tests.api.test_deciding import WORKER
from tests.api.test_queue import ask
from tests.app.test_group_sessions import FORM
from tests.builders import lists

CSS = (Path(__file__).resolve().parents[2] / "api" / "static" / "staff.css").read_text()
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", CSS))
PAIRS = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "mist"),
    ("ink", "rose"),
    ("link", "paper"),
    ("link", "card"),
    ("red", "rose"),
    ("red", "card"),
    ("brown", "amber"),
    ("deeper", "mist"),
    ("green-dark", "card"),
    ("green-dark", "mist"),
    ("white", "deep"),
    ("white", "deeper"),
    ("white", "green"),
    ("white", "green-dark"),
    ("white", "red"),
]
SAME_PAGE = 8
"""So many of the states are of a page that is there already, and need no title of their own."""
SMALLEST_PX = 19
ROOT_PX = 16


class Structure(HTMLParser):
    """What a page is made of, as far as the rules ask for it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.forms: list[list[tuple[str, dict[str, str | None]]]] = []
        self.in_label = 0
        self.named: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "form":
            self.forms.append([(tag, given)])
        elif self.forms:
            self.forms[-1].append((tag, given))
        if tag == "label":
            self.in_label += 1
            self.named.add(given.get("for") or "")
        if tag == "input" and self.in_label:
            given["labelled"] = "yes"

    def handle_endtag(self, tag: str) -> None:
        self.in_label -= tag == "label"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [given for name, given in self.tags if name == tag]


@pytest.fixture
async def pages(site: Site) -> dict[str, str]:
    """Every page in its states, by name."""
    browser = site.open_browser()
    shown = {
        "sign-in": (await browser.get("/staff/sign-in")).text,
        "sign-in refused": (await browser.post("/staff/sign-in", email="a@b", password="c")).text,
        "lost": (await browser.get("/nothing")).text,
    }
    _, opened = await ask(site)
    _, concern = await tell(site)
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    request = f"/staff/queue/{opened.id}"
    for name, path in (("home", "/staff/"), ("queue", "/staff/queue"), ("waiting", request)):
        shown[name] = (await sam.get(path)).text
    await sam.post(f"{request}/take")
    shown["mine"] = (await sam.get(request)).text
    shown["no outcome"] = (await sam.post(f"{request}/close")).text
    shown["no words"] = (await sam.post(f"{request}/reply", text=" ")).text
    shown["read back"] = (await sam.post(f"{request}/reply", text="Hello")).text
    shown["refused"] = (await sam.get("/staff/concerns")).text
    shown |= await pages_of_groups(site, sam)
    shown |= await pages_of_lead(site, str(concern))
    ada = await site.come_in(Role.ADMINISTRATOR, "Ada Oak")
    shown["accounts"] = (await ada.get("/staff/accounts")).text
    shown["rota"] = (await ada.get("/staff/rota")).text
    shown["rota wrong"] = (await ada.post("/staff/rota")).text
    return shown


async def pages_of_groups(site: Site, sam: Browser) -> dict[str, str]:
    """The pages about group sessions."""
    site.app.include_router(groups_router(lists().bank, "http://chat.example"))
    made = (await sam.post("/staff/groups", **FORM)).text
    return {
        "groups": (await sam.get("/staff/groups")).text,
        "group wrong": (await sam.post("/staff/groups", setting="Oak School")).text,
        "group code": made,
    }


async def pages_of_lead(site: Site, concern: str) -> dict[str, str]:
    """The pages about concerns."""
    shown, worry = {}, f"/staff/concerns/{concern}"
    lee = await site.come_in(Role.SAFEGUARDING_LEAD, "Lee Ash")
    shown["concerns"], shown["unread"] = (await lee.get("/staff/concerns")).text, (await lee.get(worry)).text
    shown["review"] = (await lee.get("/staff/review")).text
    await lee.post(f"{worry}/acknowledge", seen="1", level="worry")
    shown["read"], shown["not closed"] = (
        (await lee.get(worry)).text,
        (await lee.post(f"{worry}/close", seen="1", level="worry")).text,
    )
    await lee.post(f"{worry}/notes", note="I rang the school.")
    await lee.post(f"{worry}/close", seen="1", level="worry", outcome="front-door")
    shown["closed"] = (await lee.get(worry)).text
    shown["no reference"] = (await lee.post(f"{worry}/hand-over")).text
    _, about_worker = await tell(site, heard=WORKER)
    _, other = await tell(site)
    shown["no reason"] = (await lee.post(f"/staff/concerns/{other}/contact", reason="")).text
    await lee.post(f"/staff/concerns/{other}/contact", reason="They may need help.")
    shown["asked"] = (await lee.get(f"/staff/concerns/{other}")).text
    await tell(site)
    shown["gate"] = (await lee.get(f"/staff/concerns/{about_worker}")).text
    await lee.post(f"/staff/concerns/{about_worker}/about-me")
    shown["shut"] = (await lee.get(f"/staff/concerns/{about_worker}")).text
    shown["none picked"] = (await lee.post("/staff/close-concerns", reason="A prank.")).text
    return shown


async def test_each_page_has_one_heading_its_landmarks_its_language_and_a_title(
    pages: dict[str, str],
) -> None:
    titles = set()
    for name, page in pages.items():
        made = Structure(page)
        for tag in ("h1", "main", "header", "title"):
            assert len(made.all(tag)) == 1, (name, tag)
        assert made.all("html")[0]["lang"] == "en-GB", name
        titles.add(page.split("<title>")[1].split("</title>")[0])
        levels = [int(tag[1]) for tag, _ in made.tags if re.fullmatch("h[1-6]", tag)]
        assert all(after - before <= 1 for before, after in pairwise(levels)), name
    assert len(titles) >= len(pages) - SAME_PAGE


async def test_every_field_has_a_label_and_every_description_is_there(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        made = Structure(page)
        ids = [given["id"] for _, given in made.tags if "id" in given]
        assert len(ids) == len(set(ids)), name
        for field in [*made.all("input"), *made.all("textarea")]:
            if field.get("type") == "hidden":
                continue
            assert field.get("labelled") or field.get("id") in made.named, (name, field)
        for _, given in made.tags:
            for attribute in ("aria-describedby", "aria-labelledby"):
                assert set((given.get(attribute) or "").split()) <= set(ids), (name, given)


async def test_every_form_that_changes_something_carries_the_token(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        for (_, form), *parts in Structure(page).forms:
            assert form["method"] == "post"
            has_token = any(given.get("name") == "csrf" and given.get("value") for _, given in parts)
            assert has_token or form["action"] == "/staff/sign-in", name


async def test_nothing_runs_or_is_styled_inside_a_page_or_comes_from_elsewhere(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        made = Structure(page)
        assert not made.all("style"), name
        assert all(given.get("src", "").startswith("/staff/static/") for given in made.all("script")), name  # type: ignore[union-attr]
        for _, given in made.tags:
            assert not [key for key in given if key == "style" or key.startswith("on")], (name, given)
            assert not (given.get("href") or "").startswith(("http", "//")), (name, given)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground_by_seven_to_one(text: str, ground: str) -> None:
    assert contrast(colour(text), colour(ground)) >= 7


def test_every_link_on_the_dark_head_is_light() -> None:
    assert re.search(r"^header a \{ color: #fff; \}$", CSS, re.MULTILINE)
    inside = re.findall(r"^(?:nav|header|\.leave|\.brand)[^{]*\{[^}]*?[^-]color: ([^;]+);", CSS, re.MULTILINE)
    assert set(inside) == {"#fff"}


def test_no_text_is_smaller_than_19_px_and_none_is_justified_slanted_or_shouted() -> None:
    sizes = [float(size) * ROOT_PX for size in re.findall(r"font(?:-size)?:[^;]*?([\d.]+)rem", CSS)]
    assert min(sizes) >= SMALLEST_PX
    assert not re.search(r"justify;|italic|uppercase|hyphens|@keyframes|transition|animation", CSS)


def colour(name: str) -> str:
    return "#ffffff" if name == "white" else COLOURS[name]


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of WCAG 2.2 (relative luminance, success criterion 1.4.6)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(written: str) -> float:
    parts = [int(written[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
