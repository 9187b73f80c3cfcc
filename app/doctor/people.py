"""Whether somebody is there to read a concern: leads, the rota, each hour of the week, and who has two jobs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations

from app.doctor.finding import Finding
from core.area import Area, Who
from core.safeguarding.rota_rules import Day, Turn, hours_uncalled
from core.staff.accounts import StaffMember
from core.staff.roles import Role, may_not_be_one_person

NUMBER_IS_OLD = timedelta(days=180)


def examine_people(
    area: Area, staff: Sequence[StaffMember], turns: Sequence[Turn], today: date
) -> Iterator[Finding]:
    """Yield what is missing around the people; `staff` and `turns` as the service store has them."""
    here = [each for each in staff if not each.has_left]
    yield from _leads(here)
    yield from _complaints(here)
    yield from _rota(area, turns)
    yield from _hours(area, turns)
    yield from _two_jobs(here)
    yield from _numbers(area, today)


def _leads(here: Iterable[StaffMember]) -> Iterator[Finding]:
    leads = [each for each in here if each.role is Role.SAFEGUARDING_LEAD]
    if not leads:
        mend = "Add one: haveyoursay staff add EMAIL --role safeguarding-lead"
        yield Finding("Nobody reads concerns: there is no safeguarding lead.", mend)
    elif all(each.is_locked for each in leads):
        mend = "Open one on /staff/accounts."
        yield Finding("Nobody reads concerns: every safeguarding lead's account is locked.", mend)


def _complaints(here: Iterable[StaffMember]) -> Iterator[Finding]:
    if not any(each.role is Role.COMPLAINTS_OFFICER and not each.is_locked for each in here):
        mend = "Add one: haveyoursay staff add EMAIL --role complaints-officer"
        yield Finding("Nobody reads complaints: there is no complaints officer who can sign in.", mend)


def _rota(area: Area, turns: Sequence[Turn]) -> Iterator[Finding]:
    if not turns:
        yield Finding(
            "The rota is empty: no one is called about a concern.",
            "Fill it: haveyoursay rota add EMAIL --mobile NUMBER",
        )
        return
    if not any(turn.mobile for turn in turns):
        wrong = "Nobody on the rota has a mobile number, so alerts go by e-mail alone."
        yield Finding(wrong, "Add a number on /staff/rota.")
    promised = in_words(hours_uncalled(turns, area, Who.STAFFED))
    if promised:
        wrong = f"The area file says that the safety team reads, and nobody has a turn: {promised}."
        yield Finding(wrong, "Fill these hours on /staff/rota, or change `hours` in the area file.")


def _hours(area: Area, turns: Sequence[Turn]) -> Iterator[Finding]:
    empty = in_words(hours_uncalled(turns, area, Who.NOBODY))
    if not empty:
        return
    accepted = area.nobody_accepted_by
    if accepted is None:
        mend = (
            "Let another team agree to read then, or let a director accept it by name: "
            "nobody_accepted_by in the area file."
        )
        yield Finding(f"Nobody reads at these hours: {empty}.", mend)
    else:
        wrong = f"Nobody reads at some hours; accepted by {accepted.name}, {accepted.post}, on {accepted.on}."
        yield Finding(wrong, "Ask again each year.", stops=False)


def _two_jobs(here: Iterable[StaffMember]) -> Iterator[Finding]:
    for one, other in combinations(here, 2):
        if one.name.casefold() == other.name.casefold() and may_not_be_one_person(one.role, other.role):
            wrong = f"{one.name} has an account as {one.role} and one as {other.role}."
            mend = "Is this one person? Who knows young people by name can not see what all of them say too."
            yield Finding(wrong, mend, stops=False)


def _numbers(area: Area, today: date) -> Iterator[Finding]:
    numbers = (getattr(area.numbers, name) for name in type(area.numbers).model_fields)
    for number in numbers:
        if today - number.checked_on > NUMBER_IS_OLD:
            wrong = f"{number.name} ({number.number}) was last checked on {number.checked_on}."
            yield Finding(wrong, "Ring it, and write the day into the area file.", stops=False)


def examine_reviews(late_since: datetime | None, now: datetime) -> Iterator[Finding]:
    """Yield what the second listener let pass and no person has read in its time, if anything."""
    if late_since is not None:
        days = (now - late_since).days
        wrong = f"What the second listener let pass waits for a person, the oldest for {days} days."
        mend = "A safeguarding lead should read it now, on /staff/review."
        yield Finding(wrong, mend, stops=False)


def in_words(hours: Iterable[tuple[Day, int, int]]) -> str:
    """Write stretches of the week as people say them: "monday 09:00-17:00, tuesday 09:00-12:00"."""
    return ", ".join(f"{day.replace('_', ' ')} {_clock(from_)}-{_clock(to)}" for day, from_, to in hours)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
