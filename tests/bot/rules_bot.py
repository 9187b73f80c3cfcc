"""The bot without Rasa: our rules, forms and actions, where a test says what typed words mean.

It reads the same files as Rasa (data/training/rules, bot/domain, the exact commands of config.yml) and asks the
same actions, so a conversation that is replayed here goes as it does with Rasa, in a hundredth of the time.
What Rasa itself makes of the words is tried with the same conversations in test_conversations.py.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.all_actions import every_action
from bot.actions.knowledge import Knowledge
from bot.actions.places import wants_own_words
from bot.actions.turn import FORMS, digest_of
from bot.client import read_answer
from core.conversation.bot import Answer, State, Turn
from core.settings import HERE

DOMAIN = HERE / "bot" / "domain"
RULES = HERE / "data" / "training" / "rules" / "rules.yml"
GATE = "bot.rasa.gate.FreeTextGate"


@dataclass
class RulesBot:
    """Implements core.conversation.bot.Bot. `meanings` are the intents of typed words, as the test says."""

    knowledge: Knowledge
    meanings: Mapping[str, str] = field(default_factory=dict)

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn as Rasa would, once it has understood the words as the test says."""
        intent = turn.choice.intent if turn.choice else self._meaning(turn)
        state, said = turn.state, list[dict[str, Any]]()
        for action in actions_for(intent, FORMS.get(state["flow"] or "")):
            replies = (
                response(action) if action.startswith("utter_") else await self._run(action, turn, intent)
            )
            said.extend(replies)
            state = next(
                (each["state"] for each in reversed(replies) if each.get("decide") == "state"), state
            )
        if not any(each.get("decide") == "state" for each in said):
            said.append({"decide": "state", "state": state})
        return read_answer(json.dumps({"replies": said, "complete": True}).encode())

    def _meaning(self, turn: Turn) -> str:
        text = turn.text or ""
        command = exact_command(text)
        if command is not None:
            return command
        if wants_own_words(turn.state) or turn.expects == "free_text":
            return "give_answer"
        return self.meanings.get(text, "nlu_fallback")

    async def _run(self, action: str, turn: Turn, intent: str) -> Sequence[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        tracker = _tracker(turn, intent, is_answer=action.startswith("validate_"))
        await every_action(self.knowledge)[action](dispatcher, tracker, {})
        return [message["custom"] for message in dispatcher.messages]


def actions_for(intent: str, form: str | None) -> Sequence[str]:
    """Give what follows an intent: the open form takes it as its answer, unless it is one that interrupts."""
    if form is not None and intent not in interruptions(form):
        return [f"validate_{form}"]
    return rules()[intent]


@cache
def rules() -> Mapping[str, Sequence[str]]:
    """Read what follows each intent."""
    written = yaml.safe_load(RULES.read_text())["rules"]
    return {rule["steps"][0]["intent"]: [step["action"] for step in rule["steps"][1:]] for rule in written}


@cache
def interruptions(form: str) -> frozenset[str]:
    """Read which intents interrupt a form."""
    forms = yaml.safe_load((DOMAIN / "forms.yml").read_text())["forms"]
    return frozenset(forms[form]["ignored_intents"])


def response(name: str) -> Sequence[dict[str, Any]]:
    """Give what a response of the domain says."""
    responses = yaml.safe_load((DOMAIN / "responses.yml").read_text())["responses"]
    return [variant["custom"] for variant in responses[name]]


def exact_command(text: str) -> str | None:
    """Give the command that the words exactly are (config.yml), whatever is asked."""
    words = " ".join(re.sub(r"[^\w\s]", "", text.lower().replace("\u2019", "")).split())
    exact, patterns = _gate()
    if words in exact:
        return exact[words]
    return next((intent for intent, pattern in patterns if pattern.fullmatch(words)), None)


@cache
def _gate() -> tuple[Mapping[str, str], Sequence[tuple[str, re.Pattern[str]]]]:
    pipeline = yaml.safe_load((HERE / "config.yml").read_text())["pipeline"]
    gate = next(part for part in pipeline if part["name"] == GATE)
    exact = {words: intent for intent, commands in gate["exact"].items() for words in commands}
    return exact, [(intent, re.compile(pattern)) for intent, pattern in gate["patterns"].items()]


def _tracker(turn: Turn, intent: str, *, is_answer: bool) -> Tracker:
    entities: Mapping[str, str] = turn.choice.entities if turn.choice else {}
    latest = {
        "text": turn.text or f"({intent})",
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        "metadata": {"message": turn.message, "digest": digest_of(turn.state)},
        "choice": turn.choice is not None,
    }
    state: State = turn.state
    slots = {"state": state, "answer": latest["text"] if is_answer else None}
    return Tracker(turn.sender, slots, latest, [], False, None, {}, "action_listen")
