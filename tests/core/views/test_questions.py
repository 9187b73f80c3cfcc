"""The bank drives one form: what comes next, where we are, what may be answered, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.messages import Variant, load_catalogue
from core.text.yaml_source import BrokenDataFile
from core.views.questions import (
    DONT_KNOW,
    SKIP,
    SOMETHING_ELSE,
    Answer,
    Question,
    SetKind,
    answer_of,
    check_questions,
    choices_of,
    load_questions,
    next_question,
    position,
    previous_question,
    sets_for,
)

OUR_FILE = Path(__file__).parents[3] / "data" / "questions.yml"
OUR_BANK = load_questions(OUR_FILE)


def ask_all(
    set_id: str, told: dict[str, str] | None = None, answers: dict[str, str] | None = None
) -> list[str]:
    """Go through a set, answering as told or skipping, and return the ids asked."""
    told, answers = told or {}, answers or {}
    trail: list[str] = []
    while asked := next_question(OUR_BANK, set_id, answers, trail):
        trail.append(asked.id)
        answers = answers | {asked.id: told.get(asked.id, "skip")}
    return trail


def id_of(found: Question | Answer | None) -> str | None:
    return found.id if found else None


def test_the_education_set_is_asked_in_order_and_ends_in_ones_own_words() -> None:
    assert ask_all("education") == [
        "edu-like",
        "edu-safe",
        "edu-help",
        "edu-join-in",
        "edu-listen",
        "edu-bullied",
        "edu-travel",
        "edu-good",
        "edu-better",
    ]


def test_nothing_is_asked_twice() -> None:
    assert ask_all("education", answers={"edu-like": "good", "edu-good": "said"})[:1] == ["edu-safe"]
    assert id_of(next_question(OUR_BANK, "education", {}, ["edu-like"])) == "edu-safe"


def test_a_question_that_depends_on_an_answer_waits_for_it() -> None:
    assert "health-helped" in ask_all("health", {"health-seen": "yes"})
    assert "health-helped" not in ask_all("health", {"health-seen": "no"})
    assert "health-helped" not in ask_all("health")


def test_the_age_is_asked_just_before_the_first_question_that_depends_on_it() -> None:
    asked = ask_all("community", {"about-age": "13-15"})
    assert asked[asked.index("com-job") - 1] == "about-age"
    assert ask_all("adulthood")[0] == "about-age"


def test_an_age_told_before_is_not_asked_again() -> None:
    assert "about-age" not in ask_all("community", answers={"about-age": "19-25"})
    assert "about-age" not in ask_all("about-you", answers={"about-age": "19-25"})


def test_someone_too_young_is_not_asked_about_work_and_an_untold_age_is() -> None:
    assert "com-job" not in ask_all("community", {"about-age": "11-12"})
    assert "com-job" in ask_all("community", {"about-age": "13-15"})
    assert "com-job" in ask_all("community", {"about-age": "skip"})
    assert ask_all("adulthood", {"about-age": "0-10"}) == ["about-age"]


def test_the_sets_offered_fit_the_age() -> None:
    assert [held.id for held in sets_for(OUR_BANK, answers={})] == [
        "education",
        "health",
        "community",
        "adulthood",
    ]
    assert "adulthood" not in [held.id for held in sets_for(OUR_BANK, answers={"about-age": "11-12"})]


def test_going_back_leads_to_the_question_before_and_stops_at_the_first() -> None:
    assert id_of(previous_question(OUR_BANK, ["edu-like", "edu-safe", "edu-help"])) == "edu-safe"
    assert previous_question(OUR_BANK, ["edu-like"]) is None
    assert previous_question(OUR_BANK, []) is None
    assert id_of(previous_question(OUR_BANK, ["edu-like", "taken-out-since", "edu-help"])) == "edu-like"


def test_the_place_is_told_as_number_and_total() -> None:
    assert position(OUR_BANK, "education", "edu-safe", answers={"edu-like": "good"}) == (2, 9)


def test_the_place_never_passes_the_total_while_a_set_is_answered() -> None:
    for told in ({"health-seen": "yes"}, {"health-seen": "no"}, {"about-age": "0-10"}, {"about-age": "18"}):
        for held in OUR_BANK.sets:
            answers: dict[str, str] = {}
            trail: list[str] = []
            numbers = []
            while asked := next_question(OUR_BANK, held.id, answers, trail):
                number, total = position(OUR_BANK, held.id, asked.id, answers=answers, trail=trail)
                numbers.append(number)
                assert number <= total
                trail.append(asked.id)
                answers[asked.id] = told.get(asked.id, "skip")
            assert numbers == list(range(1, len(trail) + 1))


def test_half_of_people_see_the_answers_mirrored_and_the_usual_ends_stay_last() -> None:
    question = OUR_BANK.question("edu-like")
    plain = [answer.id for answer in choices_of(question, mirrored=False)]
    mirrored = [answer.id for answer in choices_of(question, mirrored=True)]
    assert plain == ["good", "in-the-middle", "not-good", "dont-know", "skip"]
    assert mirrored == ["not-good", "in-the-middle", "good", "dont-know", "skip"]


def test_something_else_is_offered_where_the_choices_are_things() -> None:
    ids = [answer.id for answer in choices_of(OUR_BANK.question("adult-work"), mirrored=True)]
    assert ids[-3:] == ["something-else", "dont-know", "skip"]


def test_free_text_can_be_left_unanswered_too() -> None:
    assert [answer.id for answer in choices_of(OUR_BANK.question("edu-good"), mirrored=True)] == [
        "dont-know",
        "skip",
    ]


def test_an_answer_that_is_not_offered_is_no_answer() -> None:
    question = OUR_BANK.question("edu-safe")
    assert id_of(answer_of(question, "not-safe")) == "not-safe"
    assert answer_of(question, "dont-know") is not None
    assert answer_of(question, "good") is None


def test_the_answers_that_need_a_check_in_carry_it() -> None:
    flagged = {
        (asked.id, answer.id)
        for held in OUR_BANK.sets
        for asked in held.questions
        for answer in asked.answers
        if answer.check_in
    }
    assert flagged == {
        ("edu-safe", "not-safe"),
        ("edu-bullied", "a-lot"),
        ("health-talk", "nobody"),
        ("com-safe", "not-safe"),
    }


def test_what_someone_tells_about_themselves_is_not_a_view() -> None:
    assert OUR_BANK.set_of("about-age").kind is SetKind.ABOUT
    assert OUR_BANK.set("education").kind is SetKind.VIEW


def test_a_question_falls_back_to_its_standard_words() -> None:
    assert OUR_BANK.question("edu-safe").words(Variant.SPOKEN) == OUR_BANK.question("edu-safe").text
    assert OUR_BANK.question("health-seen").words(Variant.EASY) != OUR_BANK.question("health-seen").text


@given(
    st.dictionaries(
        st.sampled_from(["edu-like", "edu-safe", "health-seen", "about-age"]), st.text(max_size=9)
    )
)
def test_any_set_comes_to_an_end_whatever_was_answered(answers: dict[str, str]) -> None:
    for held in OUR_BANK.sets:
        assert len(ask_all(held.id, answers=answers)) <= len(held.questions) + 1


GOOD_FILE = """version: 1
age_question: age
sets:
  - id: education
    kind: view
    area: education
    label: School
    questions:
      - id: like
        text: What is it like?
        answers:
          - {id: good, label: Good, symbol: good}
          - {id: not-good, label: Not good, symbol: not_good}
      - id: more
        text: And more?
        after: {question: like, answers: [good]}
        answers: [{id: "yes", label: "Yes", symbol: good}, {id: "no", label: "No", symbol: none}]
      - {id: best, kind: free_text, asks: good, text: "What is good?"}
      - {id: better, kind: free_text, asks: better, text: "What would be better?"}
  - id: about
    kind: about
    label: About you
    questions:
      - id: age
        text: How old are you?
        answers:
          - {id: a, label: Up to 12, ages: [0, 12]}
          - {id: b, label: Over 12, ages: [13, 15]}
