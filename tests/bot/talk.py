"""Talk to the real bot as core does: keep the state of each finished message, and send it with the next."""

from itertools import count
from typing import Any
from uuid import uuid4

from bot.client import RasaBot
from core.conversation.bot import (
    Answer,
    AskQuestion,
    Chosen,
    Decision,
    Expects,
    KeepState,
    SayMessage,
    State,
    Turn,
)
from core.views.question_bank import Bank, QuestionKind
from tests.bot.states import new_state


class Talk:
    """One conversation. `answer` is the last answer; `state` as of the last message that was finished."""

    def __init__(self, bot: RasaBot, bank: Bank, **state: Any) -> None:
        self.bot, self.bank = bot, bank
        self.sender = uuid4().hex
        self.state: State = new_state(**state)
        self.answer = Answer((), ())
        self._numbers = count(1)

    async def types(self, text: str) -> Answer:
        return await self._turn(text, None)

    async def chooses(self, intent: str, **entities: str) -> Answer:
        return await self._turn(None, Chosen(intent, entities))

    async def picks(self, answer: str) -> Answer:
        return await self.chooses("choose_answer", answer=answer)

    async def types_but_is_lost(self, text: str) -> Answer:
        """Type, and let our side crash before it keeps anything."""
        before = self.state
        lost = await self.types(text)
        self.state = before
        return lost

    @property
    def expects(self) -> Expects:
        asked = [say for say in self.answer.says if isinstance(say, AskQuestion)]
        if not asked:
            return "anything"
        is_free = self.bank.question(asked[-1].question).kind is QuestionKind.FREE_TEXT
        return "free_text" if is_free else "closed"

    @property
    def asked(self) -> str | None:
        """The last question of the bank that was asked in the last answer."""
        asked = [say.question for say in self.answer.says if isinstance(say, AskQuestion)]
        return asked[-1] if asked else None

    @property
    def said(self) -> list[str]:
        return [say.name for say in self.answer.says if isinstance(say, SayMessage)]

    @property
    def decided(self) -> list[Decision]:
        return [each for each in self.answer.decisions if not isinstance(each, KeepState)]

    async def _turn(self, text: str | None, choice: Chosen | None) -> Answer:
        turn = Turn(self.sender, f"message-{next(self._numbers)}", text, choice, self.state, self.expects)
        self.answer = await self.bot.answer(turn)
        (kept,) = (each for each in self.answer.decisions if isinstance(each, KeepState))
        self.state = kept.state
        return self.answer


async def until_free_text(talk: Talk) -> str:
    """Answer "I don't know" until a question wants own words, and return its id."""
    if talk.asked is None:
        await talk.chooses("start_questions", set="education")
    while talk.expects != "free_text":
        await talk.picks("dont-know")
    assert talk.asked is not None
    return talk.asked
