"""The form that Twilio posts: read once, at the door, and used by the route behind it."""

from typing import Final, cast
from urllib.parse import unquote_plus

from fastapi import Request

FORM: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 500
"""Twilio sends some twenty."""


class TwilioForm(dict[str, list[str]]):
    """Fields by name; `getall` is what Twilio's own library asks for all values of a name."""

    def getall(self, name: str) -> list[str]:
        """Give all values of a field; KeyError when there is none."""
        return self[name]

    def field(self, name: str) -> str:
        """Give a field as text, the last where there are several; empty if there is none."""
        values = self.get(name)
        return values[-1] if values else ""


async def read_form(http_request: Request) -> TwilioForm:
    """Give the form of a request; ValueError when it has more fields than anybody sends.

    A form is a few short fields: the parser for uploads, which takes it in piece by piece, costs ten times as much.
    """
    form = getattr(http_request.state, "twilio_form", None)
    if form is None:
        form = parse_form((await http_request.body()).decode("latin-1"))
        http_request.state.twilio_form = form
    return cast("TwilioForm", form)


def parse_form(written: str) -> TwilioForm:
    """Take a form apart as `urllib.parse.parse_qs` does, blank fields too, and decode only what is encoded."""
    if written.count("&") >= MOST_FIELDS:
        raise ValueError("These are more fields than anybody sends.")
    form = TwilioForm()
    for pair in written.split("&"):
        name, _, value = pair.partition("=")
        if pair:
            form.setdefault(_decoded(name), []).append(_decoded(value))
    return form


def _decoded(written: str) -> str:
    return unquote_plus(written) if "%" in written or "+" in written else written
