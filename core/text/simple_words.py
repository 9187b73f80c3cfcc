"""The rules for simple words: what makes a sentence too hard for the people it is for (CONVERSATION.md)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.text.messages import Variant
from core.text.sms import BASIC, EXTENSION, segments, to_gsm7
from core.text.word_lists import WordLists

MOST_WORDS_A_SENTENCE = 12
MOST_SENTENCES = 3
MOST_WORDS = 40
MOST_SEGMENTS = 2
HIGHEST_GRADE = {Variant.STANDARD: 4.0, Variant.EASY: 2.0, Variant.SMS: 4.0, Variant.SPOKEN: 4.0}
FEWEST_WORDS_TO_GRADE = 6
"""Below this a label is too short for the formula to say anything; its words must still be on the list."""

Syllables = Callable[[str], int]
"""How many syllables a word has."""

_WORD = re.compile(r"\d[\d :.,]*\d|\d|[^\W\d_]+(?:['-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])['\"]?\s+|\n+")
_SHORT_DATE = re.compile(r"\b\d{1,2}(?:/\d{1,2}(?:/\d{2,4})?|[.-]\d{1,2}[.-]\d{2,4})\b")
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve twenty thirty hundred".split()
)
_PASSIVE = re.compile(
    r"\b(?:am|is|are|was|were|be|been|being|get|gets|got)(?: not| never| now)? (\w+)\b", re.IGNORECASE
)
_IRREGULAR = frozenset(
    "given taken seen told sent kept made done said lost found held read shown written known put left heard".split()
)
_ENDINGS = ("'s", "s'", "s", "es", "d", "ed", "ing", "er", "est", "ly", "y")
_CONTRACTED = re.compile(r"(?:n't|'(?:s|m|re|ve|ll|d))$")


@dataclass(frozen=True, slots=True)
class TooHard:
    """One thing in a text that is too hard: the sentence, what is wrong, and what to do."""

    sentence: str
    what: str
    what_to_do: str


def find_hard_parts(
    text: str,
    *,
    lists: WordLists,
    syllables: Syllables,
    most: float,
    for_text: bool = False,
    at_work: bool = False,
) -> Iterator[TooHard]:
    """Yield all that makes `text` too hard; `most` is its highest grade.

    `for_text` asks that it fits two text messages. `at_work`: its readers know the words of their work, so no
    list of words is asked; all other rules stand.
    """
    sentences = split_sentences(text)
    for sentence in sentences:
        yield from _hard_sentence(sentence, lists)
        if not at_work:
            yield from _hard_words(sentence, lists)
    yield from _hard_whole(text, sentences)
    grade = reading_grade(text, lists=lists, syllables=syllables)
    if grade is not None and grade > most:
        what = f"the reading grade is {grade:.1f}, above {most:.0f}"
        yield TooHard(text, what, "Use shorter words and shorter sentences.")
    if for_text:
        yield from _hard_to_text(text)


def split_sentences(text: str) -> list[str]:
    """Split a text into sentences; a line of its own is a sentence too."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def words_of(text: str) -> list[str]:
    """Return the words; a number is one word, however it is grouped ("0800 1111")."""
    return _WORD.findall(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def reading_grade(text: str, *, lists: WordLists, syllables: Syllables) -> float | None:
    """Return the Flesch-Kincaid grade (Kincaid and others, 1975), or None for a text too short to grade.

    Numbers and allow-listed names count as one easy syllable, or "call 999" would be hard.
    """
    words = words_of(text)
    if len(words) < FEWEST_WORDS_TO_GRADE:
        return None
    spoken = sum(1 if _is_given(word, lists) else syllables(word.lower()) for word in words)
    sentences = sum(1 for sentence in split_sentences(text) if words_of(sentence))
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59


def is_easy(word: str, lists: WordLists) -> bool:
    """Return whether a word, or the word it is a form of, is on a list."""
    small = word.lower()
    if small[0].isdigit() or any(form in lists.easy for form in _forms(small)):
        return True
    return "-" in small and all(is_easy(part, lists) for part in small.split("-"))


def _is_given(word: str, lists: WordLists) -> bool:
    return word[0].isdigit() or any(form in lists.names for form in _forms(word.lower()))


def _forms(word: str) -> Iterator[str]:
    """Yield the word and what it may be a regular form of: "stopped" of "stop", "tries" of "try"."""
    yield word
    word = _CONTRACTED.sub("", word)
    yield word
    for ending in _ENDINGS:
        if not word.endswith(ending) or len(word) <= len(ending) + 1:
            continue
        stem = word.removesuffix(ending)
        yield from (stem, stem + "e")
        if stem.endswith("i"):
            yield stem[:-1] + "y"
        if len(stem) > 1 and stem[-1] == stem[-2]:
            yield stem[:-1]


def _hard_sentence(sentence: str, lists: WordLists) -> Iterator[TooHard]:
    words = words_of(sentence)
    if len(words) > MOST_WORDS_A_SENTENCE:
        what = f"the sentence has {len(words)} words, more than {MOST_WORDS_A_SENTENCE}"
        yield TooHard(sentence, what, "Make two sentences of it.")
    for idiom in lists.idioms:
        if re.search(rf"\b{re.escape(idiom)}\b", sentence.lower()):
            yield TooHard(
                sentence, f"'{idiom}' does not mean what its words say", "Say what you mean in plain words."
            )
    if _SHORT_DATE.search(sentence):
        yield TooHard(sentence, "a date or time is written in figures", "Write it like 'Tuesday 1 December'.")
    for run in _CAPITALS.findall(sentence):
        if run not in lists.capitals:
            yield TooHard(
                sentence, f"'{run}' is in capital letters", "Write the words out, or give a reason."
            )
    yield from _passive(sentence, lists)


def _hard_words(sentence: str, lists: WordLists) -> Iterator[TooHard]:
    for word in words_of(sentence):
        small = word.lower()
        if small in lists.short_forms:
            yield TooHard(sentence, f"'{word}' is a short form", "Write the whole words.")
        elif small in _NUMBER_WORDS:
            yield TooHard(sentence, f"'{word}' is a number in letters", "Use digits.")
        elif not is_easy(word, lists):
            yield TooHard(
                sentence, f"'{word}' is on no list of easy words", "Use an easier word, or give a reason."
            )


def _passive(sentence: str, lists: WordLists) -> Iterator[TooHard]:
    for found in _PASSIVE.finditer(sentence):
        word = found[1].lower()
        if word in lists.states or not (
            word in _IRREGULAR or (word.endswith("ed") and len(word) > len("need"))
        ):
            continue
        yield TooHard(sentence, f"'{found[0]}' does not say who does it", "Say it with 'we', 'you' or 'I'.")


def _hard_whole(text: str, sentences: list[str]) -> Iterator[TooHard]:
    if len(sentences) > MOST_SENTENCES:
        what = f"the message has {len(sentences)} sentences, more than {MOST_SENTENCES}"
        yield TooHard(text, what, "Make two messages of it.")
    if (count := len(words_of(text))) > MOST_WORDS:
        yield TooHard(
            text, f"the message has {count} words, more than {MOST_WORDS}", "Make two messages of it."
        )


def _hard_to_text(text: str) -> Iterator[TooHard]:
    plain = to_gsm7(text)
    if foreign := set(plain) - BASIC - EXTENSION:
        yield TooHard(
            text, f"a text message cannot carry '{min(foreign)}'", "Use plain signs, or add an 'sms' variant."
        )
    if (count := segments(plain)) > MOST_SEGMENTS:
        yield TooHard(
            text, f"it takes {count} text messages", f"Add an 'sms' variant of at most {MOST_SEGMENTS}."
        )
