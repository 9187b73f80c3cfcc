"""A conversation in memory, for tests of the page: it keeps what is said and answers from a small script."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from channels.web_chat.needs import Sent, WebChat
from core.conversation.arrived import Accepted
from core.conversation.given_codes import CodeGivenBefore
from core.conversation.opening import Opened
from core.conversation.place import STANDING_INTENTS
from core.conversation.refusals import EmptyText, NoSuchConversation, StaleChoice, TextOrChoice, TextTooLong
from core.conversation.tables import Author, Kind
from core.conversation.transcript import ShownChoice, ShownMessage
from core.doorbell import Doorbell
from core.group_sessions.group import Group
from core.ids import ConversationId
from core.text.code_words import CodeKind, code_words
from core.text.messages import load_catalogue

CATALOGUE = load_catalogue(Path(__file__).resolve().parents[3] / "data" / "messages" / "en-GB")
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:8000"
GROUP_CODE = "48219375"
GROUP = Group(
    "Oak School", "Pat Nowak", "01632 960001", "Sam Khan", "01632 960002", AT, AT + timedelta(hours=2), {}
)


@dataclass
class Talk:
    """One conversation as the fake keeps it."""

    messages: list[ShownMessage] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)


@dataclass
class Talks:
    """All conversations. `answers` may be turned off, as when Rasa is down; `delay` is seconds of thinking."""

    public_url: str = ORIGIN
    answers: bool = True
    delay: float = 0.0
    talks: dict[ConversationId, Talk] = field(default_factory=dict)
    tokens: dict[str, ConversationId] = field(default_factory=dict)
    codes: set[tuple[ConversationId, CodeKind]] = field(default_factory=set)
    in_group: set[ConversationId] = field(default_factory=set)
    group_is_over: bool = False
    bell: Doorbell = field(default_factory=Doorbell)
    refused: list[tuple[ConversationId | None, str]] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def web(self) -> WebChat:
        return WebChat(
            begin=self.begin,
            find_group=self.find_group,
            count_opening=lambda _address: None,
            find=self.find,
            accept=self.accept,
            messages_after=self.messages_after,
            standing=self.standing,
            wait=self.bell.wait,
            finish=self.finish,
            show_code=self.show_code,
            page_of=self.no_page,
            copy_of=lambda conversation: self.messages_after(conversation, 0),
            hear_refused=self.hear_refused,
            catalogue=CATALOGUE,
            public_url=self.public_url,
        )

    async def find_group(self, typed: str, _address: str) -> Group | None:
        return GROUP if typed == GROUP_CODE and not self.group_is_over else None

    async def begin(self, group: Group | None = None) -> Opened:
        opened = Opened(ConversationId(f"{len(self.talks) + 1:032x}"), f"token-{len(self.talks) + 1}")
        self.talks[opened.conversation] = Talk()
        self.tokens[opened.token] = opened.conversation
        if group is not None:
            self.in_group.add(opened.conversation)
        self.say(opened.conversation, CATALOGUE.say("welcome_hello"))
        self.ask(opened.conversation, "What do you want to do?", ("Yes please", "good"), ("No thanks", "no"))
        return opened

    async def find(self, token: str) -> ConversationId | None:
        return self.tokens.get(token)

    async def accept(self, conversation: ConversationId, sent: Sent) -> Accepted:
        talk = self._talk(conversation)
        if sent.client_id in talk.ids:
            return Accepted(conversation, talk.ids[sent.client_id], is_repeat=True)
        if (sent.text is None) == (sent.choice is None):
            raise TextOrChoice
        words = sent.text if sent.text is not None else self._label(talk, sent.choice or "")
        if not words.strip():
            raise EmptyText
        seq = talk.ids[sent.client_id] = self.say(conversation, words[:200_000], author=Author.YOU)
        if self.answers:
            task = asyncio.create_task(self._answer(conversation, words))
            self.tasks.add(task)
        if len(words) > 200_000:
            raise TextTooLong
        return Accepted(conversation, seq)

    async def no_page(self, _conversation: ConversationId) -> None:
        """Nobody makes "My page" with this double; test_my_page.py has the real one."""

    async def messages_after(self, conversation: ConversationId, after: int) -> Sequence[ShownMessage]:
        return [each for each in self._talk(conversation).messages if each.seq > after][:200]

    async def standing(self, conversation: ConversationId) -> Mapping[str, str]:
        self._talk(conversation)
        return {intent: f"standing-{intent}" for intent in STANDING_INTENTS}

    async def hear_refused(self, conversation: ConversationId | None, words: str) -> Sequence[str]:
        self.refused.append((conversation, words))
        return [CATALOGUE.say("danger_numbers_age_unknown")] if "hits me" in words else []

    async def finish(self, conversation: ConversationId) -> None:
        self.tokens = {token: held for token, held in self.tokens.items() if held != conversation}

    async def show_code(self, conversation: ConversationId, kind: CodeKind) -> Sequence[str]:
        if (conversation, kind) in self.codes:
            raise CodeGivenBefore
        self.codes.add((conversation, kind))
        return code_words()[: int(kind)]

    def ask(self, conversation: ConversationId, text: str, *choices: tuple[str, str]) -> int:
        seq = len(self._talk(conversation).messages) + 1
        shown = tuple(ShownChoice(f"{seq}-{label}", label, symbol) for label, symbol in choices)
        return self.say(conversation, text, kind=Kind.QUESTION, choices=shown)

    def say(
        self,
        conversation: ConversationId,
        text: str,
        *,
        author: Author = Author.BOT,
        kind: Kind = Kind.MESSAGE,
        choices: tuple[ShownChoice, ...] = (),
        level: str | None = None,
    ) -> int:
        messages = self._talk(conversation).messages
        easy = "Easy: " + text if kind is Kind.QUESTION else text
        messages.append(ShownMessage(len(messages) + 1, author, text, easy, choices, kind, level, AT))
        self.bell.ring(conversation)
        return len(messages)

    def _talk(self, conversation: ConversationId) -> Talk:
        if conversation not in self.talks or conversation not in self.tokens.values():
            raise NoSuchConversation
        return self.talks[conversation]

    def _label(self, talk: Talk, choice: str) -> str:
        if choice.startswith("standing-"):
            return choice.removeprefix("standing-")
        last = next((each for each in reversed(talk.messages) if each.choices), None)
        label = next((each.label for each in last.choices if each.id == choice), None) if last else None
        if label is None:
            raise StaleChoice
        return label

    async def _answer(self, conversation: ConversationId, words: str) -> None:
        await asyncio.sleep(self.delay)
        if "hits me" in words or words == "say_not_safe":
            self.say(
                conversation,
                "In danger now or badly hurt? Call 999. Call Childline on 0800 1111. Call us on 01905 768020.",
                kind=Kind.SAFETY,
                level="danger",
            )
            return
        if words == "go_back":
            self.ask(conversation, "What do you want to do?", ("Yes please", "good"), ("No thanks", "no"))
            return
        self.say(conversation, f"Thank you. You said: {words[:60]}")
        self.ask(
            conversation, "What is school like for you?",
            ("Good", "good"), ("In the middle", "in_the_middle"), ("Not good", "not_good"),
            ("I don't know", "dont_know"), ("Skip", "skip"),
        )  # fmt: skip
