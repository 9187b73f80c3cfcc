"""What is known of a group session: where it is, who leads it, whom to ring, and from when to when."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from itertools import pairwise
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from core.errors import Refusal
from core.text.english import all_english_words
from core.text.name_words import PART_OF_NAME

LONGEST: Final = 60
"""Bytes of a name or number; five of them fit into what each conversation keeps free for a group session."""
FEWEST_DIGITS: Final = 6
MOST_AHEAD: Final = timedelta(days=90)
EARLY = LATE = timedelta(minutes=30)
"""A helper gets devices ready, and a session may run over: the code works so long before and after."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_APOSTROPHES: Final = re.compile("[\u2018\u2019\u02bc\u00b4`]")
_OWNS: Final = re.compile(r"'s\b")


class NotAGroup(Refusal):
    """Something is missing or wrong in what was typed of a group session; `field` says where."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    field: ClassVar[str]


class NoSetting(NotAGroup):
    """Nobody could find the young people without it."""

    field = "setting"
    words = "Please write where the session is."


class NoLeader(NotAGroup):
    """Who leads the session is asked first when a child there may not be safe."""

    field = "leader"
    words = "Please write who leads the session."


class NoLead(NotAGroup):
    """The safeguarding lead of the setting is whom a concern leads to."""

    field = "lead"
    words = "Please write who the safeguarding lead there is."


class NoLeaderNumber(NotAGroup):
    """A number to ring them on."""

    field = "leader-phone"
    words = "Please write a phone number for who leads the session."


class NoLeadNumber(NotAGroup):
    """A number to ring them on."""

    field = "lead-phone"
    words = "Please write a phone number for the safeguarding lead there."


class NoDay(NotAGroup):
    """No day, or one that is over or far off."""

    field = "day"
    words = "Please pick a day from today on, at most 90 days away."


class NoTimes(NotAGroup):
    """The times can't be read, or the session would end before it begins, or is over."""

    field = "from"
    words = "Please write times like 09:30. The end must be later than the start, and later than now."


@dataclass(frozen=True, slots=True)
class TypedGroup:
    """A group session as it was typed: a day like "2026-11-30", times like "09:30"."""

    setting: str = ""
    leader: str = ""
    leader_phone: str = ""
    lead: str = ""
    lead_phone: str = ""
    day: str = ""
    from_: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group session; `lead` is the safeguarding lead of the setting.

    `told` is what the helper said for all of them: question id to answer id, of town and place of learning.
    """

    setting: str
    leader: str
    leader_phone: str
    lead: str
    lead_phone: str
    begins_at: datetime
    ends_at: datetime
    told: Mapping[str, str]

    def opens(self, now: datetime) -> bool:
        """Say whether its code works now."""
        return self.begins_at - EARLY <= now <= self.ends_at + LATE

    def is_over(self, now: datetime) -> bool:
        """Say whether its code will never work again."""
        return now > self.ends_at + LATE

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON, to be sealed."""
        times = {"begins_at": self.begins_at.isoformat(), "ends_at": self.ends_at.isoformat()}
        return asdict(self) | times


def group_of(written: Mapping[str, Any]) -> Group:
    """Read what `as_json` gave."""
    times = {name: datetime.fromisoformat(written[name]) for name in ("begins_at", "ends_at")}
    return Group(**{**written, **times})


def read_group(typed: TypedGroup, *, told: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Group:
    """Read what a member of staff typed; a NotAGroup says what to put right."""
    setting, leader = _name(typed.setting, NoSetting), _name(typed.leader, NoLeader)
    leader_phone = _number(typed.leader_phone, NoLeaderNumber)
    lead, lead_phone = _name(typed.lead, NoLead), _number(typed.lead_phone, NoLeadNumber)
    begins_at, ends_at = _times(typed, zone, now)
    return Group(setting, leader, leader_phone, lead, lead_phone, begins_at, ends_at, dict(told))


def names_staff(group: Group, text: str) -> bool:
    """Say whether words name who leads the session, or the safeguarding lead of its setting.

    A part of a name counts alone unless it is an everyday word ("Will", "King"): then only beside the other part or
    after a title.
    """
    said = _words(text)
    return any(_names(said, _words(person)) for person in (group.leader, group.lead))


def _names(said: list[str], person: list[str]) -> bool:
    parts = [part for part in person if part not in PART_OF_NAME and len(part) > 1]
    rare = [part for part in parts if part not in all_english_words()]
    if any(word in said for part in rare for word in (part, f"{part}s")):
        return True
    beside = set(pairwise(parts)) | {(title, part) for title in PART_OF_NAME for part in parts}
    return any(
        (first, word) in beside or (first, word.removesuffix("s")) in beside for first, word in pairwise(said)
    )


def _words(text: str) -> list[str]:
    """Give its words without accents and apostrophes: who writes a name leaves them out."""
    marked = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", text)).casefold()
    plain = "".join(each for each in marked if not unicodedata.combining(each))
    return _WORD.findall(_OWNS.sub("", plain).replace("'", ""))


def _name(typed: str, missing: type[NotAGroup]) -> str:
    name = " ".join(typed.split())
    if not name or len(name.encode()) > LONGEST:
        raise missing
    return name


def _number(typed: str, missing: type[NotAGroup]) -> str:
    """Take a number as people write it, with an extension or a word beside it: a person reads it."""
    number = _name(typed, missing)
    if sum(each.isdigit() for each in number) < FEWEST_DIGITS:
        raise missing
    return number


def _times(typed: TypedGroup, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    try:
        day = date.fromisoformat(typed.day.strip())
    except ValueError as error:
        raise NoDay from error
    today = now.astimezone(zone).date()
    if not today <= day <= today + MOST_AHEAD:
        raise NoDay
    try:
        begins, ends = (time.fromisoformat(each.strip()) for each in (typed.from_, typed.to))
    except ValueError as error:
        raise NoTimes from error
    begins_at, ends_at = (
        datetime.combine(day, each.replace(tzinfo=None), zone).astimezone(UTC) for each in (begins, ends)
    )
    if not begins_at < ends_at or ends_at <= now:
        raise NoTimes
    return begins_at, ends_at
