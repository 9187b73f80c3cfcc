"""Turn a message into one vector of word meanings, from weights that lie in models/embeddings."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS, TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer as RasaTokenizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Tokenizer

WEIGHTS_FILE = "l2_supercat_256.safetensors"
TOKENIZER_FILE = "l2_supercat_tokenizer_config.json"
FOLDER_VARIABLE = "HYS_EMBEDDINGS"


class EmbeddingsMissing(RasaException):
    """The word embeddings are not where they should be, or are not the ones we know."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class StaticEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """The mean of the words' vectors, brought to a length that can stand beside word counts."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must come before: any tokenizer, since its words are what is looked up."""
        return [RasaTokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages that Rasa does not bring itself."""
        return ["tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Give the settings: the files' fingerprints, and the length of a vector."""
        return {
            **DenseFeaturizer.get_default_config(),
            "weights_sha256": None,
            "tokenizer_sha256": None,
            "length": 10.0,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a pipeline that does not pin its files."""
        for key in ("weights_sha256", "tokenizer_sha256"):
            if not config.get(key):
                raise RasaException(f"config.yml must give '{key}' for the static embeddings.")

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        folder = Path(os.environ.get(FOLDER_VARIABLE, "models/embeddings"))
        weights = _checked(folder / WEIGHTS_FILE, config["weights_sha256"])
        self._weights = _map_matrix(weights)
        tokenizer = _checked(folder / TOKENIZER_FILE, config["tokenizer_sha256"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._length = float(config["length"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003  (the weights are not part of a trained model)
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,
    ) -> StaticEmbeddingFeaturizer:
        """Make the component; raises EmbeddingsMissing."""
        return cls(config, execution_context.node_name)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector to each message that has words."""
        for message in messages:
            self._add_vector(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vector to each example."""
        self.process(training_data.training_examples)
        return training_data

    def _add_vector(self, message: Message) -> None:
        words = message.get(TOKENS_NAMES[TEXT])
        if not words:
            return
        sentence = self._vector(" ".join(word.text for word in words)).reshape(1, -1)
        alias = self._config[FEATURIZER_CLASS_ALIAS]
        sequence = np.repeat(sentence, len(words), axis=0)
        message.add_features(Features(sequence, FEATURE_TYPE_SEQUENCE, TEXT, alias))
        message.add_features(Features(sentence, FEATURE_TYPE_SENTENCE, TEXT, alias))

    def _vector(self, text: str) -> np.ndarray:
        ids = self._tokenizer.encode(text.lower(), add_special_tokens=False).ids
        if not ids:
            return np.zeros(self._weights.shape[1], dtype=np.float32)
        mean = self._weights[ids].astype(np.float32).mean(axis=0)
        return mean * (self._length / max(float(np.linalg.norm(mean)), 1e-9))


def _checked(file: Path, sha256: str) -> Path:
    if not file.is_file():
        raise EmbeddingsMissing(f"{file} is missing. Run 'haveyoursay train', which sets it up.")
    if hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
        raise EmbeddingsMissing(f"{file} is not the file that config.yml names. Delete it and set up again.")
    return file


def _map_matrix(file: Path) -> np.ndarray:
    """Map the one matrix of a safetensors file without reading it: a header's length, the header, numbers."""
    with file.open("rb") as weights:
        header_bytes = struct.unpack("<Q", weights.read(8))[0]
        header = json.loads(weights.read(header_bytes))
    matrix = header["embedding.weight"]
    if matrix["dtype"] != "F16":
        raise EmbeddingsMissing(f"{file} holds numbers of type {matrix['dtype']}, not F16.")
    start = 8 + header_bytes + matrix["data_offsets"][0]
    return np.memmap(file, dtype=np.float16, mode="r", offset=start, shape=tuple(matrix["shape"]))
