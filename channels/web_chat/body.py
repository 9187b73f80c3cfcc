"""Read what a browser sent, however long or broken it is, without holding more than we must."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import Request

from channels.web_chat.needs import Sent
from channels.web_chat.refusals import MessageNotUnderstood
from core.addresses import place_of

MOST_BYTES: Final = 2_000_000
"""Room for 200 kB of text in which every character is escaped; what comes after is not read."""

_MOST_FIELDS: Final = 50
_TEXT: Final = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)', re.DOTALL)
_CLIENT_ID: Final = re.compile(r'"client_id"\s*:\s*"([0-9a-fA-F-]{32,36})"')
_HALF_ESCAPE: Final = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?$")


async def read_body(http_request: Request) -> tuple[str, bool]:
    """Give the first `MOST_BYTES` of the body as text, and say whether there was more; may be asked again."""
    if not hasattr(http_request.state, "body_read"):
        http_request.state.body_read = await _read_stream(http_request)
    read: tuple[str, bool] = http_request.state.body_read
    return read


async def _read_stream(http_request: Request) -> tuple[str, bool]:
    read = bytearray()
    async for chunk in http_request.stream():
        read += chunk[: MOST_BYTES - len(read)]
        if len(chunk) and len(read) >= MOST_BYTES:
            return read.decode(errors="ignore"), True
    return read.decode(errors="replace"), False


async def read_json(http_request: Request) -> dict[str, Any]:
    """Give the object in the body; empty when there is no body. Raises MessageNotUnderstood."""
    written, is_cut = await read_body(http_request)
    if not written.strip():
        return {}
    try:
        said = _salvage(written) if is_cut else json.loads(written)
    except (ValueError, RecursionError) as error:
        raise MessageNotUnderstood from error
    if not isinstance(said, dict):
        raise MessageNotUnderstood
    return said


async def read_sent(http_request: Request) -> Sent:
    """Give the message in a JSON body. Raises MessageNotUnderstood."""
    said = await read_json(http_request)
    text, choice = said.get("text"), said.get("choice")
    if not isinstance(text, str | None) or not isinstance(choice, str | None):
        raise MessageNotUnderstood
    try:
        client_id = UUID(said.get("client_id"))
    except (TypeError, ValueError, AttributeError) as error:
        raise MessageNotUnderstood from error
    return Sent(str(client_id), text, choice, address_of(http_request))


def address_of(http_request: Request) -> str:
    """Give the address that a browser came from, of IPv6 its /64, to count by; it is never kept as it is."""
    return place_of(http_request.client.host) if http_request.client else ""


async def read_form(http_request: Request) -> dict[str, str]:
    """Give the fields of a form, line ends as one newline; may be asked again. Raises MessageNotUnderstood."""
    written, _ = await read_body(http_request)
    try:
        fields = parse_qsl(written, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise MessageNotUnderstood from error
    return {name: value.replace("\r\n", "\n") for name, value in fields}


def sent_by_form(fields: Mapping[str, str], address: str) -> Sent:
    """Give the message in a form.

    The page's hidden id is one for each time the page was drawn; with what was said it makes the message's
    own id. So the same form sent twice is one message, and another answer after "back" is another.
    """
    choice = fields.get("choice")
    text = None if choice is not None else fields.get("text", "")
    try:
        drawn = UUID(fields.get("client_id", ""))
    except ValueError as error:
        raise MessageNotUnderstood from error
    said = f"choice:{choice}" if choice is not None else f"text:{text}"
    return Sent(str(uuid5(drawn, said.encode(errors="replace").decode())), text, choice, address)


def find_text(written: str) -> str | None:
    """Find the words in JSON that was cut or is broken; None where there are none that can be read."""
    text = _TEXT.search(written)
    if text is None:
        return None
    try:
        return str(json.loads(f'"{_HALF_ESCAPE.sub("", text[1])}"', strict=False))
    except ValueError:
        return text[1]


def _salvage(written: str) -> dict[str, Any]:
    """Find the message in JSON that was cut, so that the part we have is still heard."""
    kept, client_id = find_text(written), _CLIENT_ID.search(written)
    if kept is None:
        raise MessageNotUnderstood
    # The id may stand behind what was cut: then the words name themselves, and sent twice are still one message.
    own_id = str(uuid5(NAMESPACE_OID, kept.encode(errors="replace").decode()))
    return {"text": kept, "client_id": client_id[1] if client_id else own_id}
