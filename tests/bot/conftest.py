"""The real Rasa for stories, and the lists its actions look things up in."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date

import httpx
import pytest
from rich.console import Console

from app.training import set_up_rasa
from bot.actions.knowledge import Knowledge
from bot.client import RasaBot
from core.area import PhoneNumber, load_area
from core.settings import HERE, Settings
from core.signposting.requests import RequestStatus
from core.views.questions import load_questions
from tests.bot.asking import door
from tests.bot.running import RunningRasa
from tests.bot.talk import Talk

CHILDLINE = PhoneNumber(
    name="Childline", number="0800 1111", source="https://www.childline.org.uk", checked_on=date(2026, 11, 23)
)
WORDS = {"ehcp": "ehcp", "senco": "senco", "camhs": "camhs"}


async def find_services(need: str, age: int | None, district: str | None) -> list[str]:
    return ["kooth"] if "talk" in need and (age or 0) < 19 and district is None else []


async def no_request(_message: str) -> list[RequestStatus]:
    return []


def pretend_knowledge() -> Knowledge:
    """The real bank, and small lists instead of the glossary and the directory."""
    return Knowledge(
        bank=load_questions(HERE / "data" / "questions.yml"),
        find_words=lambda text: [entry for word, entry in WORDS.items() if word in text.lower()],
        find_services=find_services,
        request_status=no_request,
        complaints=load_area(HERE / "data" / "area.yml").complaints,
        what_was_done=lambda _district: [],
        who_to_call=lambda _age: CHILDLINE,
        area_of=lambda text: "education" if "maths" in text else None,
        district_of=lambda town: "wychavon" if "droitwich" in town.lower() else None,
        period=lambda: "2026-autumn",
    )


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return pretend_knowledge()


@pytest.fixture(scope="session")
def real_rasa(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRasa]:
    """Rasa itself, trained if what it learns from has changed, with our actions; started once."""
    environment, model = set_up_rasa(Settings(), Console(quiet=True))
    environment = replace(environment, var=tmp_path_factory.mktemp("var"))
    running = RunningRasa(environment, model, knowledge)
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def rasa(knowledge: Knowledge) -> AsyncIterator[httpx.AsyncClient]:
    """Rasa, as the actions know it: a client that asks them."""
    async with door(knowledge) as asking:
        yield asking


@pytest.fixture
async def bot(real_rasa: RunningRasa) -> AsyncIterator[RasaBot]:
    """The client of the real Rasa."""
    asking = RasaBot(real_rasa.url, real_rasa.token)
    yield asking
    await asking.close()


@pytest.fixture
def talk(bot: RasaBot, knowledge: Knowledge) -> Talk:
    """A conversation with the real Rasa that has just begun."""
    return Talk(bot, knowledge.bank)
