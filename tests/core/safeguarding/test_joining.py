"""Several written words are read as what they mean together, the longest first."""

from core.safeguarding.joining import by_first_two, join_words

KNOWN = by_first_two(
    [
        (("no", "one"), ("nobody",)),
        (("my", "best", "friend"), ("my best friend",)),
        (("my", "best", "friend", "ever"), ("nobody", "else")),
    ]
)


def joined(*words: str) -> list[tuple[str, bool]]:
    return list(join_words([(word, number == 0) for number, word in enumerate(words)], KNOWN))


def test_words_that_mean_something_together_become_one() -> None:
    assert joined("no", "one", "came") == [("nobody", True), ("came", False)]


def test_the_longest_counts() -> None:
    assert joined("my", "best", "friend", "ever") == [("nobody", True), ("else", False)]
    assert joined("my", "best", "friend", "sam") == [("my best friend", True), ("sam", False)]


def test_what_only_begins_like_it_stays() -> None:
    assert joined("my", "best") == [("my", True), ("best", False)]
    assert joined("no") == [("no", True)]
    assert joined() == []


def test_of_two_entries_for_the_same_words_the_later_counts() -> None:
    assert by_first_two([(("a", "b"), ("c",)), (("a", "b"), ("d",))]) == {("a", "b"): {("a", "b"): ("d",)}}
