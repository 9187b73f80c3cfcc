"""Replay whole conversations through the real door, on the web and by text (scripts.py says how one is told)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from core.complaints.tables import Complaint
from core.conversation.house import House
from core.conversation.place import Place, read_place
from core.conversation.say import variant_for
from core.conversation.tables import Author, Conversation
from core.conversation.transcript import ShownMessage, read_messages
from core.ids import ConversationId
from core.local_offer.directory import ServiceId
from core.safeguarding.tables import Concern
from core.signposting.tables import SignpostingRequest
from core.text.messages import Variant, placeholders
from core.views.comments import is_comment
from core.views.tables import WaitingViews
from core.views.waiting import NO_VIEWS, Entry, open_waiting
from tests.bot.scripts import Script
from tests.builders import PhoneTalk, WebTalk
from tests.fakes import FakeClock

NUMBERS = r"(?:\n\d+ [^\n]*)*"
"""The choices, for who likes numbers only."""
COUNTED = {"request": SignpostingRequest, "complaint": Complaint, "concern": Concern}
NOBODY_YET = ConversationId("")


@dataclass
class Happened:
    """One step as it was played: what the young person did, and what was said after it."""

    you: str
    said: Sequence[ShownMessage]


@dataclass
class Replay:
    """A conversation while it is replayed on one channel."""

    house: House
    clock: FakeClock
    channel: str
    script: Script
    happened: list[Happened] = field(default_factory=list)
    conversation: ConversationId = NOBODY_YET
    web: WebTalk | None = None
    _seq: int = 0
    _marks: frozenset[str] = frozenset()
    _counts: Mapping[str, int] = field(default_factory=dict)

    async def play(self) -> None:
        """Play every step, and fail at the first that goes another way."""
        await self.begin()
        for number, step in enumerate(self.script.steps, start=1):
            if step.get("only", self.channel) != self.channel:
                continue
            where = f"{self.script.name}.yml on {self.channel}, step {number} ({step.get('you', step.get('tap'))})"
            said = await self.do(step)
            await self._check_said(step, said, where)
            await self._check_decided(step, where)

    async def begin(self) -> None:
        if self.channel == "web":
            self.web = await WebTalk.begin(self.house)
            self.conversation = self.web.conversation
        elif not self.script.begins_with_nothing:
            await self._type("hi")
            await self._type("1")
        await self._look()
        self.happened.append(Happened("", await self._said() if self.conversation else []))

    async def do(self, step: Mapping[str, Any]) -> Sequence[ShownMessage]:
        self.clock.go_on(**step.get("wait", {}))
        if "tap" in step:
            await self._tap(_here(step["tap"], self.channel))
        elif "you" in step:
            await self._type(step["you"])
        said = await self._said()
        did = step.get("you") or (_here(step["tap"], self.channel) if "tap" in step else "")
        self.happened.append(Happened(did, said))
        return said

    async def _type(self, words: str) -> None:
        if self.web is not None:
            await self.web.say(words)
        else:
            accepted = await PhoneTalk(self.house).text(words)
            self.conversation = accepted.conversation

    async def _tap(self, label: str) -> None:
        offered = [each for each in await self._messages() if label in _labels(each)]
        assert offered, f"{self.script.name}: nothing offers {label!r}"
        if self.web is not None:
            await self.web.tap(label)
        else:
            await self._type(str(_labels(offered[-1]).index(label) + 1))

    async def _messages(self) -> Sequence[ShownMessage]:
        async with self.house.service.read() as session:
            return await read_messages(session, self.house.keys, self.conversation)

    async def _said(self) -> Sequence[ShownMessage]:
        """Give what was said since the last time."""
        new = [each for each in await self._messages() if each.seq > self._seq]
        self._seq = max((each.seq for each in new), default=self._seq)
        return [each for each in new if each.author is not Author.YOU]

    async def _check_said(self, step: Mapping[str, Any], said: Sequence[ShownMessage], where: str) -> None:
        place = await self.place()
        if "bot" in step:
            wanted = _here(step["bot"], self.channel)
            assert len(wanted) == len(said), (
                f"{where}: wanted {wanted}, was told {[each.text for each in said]}"
            )
            for name, message in zip(wanted, said, strict=True):
                self.check_one(name, message, place, where)
        elif "ends" in step:
            assert said, f"{where}: nothing was said"
            self.check_one(_here(step["ends"], self.channel), said[-1], place, where)

    def check_one(self, name: str, message: ShownMessage, place: Place, where: str) -> None:
        pattern = self._pattern(name, variant_for(place.state))
        assert re.fullmatch(pattern + NUMBERS, message.text, re.DOTALL), (
            f"{where}: wanted {name}, was told {message.text!r}"
        )

    def _pattern(self, name: str, variant: Variant) -> str:
        kind, _, its_id = name.partition(" ")
        if kind == "question":
            return ".*" + re.escape(self.house.bank.question(its_id).words(variant))
        if kind == "service":
            entry = self.house.shelf.entry(ServiceId(its_id))
            assert entry is not None, f"no service has the id {its_id}"
            return ".*" + re.escape(entry.name) + ".*"
        words = self.house.catalogue.say(
            name, variant, **{each: f"<{each}>" for each in _values(self.house, name)}
        )
        return re.sub(r"<\w+>", ".*", re.escape(words).replace("\\<", "<").replace("\\>", ">"))

    async def _check_decided(self, step: Mapping[str, Any], where: str) -> None:
        before = self._counts
        kept, gone = await self._look()
        assert kept == step.get("keeps", []), f"{where}: kept {kept}"
        assert gone == step.get("takes_back", []), f"{where}: took back {gone}"
        new = {name: count - before[name] for name, count in self._counts.items()}
        for sent in ("request", "complaint"):
            assert new[sent] == (1 if step.get("sends") == sent else 0), f"{where}: {new} sent"
        assert new["concern"] == (1 if "concern" in step else 0), f"{where}: {new} heard"
        state = (await self.place()).state
        left = {name: state.get(name) for name in step.get("leaves", {})}
        assert left == step.get("leaves", {}), f"{where}: left {left}"

    async def _look(self) -> tuple[list[str], list[str]]:
        """Give what was kept and taken back since the last look, and count requests and concerns."""
        async with self.house.service.read() as session:
            row = await session.get(WaitingViews, self.conversation)
            key = (await self._place_and_key())[1] if row else b""
            waiting = open_waiting(row.sealed, key, self.conversation).entries if row else ()
            entries = [each for each in waiting if each.measure not in NO_VIEWS]
            self._counts = {
                name: (await session.execute(select(func.count()).select_from(table))).scalar_one()
                for name, table in COUNTED.items()
            }
        new = [each for each in entries if each.mark not in self._marks]
        self._marks = frozenset(each.mark for each in entries)
        kept = [_named(each) for each in new if not each.is_taken_back]
        return kept, [each.measure for each in new if each.is_taken_back]

    async def place(self) -> Place:
        return (await self._place_and_key())[0]

    async def _place_and_key(self) -> tuple[Place, bytes]:
        async with self.house.service.read() as session:
            row = await session.get_one(Conversation, self.conversation)
            return read_place(row, self.house.keys)


def _here(told: Any, channel: str) -> Any:
    return told[channel] if isinstance(told, Mapping) else told


def _labels(message: ShownMessage) -> list[str]:
    return [choice.label for choice in message.choices]


def _named(entry: Entry) -> str:
    measure = entry.measure.partition(":")[0] if is_comment(entry.measure) else entry.measure
    return measure if entry.answer is None else f"{measure} = {entry.answer}"


def _values(house: House, name: str) -> frozenset[str]:
    return placeholders(house.catalogue.messages[name].in_variant(Variant.STANDARD))
