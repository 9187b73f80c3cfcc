"""Sentences that mean the same lie near each other, and no other weights than the known ones are used."""

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from app.embeddings import SENTENCES, set_up_embeddings
from app.rasa_environment import rasa_environment
from core.settings import Settings
from core.text.meaning import FILES, SIZE, MeaningMissing, SentenceMeaning


@pytest.fixture(scope="module")
def folder() -> Path:
    there = rasa_environment(Settings()).embeddings
    set_up_embeddings(there, Console(quiet=True).print)
    return there / SENTENCES


@pytest.fixture(scope="module")
def meaning(folder: Path) -> SentenceMeaning:
    return SentenceMeaning.load(folder)


def test_every_text_gets_one_vector_of_length_1(meaning: SentenceMeaning) -> None:
    vectors = meaning.embed(
        ["i like my school", "", "no", "\U0001f600 \u0645\u0631\u062d\u0628\u0627", "long " * 9_000]
    )
    assert vectors.shape == (5, SIZE)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert meaning.embed([]).shape == (0, SIZE)


def test_the_numbers_are_those_that_are_published_for_this_model(meaning: SentenceMeaning) -> None:
    """The example of the model's own page: how near three sentences are to the first."""
    first, *others = meaning.embed(
        [
            "That is a happy person",
            "That is a happy dog",
            "That is a very happy person",
            "Today is a sunny day",
        ]
    )
    assert [round(float(first @ other), 3) for other in others] == [0.695, 0.943, 0.257]


@pytest.mark.parametrize(
    ("said", "near", "far"),
    [
        ("my ta left and i have no one", "i lost my helper at school", "what time does the shop open"),
        ("somewhere to play football", "sports clubs near me", "i need help with my feelings"),
        ("delete what i said", "remove my answers please", "i love my swimming club"),
    ],
)
def test_what_means_the_same_is_nearer(meaning: SentenceMeaning, said: str, near: str, far: str) -> None:
    vectors = meaning.embed([said, near, far])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_vector_does_not_depend_on_what_else_is_asked(meaning: SentenceMeaning) -> None:
    texts = ["the bus is late", "i am happy", "the bus is late", *(f"word {number}" for number in range(150))]
    together = meaning.embed(texts)
    alone = np.vstack([meaning.embed([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)


def test_threads_may_share_it(meaning: SentenceMeaning) -> None:
    texts = [f"the lesson was {word}" for word in ("loud", "long", "good", "hard")]
    expected, found = meaning.embed(texts), {}

    def ask(text: str) -> None:
        found[text] = meaning.embed([text])[0]

    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose(np.vstack([found[text] for text in texts]), expected, atol=1e-5)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_with_what_to_do(folder: Path, tmp_path: Path, name: str) -> None:
    for other in set(FILES) - {name}:
        (tmp_path / other).symlink_to(folder / other)
    with pytest.raises(MeaningMissing, match=rf"{name} is missing.*haveyoursay train"):
        SentenceMeaning.load(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_another_file_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    for each in FILES:
        shutil.copyfile(folder / each, tmp_path / each)
    with (tmp_path / name).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"!")
    with pytest.raises(MeaningMissing, match=f"{name} is not the file we know"):
        SentenceMeaning.load(tmp_path)
