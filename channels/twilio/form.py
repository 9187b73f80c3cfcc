"""The form that Twilio posts: read once, at the door, and used by the route behind it."""

from typing import Final, cast
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import FormData

FORM: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 500
"""Twilio sends some twenty."""


class TwilioForm(FormData):
    """Fields by name; `getall` is what Twilio's own library asks for all values of a name."""

    def getall(self, name: str) -> list[str]:
        """Give all values of a field."""
        return cast("list[str]", self.getlist(name))


async def read_form(http_request: Request) -> TwilioForm:
    """Give the form of a request; ValueError when it has more fields than anybody sends.

    A form is a few short fields: the parser for uploads, which takes it in piece by piece, costs ten times as much.
    """
    form = getattr(http_request.state, "twilio_form", None)
    if form is None:
        written = (await http_request.body()).decode("latin-1")
        fields = parse_qsl(written, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        form = TwilioForm([*fields])
        http_request.state.twilio_form = form
    return cast("TwilioForm", form)
