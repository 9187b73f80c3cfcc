"""What people mean leads to help as well as what they say, and what means nothing of ours finds nothing."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml

from core.local_offer.directory import Directory, is_crisis, load_directory
from core.local_offer.find import find_help
from core.local_offer.nearness import Nearness
from core.local_offer.sentences import Sentences, load_sentences
from core.local_offer.shelf import Shelf, Shelved
from core.local_offer.vectors import KeptVectors
from core.settings import HERE
from core.text.meaning import SIZE, SentenceMeaning, Vectors
from core.text.yaml_source import BrokenDataFile
from tests.bench.local_offer_search import ask_all, figures_of
from tests.core.local_offer.directories import OURS, a_directory, an_entry, folder_of

SETS = Path(__file__).parent
WEIGHTS = HERE / "models" / "embeddings" / "minilm"


class Topics:
    """Reads a text as the topics whose words stand in it: what shares a topic means alike."""

    TOPICS = (
        ("fish", "goldfish", "swim"),
        ("money", "coins"),
        ("rain", "weather"),
        ("knife", "blood"),
        ("tea",),
    )

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        vectors = np.zeros((len(texts), SIZE), dtype=np.float32)
        for row, text in enumerate(texts):
            for place, topic in enumerate(self.TOPICS):
                vectors[row, place] = any(word in text.lower() for word in topic)
            vectors[row, SIZE - 1] = not vectors[row].any()
        lengths: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return lengths


SENTENCES = Sentences(
    needs={"sport": ("i swim",), "money": ("coins",), "not safe": ("a knife",), "family help": ("tea",)},
    services={},
    elsewhere=("the weather",),
)


def nearness(directory: Directory, sentences: Sentences = SENTENCES) -> Nearness:
    return Nearness(directory, sentences, Topics())


def found(directory: Directory, need: str, **who: int | str | None) -> list[str]:
    return [entry.name for entry in find_help(directory, need, nearness=nearness(directory), **who)]  # type: ignore[arg-type]


def test_what_shares_no_word_is_found_by_its_meaning() -> None:
    directory = a_directory(an_entry("Pool", "sport"), an_entry("Bank", "money"))
    assert found(directory, "goldfish") == ["Pool"]
    assert [entry.name for entry in find_help(directory, "goldfish")] == []


def test_what_lies_nearer_to_other_things_finds_nothing() -> None:
    directory = a_directory(an_entry("Pool", "sport"))
    assert found(directory, "will it rain tomorrow") == []


def test_a_service_that_names_no_need_is_found_by_what_its_description_means() -> None:
    imported = an_entry("Otters", what="Come and swim in the lido.")
    directory = a_directory(imported, an_entry("Bank", "money"))
    assert found(directory, "goldfish") == ["Otters"]


def test_age_and_district_leave_out_by_meaning_too() -> None:
    directory = a_directory(
        an_entry("Small", "sport", max_age=10),
        an_entry("There", "sport", districts=frozenset({"Redditch"})),
        an_entry("Tall", "sport", min_age=11),
    )
    assert found(directory, "goldfish", age=12, district="Worcester") == ["Tall"]


def test_a_sentence_of_a_services_own_puts_it_first() -> None:
    directory = a_directory(an_entry("A", "sport"), an_entry("B", "sport"))
    own = SENTENCES.model_copy(update={"services": {"B": ("goldfish",)}})
    first, second = find_help(directory, "goldfish", nearness=nearness(directory, own))
    assert (first.name, second.name) == ("B", "A")


def test_in_danger_a_crisis_line_is_among_them() -> None:
    others = [an_entry(f"Group {number}", "not safe") for number in range(4)]
    crisis = an_entry("Line", "sport", "not safe", category="crisis")
    assert "Line" in found(a_directory(*others, crisis), "there was blood")


def test_words_that_say_no_need_are_not_read_by_meaning() -> None:
    directory = a_directory(an_entry("Pool", "sport"))
    for need in ("", "i need help", "14", "?!"):
        assert found(directory, need) == []


def test_a_service_for_parents_stands_back_until_parents_are_spoken_of() -> None:
    directory = a_directory(
        an_entry("Parents", "sport", "family help", audience="parents and carers"), an_entry("Young", "sport")
    )
    assert found(directory, "goldfish") == ["Young", "Parents"]
    assert found(directory, "cup of tea")[0] == "Parents"


def test_a_directory_is_replaced_whole_and_what_was_just_found_can_still_be_shown() -> None:
    old, new = an_entry("Old", "sport"), an_entry("New", "sport")
    shelf = Shelf(a_directory(old))
    assert not shelf.reads_meaning
    directory = a_directory(new)
    shelf.put(Shelved(directory, nearness(directory)))
    assert shelf.reads_meaning
    assert [entry.name for entry in shelf.find("goldfish")] == ["New"]
    assert shelf.entry(old.id) == old


def test_vectors_are_read_once_and_kept(tmp_path: Path) -> None:
    file, reader = tmp_path / "var" / "kept.npz", Topics()
    kept = KeptVectors(reader, file)
    first = kept.embed(["i swim", "coins", "i swim"])
    kept.save()
    again = Topics()
    assert np.array_equal(KeptVectors(again, file).embed(["i swim", "coins", "i swim"]), first)
    assert again.asked == []
    assert sorted(reader.asked) == ["coins", "i swim"]
    assert kept.embed([]).shape == (0, SIZE)


@pytest.mark.parametrize("broken", [b"", b"PK not a zip", b"\x00" * 200])
def test_a_broken_file_of_vectors_is_made_again(tmp_path: Path, broken: bytes) -> None:
    file = tmp_path / "kept.npz"
    file.write_bytes(broken)
    kept = KeptVectors(Topics(), file)
    kept.embed(["coins"])
    kept.save()
    reader = Topics()
    KeptVectors(reader, file).embed(["coins"])
    assert reader.asked == []


def test_every_need_of_the_words_has_sentences() -> None:
    directory = load_directory(OURS)
    sentences = load_sentences(OURS, directory.words)
    assert set(sentences.needs) == {need.finds for need in directory.words.needs}
    assert set(sentences.services) <= {entry.name for entry in directory}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "needs: {flying: [up]}\nservices: {}\nelsewhere: [x]",
            "line 1: The need 'flying' is not in words.yml.",
        ),
        ("needs: {sleep: []}\nservices: {}\nelsewhere: [x]", "The need 'sleep' has no sentence."),
        ("needs: {sleep: [up]}\nservices: {}\nelsewhere: [x]", "of words.yml is not here."),
    ],
)
def test_a_mistake_in_the_sentences_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    folder = folder_of(tmp_path)
    (folder / "sentences.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenDataFile, match=said):
        load_sentences(folder, load_directory(OURS).words)


@pytest.fixture(scope="module")
def ours() -> Nearness:
    """Our own directory, with the real reader of meaning."""
    if not WEIGHTS.is_dir():
        pytest.skip("models/embeddings/minilm is not here: haveyoursay train sets it up")
    directory = load_directory(OURS)
    vectors = KeptVectors(SentenceMeaning.load(WEIGHTS), HERE / "var" / "local_offer_vectors.npz")
    near = Nearness(directory, load_sentences(OURS, directory.words), vectors)
    vectors.save()
    return near


@pytest.mark.parametrize(
    ("queries", "recall", "nothing"), [("development_set", 0.94, 0.95), ("near_misses", 0.95, 0.91)]
)
def test_a_development_set_fares_no_worse_than_it_did(
    ours: Nearness, queries: str, recall: float, nothing: float
) -> None:
    """A floor under our own sets (their heads say how far each may be trusted)."""
    figures = figures_of(ask_all(yaml.safe_load((SETS / f"{queries}.yml").read_text("utf-8")), OURS, ours))
    assert figures.recall_at_3 >= recall, figures
    assert figures.nothing_fits >= nothing, figures


@pytest.mark.parametrize(
    "said",
    [
        "i cant go on",
        "i want it to end",
        "i dont want to be here any more",
        "im going to end it",
        "how many tablets would kill you",
        "i feel like jumping in front of a train",
        "nobody would miss me",
        "goodbye everyone",
        "kms",
        "he puts his hand in my pants",
        "she burns me with a spoon",
        "i am being followed",
        "my dad is drunk and smashing things",
        "my friend is unconscious",
        "a man in the shop touched me",
        "i looked on the internet how to tie a noose",
        "my phone is broken because dad hit me with it",
    ],
)
def test_where_danger_is_likely_a_crisis_line_is_shown(ours: Nearness, said: str) -> None:
    assert any(is_crisis(entry) for entry in find_help(load_directory(OURS), said, nearness=ours))
