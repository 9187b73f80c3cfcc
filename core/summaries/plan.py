"""Plan what a release counts, from the lists that practitioners own: questions, themes and the area file."""

from collections.abc import Iterator, Sequence

from core.area_file import Area
from core.summaries.measures import Category, Kind, Measure, Plan
from core.summaries.numbers import NOT_TOLD
from core.views.positions import ONE_PLACE, SEVERAL_PLACES, can_be_told, measure_of
from core.views.question_bank import Bank, Question, QuestionKind, QuestionSet, SetKind
from core.views.questions import DONT_KNOW, SKIP, choices_of
from core.views.themes import Themes

AREAS = (
    Category("education", "Education"),
    Category("health", "Health"),
    Category("community", "Community"),
    Category("adulthood", "Getting ready to be an adult"),
)
MEANT = (
    Category("good", "Good"),
    Category("mixed", "Good and bad"),
    Category("bad", "Bad"),
    Category("unclear", "Not clear"),
)
PLACES = (Category(ONE_PLACE, "All in one place"), Category(SEVERAL_PLACES, "In several places"))
HELPER_QUESTION = "about-helper"
TOWN_QUESTION = "about-town"
UNTOLD = Category(NOT_TOLD, "Not told")
OTHER_CHANNEL = Category("other", "Other")
CHANNELS = (Category("web", "Web"), Category("sms", "Text message"), OTHER_CHANNEL)


def plan_release(bank: Bank, themes: Themes, area: Area, *, channels: Sequence[Category] = CHANNELS) -> Plan:
    """List the measures in their fixed public order: questions, areas, themes; and the shared categories."""
    measures = [
        *_questions(bank),
        *_places(bank),
        *(_area_measure(bank, each) for each in AREAS),
        *_themes(bank, themes),
    ]
    districts = [Category(each.id, each.name) for each in area.districts]
    ages = _answers_of(bank.question(bank.age_question))
    shared = {
        "district": (*districts, *_elsewhere(bank, {each.id for each in districts}), UNTOLD),
        "age": (*ages, UNTOLD),
        "helped_by": (*_answers_of(bank.question(HELPER_QUESTION)), UNTOLD),
        "channel": tuple(channels),
    }
    return Plan(tuple(measures), shared)


def _questions(bank: Bank) -> Iterator[Measure]:
    """Every closed question of a set of views; free text is counted by area, and is no measure of its own.

    The area of what is asked of grown-ups is their voice.
    """
    for held in bank.sets:
        for asked in held.questions:
            if held.kind is SetKind.VIEW and asked.kind is QuestionKind.CLOSED:
                answers = tuple(
                    Category(each.id, each.label)
                    for each in choices_of(asked, mirrored=False)
                    if each.id != SKIP.id
                )
                left_out = _too_young(bank, max(held.from_age or 0, asked.from_age or 0))
                yield Measure(asked.id, Kind.QUESTION, asked.text, held.area or held.voice, answers, left_out)


def _places(bank: Bank) -> Iterator[Measure]:
    """Of every set of views: whether somebody's answers all stood in one place."""
    for held in bank.sets:
        if held.kind is SetKind.VIEW and can_be_told(held.questions):
            left_out, area = _too_young(bank, held.from_age or 0), held.area or held.voice
            label = f"{held.label}: where on the page the answers stood"
            yield Measure(measure_of(held.id), Kind.QUESTION, label, area, PLACES, left_out)


def _area_measure(bank: Bank, area: Category) -> Measure:
    from_age = min((held.from_age or 0 for held in _sets_in(bank, area.id)), default=0)
    return Measure(f"area:{area.id}", Kind.AREA, area.label, area.id, MEANT, _too_young(bank, from_age))


def _themes(bank: Bank, themes: Themes) -> Iterator[Measure]:
    """Every theme stands within its area, so the ages left out are those of the area."""
    around = {each.id: _area_measure(bank, each) for each in AREAS}
    for theme in themes.themes:
        area = around[theme.area]
        yield Measure(
            f"theme:{theme.id}", Kind.THEME, theme.label, theme.area, MEANT, area.left_out, wider=area.id
        )


def _sets_in(bank: Bank, area: str) -> list[QuestionSet]:
    return [held for held in bank.sets if held.area == area]


def _too_young(bank: Bank, from_age: int) -> tuple[str, ...]:
    """Name the age groups that end before an age: nobody in them is asked."""
    groups = bank.question(bank.age_question).answers
    return tuple(group.id for group in groups if group.ages is not None and group.ages[1] < from_age)


def _answers_of(question: Question) -> tuple[Category, ...]:
    return tuple(Category(answer.id, answer.label) for answer in question.answers)


def _elsewhere(bank: Bank, districts: set[str]) -> tuple[Category, ...]:
    """The answers to the question for the town that are no district of this council."""
    asked = bank.question(TOWN_QUESTION)
    return tuple(each for each in _answers_of(asked) if each.id not in districts and each.id != DONT_KNOW.id)
