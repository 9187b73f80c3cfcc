"""My page from the first question to the paper: no bot sees it, nobody else opens it, and it goes when they say so."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from pypdf import PdfReader
from sqlalchemy import select

from app.compose import build_knowledge
from channels.web_chat.needs import web_chat_of
from channels.web_chat.routes import web_chat_router
from core.conversation.house import House
from core.conversation.opening import finish_conversation
from core.conversation.place import read_place
from core.conversation.rows import read_body
from core.conversation.tables import Conversation, Message
from core.ids import ConversationId
from core.safeguarding.tables import Concern
from tests.bot.rules_bot import RulesBot
from tests.builders import WebTalk, answer_all, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores

ORIGIN = "http://127.0.0.1:8000"
WORDS = ("I am kind to dogs", "My nan", "A map of the day", "A job with cats", "Please talk to ME")


@pytest.fixture
def house(sqlite_stores: Stores, clock: FakeClock) -> House:
    house = build_test_house(sqlite_stores, clock)
    return replace(house, bot=RulesBot(build_knowledge(house)))


@pytest.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(web_chat_router(web_chat_of(house, public_url=ORIGIN)))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN}) as client:
        yield client


async def make_page(house: House) -> WebTalk:
    talk = await WebTalk.begin(house)
    await talk.tap("My meeting")
    for words in WORDS:
        await talk.say(words)
    return talk


def let_in(browser: httpx.AsyncClient, talk: WebTalk) -> None:
    browser.cookies.set("hys_conversation", talk.opened.token)


async def everything_kept(house: House, conversation: ConversationId) -> str:
    """All that is sealed of a conversation, opened."""
    async with house.service.read() as session:
        row = await session.get_one(Conversation, conversation)
        place, key = read_place(row, house.keys)
        messages = await session.scalars(select(Message).where(Message.conversation_id == conversation))
        return "\n".join([str(place), *(str(read_body(message, key)) for message in messages)])


async def test_it_is_opened_as_a_pdf_that_no_browser_keeps(house: House, browser: httpx.AsyncClient) -> None:
    let_in(browser, await make_page(house))
    answer = await browser.get("/chat/my-page.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="my-page.pdf"'
    shown = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    at = [shown.index(words) for words in ("My page", "What people like about me", *WORDS)]
    assert at == sorted(at)


async def test_it_is_offered_at_the_end_of_the_page(house: House, browser: httpx.AsyncClient) -> None:
    let_in(browser, await make_page(house))
    offered = (await browser.post("/chat/mine", data={"do": "page"})).text
    assert "Can other people see your screen now?" in offered
    assert 'href="/chat/my-page.pdf"' in offered


async def test_nobody_else_opens_it(house: House, browser: httpx.AsyncClient) -> None:
    await make_page(house)
    assert (await browser.get("/chat/my-page.pdf")).status_code == 404
    let_in(browser, await WebTalk.begin(house))
    answer = await browser.get("/chat/my-page.pdf")
    assert (answer.status_code, "You have no page yet" in answer.text) == (409, True)
    assert 'href="/chat/my-page.pdf"' not in (await browser.post("/chat/mine", data={"do": "page"})).text


async def test_a_part_that_was_skipped_is_space_to_write_even_when_it_was_given_before(
    house: House, browser: httpx.AsyncClient
) -> None:
    talk = await make_page(house)
    await talk.tap("Change my page")
    await talk.tap("What matters to me")
    await talk.say("skip")
    let_in(browser, talk)
    pdf = PdfReader(io.BytesIO((await browser.get("/chat/my-page.pdf")).content))
    shown = "\n".join(page.extract_text() for page in pdf.pages)
    assert "What matters to me" in shown
    assert "My nan" not in shown


async def test_deleted_it_is_gone_with_the_words_that_were_written_for_it(house: House) -> None:
    talk = await make_page(house)
    await talk.tap("Delete my page")
    left = await everything_kept(house, talk.conversation)
    assert [words for words in WORDS if words in left] == []
    assert "(for my page)" in left


async def test_what_was_not_asked_to_be_kept_goes_when_they_finish(house: House) -> None:
    talk = await make_page(house)
    await finish_conversation(house, talk.conversation)
    left = await everything_kept(house, talk.conversation)
    assert [words for words in WORDS if words in left] == []


async def test_what_they_asked_to_keep_stays_with_the_chat(house: House) -> None:
    talk = await make_page(house)
    await talk.tap("Keep my page")
    await finish_conversation(house, talk.conversation)
    left = await everything_kept(house, talk.conversation)
    assert [words for words in WORDS if words not in left] == []


async def test_words_of_danger_stay_for_who_must_read_them(house: House) -> None:
    talk = await WebTalk.begin(house)
    await talk.tap("My meeting")
    await talk.send("he hits me and im scared to go home")
    await answer_all(house)
    async with house.service.read() as session:
        assert (await session.scalars(select(Concern))).one()
    await finish_conversation(house, talk.conversation)
    assert "he hits me" in await everything_kept(house, talk.conversation)


async def test_a_request_in_the_middle_takes_nothing_of_the_page(house: House) -> None:
    talk = await make_page(house)
    await talk.tap("Keep my page")
    await talk.tap("Ask for a key worker")
    for tapped in (
        "My health",
        "No name",
        "Here, with this chat",
        "Any time",
        "Just me",
        "Yes, they may",
        "Send",
    ):
        await talk.tap(tapped)
    assert [words for words in WORDS if words not in await everything_kept(house, talk.conversation)] == []


async def test_deleting_what_i_said_deletes_the_page(house: House, browser: httpx.AsyncClient) -> None:
    talk = await make_page(house)
    await talk.say("delete what i said")
    await talk.tap("Yes, delete it")
    let_in(browser, talk)
    assert (await browser.get("/chat/my-page.pdf")).status_code == 409
