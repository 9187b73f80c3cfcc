"""Open "My page" as a PDF: made when it is asked for, behind the conversation's cookie, and kept by no browser."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from channels.doors import cookie_of_conversation
from channels.web_chat.needs import WebChat
from channels.web_chat.page_pdf import PageWords, Part, print_page
from channels.web_chat.static_files import FOLDER
from core.errors import Refusal
from core.ids import ConversationId
from core.text.messages import Catalogue


class NoPageYet(Refusal):
    """There is no page in this conversation."""

    status = HTTPStatus.CONFLICT
    words = "You have no page yet. You can make one in the chat."


def my_page_routes(router: APIRouter, web: WebChat) -> None:
    """Add the address of the PDF."""
    key = cookie_of_conversation(web.find, web.public_url)

    @router.get("/chat/my-page.pdf")
    async def open_my_page(mine: Annotated[ConversationId, Depends(key)]) -> Response:
        page = await web.page_of(mine)
        if page is None:
            raise NoPageYet
        pdf = await asyncio.to_thread(print_page, _in_words(web.catalogue, page))
        headers = {"Content-Disposition": 'attachment; filename="my-page.pdf"'}
        return Response(pdf, media_type="application/pdf", headers=headers)


def _in_words(catalogue: Catalogue, page: Mapping[str, str]) -> PageWords:
    return PageWords(
        title=catalogue.say("my_page_title"),
        name=catalogue.say("my_page_name"),
        foot=catalogue.say("my_page_foot"),
        missing=catalogue.say("my_page_letters_missing"),
        parts=[_part(catalogue, part, written) for part, written in page.items()],
    )


def _part(catalogue: Catalogue, part: str, written: str) -> Part:
    heading = f"my_page_{part}"
    picture = FOLDER / "symbols" / f"{catalogue.symbol(heading)}.svg"
    return Part(
        heading=catalogue.say(heading),
        lines=[line for line in written.splitlines() if line.strip()],
        svg=picture.read_text(encoding="utf-8"),
        alt=catalogue.say(f"{heading}_picture"),
    )
