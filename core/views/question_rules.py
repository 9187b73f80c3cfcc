"""What makes a bank of questions wrong: said with file, line and what to do, before anybody is asked."""

from collections.abc import Iterator
from pathlib import Path

from core.text.yaml_source import BrokenDataFile, Step, YamlSource, read_typed
from core.views.question_bank import Bank, Question, QuestionKind, QuestionSet, SetKind


def load_questions(path: Path) -> Bank:
    """Read the bank; raises BrokenDataFile with file, line and what to do for the first thing wrong."""
    bank, source = read_typed(path, Bank)
    for problem in find_problems(bank, source):
        raise problem
    return bank


def check_questions(path: Path) -> list[BrokenDataFile]:
    """Return everything that is wrong with the bank; empty when all is well."""
    try:
        bank, source = read_typed(path, Bank)
    except BrokenDataFile as problem:
        return [problem]
    return list(find_problems(bank, source))


ADULTHOOD = "adulthood"
_RESERVED = frozenset({"said", "skip", "dont-know", "something-else"})
_FEWEST_ANSWERS = 2
_MOST_ANSWERS = {SetKind.VIEW: 4, SetKind.ABOUT: 7}
_BIRTHDAYS_THAT_MATTER = (13, 16, 18)
_ENDS = frozenset({"something else", "i don't know", "skip"})
"""Labels that are put after every question's own answers."""
TOWN_QUESTION = "about-town"


def find_problems(bank: Bank, source: YamlSource) -> Iterator[BrokenDataFile]:
    """Yield everything that is wrong with a bank that could be read."""
    yield from _find_repeats(bank, source)
    if bank.age_question not in {asked.id for held in bank.sets for asked in held.questions}:
        yield source.broken(
            ("age_question",), f"No question is called '{bank.age_question}'.", "Name one that is here."
        )
    for place, held in enumerate(bank.sets):
        steps: tuple[Step, ...] = ("sets", place)
        yield from _find_wrong_end(held, source, steps)
        yield from _find_missing_age(bank, held, source, steps)
        for number, asked in enumerate(held.questions):
            here = (*steps, "questions", number)
            for rule in (_wrong_answers, _wrong_labels, _wrong_after, _wrong_ages, _wrong_from_age):
                what = rule(bank, held, asked)
                if what is not None:
                    yield source.broken(here, *what)


def _find_repeats(bank: Bank, source: YamlSource) -> Iterator[BrokenDataFile]:
    seen: set[str] = set()
    for place, held in enumerate(bank.sets):
        names: list[tuple[tuple[Step, ...], str]] = [(("sets", place), held.id)]
        names += [
            (("sets", place, "questions", number), asked.id) for number, asked in enumerate(held.questions)
        ]
        for steps, name in names:
            if name in seen:
                yield source.broken(
                    (*steps, "id"), f"The id '{name}' is used twice.", "Give this one a new id."
                )
            seen.add(name)


def _find_wrong_end(
    held: QuestionSet, source: YamlSource, steps: tuple[Step, ...]
) -> Iterator[BrokenDataFile]:
    asks = [asked.asks for asked in held.questions if asked.kind is QuestionKind.FREE_TEXT]
    if held.kind is SetKind.VIEW and asks != ["good", "better"]:
        what = f"The set '{held.id}' must end with what is good, and then what would be better."
        yield source.broken(steps, what, "End it with 'asks: good' and 'asks: better', in that order.")
    elif held.kind is SetKind.VIEW and held.questions[-1].asks != "better":
        yield source.broken(
            steps, f"The set '{held.id}' goes on after its last words.", "Put the free text last."
        )


def _find_missing_age(
    bank: Bank, held: QuestionSet, source: YamlSource, steps: tuple[Step, ...]
) -> Iterator[BrokenDataFile]:
    if held.area == ADULTHOOD and held.from_age is None:
        what = f"The set '{held.id}' is about being an adult, and has no age from which it is asked."
        yield source.broken(steps, what, "Add 'from_age: 13'.")
    if held.from_age is not None and held.from_age not in _first_ages(bank):
        yield source.broken((*steps, "from_age"), *_no_group_begins(held.from_age))


