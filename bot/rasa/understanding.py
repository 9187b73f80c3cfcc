"""Our classifier in Rasa: it learns from the examples, and says what a message means and how sure that is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa.two_looks import TwoLooks
from core.text.meaning import MeaningMissing, SentenceMeaning

FOLDER_VARIABLE = "HYS_EMBEDDINGS"
SENTENCES = "minilm"
LEARNT = "learnt.skops"


class VectorsMissing(RasaException):
    """The sentence vectors are not where they should be, or are not the ones we know."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TwoLooksClassifier(GraphComponent, IntentClassifier):
    """Letters and words decide where they are sure; the meaning of the whole sentence decides the rest."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must come before: a tokenizer, since its words are what is looked at."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages that Rasa does not bring itself."""
        return ["tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Give the settings: from which share on the first look is enough; how many meanings are named."""
        return {"sure_from": 0.9, "ranked": 5}

    def __init__(self, config: dict[str, Any], place: tuple[ModelStorage, Resource]) -> None:
        self._sure_from = float(config["sure_from"])
        self._ranked = int(config["ranked"])
        self._storage, self._resource = place
        self._learnt: TwoLooks | None = None
        self._meaning = load_meaning()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  (Rasa hands it to every component)
    ) -> TwoLooksClassifier:
        """Make a component that has learnt nothing yet; raises VectorsMissing."""
        return cls(config, (model_storage, resource))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_others: Any,
    ) -> TwoLooksClassifier:
        """Bring back what was learnt; raises VectorsMissing."""
        component = cls(config, (model_storage, resource))
        with model_storage.read_from(resource) as folder:
            component._learnt = TwoLooks.load(Path(folder) / LEARNT)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples, and keep what was learnt with the model."""
        examples = [each for each in training_data.intent_examples if each.get(TEXT)]
        texts = [_words(each) for each in examples]
        learnt = TwoLooks.learn(texts, [each.get(INTENT) for each in examples], self._meaning.embed)
        with self._storage.write_to(self._resource) as folder:
            learnt.keep(Path(folder) / LEARNT)
        self._learnt = learnt
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Say what each message means, unless the gate before has decided that already."""
        for message in messages:
            if not (message.get(INTENT) or {}).get(INTENT_NAME_KEY) and message.get(TOKENS_NAMES[TEXT]):
                self._understand(message)
        return messages

    def _understand(self, message: Message) -> None:
        if self._learnt is None:
            raise RasaException("The bot has learnt nothing. Run 'haveyoursay train'.")
        sorted_out = self._learnt.sort(_words(message), self._meaning.embed, sure_from=self._sure_from)
        ranking = [{"name": name, "confidence": share} for name, share in sorted_out[: self._ranked]]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _words(message: Message) -> str:
    """Return the text with its text-speak written out."""
    return " ".join(word.text for word in message.get(TOKENS_NAMES[TEXT]) or []) or str(message.get(TEXT))


def load_meaning() -> SentenceMeaning:
    """Open the sentence vectors; raises VectorsMissing with words that say what to do."""
    folder = Path(os.environ.get(FOLDER_VARIABLE, "models/embeddings"))
    try:
        return SentenceMeaning.load(folder / SENTENCES)
    except MeaningMissing as error:
        raise VectorsMissing(str(error)) from error
