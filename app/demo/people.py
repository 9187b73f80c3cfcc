"""Invent the demo's people: who they are, what they think, and the lines they say. All of it is made up.

The same seed gives the same people. Districts and ages differ on purpose, so that a summary shows something.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from app.demo.script import Script
from core.area import Area, District
from core.views.question_bank import Answer, Bank, Feeling, Question, QuestionKind
from core.views.questions import DONT_KNOW, next_question

Kind = TypeVar("Kind")

DRAMA_NUMBERS = ("+441632960", "+441134960")
"""Each followed by three digits: numbers that Ofcom keeps for drama, so no phone has them."""

SHARE_BY_TEXT = 0.6
SHARE_TAPPING = 0.3
SHARE_OWN_PHONE = 0.85
SHARE_OWN_WORDS = 0.15
SHARE_SKIPPED = 0.04
SHARE_NOT_KNOWING = 0.09
WORRIED_EVERY, ASKING_EVERY = 200, 250
SETS: Mapping[str, int] = {"education": 64, "health": 13, "community": 13, "adulthood": 10}
AGES: Mapping[int, int] = {
    9: 8,
    10: 8,
    11: 14,
    12: 14,
    13: 16,
    14: 18,
    15: 14,
    16: 10,
    17: 8,
    18: 4,
    20: 5,
    23: 3,
}
HOW_MANY: Mapping[int, int] = {1: 24, 2: 55, 3: 12, 4: 5, 5: 3, 9: 1}
"""How many questions people answer before they stop, and how often."""

KINDER, HARDER = "malvern-hills", "redditch"
OLD_ENOUGH_FOR_WORK = 13
OLDER = 16


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said: words that are typed, or the label of a choice that is tapped (by text: its number)."""

    words: str
    is_tapped: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Someone invented; `number` is None on the web. `lines` are said in order."""

    place: int
    number: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Inventor:
    """What inventing needs; the same `rng` state gives the same people.

    `feels_safe` is the label of the choice that someone makes who is asked if they are safe.
    """

    bank: Bank
    area: Area
    script: Script
    feels_safe: str
    rng: Random

    def invent(self, count: int) -> Iterator[Person]:
        """Invent so many people."""
        phones = iter(range(len(DRAMA_NUMBERS) * 1000))
        for place in range(count):
            by_text = self.rng.random() < SHARE_BY_TEXT
            yield self._person(place, _number(next(phones)) if by_text else None)

    def _person(self, place: int, number: str | None) -> Person:
        age = self._pick(AGES)
        district = self.rng.choice(self.area.districts)
        chosen = self._pick(SETS)
        set_id = "education" if chosen == "adulthood" and age < OLD_ENOUGH_FOR_WORK else chosen
        lines = [Line(self._greeting(age, district, set_id))]
        if number is not None:
            lines.append(Line("1" if self.rng.random() < SHARE_OWN_PHONE else "2"))
        is_tapping = self.rng.random() < SHARE_TAPPING
        lines += self._answers(set_id, age, district, is_tapping=is_tapping)
        if place % WORRIED_EVERY == WORRIED_EVERY // 2:
            lines.append(Line(self.script.worries[place // WORRIED_EVERY % len(self.script.worries)]))
        elif place % ASKING_EVERY == 1:
            lines += self._asks_for_key_worker()
        return Person(place, number, tuple(lines))

    def _greeting(self, age: int, district: District, set_id: str) -> str:
        greeting, topic = self.rng.choice(self.script.greetings), self.rng.choice(self.script.topics[set_id])
        # Of a town with two names, one may be taken for a person's name and is then taken out.
        towns = [town for town in district.towns if " " not in town]
        return greeting.format(age=age, town=self.rng.choice(towns), topic=topic)

    def _answers(self, set_id: str, age: int, district: District, *, is_tapping: bool) -> Iterator[Line]:
        """Walk through the set as the bot will, and answer as this person would."""
        answers, trail = {self.bank.age_question: _band(self.bank, age)}, list[str]()
        is_asked_if_safe = False
        for _ in range(self._pick(HOW_MANY)):
            asked = next_question(self.bank, set_id, answers, trail)
            if asked is None:
                return
            trail.append(asked.id)
            weights = _weights(asked, age, district)
            if asked.kind is QuestionKind.CLOSED and self.rng.random() < SHARE_OWN_WORDS:
                yield Line(self._own_words(set_id, weights))
            answer, line = self._answer(asked, set_id, weights, is_tapping=is_tapping)
            answers[asked.id] = answer
            yield line
            if _is_worrying(asked, answer) and not is_asked_if_safe:
                is_asked_if_safe = True
                yield Line(self.feels_safe, is_tapped=True)

    def _answer(
        self, asked: Question, set_id: str, weights: Sequence[float], *, is_tapping: bool
    ) -> tuple[str, Line]:
        if self.rng.random() < SHARE_SKIPPED:
            return "skip", Line("skip")
        if asked.kind is QuestionKind.FREE_TEXT:
            return "said", Line(self._own_words(set_id, weights))
        if self.rng.random() < SHARE_NOT_KNOWING:
            return DONT_KNOW.id, Line("i dont know")
        answer = self.rng.choices(asked.answers, weights)[0]
        if is_tapping or answer.check_in:  # typed out, "not safe" is danger in their own words
            return answer.id, Line(answer.label, is_tapped=True)
        return answer.id, Line(answer.label.lower())

    def _own_words(self, set_id: str, weights: Sequence[float]) -> str:
        """Say something that is meant as this person's answers are: the first is the kindest, the last the least."""
        said = self.script.own_words[set_id]
        feelings = list(said)
        ends = (weights[0], sum(weights[1:-1]) or weights[0] / 2, weights[-1])
        return self.rng.choice(said[self.rng.choices(feelings, ends[: len(feelings)])[0]])

    def _asks_for_key_worker(self) -> Iterator[Line]:
        """Ask for one through all steps: about school, no name, here, at any time, alone, yes, send."""
        yield Line(self.rng.choice(self.script.key_worker))
        for answer in ("1", "1", "1", "3", "1", "1", "1"):
            yield Line(answer)

    def _pick(self, shares: Mapping[Kind, int]) -> Kind:
        return self.rng.choices(list(shares), list(shares.values()))[0]


def _weights(asked: Question, age: int, district: District) -> list[float]:
    """Say how likely each answer is: most are content, fewer in one district and with age, more in another."""
    gloom = {KINDER: 0.6, HARDER: 1.8}.get(district.id, 1.0) * (1.4 if age >= OLDER else 1.0)
    return [_weight(answer, gloom) for answer in asked.answers] or [0.6, 0.2, 0.2 * gloom]


def _weight(answer: Answer, gloom: float) -> float:
    if answer.feeling is Feeling.GOOD:
        return 0.6 / gloom
    if answer.feeling is Feeling.BAD:
        return (0.1 if answer.check_in else 0.2) * gloom
    return 0.3


def _is_worrying(asked: Question, answer: str) -> bool:
    return any(each.id == answer and each.check_in for each in asked.answers)


def _band(bank: Bank, age: int) -> str:
    groups = bank.question(bank.age_question).answers
    return next(group.id for group in groups if group.ages and group.ages[0] <= age <= group.ages[1])


def _number(place: int) -> str:
    return f"{DRAMA_NUMBERS[place // 1000]}{place % 1000:03d}"
