"""Play the invented people through core: every word is accepted, answered and kept as a real one would be.

Only the bot and the clock are the demo's. People of one day talk side by side, each their own lines in order.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.demo.made import MARK
from app.demo.people import Line, Person
from core.area_file import Period
from core.conversation.accept import accept_message
from core.conversation.accept_text import accept_text
from core.conversation.answer import answer_next
from core.conversation.arrived import Accepted, Inbound, InboundText
from core.conversation.house import House
from core.conversation.opening import open_conversation
from core.conversation.overhear import overhear_next
from core.conversation.transcript import messages_after
from core.ids import ConversationId, new_id

AFTER_SCHOOL = time(15, 30, tzinfo=UTC)
SATURDAY = 5


class DemoClock:
    """A clock that shows the day that is played."""

    def __init__(self) -> None:
        self.at = datetime(1970, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Show the time that it was set to."""
        return self.at


@dataclass(slots=True)
class _Talk:
    """One person in the middle of their conversation; `seq` is what they have read."""

    person: Person
    conversation: ConversationId | None = None
    seq: int = 0


async def play_period(
    house: House, clock: DemoClock, period: Period, people: Sequence[Person], *, tell: Callable[[int], None]
) -> None:
    """Let the people talk on the weekdays of a period; `tell` is given how many are done with each day."""
    days = _weekdays(period)
    for place, day in enumerate(days):
        today = people[place * len(people) // len(days) : (place + 1) * len(people) // len(days)]
        await _play_day(house, clock, day, today)
        tell(len(today))


async def _play_day(house: House, clock: DemoClock, day: date, people: Sequence[Person]) -> None:
    talks = [_Talk(person) for person in people]
    for minute in range(max((len(person.lines) for person in people), default=0)):
        clock.at = datetime.combine(day, AFTER_SCHOOL) + timedelta(minutes=minute)
        talking = [talk for talk in talks if minute < len(talk.person.lines)]
        await asyncio.gather(*(_take_turn(house, talk, minute) for talk in talking))


async def _take_turn(house: House, talk: _Talk, minute: int) -> None:
    """Say one line and let it be answered; a phone's first words are answered together with its second.

    After the last line, what no answer takes is listened to.
    """
    accepted = await _say(house, talk, talk.person.lines[minute])
    talk.conversation, talk.seq = accepted.conversation, accepted.seq
    for _ in range(2 if talk.person.number and minute == 1 else 1):
        await answer_next(house, accepted.conversation)
    if talk.person.lines[minute + 1 :]:
        return
    while await overhear_next(house, accepted.conversation):
        continue  # else the service would hear it at its next start, and call real people about it


async def _say(house: House, talk: _Talk, line: Line) -> Accepted:
    number, choice = talk.person.number, None
    if talk.conversation is None and number is None:
        talk.conversation = (await open_conversation(house)).conversation
    if line.is_tapped and talk.conversation is not None:
        choice = await _offered(house, talk.conversation, talk.seq, line.words)
    if talk.conversation is None or number is not None:
        words = str(choice.number) if choice else line.words
        return await accept_text(house, InboundText(number or "", _own_id(), words))
    text, tapped = (None, choice.id) if choice else (line.words, None)
    return await accept_message(house, Inbound(talk.conversation, _own_id(), text, tapped))


@dataclass(frozen=True, slots=True)
class _Offered:
    """A choice that was offered: its id on the web, its number by text."""

    id: str
    number: int


async def _offered(house: House, conversation: ConversationId, seq: int, label: str) -> _Offered:
    """Find the newest choice with this label among what was said after a seq."""
    shown = await messages_after(house, conversation, seq)
    found = [
        _Offered(choice.id, number)
        for message in shown
        for number, choice in enumerate(message.choices, start=1)
        if choice.label == label
    ]
    return found[-1]


def _own_id() -> str:
    return f"{MARK}{new_id()}"


def _weekdays(period: Period) -> list[date]:
    days = (period.from_ + timedelta(days=n) for n in range((period.to - period.from_).days + 1))
    return [day for day in days if day.weekday() < SATURDAY]
