"""What a refusal must say when danger is heard in the words that were refused."""

import json
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, unquote_plus

from fastapi import Request

from channels.doors import NotFromOurPage, cookie_name, is_from_our_page
from channels.web_chat.body import find_text, read_body
from channels.web_chat.needs import WebChat
from core.conversation.refusals import TextTooLong
from core.errors import Refusal
from core.ids import ConversationId

_MOST_FIELDS: Final = 1_000
_FORM: Final = "application/x-www-form-urlencoded"
_BARE: Final = re.compile(r"^\W*$")


async def safety_of(web: WebChat, http_request: Request, refusal: Refusal) -> Sequence[str]:
    """Give the numbers that help when danger or a worry is heard in what was sent and refused."""
    is_heard_already = isinstance(refusal, TextTooLong)
    if (
        http_request.method != "POST"
        or is_heard_already
        or refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        return ()
    is_form = http_request.headers.get("content-type", "").startswith(_FORM)
    written, _ = await read_body(http_request)
    words = _words_in_form(written) if is_form else words_in(written)
    if _BARE.match(words):
        return ()
    return await web.hear_refused(await _conversation_of(web, http_request, refusal), words)


def words_in(written: str) -> str:
    """Find the words in JSON, whole or broken; where no field holds them, all that was sent."""
    try:
        said = json.loads(written)
        found = said.get("text") if isinstance(said, dict) else None
    except (ValueError, RecursionError):
        found = find_text(written)
    return found if isinstance(found, str) else unquote_plus(written)


def _words_in_form(written: str) -> str:
    """Find the words in a form of ours: a code or a choice in it is nobody's words, and is never kept."""
    try:
        fields = parse_qs(written, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return unquote_plus(written)
    return fields.get("text", [""])[0]


async def _conversation_of(web: WebChat, http_request: Request, refusal: Refusal) -> ConversationId | None:
    """Say whose words they are: by the bearer token, or the cookie when no other page sent them."""
    scheme, _, token = http_request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await web.find(token.strip())
    cookie = http_request.cookies.get(cookie_name(web.public_url))
    if (
        not cookie
        or isinstance(refusal, NotFromOurPage)
        or not is_from_our_page(http_request, web.public_url)
    ):
        return None
    return await web.find(cookie)
