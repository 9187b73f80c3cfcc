"""Erase views from the store where nobody knows who said them: each night, all wishes of the day together.

A view that vanished at once would tell whoever watches both stores whose it was, and would tell a guesser of
codes that the guess was right.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import ConversationId, PeriodId, new_id
from core.sealing import Keyring, pad, seal, unpad, unseal
from core.views.tables import ConversationTag, ErasureWish, HeldPerson, HeldView, WaitingViews
from core.views.waiting import Tag, open_tag, open_waiting, seal_tag, seal_waiting

SMALLEST_WISH = 4096
AT_ONCE = 500


async def open_tags(session: AsyncSession, conversation: ConversationId, key: bytes) -> list[Tag]:
    """Open every tag that is still kept of a conversation, and the names that it had before it was joined."""
    wanted = select(ConversationTag).where(ConversationTag.conversation_id == conversation)
    tags = [
        open_tag(row.sealed, key, conversation=conversation, period=PeriodId(row.period))
        for row in await session.scalars(wanted)
    ]
    return [*tags, *(Tag(tag, secret, 0, {}) for each in tags for tag, secret in each.earlier)]


@dataclass(frozen=True, slots=True)
class Wish:
    """One person's wish: their tags, and the conversation to let go if nobody has spoken in it since then."""

    tags: tuple[Tag, ...]
    conversation: ConversationId
    heard_at: datetime


async def wish_erasure(session: AsyncSession, ring: Keyring, wish: Wish) -> None:
    """Keep a wish sealed until the night; one without a tag looks the same."""
    name = new_id()
    named = [(tag.tag, tag.secret) for tag in wish.tags]
    written = json.dumps([named, wish.conversation, wish.heard_at.isoformat()]).encode()
    sealed = seal(pad(written, smallest=SMALLEST_WISH), ring, row=wish_row(name))
    session.add(ErasureWish(id=name, sealed=sealed))


async def read_wishes(session: AsyncSession, ring: Keyring) -> dict[str, Wish]:
    """Open the wishes of the day, by id; CannotOpen as `unseal`."""
    opened = {}
    for row in await session.scalars(select(ErasureWish)):
        written = unpad(unseal(row.sealed, ring, row=wish_row(row.id)))
        named, conversation, heard_at = json.loads(written)
        tags = tuple(Tag(tag, secret, 0, {}) for tag, secret in named)
        opened[row.id] = Wish(tags, ConversationId(conversation), datetime.fromisoformat(heard_at))
    return opened


async def forget_wish(session: AsyncSession, wish: str) -> None:
    """Forget a wish that was done."""
    await session.execute(delete(ErasureWish).where(ErasureWish.id == wish))


async def erase_tags(session: AsyncSession, tags: Sequence[Tag]) -> None:
    """Delete everything that these people said, in the views store, whichever batch it came with."""
    measures = list(await session.scalars(select(HeldView.measure).distinct())) if tags else []
    persons = [tag.person(measure) for tag in tags for measure in measures]
    for start in range(0, len(persons), AT_ONCE):
        await session.execute(delete(HeldView).where(HeldView.person.in_(persons[start : start + AT_ONCE])))
    for start in range(0, len(tags), AT_ONCE):
        named = [tag.tag for tag in tags[start : start + AT_ONCE]]
        await session.execute(delete(HeldPerson).where(HeldPerson.tag.in_(named)))


async def periods_with_words(session: AsyncSession) -> dict[PeriodId, int]:
    """Count the views that still have their words, by period."""
    wanted = select(HeldView.period, func.count()).where(HeldView.sealed_text.is_not(None))
    found = await session.execute(wanted.group_by(HeldView.period))
    return {PeriodId(period): count for period, count in found}


async def erase_words_of(session: AsyncSession, period: PeriodId) -> None:
    """Erase the words, and nothing else, of the views of a period."""
    await session.execute(
        update(HeldView).where(HeldView.period == period).values(sealed_text=None, may_quote=False)
    )


async def reseal_waiting(
    session: AsyncSession, conversation: ConversationId, *, old: bytes, new: bytes
) -> bool:
    """Seal what waits, and the tags, anew under the conversation's new key; say whether something waits."""
    waiting = await session.get(WaitingViews, conversation, with_for_update=True, populate_existing=True)
    if waiting is not None:
        waiting.sealed = seal_waiting(open_waiting(waiting.sealed, old, conversation), new, conversation)
    wanted = select(ConversationTag).where(ConversationTag.conversation_id == conversation).with_for_update()
    for row in await session.scalars(wanted):
        period = PeriodId(row.period)
        tag = open_tag(row.sealed, old, conversation=conversation, period=period)
        row.sealed = seal_tag(tag, new, conversation=conversation, period=period)
    return waiting is not None


def wish_row(wish: str) -> str:
    """Name the row of a wish."""
    return f"erasure_wish:{wish}"
