"""Ask Rasa over HTTP, and read back strictly what was said and decided."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.actions.places import wants_own_words
from core.conversation.bot import (
    Answer,
    AskQuestion,
    BotUnavailable,
    Choice,
    Decision,
    ExplainWord,
    FinishConversation,
    HandBack,
    HearNotSafe,
    KeepState,
    OpenRequest,
    RecordUnmetNeed,
    RecordView,
    SayMessage,
    ShowService,
    TakeBackView,
    Turn,
)

TURN_PATH = "/webhooks/haveyoursay/turn"
MODEL_PATH = "/webhooks/haveyoursay/model"
TOKEN_HEADER = "x-hys-token"  # noqa: S105 - the header's name, not the token
SECONDS = 10.0

Area = Literal["education", "health", "community", "adulthood"]


class _Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Choice(_Payload):
    intent: str = Field(min_length=1)
    label: str = Field(min_length=1)
    entities: dict[str, str] = {}
    symbol: str | None = None


class _SayMessage(_Payload):
    say: str = Field(min_length=1)
    values: dict[str, str] = {}
    kind: Literal["message", "question"] = "message"
    choices: list[_Choice] = []

    def meant(self) -> SayMessage:
        choices = tuple(Choice(each.intent, each.label, each.entities, each.symbol) for each in self.choices)
        return SayMessage(self.say, self.values, self.kind, choices)


class _AskQuestion(_Payload):
    ask_question: str
    set: str

    def meant(self) -> AskQuestion:
        return AskQuestion(set=self.set, question=self.ask_question)


class _ShowService(_Payload):
    show_service: str

    def meant(self) -> ShowService:
        return ShowService(self.show_service)


class _ExplainWord(_Payload):
    explain_word: str

    def meant(self) -> ExplainWord:
        return ExplainWord(self.explain_word)


class _State(_Payload):
    decide: Literal["state"]
    state: dict[str, Any]

    def meant(self) -> KeepState:
        return KeepState(self.state)


class _RecordView(_Payload):
    decide: Literal["record_view"]
    measure: str = Field(min_length=1)
    area: Area | None = None
    answer: str | None = None
    text: bool = False

    def meant(self) -> RecordView:
        return RecordView(self.measure, self.area, self.answer, self.text)


class _TakeBackView(_Payload):
    decide: Literal["take_back_view"]
    measure: str = Field(min_length=1)

    def meant(self) -> TakeBackView:
        return TakeBackView(self.measure)


class _OpenRequest(_Payload):
    decide: Literal["open_request"]

    def meant(self) -> OpenRequest:
        return OpenRequest()


class _RecordUnmetNeed(_Payload):
    decide: Literal["record_unmet_need"]
    area: Area | None = None

    def meant(self) -> RecordUnmetNeed:
        return RecordUnmetNeed(self.area)


class _HearNotSafe(_Payload):
    decide: Literal["hear_not_safe"]

    def meant(self) -> HearNotSafe:
        return HearNotSafe()


class _Finish(_Payload):
    decide: Literal["finish"]

    def meant(self) -> FinishConversation:
        return FinishConversation()


class _HandBack(_Payload):
    decide: Literal["hand_back"]
    intent: Literal["delete_words", "get_copy", "link_phone"]

    def meant(self) -> HandBack:
        return HandBack(self.intent)


_Decision = (
    _State
    | _RecordView
    | _TakeBackView
    | _OpenRequest
    | _RecordUnmetNeed
    | _HearNotSafe
    | _Finish
    | _HandBack
)
_SAID: TypeAdapter[_SayMessage | _AskQuestion | _ShowService | _ExplainWord] = TypeAdapter(
    _SayMessage | _AskQuestion | _ShowService | _ExplainWord
)
_DECIDED: TypeAdapter[_Decision] = TypeAdapter(Annotated[_Decision, Field(discriminator="decide")])


class _Reply(BaseModel):
    """What the channel of bot/rasa answers; only a complete one counts."""

    replies: list[dict[str, Any]] = Field(min_length=1)
    complete: Literal[True]


class RasaBot:
    """The bot behind Rasa's own server; implements core.conversation.bot.Bot."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        seconds: float = SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=url, headers={TOKEN_HEADER: token}, timeout=seconds, transport=transport, trust_env=False
        )

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn; raises BotUnavailable when Rasa is down or slow, or its answer is not whole."""
        try:
            reply = await self._client.post(TURN_PATH, json=as_body(turn))
        except httpx.HTTPError as error:
            raise BotUnavailable(type(error).__name__) from error
        if reply.status_code != httpx.codes.OK:
            raise BotUnavailable(f"status {reply.status_code}")
        return read_answer(reply.content)

    async def loaded_model(self) -> str | None:
        """Return the file name of the model that Rasa has loaded, or None while it has none or is down."""
        try:
            reply = await self._client.get(MODEL_PATH)
        except httpx.HTTPError:
            return None
        if reply.status_code != httpx.codes.OK:
            return None
        name = reply.json().get("model")
        return name if isinstance(name, str) else None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


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
        decisions = [_DECIDED.validate_python(each).meant() for each in replies if "decide" in each]
        says = tuple(_SAID.validate_python(each).meant() for each in replies if "decide" not in each)
    except ValidationError as error:  # its words may hold a young person's words, so they go no further
        raise BotUnavailable(f"{error.error_count()} parts of the answer are not as agreed") from None
    return Answer(says, _with_one_state(decisions))


def _with_one_state(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Keep the last state of a turn; an answer without one is not whole."""
    states = [each for each in decisions if isinstance(each, KeepState)]
    if not states:
        raise BotUnavailable("the answer holds no state")
    return (*(each for each in decisions if not isinstance(each, KeepState)), states[-1])
