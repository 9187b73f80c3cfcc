"""Young people who say things, and the mover that moves what they said."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area_file import Period
from core.ids import ConversationId, new_id
from core.sealing import Keyring, new_key
from core.views.batches import BatchRules
from core.views.move import Mover
from core.views.record import Profile, View, record_permission, record_view, take_back_view
from core.views.tables import HeldPerson, HeldView
from core.views.themes import Themes, load_themes
from tests.stores import Stores

THEMES: Themes = load_themes(Path(__file__).resolve().parents[3] / "data" / "themes.yml")


def term(name: str, first: date, last: date) -> Period:
    return Period.model_validate({"id": name, "name": name, "from": first, "to": last})


AUTUMN = term("2026-autumn", date(2026, 9, 1), date(2026, 12, 18))
SPRING = term("2027-spring", date(2027, 1, 4), date(2027, 3, 25))
SEALS = Keyring((("v", b"v" * 32),))


@dataclass
class People:
    """Conversations by name, with the key of each and the concerns that are open."""

    stores: Stores
    keys: dict[ConversationId, bytes] = field(default_factory=dict)
    unsafe: set[ConversationId] = field(default_factory=set)

    def come(self, number: int) -> list[ConversationId]:
        came = [ConversationId(new_id()) for _ in range(number)]
        self.keys |= {each: new_key() for each in came}
        return came

    async def say(self, who: ConversationId, view: View, period: Period = AUTUMN) -> None:
        async with self.stores.service.write() as session:
            await record_view(session, conversation=who, key=self.keys[who], view=view, period=period.id)

    async def all_say(self, everyone: Sequence[ConversationId], view: View, period: Period = AUTUMN) -> None:
        async with self.stores.service.write() as session:
            for who in everyone:
                await record_view(session, conversation=who, key=self.keys[who], view=view, period=period.id)

    async def take_back(self, who: ConversationId, measure: str) -> None:
        async with self.stores.service.write() as session:
            await take_back_view(session, conversation=who, key=self.keys[who], measure=measure)

    async def let_words_be_used(
        self, who: ConversationId, *, may_quote: bool = True, period: Period = AUTUMN
    ) -> None:
        async with self.stores.service.write() as session:
            await record_permission(
                session, conversation=who, key=self.keys[who], period=period.id, may_quote=may_quote
            )

    async def held(self) -> list[HeldView]:
        async with self.stores.views.read() as session:
            return list(await session.scalars(select(HeldView)))

    async def tags(self) -> list[str]:
        async with self.stores.views.read() as session:
            return list(await session.scalars(select(HeldPerson.tag)))

    def mover(self, rules: BatchRules | None = None) -> Mover:
        async def keys(
            session: AsyncSession, conversations: Sequence[ConversationId]
        ) -> Mapping[ConversationId, bytes]:
            del session
            return {each: self.keys[each] for each in conversations if each in self.keys}

        async def concerns(
            session: AsyncSession, conversations: Sequence[ConversationId]
        ) -> AbstractSet[ConversationId]:
            del session
            return self.unsafe & set(conversations)

        return Mover(
            service=self.stores.service,
            views=self.stores.views,
            keys=keys,
            concerns=concerns,
            seals=SEALS,
            themes=THEMES,
            periods=(AUTUMN, SPRING),
            rules=rules or BatchRules(),
        )


BY_TEXT = Profile("sms", district="redditch", age="13-15", helped_by="nobody", place="school", anchored=True)


def answers(measure: str = "edu-safe", answer: str = "safe", profile: Profile = BY_TEXT) -> View:
    return View(measure, "education", answer=answer, profile=profile)


def words(
    text: str, measure: str = "said", area: str | None = "education", profile: Profile = BY_TEXT
) -> View:
    return View(measure, area, text=text, profile=profile)


def dice(seed: int = 1) -> Random:
    return Random(seed)
