"""The figures of how well messages are understood are counted as docs/understanding.md says."""

from pathlib import Path

import pytest

from tests.bench.understanding import UNSURE, Understood, figures_of, macro_f1, read_messages


def heard(meant: str, taken_for: str, *, embedded: bool = False) -> Understood:
    return Understood(meant, taken_for, 2.0, embedded)


def test_asked_again_is_neither_right_nor_wrong_and_an_answer_is_a_view() -> None:
    results = [
        heard("greet", "greet"),
        heard("tell_view", "give_answer", embedded=True),
        heard("greet", UNSURE),
        heard("deny", "affirm"),
    ]
    guesses = [*results[:2], heard("greet", "greet"), results[3]]
    figures = figures_of(results, guesses)
    assert (figures.right, figures.asked_again, figures.wrong_and_not_caught) == (0.5, 0.25, 0.25)
    assert (figures.best_guess_right, figures.embedded, figures.messages) == (0.75, 0.25, 4)


def test_macro_f1_counts_every_meaning_alike() -> None:
    pairs = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b")]
    assert macro_f1(pairs) == pytest.approx((0.8 + 2 / 3) / 2)
    assert macro_f1([("a", "b")]) == 0.0


def test_both_kinds_of_file_are_read(tmp_path: Path) -> None:
    file = tmp_path / "messages.yml"
    file.write_text("greet:\n- hi\n- hello\n", encoding="utf-8")
    assert read_messages(file) == [("hi", "greet"), ("hello", "greet")]
    file.write_text("- {text: hi, intent: greet, persona: p1}\n", encoding="utf-8")
    assert read_messages(file) == [("hi", "greet")]
