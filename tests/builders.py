"""Build what a test needs around it, and take only what matters to it."""

from dataclasses import dataclass, replace
from functools import cache

from app.compose import build_house
from app.lists import Lists, read_lists
from app.stores import Stores as AppStores
from core.conversation.accept import accept_message
from core.conversation.accept_text import accept_text
from core.conversation.answer import answer_next
from core.conversation.arrived import Accepted, Inbound, InboundText
from core.conversation.bot import Bot
from core.conversation.claim import conversations_unheard, conversations_waiting
from core.conversation.house import House
from core.conversation.opening import Opened, open_conversation
from core.conversation.overhear import overhear_next
from core.conversation.transcript import ShownMessage, messages_after
from core.group_sessions.group import Group
from core.ids import ConversationId, new_id
from core.settings import Settings
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores


def settings_for_tests(**said: object) -> Settings:
    """Settings that read no file, with a secret of their own."""
    return Settings(_env_file=None, **{"hys_secret": "only for tests", **said})  # type: ignore[arg-type]


def build_test_house(stores: Stores, clock: FakeClock, bot: Bot | None = None) -> House:
    """The house as app builds it, on a test's stores and clock, with a bot that does as it is told."""
    both = AppStores(stores.service, stores.views)
    return build_house(settings_for_tests(), both, bot or FakeBot(), lists(), clock=clock)


@cache
def lists() -> Lists:
    """The lists in data/, read once for all tests: nothing changes them."""
    return read_lists(settings_for_tests())


@dataclass
class WebTalk:
    """A young person on the web: what they send goes through accept and answer."""

    house: House
    opened: Opened
    address: str = ""

    @classmethod
    async def begin(cls, house: House, group: Group | None = None) -> "WebTalk":
        return cls(house, await open_conversation(house, group=group))

    @property
    def conversation(self) -> ConversationId:
        return self.opened.conversation

    async def send(self, text: str | None = None, *, choice: str | None = None, id_: str = "") -> Accepted:
        inbound = Inbound(
            self.conversation, f"{self.conversation}:{id_ or new_id()}", text, choice, self.address
        )
        return await accept_message(self.house, inbound)

    async def say(self, text: str) -> list[ShownMessage]:
        """Send words, let them be answered, and give what was said after them."""
        accepted = await self.send(text)
        return await self._answers(accepted)

    async def tap(self, label: str) -> list[ShownMessage]:
        """Tap the newest choice with this label."""
        choices = [choice for message in await self.messages() for choice in message.choices]
        choice = [each for each in choices if each.label == label][-1]
        return await self._answers(await self.send(choice=choice.id))

    async def messages(self, after: int = 0) -> list[ShownMessage]:
        return await messages_after(self.house, self.conversation, after)

    async def _answers(self, accepted: Accepted) -> list[ShownMessage]:
        await answer_all(self.house)
        return await self.messages(accepted.seq)


@dataclass
class PhoneTalk:
    """A young person with a phone."""

    house: House
    number: str = "+447700900123"

    async def text(self, words: str, *, sid: str = "", has_pictures: bool = False) -> Accepted:
        inbound = InboundText(self.number, sid or f"SM{new_id()}", words, has_pictures)
        accepted = await accept_text(self.house, inbound)
        await answer_all(self.house)
        return accepted


async def answer_all(house: House) -> None:
    """Do the work of the workers until nothing is due."""
    while waiting := await conversations_waiting(house):
        for conversation in waiting:
            while await answer_next(house, conversation):
                pass
    while unheard := await conversations_unheard(house):
        for conversation in unheard:
            await overhear_next(house, conversation)


def another_process(house: House) -> House:
    """The same house in another process: same stores, another name."""
    return replace(house, owner=new_id())
