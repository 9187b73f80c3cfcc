"""The demo's bot: it needs no Rasa, hears only what the demo's people say, and walks the same bank of questions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.demo.script import Script
from core.area import Area
from core.conversation.bot import (
    Answer,
    AskQuestion,
    Choice,
    Decision,
    KeepState,
    OpenRequest,
    RecordView,
    Say,
    SayMessage,
    State,
    Turn,
)
from core.local_offer.about_you import age_in
from core.signposting.rules import GIVEN, SCRIPT, SKIPPED, Step, next_step, read_back, with_answer
from core.views.question_bank import Bank, QuestionKind
from core.views.questions import next_question

SAID = "said"
TOWN_QUESTION = "about-town"


@dataclass(frozen=True, slots=True)
class ScriptedBot:
    """Implements core.conversation.bot.Bot; remembers nothing: all it knows is in the turn."""

    bank: Bank
    area: Area
    script: Script

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn; never unavailable."""
        flow = turn.state["flow"]
        if flow == "request":
            return self._answer_step(turn)
        if turn.text in self.script.key_worker:
            return _ask_step({**turn.state, "flow": "request", "request": {}})
        if flow == "questions":
            return self._answer_question(turn)
        return self._begin(turn)

    def _begin(self, turn: Turn) -> Answer:
        """Hear how old someone is, where they live and what they want to talk about, and ask the first question."""
        text = (turn.text or "").lower()
        answers = {**turn.state["answers"], **self._about_them(text)}
        set_id = next((each for each in self.script.topics if self._is_about(text, each)), None)
        if set_id is None:
            return Answer((SayMessage("trouble_not_understood"),), (KeepState(turn.state),))
        state = {**turn.state, "flow": "questions", "set": set_id, "answers": answers, "trail": []}
        return self._ask_next(state, (), ())

    def _answer_question(self, turn: Turn) -> Answer:
        """Keep an answer and go on; own words beside the answers are kept too, and the question is asked again."""
        state, asked = turn.state, self.bank.question(turn.state["question"])
        area = self.bank.set(state["set"]).area
        again = AskQuestion(state["set"], asked.id)
        if turn.text is not None and asked.kind is QuestionKind.CLOSED:
            kept = (KeepState(state), RecordView(SAID, area, text=True))
            return Answer((SayMessage("view_kept"), again), kept)
        if turn.text is not None:
            return self._ask_next(_answered(state, SAID), (), (RecordView(asked.id, area, text=True),))
        match turn.choice.intent if turn.choice else None:
            case "choose_answer" if turn.choice:
                chosen = turn.choice.entities["answer"]
                return self._ask_next(_answered(state, chosen), (), (RecordView(asked.id, area, chosen),))
            case "skip_question":
                return self._ask_next(_answered(state, "skip"), (SayMessage("question_skipped"),), ())
            case _:
                return Answer((again,), (KeepState(state),))

    def _ask_next(self, state: State, says: Sequence[Say], kept: Sequence[Decision]) -> Answer:
        asked = next_question(self.bank, state["set"], state["answers"], state["trail"])
        if asked is None:
            done = {**state, "flow": None, "set": None, "question": None, "trail": []}
            return Answer((*says, SayMessage("questions_done")), (KeepState(done), *kept))
        opened = {**state, "question": asked.id, "trail": [*state["trail"], asked.id]}
        return Answer((*says, AskQuestion(state["set"], asked.id)), (KeepState(opened), *kept))

    def _answer_step(self, turn: Turn) -> Answer:
        """Take one answer of a request for a key worker; the last one sends it."""
        state, step = turn.state, Step(turn.state["step"])
        if step is Step.SEND:
            done = {**state, "flow": None, "step": None, "lifts": None}
            return Answer((), (KeepState(done), OpenRequest()))
        given = GIVEN if SCRIPT[step].lifts else (turn.text or SKIPPED)
        answer = turn.choice.entities.get("answer", SKIPPED) if turn.choice else given
        return _ask_step({**state, "request": with_answer(state["request"], step, answer)})

    def _about_them(self, text: str) -> Mapping[str, str]:
        groups, age = self.bank.question(self.bank.age_question).answers, age_in(text)
        bands = [band.id for band in groups if age and band.ages and band.ages[0] <= age <= band.ages[1]]
        towns = {town.lower(): each.id for each in self.area.districts for town in each.towns}
        named = [each for town, each in towns.items() if re.search(rf"\b{re.escape(town)}\b", text)]
        about: dict[str, Any] = {self.bank.age_question: bands, TOWN_QUESTION: sorted(set(named))}
        return {question: found[0] for question, found in about.items() if found}

    def _is_about(self, text: str, set_id: str) -> bool:
        return any(text.rstrip(". ").endswith(topic) for topic in self.script.topics[set_id])


def _answered(state: State, answer: str) -> State:
    return {**state, "answers": {**state["answers"], state["question"]: answer}}


def _ask_step(state: State) -> Answer:
    """Ask the next step of a request; before it is sent, it is read back."""
    step = next_step(state["request"])
    choices = tuple(Choice("choose_answer", label, {"answer": each}) for each, label in SCRIPT[step].choices)
    asked = SayMessage(SCRIPT[step].words, kind="question", choices=choices)
    back = SayMessage("request_read_back", read_back(state["request"]))
    says = (back, asked) if step is Step.SEND else (asked,)
    return Answer(says, (KeepState({**state, "step": step.value, "lifts": SCRIPT[step].lifts}),))
