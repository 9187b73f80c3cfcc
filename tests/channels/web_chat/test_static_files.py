"""What the page is made of: all from here, small, and as the rules of accessibility ask."""

import gzip
import re
from pathlib import Path

import yaml
from httpx import AsyncClient

from channels.web_chat.draw import FOLDER as TEMPLATES
from channels.web_chat.draw import SCRIPT_WORDS
from channels.web_chat.looks import Look, look_of_cookie
from channels.web_chat.static_files import FOLDER, load_static_files
from tests.channels.web_chat.talk import CATALOGUE

DATA = Path(__file__).resolve().parents[3] / "data"


def symbols_in(value: object) -> set[str]:
    """Find every concept that a file of data names as a picture."""
    if isinstance(value, dict):
        own = {value["symbol"]} if isinstance(value.get("symbol"), str) else set()
        return own.union(*(symbols_in(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(symbols_in(each) for each in value))
    return set()


def test_every_picture_that_is_named_is_there() -> None:
    named = {
        symbol for file in DATA.rglob("*.yml") for symbol in symbols_in(yaml.safe_load(file.read_text()))
    }
    there = {path.stem for path in (FOLDER / "symbols").glob("*.svg")}
    assert named - there == set()


def test_every_word_of_the_page_is_in_the_catalogue() -> None:
    used = set(SCRIPT_WORDS)
    for template in TEMPLATES.glob("*.html"):
        used |= set(re.findall(r"""say\(["'](\w+)["']\)""", template.read_text()))
    assert {name for name in used if name not in CATALOGUE} == set()
    own = {message.name for message in CATALOGUE if message.file.name == "web_page.yml"}
    assert {name for name in own - used if not name.startswith("web_way_")} == set(), "a word nobody says"


def test_pictures_hold_nothing_that_runs_or_calls() -> None:
    for path in (FOLDER / "symbols").glob("*.svg"):
        drawing = path.read_text()
        assert not re.search(r"<script|<image|href|style=|\son\w+=", drawing), path.name


def test_styles_never_move_shout_lean_or_justify() -> None:
    styles = (FOLDER / "chat.css").read_text()
    for rule in ("animation", "transition", "italic", "uppercase", "justify;", "hyphens", "scroll-behavior"):
        assert rule not in styles
    assert not re.search(r"font-size:\s*[\d.]+px", styles)
    assert "https:" not in styles


def test_scripts_have_no_words_timers_of_idleness_or_gestures_of_their_own() -> None:
    for path in FOLDER.glob("*.js"):
        code = path.read_text()
        assert not re.search(r"dragstart|touchmove|contextmenu|innerHTML|eval\(|https?:", code), path.name


def drawn_for(page: str) -> set[str]:
    """Name a page and all templates that it is drawn with."""
    drawn = re.findall(
        r"""{%-? (?:extends|include|from|import) ["']([^"']+)""", (TEMPLATES / page).read_text()
    )
    return {page}.union(*(drawn_for(each) for each in drawn))


def test_page_letters_styles_and_scripts_together_are_small() -> None:
    files = load_static_files().files
    weight = sum(
        len(file.squeezed or file.content)
        for path, file in files.items()
        if path.endswith((".js", ".css", ".woff2"))
    )
    html = sum(len(gzip.compress((TEMPLATES / name).read_bytes())) for name in drawn_for("chat.html"))
    assert weight + html <= 42_000, "60 kB with the pictures of a page"


async def test_a_marked_file_is_kept_for_ever_and_sent_small(browser: AsyncClient) -> None:
    address = load_static_files().address("chat.js")
    answer = await browser.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    again = await browser.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_there_is_no_way_out_of_the_folder(browser: AsyncClient) -> None:
    for path in ("../routes.py", "..%2froutes.py", "symbols/../../routes.py", "nothing.svg"):
        assert (await browser.get(f"/static/{path}")).status_code == 404


def test_a_look_is_the_same_after_the_cookie() -> None:
    look = look_of_cookie("dark.2.wide.easy.no")
    assert look_of_cookie(str(look)) == look
    assert look_of_cookie(None) == Look()
    assert look_of_cookie("x.y") == Look()
