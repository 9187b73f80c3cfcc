"""Draw the pages: templates, the catalogue's words and one young person's way, put together."""

import gzip
import re
from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, Final, get_type_hints

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from channels.web_chat.cookies import GROUP
from channels.web_chat.looks import COOKIE, Look, Words, look_of_cookie
from channels.web_chat.needs import WebChat
from channels.web_chat.static_files import StaticFiles
from core.text.messages import Variant

FOLDER: Final = Path(__file__).resolve().parent / "templates"

ALWAYS: Final[Mapping[str, str]] = {
    "go_back": "choice_go_back",
    "skip_question": "choice_skip",
    "pause_conversation": "choice_stop",
    "ask_help": "choice_help",
    "say_not_safe": "choice_not_safe",
}
"""What can always be done, in the order it always stands, and the catalogue's name of each label."""

SCRIPT_WORDS: Final = (
    *("page_author_you", "page_author_bot", "page_author_worker", "page_choices_label", "page_sending"),
    *("page_sent", "page_not_sent", "page_offline", "page_online_again", "web_way_saved", "web_writing"),
    *("web_gone", "web_not_finished", "problem_empty", "trouble_choice_old"),
)
"""Words that the page's script says; it has none of its own."""

_NUMBER: Final = re.compile(
    r"(?<!\d)(?:999|111|18000|0800 1111|116 123|0\d(?: ?\d){8,9}|SHOUT to 85258)(?!\d)", re.ASCII
)
"""The helplines, and any number that looks like a phone's; the script has the same pattern."""

_SHOUT: Final = "sms:85258?&body=SHOUT"
_LOOK_OPTIONS: Final = {
    each.name: [str(option) for option in get_type_hints(Look)[each.name]] for each in fields(Look)
}


class Pages:
    """The templates with everything that each of them needs."""

    def __init__(self, web: WebChat, static: StaticFiles) -> None:
        self._web = web
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["with_numbers"] = with_numbers
        self._templates.globals.update(
            file=static.address,
            files=static.files,
            leave_to=web.leave_to,
            retention=web.retention,
            look_options=_LOOK_OPTIONS,
            always=ALWAYS,
            symbol=web.catalogue.symbol,
            shows_conversation=False,
        )

    def draw(self, template: str, http_request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Draw a page in the way its reader chose."""
        look = look_of_cookie(http_request.cookies.get(COOKIE))
        variant = Variant.EASY if look.words is Words.EASY else Variant.STANDARD
        say = partial(self._say, variant)
        is_shared = GROUP in http_request.cookies
        values = {"look": look.attributes, "say": say, "is_shared": is_shared, **values}
        html = self._templates.get_template(template).render(values)
        return _squeeze(HTMLResponse(html, status), http_request)

    def always(self) -> frozenset[str]:
        """Give the labels of what can always be done."""
        return frozenset(self._web.catalogue.say(name) for name in ALWAYS.values())

    def script_words(self) -> dict[str, str]:
        """Give the words that the page's script says, by name."""
        return {name: self._web.catalogue.say(name) for name in SCRIPT_WORDS}

    def _say(self, variant: Variant, name: str, **values: str | int) -> str:
        return self._web.catalogue.say(name, variant, **values)


def _squeeze(response: HTMLResponse, http_request: Request) -> HTMLResponse:
    """Send a page small, for slow connections."""
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if "gzip" in http_request.headers.get("accept-encoding", ""):
        response.body = gzip.compress(bytes(response.body), compresslevel=6, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response


def with_numbers(words: str) -> Markup:
    """Make the phone numbers in a line something to press; everything else is plain text."""
    drawn, start = Markup(), 0
    for found in _NUMBER.finditer(words):
        address = _SHOUT if found[0].startswith("SHOUT") else f"tel:{found[0].replace(' ', '')}"
        link = Markup('<a class="number" href="{}">{}</a>').format(address, found[0])
        drawn += escape(words[start : found.start()]) + link
        start = found.end()
    return drawn + escape(words[start:])