"""


def test_a_whole_bank_has_no_problems(tmp_path: Path) -> None:
    file = tmp_path / "questions.yml"
    file.write_text(GOOD_FILE)
    assert check_questions(file) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("text: What is it like?", "txt: What is it like?", 9, "'text' is missing"),
        ("label: School", "label: School\n    colour: red", 8, "'colour' is not known"),
        ("kind: view", "kind: vew", 5, "there is no 'vew' here"),
        ("version: 1", "version: one", 1, "'version' does not fit"),
        ("version: 1", "version: [1", 2, "not YAML"),
        ("id: more", "id: like", 14, "used twice"),
        ("age_question: age", "age_question: old", 2, "No question is called 'old'"),
        ("area: education", "area: null", 4, "names its area"),
        ("question: like", "question: later", 14, "no such question"),
        ("question: like", "question: age", 14, "not before it"),
        ("answers: [good]", "answers: [great]", 14, "no answer 'great'"),
        ("{id: not-good, label: Not good", "{id: good, label: Not good", 9, "same id"),
        ("{id: not-good, label: Not good", "{id: skip, label: Not good", 9, "kept for us"),
        ("          - {id: not-good, label: Not good, symbol: not_good}\n", "", 9, "has 1 answers"),
        ("asks: good", "asks: better", 4, "must end with what is good"),
        ("asks: good, text", "asks: good, answers: [{id: a, label: A}], text", 18, "no answers"),
        ("Not good, symbol: not_good", "Not good", 9, "has no picture"),
        ("label: Not good", "label: GOOD", 9, "'good' like another one"),
        ("label: Not good", "label: Skip", 9, "'skip' like another one"),
        ("symbol: not_good", "symbol: not_good, easy: Good", 9, "'good' like another one"),
        ("area: education", "area: adulthood", 4, "has no age from which it is asked"),
        ("area: education", "area: adulthood\n    from_age: 14", 7, "No age group begins at 14"),
        (
            "text: What is it like?",
            "text: What is it like?\n        from_age: 12",
            9,
            "No age group begins at 12",
        ),
        ("label: About you", "label: About you\n    area: sport", 23, "'area' does not fit"),
        ("ages: [0, 12]", "ages: [0, 13]", 24, "under 13"),
        (", ages: [0, 12]", "", 24, "has no ages"),
    ],
)
def test_a_broken_bank_is_refused_with_file_line_and_what_to_do(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    file = tmp_path / "questions.yml"
    assert old in GOOD_FILE
    file.write_text(GOOD_FILE.replace(old, new, 1))
    with pytest.raises(BrokenDataFile) as error:
        load_questions(file)
    assert what in error.value.what
    assert (error.value.file, error.value.line) == (file, line)
    assert error.value.what_to_do
    assert check_questions(file)[0].line == line


def test_a_bank_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataFile, match="cannot be read"):
        load_questions(tmp_path / "none.yml")


def test_the_usual_ends_are_called_as_they_are_everywhere_else() -> None:
    catalogue = load_catalogue(OUR_FILE.parent / "messages" / "en-GB")
    assert SOMETHING_ELSE.label == catalogue.say("choice_something_else")
    assert DONT_KNOW.label == catalogue.say("choice_dont_know")
    assert SKIP.label == catalogue.say("choice_skip")
