"""What is happening with my request: asked, seen by whom, planned for when, done; asked at any time."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.compose import build_knowledge
from bot.actions.requesting import request_key_worker
from bot.actions.turn import Heard
from core.conversation.house import House
from core.ids import RequestId, StaffId
from core.signposting.requests import close_request, give_back_request, plan_request, take_request
from core.signposting.tables import RequestOutcome, SignpostingRequest
from tests.bot.rules_bot import RulesBot
from tests.bot.states import new_state
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.staffed import hold_staff
from tests.stores import Stores

STATUS = "whats happening with my request"
ASKED = ("My health", "No name", "Here, with this chat", "Any time", "Just me", "Yes, they may", "Send")


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    house = build_test_house(stores, clock)
    return replace(house, bot=RulesBot(build_knowledge(house), {STATUS: "ask_request_status"}))


async def ask(house: House) -> tuple[WebTalk, RequestId, StaffId, str]:
    """Ask for a key worker, and hire one who has taken nothing yet."""
    talk = await WebTalk.begin(house)
    await talk.tap("Ask for a key worker")
    for tapped in ASKED:
        await talk.tap(tapped)
    async with house.service.write() as session:
        sam = await hold_staff(session, "Sam Green")
        row = (await session.scalars(select(SignpostingRequest))).one()
        return talk, RequestId(row.id), sam, row.words


async def status(talk: WebTalk) -> str:
    return (await talk.say(STATUS))[0].text


async def test_it_is_told_how_far_a_request_has_come(house: House) -> None:
    talk, request, sam, words = await ask(house)
    waits = f"Your request {words} is with us. It waits for a key worker."
    assert await status(talk) == waits
    async with house.service.write() as session:
        await take_request(session, request, staff=sam, now=house.clock())
    assert await status(talk) == f"Sam has read your request {words}."
    async with house.service.write() as session:
        day = date(2026, 12, 1)
        await plan_request(session, request, staff=sam, planned_for=day, now=house.clock())
    planned = f"Sam has a plan to help with your request {words}. The day is Tuesday 1 December."
    assert await status(talk) == planned
    async with house.service.write() as session:
        await close_request(session, request, staff=sam, outcome=RequestOutcome.HELPED, now=house.clock())
    assert await status(talk) == f"Your request {words} is done. You can ask again when you want."


async def test_given_back_it_waits_again(house: House) -> None:
    talk, request, sam, words = await ask(house)
    async with house.service.write() as session:
        await take_request(session, request, staff=sam, now=house.clock())
        await give_back_request(session, request, staff=sam)
    assert await status(talk) == f"Your request {words} is with us. It waits for a key worker."


async def test_it_can_be_asked_in_the_middle_of_a_question_which_then_goes_on(house: House) -> None:
    talk, _, _, words = await ask(house)
    asked = (await talk.tap("Tell you what I think"))[-1].text
    said = [message.text for message in await talk.say(STATUS)]
    assert words in said[0]
    assert said[-1] == asked


async def test_without_a_request_it_says_so(house: House) -> None:
    talk = await WebTalk.begin(house)
    assert await status(talk) == "You have no request with us from this chat."


@pytest.mark.parametrize(
    ("age", "is_said"), [("0-10", True), ("11-12", True), (None, True), ("13-15", False)]
)
async def test_under_13_a_grown_up_is_named_and_nobody_is_refused(
    house: House, age: str | None, *, is_said: bool
) -> None:
    knowledge = build_knowledge(house)
    asked = knowledge.bank.question(knowledge.bank.age_question)
    told = {} if age is None else {asked.id: next(each.id for each in asked.answers if each.id == age)}
    heard = Heard("request_key_worker", None, {}, "m", new_state(answers=told))
    reply = await request_key_worker(heard, knowledge)
    said = [each["say"] for each in reply.payloads]
    assert ("request_under_13" in said) is is_said
    assert said[-1] == "request_about_question"