Wrong = tuple[str, str] | None


def _wrong_labels(bank: Bank, held: QuestionSet, asked: Question) -> Wrong:
    """Every answer is told apart by its words and its picture; ages and towns have no picture."""
    for variant in ("label", "easy"):
        labels = [(getattr(answer, variant) or answer.label).casefold() for answer in asked.answers]
        twice = {label for label in labels if labels.count(label) > 1 or label in _ENDS}
        if twice:
            what = f"An answer of '{asked.id}' is called '{min(twice)}' like another one."
            return what, "Give each answer words of its own."
    is_plain = held.kind is SetKind.ABOUT and asked.id in {bank.age_question, TOWN_QUESTION}
    for answer in asked.answers:
        if answer.symbol is None and not is_plain:
            return f"The answer '{answer.id}' of '{asked.id}' has no picture.", "Add 'symbol: ...' to it."
    return None


def _wrong_from_age(bank: Bank, _held: QuestionSet, asked: Question) -> Wrong:
    if asked.from_age is None or asked.from_age in _first_ages(bank):
        return None
    return _no_group_begins(asked.from_age)


def _first_ages(bank: Bank) -> frozenset[int]:
    """Give the ages at which a group begins: only from these can a question be asked."""
    asked = [each for held in bank.sets for each in held.questions if each.id == bank.age_question]
    return frozenset(answer.ages[0] for each in asked for answer in each.answers if answer.ages)


def _no_group_begins(age: int) -> tuple[str, str]:
    what = f"No age group begins at {age}, so nobody can be asked from that age."
    return what, "Write an age at which a group begins."


def _wrong_answers(_bank: Bank, held: QuestionSet, asked: Question) -> Wrong:
    if asked.kind is QuestionKind.FREE_TEXT:
        if asked.answers or asked.asks is None:
            return f"'{asked.id}' is free text: it has 'asks' and no answers.", "Take the answers out."
        return None
    most = _MOST_ANSWERS[held.kind]
    if not _FEWEST_ANSWERS <= len(asked.answers) <= most:
        return f"'{asked.id}' has {len(asked.answers)} answers.", f"Give it {_FEWEST_ANSWERS} to {most}."
    ids = [answer.id for answer in asked.answers]
    if len(set(ids)) < len(ids):
        return f"Two answers of '{asked.id}' have the same id.", "Give each its own."
    if taken := _RESERVED.intersection(ids):
        return f"The answer id '{min(taken)}' of '{asked.id}' is kept for us.", "Choose another id."
    return None


def _wrong_after(bank: Bank, held: QuestionSet, asked: Question) -> Wrong:
    if asked.after is None:
        return None
    earlier = {other.id: other for other in held.questions[: held.questions.index(asked)]}
    if asked.after.question not in {other.id for every in bank.sets for other in every.questions}:
        return f"'{asked.id}' comes after '{asked.after.question}': there is no such question.", (
            "Check how it is spelt."
        )
    if asked.after.question not in earlier:
        return (
            f"'{asked.id}' comes after '{asked.after.question}', which is not before it.",
            "Name an earlier question.",
        )
    offered = {answer.id for answer in earlier[asked.after.question].answers}
    if unknown := set(asked.after.answers) - offered:
        what = f"'{asked.after.question}' has no answer '{min(unknown)}'."
        return what, "Name one of its answers."
    return None


def _wrong_ages(bank: Bank, _held: QuestionSet, asked: Question) -> Wrong:
    if asked.id != bank.age_question:
        return None
    groups = [answer.ages for answer in asked.answers]
    if any(group is None for group in groups):
        return f"An answer of '{asked.id}' has no ages.", "Add 'ages: [lowest, highest]' to each."
    for lowest, highest in (group for group in groups if group is not None):
        for birthday in _BIRTHDAYS_THAT_MATTER:
            if lowest < birthday <= highest:
                what = f"In the age group {lowest} to {highest} are people under {birthday} and over."
                return what, f"End one group at {birthday - 1} and start the next at {birthday}."
    return None
