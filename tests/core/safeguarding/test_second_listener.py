"""The second listener: its weights belong to our messages, and it hears what the phrases do not."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from app.directory import sentence_weights
from app.embeddings import set_up_embeddings
from app.lessons import digest_of, read_lessons
from app.listener import LISTENER, open_listener
from app.teach_listener import MOST_ALARMS, MOST_DANGERS
from core.safeguarding.phrases import Level, load_phrases
from core.safeguarding.rules import listen
from core.safeguarding.second_listener import (
    BINS,
    MOST_PIECES,
    WEIGHTS,
    SecondListener,
    look,
    pieces_of,
    rarity_of,
    restore,
    weigh,
    writing_of,
)
from core.safeguarding.weighing import level_of_both
from core.settings import Settings
from core.text.meaning import SentenceMeaning
from tests.bench.safeguarding_bank import read_bank, ways_to_hear

MOST_BYTES = 8_000_000
PHRASES = load_phrases(Settings().data / "safeguarding_phrases.yml")
NEVER_TAUGHT = Path(__file__).parent / "development_bank_3.yml"


@pytest.fixture(scope="module")
def meaning() -> SentenceMeaning:
    there = sentence_weights(Settings())
    set_up_embeddings(there.parent, print)
    return SentenceMeaning.load(there)


@pytest.fixture(scope="module")
def listener(meaning: SentenceMeaning) -> SecondListener:
    return SecondListener.load(LISTENER, meaning, PHRASES)


def test_the_weights_were_taught_with_the_messages_that_stand_here(listener: SecondListener) -> None:
    """When it fails: python -m app.teach_listener."""
    assert listener.card.lessons_sha256 == digest_of(read_lessons(Settings().data))


def test_the_weights_hold_what_the_messages_mean(meaning: SentenceMeaning) -> None:
    texts = [each.text for each in read_lessons(Settings().data) if pieces_of(each.text)][:5]
    with np.load(LISTENER / WEIGHTS, allow_pickle=False) as kept:
        held, view = restore(kept["meanings"][:5]), kept["view"].astype(np.float32)
    assert np.abs(held - look(meaning.embed(texts), view)).max() < 0.002 or np.abs(held).max() > 0.24


def test_the_weights_are_small_and_their_card_says_what_they_are() -> None:
    assert sum(file.stat().st_size for file in LISTENER.iterdir()) < MOST_BYTES
    assert "Licence" in (LISTENER / "README.md").read_text("utf-8")


def test_in_everyday_talk_of_people_it_did_not_know_both_together_ring_seldom(
    listener: SecondListener,
) -> None:
    measured = listener.card.measured
    assert measured["new lessons, benign, both, either"] <= MOST_ALARMS + 0.001
    for source in ("lessons", "bank", "second bank", "examples"):
        assert measured[f"{source}, benign, both, either"] <= MOST_ALARMS + 0.02, source
    assert measured["new lessons, benign, both, danger"] <= MOST_DANGERS + 0.001


def test_what_people_say_to_the_bot_rings_seldom(listener: SecondListener) -> None:
    assert listener.card.measured["training, benign, both, danger"] <= 0.01
    assert listener.card.measured["training, benign, both, either"] <= 0.04


def test_with_it_fewer_everyday_messages_ring_as_danger_and_more_danger_is_heard(
    listener: SecondListener,
) -> None:
    measured = listener.card.measured
    share = {
        (severity, by): measured[f"new lessons, {severity}, {by}, danger"]
        for severity in ("benign", "explicit")
        for by in ("phrases", "both")
    }
    assert share["benign", "both"] <= share["benign", "phrases"] / 2
    assert share["explicit", "both"] >= share["explicit", "phrases"] + 0.1


def test_on_a_bank_that_it_was_not_taught_both_together_hear_what_they_should() -> None:
    """A floor: what is wanted, and what a fresh bank gave, stands in docs/safeguarding.md."""
    hear = ways_to_hear()["phrases and the second listener"]
    heard = [(told, hear(told.text)) for told in read_bank(NEVER_TAUGHT)]
    danger = [level for told, level in heard if not told.is_benign]
    everyday = [level for told, level in heard if told.is_benign]
    plain = [level for told, level in heard if told.severity == "explicit"]
    assert sum(level is not None for level in danger) >= 0.95 * len(danger)
    assert sum(level is Level.DANGER for level in plain) >= 0.9 * len(plain)
    assert sum(level is not None for level in everyday) <= 0.05 * len(everyday)
    assert sum(level is Level.DANGER for level in everyday) <= 0.015 * len(everyday)


@pytest.mark.parametrize(
    "said",
    [
        "he hits me",
        "dad hits me",
        "my uncle touches me",
        "i dont feel safe at home",
        "he locks me in my room all night",
        "i cut myself",
        "i took all my tablets",
        "mum wont feed me",
        "im scared he will hurt me",
        "my carer hurts me",
    ],
)
def test_what_is_told_in_the_plainest_words_is_danger_or_a_worry_with_it_too(
    listener: SecondListener, said: str
) -> None:
    assert level_of_both(listen(said, PHRASES), said, listener.hears(said))


@pytest.mark.parametrize(
    "said",
    [
        "at the station. not getting on a train. sorry mum",
        "im not allowed to eat unless i do the things he asks",
        "he says its our secret and i must not tell mum",
    ],
)
def test_hints_are_heard(listener: SecondListener, said: str) -> None:
    assert listener.hears(said)


@pytest.mark.parametrize(
    "said",
    [
        "my carer shoves me down on the bed when i am slow",
        "uncle puts his fingers where he shouldnt when mum is out",
    ],
)
def test_what_is_told_plainly_is_danger(listener: SecondListener, said: str) -> None:
    assert listener.hears(said) is Level.DANGER


@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize(
    "said",
    [
        "my dad hits me every night",
        "he locks me in my room",
        "my uncle touches me when mum is out",
        "i cut my arms",
    ],
)
def test_what_matters_is_not_lost_among_other_talk(listener: SecondListener, said: str, before: int) -> None:
    talk = [
        "we went to the park and had our lunch there",
        "the bus was late again and it rained",
        "i like art",
    ]
    whole = ". ".join([*talk[:before], said, *talk[before:]])
    assert level_of_both(listen(whole, PHRASES), whole, listener.hears(whole)) is Level.DANGER


@pytest.mark.parametrize(
    "said", ["my favourite lesson is art", "the bus was late again today", "no", "not really"]
)
def test_everyday_talk_and_short_answers_are_not(listener: SecondListener, said: str) -> None:
    assert not listener.hears(said)


def test_a_hint_in_the_middle_of_a_long_text_is_heard(listener: SecondListener) -> None:
    talk = "we went to the park and then we had our lunch and it was nice. " * 12
    assert not listener.hears(talk)
    assert listener.hears(
        talk + "he says its our secret and i must not tell mum what he does to me. " * 3 + talk
    )


def test_a_text_of_a_books_length_is_cut_into_so_many_pieces_and_no_more() -> None:
    assert len(pieces_of("word " * 40_000)) == MOST_PIECES
    assert pieces_of("🙂 🙁 😀 ...") == []


def test_what_is_written_alike_counts_alike() -> None:
    assert writing_of("He hits ME") == writing_of("he hits me")
    assert all(0 <= place < BINS for place in writing_of("unusual \u0645\u0631\u062d\u0628\u0627 🙂"))


def test_what_is_rare_counts_more_and_all_of_a_text_together_the_same() -> None:
    seen = np.full(BINS, 9, dtype=np.uint16)
    counts = writing_of("he hits me")
    rare = next(iter(counts))
    seen[rare] = 0
    places, shares = weigh(counts, rarity_of(seen, 10))
    assert np.abs(shares).max() == abs(shares[list(places).index(rare)])
    assert np.linalg.norm(shares) == pytest.approx(1)


@pytest.mark.parametrize("broken", ["nothing", "card", "weights", "vectors"])
def test_without_its_files_there_is_one_clear_line_in_the_log(tmp_path: Path, broken: str) -> None:
    folder, settings = tmp_path / "listener", Settings()
    if broken != "nothing":
        shutil.copytree(LISTENER, folder)
    if broken == "card":
        (folder / "card.json").write_text("{", "utf-8")
    if broken == "weights":
        (folder / WEIGHTS).write_bytes(b"PK\x03\x04 not the whole")
    if broken == "vectors":
        settings = Settings(hys_embeddings=tmp_path)
    with capture_logs() as logs:
        assert open_listener(settings, folder) is None
    assert [line["event"] for line in logs] == ["second_listener_not_opened"]
    assert "python -m app.teach_listener" in logs[0]["reason"] or "haveyoursay train" in logs[0]["reason"]
