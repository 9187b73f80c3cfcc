"""Every conversation of tests/bot/conversations goes as its file tells, on the web and by text."""

from dataclasses import replace

import pytest

from app.compose import build_knowledge
from bot.client import RasaBot
from core.conversation.house import House
from tests.bot.replay import Replay
from tests.bot.rules_bot import RulesBot
from tests.bot.running import RunningRasa
from tests.bot.scripts import Script, scripts
from tests.builders import build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores

PLAYED = [
    pytest.param(script, channel, id=f"{script}-{channel}")
    for script in scripts()
    for channel in script.channels
]


def house_with_rules(stores: Stores, clock: FakeClock, script: Script) -> House:
    house = build_test_house(stores, clock)
    return replace(house, bot=RulesBot(build_knowledge(house), script.meanings))


@pytest.mark.parametrize(("script", "channel"), PLAYED)
async def test_the_conversation_goes_as_it_is_told(
    sqlite_stores: Stores, clock: FakeClock, script: Script, channel: str
) -> None:
    house = house_with_rules(sqlite_stores, clock, script)
    await Replay(house, clock, channel, script).play()


@pytest.mark.journey
@pytest.mark.parametrize(("script", "channel"), PLAYED)
async def test_it_goes_so_with_the_real_rasa_too(
    sqlite_stores: Stores,
    clock: FakeClock,
    script: Script,
    channel: str,
    bot: RasaBot,
    real_rasa: RunningRasa,
) -> None:
    house = build_test_house(sqlite_stores, clock, bot)
    with real_rasa.knowing(build_knowledge(house)):
        await Replay(house, clock, channel, script).play()
