"""What the actions answer, as JSON: each thing said or decided, read back strictly."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from core.conversation.bot import (
    AskQuestion,
    Choice,
    ExplainWord,
    FinishConversation,
    ForgetPage,
    HandBack,
    HearNotSafe,
    KeepState,
    MakeComplaint,
    MeanView,
    OpenRequest,
    RecordComment,
    RecordUnmetNeed,
    RecordView,
    SayMessage,
    SendPage,
    ShowService,
    TakeBackView,
)

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
    message: str | None = None

    def meant(self) -> TakeBackView:
        return TakeBackView(self.measure, self.message)


class _MeanView(_Payload):
    decide: Literal["mean_view"]
    measure: str = Field(min_length=1)
    message: str = Field(min_length=1)
    feeling: Literal["good", "mixed", "bad"]
    area: Area | None = None

    def meant(self) -> MeanView:
        return MeanView(self.measure, self.message, self.feeling, self.area)


class _OpenRequest(_Payload):
    decide: Literal["open_request"]

    def meant(self) -> OpenRequest:
        return OpenRequest()


class _SendPage(_Payload):
    decide: Literal["send_page"]

    def meant(self) -> SendPage:
        return SendPage()


class _MakeComplaint(_Payload):
    decide: Literal["make_complaint"]

    def meant(self) -> MakeComplaint:
        return MakeComplaint()


class _ForgetPage(_Payload):
    decide: Literal["forget_page"]

    def meant(self) -> ForgetPage:
        return ForgetPage()


class _RecordUnmetNeed(_Payload):
    decide: Literal["record_unmet_need"]
    area: Area | None = None

    def meant(self) -> RecordUnmetNeed:
        return RecordUnmetNeed(self.area)


class _RecordComment(_Payload):
    decide: Literal["record_comment"]
    services: list[Annotated[str, Field(min_length=1, max_length=36)]] = Field(max_length=5)
    verdict: Literal["right", "one-was-right", "not-right"]

    def meant(self) -> RecordComment:
        return RecordComment(tuple(self.services), self.verdict)


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
    | _MeanView
    | _OpenRequest
    | _SendPage
    | _MakeComplaint
    | _ForgetPage
    | _RecordUnmetNeed
    | _RecordComment
    | _HearNotSafe
    | _Finish
    | _HandBack
)
SAID: TypeAdapter[_SayMessage | _AskQuestion | _ShowService | _ExplainWord] = TypeAdapter(
    _SayMessage | _AskQuestion | _ShowService | _ExplainWord
)
DECIDED: TypeAdapter[_Decision] = TypeAdapter(Annotated[_Decision, Field(discriminator="decide")])
