"""The area file says who is there, and no promise is made for an hour when nobody is."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.area import Who, district_of, hours_with_nobody, is_working_day, load_area, period_of, who_is_there
from core.text.messages import load_catalogue
from core.text.yaml_source import BrokenDataFile
from core.views.questions import load_questions

DATA = Path(__file__).parents[2] / "data"
OURS = load_area(DATA / "area.yml")
CATALOGUE = load_catalogue(DATA / "messages" / "en-GB")
LONDON = ZoneInfo("Europe/London")


def at(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("when", "team", "until"),
    [
        ("2026-11-23 09:00", "here", "5 pm today"),
        ("2026-11-23 16:59", "here", "5 pm today"),
        ("2026-11-27 12:00", "here", "4:30 pm today"),
        ("2026-11-23 17:00", "away", ""),
        ("2026-11-23 08:59", "away", ""),
        ("2026-11-28 12:00", "away", ""),
        ("2026-12-25 12:00", "away", ""),
        ("2026-12-28 12:00", "away", ""),
    ],
)
def test_who_is_there_follows_the_week_and_the_bank_holidays(when: str, team: str, until: str) -> None:
    there = who_is_there(OURS, at(when))
    assert (there.team, there.until) == (team, until)


@pytest.mark.parametrize(
    ("now", "next_there"),
    [
        ("2026-11-23 07:00", "this morning"),
        ("2026-11-23 18:00", "on Tuesday morning"),
        ("2026-11-27 17:00", "on Monday morning"),
        ("2026-12-24 17:30", "on Tuesday morning"),
        ("2026-04-02 18:00", "on Tuesday morning"),
        ("2026-11-23 10:00", "on Tuesday morning"),
    ],
)
def test_the_next_time_the_team_is_there_is_said_in_words(now: str, next_there: str) -> None:
    assert who_is_there(OURS, at(now)).when == next_there


@pytest.mark.parametrize(
    ("now", "by_when"),
    [
        ("2026-11-23 07:00", "5 pm today"),
        ("2026-11-23 14:59", "5 pm today"),
        ("2026-11-23 15:00", "12 noon on Tuesday"),
        ("2026-11-27 14:00", "4:30 pm today"),
        ("2026-11-27 15:30", "12 noon on Monday"),
        ("2026-11-28 10:00", "12 noon on Monday"),
        ("2026-12-25 10:00", "12 noon on Tuesday"),
    ],
)
def test_a_worry_is_read_the_same_working_day_or_by_noon_of_the_next(now: str, by_when: str) -> None:
    assert who_is_there(OURS, at(now)).by_when == by_when


def test_the_hour_is_the_areas_own_in_summer_too() -> None:
    assert who_is_there(OURS, datetime(2026, 7, 6, 8, 30, tzinfo=UTC)).team == "here"
    assert who_is_there(OURS, datetime(2026, 11, 23, 8, 30, tzinfo=UTC)).team == "away"
    assert who_is_there(OURS, at("2026-07-06 16:00")).by_when_at == at("2026-07-07 12:00")


def test_by_day_the_front_door_is_named_and_at_night_the_team_that_answers() -> None:
    by_day, at_night = who_is_there(OURS, at("2026-11-23 10:00")), who_is_there(OURS, at("2026-11-23 20:00"))
    assert by_day.words_for("under_18")["number"] == OURS.numbers.children.number
    assert at_night.words_for("under_18")["number"] == OURS.numbers.children_out_of_hours.number
    assert by_day.words_for("19_to_25")["number"] == OURS.numbers.adults.number
    assert at_night.words_for("18")["number"] == OURS.numbers.adults_out_of_hours.number
    unknown = by_day.words_for("age_unknown")
    assert (unknown["number"], unknown["adult_number"]) == (
        OURS.numbers.children.number,
        OURS.numbers.adults.number,
    )


AGES = st.sampled_from(["under_18", "18", "19_to_25", "age_unknown"])
DAYS = st.datetimes(datetime.fromisoformat("2025-09-01"), datetime.fromisoformat("2027-08-31"))


@given(DAYS, AGES)
def test_at_every_moment_the_answer_to_danger_can_be_said(moment: datetime, age: str) -> None:
    there = who_is_there(OURS, moment.replace(tzinfo=LONDON))
    said = CATALOGUE.say(f"danger_team_{there.team}_{age}", **there.words_for(age))
    assert (
        there.numbers.children.number in said
        or there.team != "here"
        or age not in {"under_18", "age_unknown"}
    )
    assert CATALOGUE.say("worry_reader", **there.words_for(age))
    assert there.by_when_at > moment.replace(tzinfo=LONDON)


def test_a_holiday_of_more_than_a_week_is_said_with_its_date(tmp_path: Path) -> None:
    text = (DATA / "area.yml").read_text()
    only_mondays = text.replace(
        '[monday, tuesday, wednesday, thursday], from: "09:00"', '[monday], from: "09:00"'
    )
    only_mondays = only_mondays.replace(
        '  - {days: [friday], from: "09:00", to: "16:30", who: staffed}\n', ""
    )
    file = tmp_path / "area.yml"
    file.write_text(only_mondays)
    there = who_is_there(load_area(file), at("2026-12-21 18:00"))
    assert there.when == "on Monday 4 January"
    assert there.by_when == "12 noon on Monday 4 January"


def test_the_hours_with_nobody_are_listed_for_the_doctor() -> None:
    gaps = list(hours_with_nobody(OURS))
    assert ("monday", 0, 9 * 60) in gaps
    assert ("sunday", 0, 24 * 60) in gaps
    assert sum(to - start for _, start, to in gaps) == 168 * 60 - (4 * 8 * 60 + 7 * 60 + 30)


def test_all_hours_of_our_week_stand_in_the_file() -> None:
    assert sum((block.to - block.from_) * len(block.days) for block in OURS.hours) == 168 * 60


def test_a_bank_holiday_is_no_working_day() -> None:
    assert is_working_day(OURS, date(2026, 11, 23))
    assert not is_working_day(OURS, date(2026, 12, 25))


@pytest.mark.parametrize(
    ("town", "district"),
    [
        ("Kidderminster", "wyre-forest"),
        ("stourport-on-severn", "wyre-forest"),
        (" EVESHAM ", "wychavon"),
        ("wychavon", "wychavon"),
        ("Birmingham", None),
        ("", None),
    ],
)
def test_a_town_is_kept_only_as_its_district(town: str, district: str | None) -> None:
    found = district_of(OURS, town)
    assert (found.id if found else None) == district


def test_the_districts_that_can_be_tapped_are_those_of_the_area() -> None:
    asked = load_questions(DATA / "questions.yml").question("about-town")
    assert [answer.id for answer in asked.answers] == [*(each.id for each in OURS.districts), "elsewhere"]


def test_a_day_belongs_to_one_period_or_none() -> None:
    found = period_of(OURS, date(2026, 11, 23))
    assert found is not None
    assert found.id == "2026-autumn"
    assert period_of(OURS, date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("council:", "councl:", "'council' is missing"),
        ("time_zone: Europe/London", "time_zone: Europe/Worcester", "No time zone"),
        ("country: GB", "country: XX", "No bank holidays"),
        ('from: "16:30", to: "24:00"', 'from: "16:00", to: "24:00"', "earlier line too"),
        ('from: "16:30", to: "24:00"', 'from: "16:30", to: "9:00"', "end before they begin"),
        ('from: "16:30"', "from: half four", "not a time like"),
        ('from: "16:30"', 'from: "16:75"', "not a time of the day"),
        ("who: staffed", "who: nobody", "Nobody is ever there"),
        ("from: 2026-01-01", "from: 2025-12-01", "before the last one ends"),
        ("towns: [Redditch,", "towns: [Worcester, Redditch,", "in 'redditch' too"),
        ('number: "116 123"', 'number: "ring us"', "'number' does not fit"),
        ("checked_on: 2026-11-23", "checked_on: lately", "'checked_on' does not fit"),
    ],
)
def test_a_broken_area_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, what: str) -> None:
    text = (DATA / "area.yml").read_text()
    assert old in text
    file = tmp_path / "area.yml"
    file.write_text(text.replace(old, new))
    with pytest.raises(BrokenDataFile) as error:
        load_area(file)
    assert what in error.value.what
    assert error.value.line >= 1
    assert error.value.what_to_do


def test_a_team_for_the_night_is_named_as_such(tmp_path: Path) -> None:
    text = (DATA / "area.yml").read_text().replace("who: nobody", "who: out_of_hours")
    file = tmp_path / "area.yml"
    file.write_text(text)
    there = who_is_there(load_area(file), at("2026-11-23 20:00"))
    assert (there.who, there.team) == (Who.OUT_OF_HOURS, "night")
