"""What somebody says about what they said: good, not good, the other way round, or another answer."""

import pytest

from bot.actions.meaning import corrected_answer, feeling_in


@pytest.mark.parametrize(
    ("words", "feeling"),
    [
        ("no i meant it was good", "good"),
        ("nah i ment it was gud", "good"),
        ("it was a good thing not a bad thing", "good"),
        ("it was a bad thing not a good thing", "bad"),
        ("not good i meant bad", "bad"),
        ("i meant not good", "bad"),
        ("no i said i dont like it", "bad"),
        ("no thats wrong i like it", "good"),
        ("put that as bad", "bad"),
        ("a bit of both", "mixed"),
        ("no you mixed it up", None),
        ("you got it wrong", None),
        ("thats not what i said", None),
        ("i didnt mean it like that", None),
    ],
)
def test_how_it_is_meant_is_heard_in_a_correction(words: str, feeling: str | None) -> None:
    assert feeling_in(words) == feeling


def test_the_other_way_round_turns_what_was_understood() -> None:
    assert feeling_in("its the other way round", before="good") == "bad"
    assert feeling_in("i was being sarcastic", before="bad") == "good"
    assert feeling_in("its the other way round") is None


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("no, i meant sometimes", "sometimes"),
        ("sorry i ment not safe", "not safe"),
        ("change that to enough", "enough"),
        ("they listen sometimes", None),
        ("no", None),
    ],
)
def test_the_answer_that_was_meant_is_found(words: str, answer: str | None) -> None:
    assert corrected_answer(words) == answer
