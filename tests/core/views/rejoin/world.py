"""A term in which 1,200 invented people talk to the real core, and what a thief of backups would hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import select, text

from core.conversation.keys_of import KeysOfConversations, with_open_concern
from core.conversation.rows import add_conversation, add_heard
from core.conversation.say import Said
from core.conversation.speak import speak
from core.conversation.tables import Channel, Conversation, Progress
from core.database import Store
from core.ids import ConversationId, new_id
from core.keys import ServiceKeys, service_keys
from core.sealing import Keyring
from core.views.batches import BatchRules
from core.views.move import Mover, move_views
from core.views.record import Profile, View, record_permission, record_view
from core.views.tables import ConversationTag
from core.views.waiting import open_tag
from core.young_people.contact import keep_contact
from tests.builders import settings_for_tests
from tests.core.views.people import AUTUMN, THEMES
from tests.core.views.rejoin.attacker import Row, Step, Tables
from tests.fakes import FakeClock
from tests.stores import Stores

PEOPLE = 1200
DAYS = 4
MEASURES = tuple(f"edu-{number}" for number in range(1, 9))
QUESTION = Said("What is school like for you? You can say it in your own words.", "What is school like?")
SEALS = Keyring((("v", b"v" * 32),))
LONG = 0.02
PERMITTING = 0.4


@dataclass
class Term:
    """The stores, and what only we know: whose every name in the views store is."""

    stores: Stores
    rng: Random
    permits: Random = field(default_factory=lambda: Random(1))
    keys: ServiceKeys = field(default_factory=lambda: service_keys(settings_for_tests()))
    steps: list[Step] = field(default_factory=list)
    owner: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    began: dict[str, datetime] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    async def play(self, people: int = PEOPLE) -> None:
        """Let people talk day by day; a batch leaves in each night, the rest when the term is over."""
        for day in range(DAYS):
            morning = datetime(2026, 11, 2 + day, 9, tzinfo=UTC)
            for number in range(people // DAYS):
                await self._talk(morning + timedelta(minutes=number), f"+447700{day}{number:05d}")
            await self._move(FakeClock(morning + timedelta(hours=15)))
        await self._move(FakeClock(datetime(2026, 12, 19, tzinfo=UTC)))
        await self._learn_owners()

    async def _talk(self, now: datetime, number: str) -> None:
        channel = self.rng.choice(list(Channel))
        async with self.stores.service.write() as session:
            contact = await keep_contact(session, number, self.keys, now) if channel == Channel.SMS else None
            row, _, key = await add_conversation(
                session, self.keys, channel=channel, mirrored=False, now=now, contact=contact
            )
            conversation = ConversationId(row.id)
            self.began[row.id] = now
            for view in self._views(channel):
                words = view.text or view.answer or ""
                self.longest[row.id] = max(self.longest.get(row.id, 0), len(words))
                body = {"text": words, "choice": None, "heard": None}
                add_heard(
                    session, row, key, external_id=new_id(), body=body, progress=Progress.ANSWERED, now=now
                )
                await speak(session, row, key, [QUESTION], now)
                await record_view(session, conversation=conversation, key=key, view=view, period=AUTUMN.id)
                if view.text is not None and self.permits.random() < PERMITTING:
                    await record_permission(
                        session, conversation=conversation, key=key, period=AUTUMN.id, may_quote=True
                    )

    def _views(self, channel: str) -> Iterator[View]:
        profile = Profile(
            channel,
            district=self.rng.choice(["redditch", "worcester", "wychavon"]),
            age=self.rng.choice(["11-12", "13-15", "16-17"]),
            anchored=channel == Channel.SMS,
        )
        for measure in MEASURES[: self.rng.randint(2, len(MEASURES))]:
            answer = self.rng.choice(["good", "middle", "bad"])
            yield View(measure, "education", answer=answer, profile=profile)
        if self.rng.random() < 0.5:
            letters = (
                self.rng.randint(1000, 1900) if self.rng.random() < LONG * 2 else self.rng.randint(10, 180)
            )
            yield View("said", "education", text=("it is too loud " * 200)[:letters], profile=profile)

    async def _move(self, clock: FakeClock) -> None:
        before = await photograph(self.stores.service), await photograph(self.stores.views)
        await move_views(self._mover(), clock=clock, rng=self.rng)
        after = await photograph(self.stores.service), await photograph(self.stores.views)
        self.steps.append(Step(before[0], after[0], before[1], after[1]))

    def _mover(self) -> Mover:
        return Mover(
            service=self.stores.service,
            views=self.stores.views,
            keys=KeysOfConversations(self.keys),
            concerns=with_open_concern,
            seals=SEALS,
            themes=THEMES,
            periods=(AUTUMN,),
            rules=BatchRules(),
        )

    async def _learn_owners(self) -> None:
        """Open the sealed tags, as only who holds the service key can: that is the truth to compare with."""
        async with self.stores.service.read() as session:
            for row in await session.scalars(select(ConversationTag)):
                whole = await session.get_one(Conversation, row.conversation_id)
                key = self.keys.open_conversation_key(whole.sealed_key, ConversationId(whole.id))
                tag = open_tag(row.sealed, key, conversation=ConversationId(whole.id), period=AUTUMN.id)
                self.tags[whole.id] = tag.tag
                self.owner[tag.tag] = whole.id
                for measure in (*MEASURES, "said", "area:education"):
                    self.owner[tag.person(measure)] = whole.id
        for table in ("views", "people"):
            for held in self.steps[-1].views_after[table]:
                self.rows[f"{table}:{held.get('id') or held['tag']}"] = self.owner_of(held) or ""

    def owner_of(self, row: Row) -> str | None:
        return self.owner.get(row.get("person") or row["tag"])

    def row_owner(self, name: str) -> str | None:
        """Whose row it is, by the name that the attacker gives it: its table and key."""
        return self.rows.get(name)

    def unpadded(self, message: Row) -> Row:
        """A message as it would lie there if its words took only the room they need."""
        if message["author"] != "you":
            return {**message, "sealed_body": b"x" * len(QUESTION.text)}
        return {**message, "sealed_body": b"x" * self.longest[message["conversation_id"]]}


async def photograph(store: Store) -> Tables:
    """Copy every row of every table, in the order in which they lie."""
    taken: dict[str, Sequence[Row]] = {}
    async with store.read() as session:
        connection = await session.connection()
        names = await connection.run_sync(lambda sync: sync.dialect.get_table_names(sync))
        for name in names:
            rows = await session.execute(text(f'SELECT * FROM "{name}"'))
            taken[name] = [dict(row) for row in rows.mappings()]
    return taken
