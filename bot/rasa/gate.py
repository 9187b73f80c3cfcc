"""Keep answers in a young person's own words from being taken for commands."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FreeTextGate(GraphComponent, IntentClassifier):
    """Where own words are asked for, only a short, exact command is a command; all else is the answer.

    "i need more help in maths" is what would make school better, though it looks like a call for help. Only
    the question knows, so our app says in the message's metadata what is expected.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must come before: nothing. What is decided here, the classifier after it leaves alone."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Give the settings: exact words by intent, and patterns by intent."""
        return {"exact": {}, "patterns": {}}

    def __init__(self, config: dict[str, Any]) -> None:
        self._exact = {
            plain(words): intent for intent, commands in config["exact"].items() for words in commands
        }
        self._patterns = [(intent, re.compile(pattern)) for intent, pattern in config["patterns"].items()]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003  (nothing is trained, so nothing is stored)
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> FreeTextGate:
        """Make the component."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide what each message is, where the question settles it."""
        for message in messages:
            words = plain(message.get("text") or "")
            command = self._command(words)
            if command:
                _decide(message, command)
            elif (message.get("metadata") or {}).get("expects") == "free_text":
                _decide(message, "give_answer")
        return messages

    def _command(self, words: str) -> str | None:
        if words in self._exact:
            return self._exact[words]
        return next((intent for intent, pattern in self._patterns if pattern.fullmatch(words)), None)


def plain(text: str) -> str:
    """Return the words in small letters, without signs, with single spaces."""
    return " ".join(re.sub(r"[^\w\s]", "", text.lower().replace("\u2019", "")).split())


def _decide(message: Message, intent: str) -> None:
    message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
