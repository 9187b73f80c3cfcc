"""A code is known however it is typed, and nothing else is taken for one."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from core.settings import HERE, Settings
from core.text.code_words import PICTURES, CodeKind, code_words, draw_code, pictures_of, read_code

KINDS = st.sampled_from(CodeKind)
LONG_ENOUGH = (CodeKind.DELETE, CodeKind.RETURN)
codes = st.builds(lambda kind, seed: draw_code(kind, Random(seed)), KINDS, st.integers())
long_codes = st.builds(
    lambda kind, seed: draw_code(kind, Random(seed)), st.sampled_from(LONG_ENOUGH), st.integers()
)


def test_the_list_has_1024_words_that_can_be_told_apart() -> None:
    words = code_words()
    assert len(words) == len(set(words)) == 1024
    assert all(re.fullmatch("[a-z]{4,11}", word) for word in words)
    near = [(a, b) for n, a in enumerate(words) for b in words[:n] if OSA.distance(a, b, score_cutoff=1) <= 1]
    assert near == []


OUR_LISTS = [
    "questions.yml",
    "names.txt",
]


@pytest.mark.parametrize("file", OUR_LISTS)
def test_no_word_of_the_list_is_one_that_our_own_lists_expect_to_be_said(file: str) -> None:
    said = set(re.findall("[a-z]+", (HERE / "data" / file).read_text(encoding="utf-8").lower()))
    assert sorted(said & set(code_words())) == []


def test_every_word_has_a_picture_of_its_own_made_of_two_of_ours() -> None:
    assert len({pictures_of(word) for word in code_words()}) == 1024
    folder = HERE / "channels" / "web_chat" / "static" / "symbols"
    assert all((folder / f"{name}.svg").exists() for name in PICTURES)


@given(
    codes,
    st.sampled_from([" ", ", ", "\n", " and ", " - ", ". "]),
    st.sampled_from(["", "my code is ", "Code: "]),
)
def test_a_code_is_known_in_any_case_and_with_anything_between_its_words(
    code: tuple[str, ...], between: str, before: str
) -> None:
    typed = before + between.join(code)
    assert read_code(typed) == read_code(typed.upper()) == read_code(typed.title()) == code


@given(long_codes, st.integers(0, 4), st.integers(0, 8), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_one_slip_is_mended_or_not_understood_but_never_taken_for_another_code(
    code: tuple[str, ...], which: int, where: int, letter: str
) -> None:
    which %= len(code)
    word = code[which]
    where %= len(word)
    slipped = list(code)
    slipped[which] = word[:where] + letter + word[where + 1 :]
    assert read_code(" ".join(slipped)) in (code, None)


def test_nearly_every_slip_is_mended() -> None:
    rng, mended = Random(7), Counter[bool]()
    for _ in range(2000):
        code = list(draw_code(CodeKind.DELETE, rng))
        place = rng.randrange(len(code[0]))
        slipped = code[0][:place] + code[0][place + 1 :]
        mended[read_code(" ".join([slipped, *code[1:]])) == tuple(code)] += 1
    assert mended[True] >= 1900


@given(long_codes)
def test_lost_spaces_are_no_matter_where_there_is_one_way_to_read_them(code: tuple[str, ...]) -> None:
    assert read_code("".join(code)) in (code, None)


def test_two_slips_are_not_guessed_at() -> None:
    assert read_code("ottar lantirn acorn badger") is None


@pytest.mark.parametrize(
    "words",
    [
        "the bus is always late and the badger is not there",
        "i like my teacher",
        "help me please now",
        "acorn",
        "acorn badger",
        "i have a code",
        "acorn badger lantern meadow puffin otter",
        "",
        "999",
    ],
)
def test_other_words_are_no_code(words: str) -> None:
    assert read_code(words) is None


def our_sentences() -> list[str]:
    """Every example that we train on, and every sentence of our own banks."""
    files = [
        *(HERE / "data" / "training" / "nlu").glob("*.yml"),
        HERE / "data" / "synthetic" / "sentences.yml",
    ]
    files += [
        HERE / "tests" / "core" / "safeguarding" / "development_bank.yml",
        HERE / "data" / "safeguarding_phrases.yml",
    ]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [part for line in lines for part in (re.findall('"([^"]+)"', line) or [line.strip(" -'")])]


def test_no_sentence_of_ours_is_taken_for_a_code() -> None:
    sentences = our_sentences()
    assert len(sentences) > 3000
    assert [each for each in sentences if read_code(each)] == []


def test_no_sentence_that_others_wrote_is_taken_for_a_code() -> None:
    folder: Path | None = Settings(_env_file=None).hys_eval_data
    if folder is None:
        pytest.skip("HYS_EVAL_DATA is not set")
    texts = [path for path in folder.rglob("*") if path.suffix in {".csv", ".json", ".tsv", ".txt"}]
    lines = [line for path in texts for line in path.read_text(errors="replace").splitlines()]
    short = [part for line in lines for part in re.split(r'[",\t]', line) if 0 < len(part) < 120]
    assert [each for each in short if read_code(each)] == []
