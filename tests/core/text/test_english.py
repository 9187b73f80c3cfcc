"""Everyday words are known, with their slips; names and other languages are not."""

import pytest

from core.text.english import all_english_words, english_words, is_near_english


def test_words_that_are_seen_often_are_a_part_of_all_words() -> None:
    assert {"school", "friend"} <= english_words() < all_english_words()


@pytest.mark.parametrize("word", ["school", "schol", "schoool", "scholo", "schook"])
def test_a_word_and_its_slips_are_english(word: str) -> None:
    assert is_near_english(word, all_english_words())


def test_what_is_no_word_is_not_english() -> None:
    assert not is_near_english("zogblat", all_english_words())
