"""Ask Rasa over HTTP, and read back strictly what was said and decided.

By aiohttp: a question takes it 0.2 ms of a core, and httpx 1.0.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from bot.actions.places import wants_own_words
from bot.decided import DECIDED, SAID
from core.conversation.bot import Answer, BotUnavailable, Decision, KeepState, Turn

TURN_PATH = "/webhooks/haveyoursay/turn"
MODEL_PATH = "/webhooks/haveyoursay/model"
TOKEN_HEADER = "x-hys-token"  # noqa: S105 - the header's name, not the token
SECONDS = 10.0
KEPT_SECONDS = 3.0
"""Less than Rasa keeps an idle connection (5 s), so that none is used just as it closes."""


class HeardAs(BaseModel):
    """What Rasa took a message for, and how sure it was (0 to 1)."""

    name: str
    confidence: float


class _Reply(BaseModel):
    """What the channel of bot/rasa answers; only a complete one counts."""

    replies: list[dict[str, Any]] = Field(min_length=1)
    complete: Literal[True]
    intent: HeardAs | None = None


class RasaBot:
    """The bot behind Rasa's own server; implements core.conversation.bot.Bot.

    `on_heard` is told what each message was taken for: a designer's look behind the scenes, and nothing else.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        seconds: float = SECONDS,
        on_heard: Callable[[HeardAs], None] | None = None,
    ) -> None:
        self._url, self._token, self._seconds = url.rstrip("/"), token, seconds
        self._on_heard = on_heard
        self._shared: aiohttp.ClientSession | None = None

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn; raises BotUnavailable when Rasa is down or slow, or its answer is not whole."""
        try:
            status, content = await self._ask("POST", TURN_PATH, json.dumps(as_body(turn)).encode())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise BotUnavailable(type(error).__name__) from error
        if status != HTTPStatus.OK:
            raise BotUnavailable(f"status {status}")
        answer = read_answer(content)
        heard = _Reply.model_validate_json(content).intent if self._on_heard else None
        if self._on_heard and heard:
            self._on_heard(heard)
        return answer

    async def loaded_model(self) -> str | None:
        """Return the file name of the model that Rasa has loaded, or None while it has none or is down."""
        try:
            status, content = await self._ask("GET", MODEL_PATH)
        except (aiohttp.ClientError, TimeoutError):
            return None
        if status != HTTPStatus.OK:
            return None
        name = json.loads(content).get("model")
        return name if isinstance(name, str) else None

    async def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        asked = self._connections().request(method, f"{self._url}{path}", data=body, allow_redirects=False)
        async with asked as reply:
            return reply.status, await reply.read()

    def _connections(self) -> aiohttp.ClientSession:
        """Open them at the first question: where the bot is made, nothing runs yet."""
        if self._shared is None:
            self._shared = aiohttp.ClientSession(
                headers={TOKEN_HEADER: self._token, "content-type": "application/json"},
                timeout=aiohttp.ClientTimeout(total=self._seconds),
                connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._shared

    async def close(self) -> None:
        """Close the connections."""
        if self._shared is not None:
            await self._shared.close()


def as_body(turn: Turn) -> Mapping[str, Any]:
    """Write a turn as Rasa's channel reads it: a text or a choice, never both."""
    body = {
        "sender": turn.sender,
        "message": turn.message,
        "state": turn.state,
        "expects": "free_text" if wants_own_words(turn.state) else turn.expects,
    }
    if turn.choice is None:
        return {**body, "text": turn.text}
    return {**body, "intent": turn.choice.intent, "entities": dict(turn.choice.entities)}


def read_answer(content: bytes) -> Answer:
    """Read what was said and decided; raises BotUnavailable for anything empty, incomplete or unknown."""
    try:
        replies = _Reply.model_validate_json(content).replies
        decisions = [DECIDED.validate_python(each).meant() for each in replies if "decide" in each]
        says = tuple(SAID.validate_python(each).meant() for each in replies if "decide" not in each)
    except ValidationError as error:  # its words may hold a young person's words, so they go no further
        raise BotUnavailable(f"{error.error_count()} parts of the answer are not as agreed") from None
    return Answer(says, _with_one_state(decisions))


def _with_one_state(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Keep the last state of a turn; an answer without one is not whole."""
    states = [each for each in decisions if isinstance(each, KeepState)]
    if not states:
        raise BotUnavailable("the answer holds no state")
    return (*(each for each in decisions if not isinstance(each, KeepState)), states[-1])
