"""Keep what a young person thinks, sealed, until it is moved to where nobody knows who said it.

These functions run inside the transaction that ends a turn, and commit nothing themselves.
"""

from dataclasses import dataclass, field, replace

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import ConversationId, PeriodId
from core.views.tables import ConversationTag, WaitingViews
from core.views.waiting import (
    OWN_WORDS,
    SAID_FOR,
    SAID_MANY_TIMES,
    Entry,
    Profile,
    Tag,
    Waiting,
    new_tag,
    open_tag,
    open_waiting,
    permission,
    seal_tag,
    seal_waiting,
    slot_for,
)

__all__ = [
    "OWN_WORDS",
    "SAID_FOR",
    "Profile",
    "View",
    "forget_conversation",
    "forget_tags",
    "join_tags",
    "keep_tag",
    "put_entry",
    "record_permission",
    "record_profile",
    "record_view",
    "tag_of_period",
    "take_back_view",
    "take_back_words",
]


@dataclass(frozen=True, slots=True)
class View:
    """One answer to one question, one thing said in a young person's own words, or one unmet need.

    `measure` is the question's id, `said` or `unmet-need`. `text` has had personal details taken out. Where
    there is text, `answer` may be how the young person says it is meant: good, mixed or bad. `name` tells apart
    what can be said many times, so that it can be corrected or taken back. `may_quote`: the words may be used.
    """

    measure: str
    area: str | None = None
    answer: str | None = None
    text: str | None = None
    profile: Profile = field(default_factory=lambda: Profile("web"))
    name: str | None = None
    may_quote: bool = False


async def record_view(
    session: AsyncSession,
    *,
    conversation: ConversationId,
    key: bytes,
    view: View,
    period: PeriodId,
    seed: str | None = None,
) -> None:
    """Put a view among those that wait; it takes the place of an earlier answer to the same question.

    `seed` is what the conversations of one person share, once they are joined.
    """
    slot, may_quote = slot_for(view.measure, view.name), view.may_quote and view.text is not None
    entry = Entry(period, slot, view.measure, view.area, view.answer, view.text, may_quote=may_quote)
    await put_entry(session, conversation, key, entry=entry, profile=view.profile)
    had = tag = await tag_of_period(session, conversation, key, period, seed)
    if view.measure in SAID_MANY_TIMES:
        tag = replace(tag, last={**tag.last, view.measure: entry.slot})
    if tag != had:
        await keep_tag(session, conversation, key, period, tag)


async def tag_of_period(
    session: AsyncSession, conversation: ConversationId, key: bytes, period: PeriodId, seed: str | None
) -> Tag:
    """Give a conversation's tag for a period; it is drawn and kept when there is none yet."""
    tags = await _open_tags(session, conversation, key)
    if period in tags:
        return tags[period]
    tag = new_tag(1 + max((each.number for each in tags.values()), default=0), period, seed)
    await keep_tag(session, conversation, key, period, tag)
    return tag


async def join_tags(
    session: AsyncSession,
    period: PeriodId,
    seed: str,
    *,
    first: tuple[ConversationId, bytes],
    second: tuple[ConversationId, bytes],
) -> None:
    """Let two conversations have one tag in this period, the first one's; the second's own is kept to be erased by."""
    tag = await tag_of_period(session, *first, period, seed)
    had = await tag_of_period(session, *second, period, seed)
    if had.tag != tag.tag:
        earlier = (*tag.earlier, *had.earlier, (had.tag, had.secret))
        await keep_tag(session, *second, period, replace(tag, number=had.number, earlier=earlier))


async def keep_tag(
    session: AsyncSession, conversation: ConversationId, key: bytes, period: PeriodId, tag: Tag
) -> None:
    """Keep a conversation's tag for a period, in the place of the one it had."""
    sealed = seal_tag(tag, key, conversation=conversation, period=period)
    await session.merge(ConversationTag(conversation_id=conversation, period=period, sealed=sealed))
    await session.flush()


async def take_back_view(
    session: AsyncSession,
    *,
    conversation: ConversationId,
    key: bytes,
    measure: str,
    said: tuple[PeriodId, str] | None = None,
) -> None:
    """Take back the last answer to a measure, or what was said in a period under a name; moved or not."""
    tags = await _open_tags(session, conversation, key)
    if not tags or (said and said[0] not in tags):
        return
    period = said[0] if said else max(tags, key=lambda each: tags[each].number)
    last = tags[period].last.get(measure) if measure in SAID_MANY_TIMES else measure
    slot = slot_for(measure, said[1]) if said else last
    if slot is not None:
        await put_entry(session, conversation, key, entry=Entry(period, slot, measure, is_taken_back=True))


async def take_back_words(
    session: AsyncSession, *, conversation: ConversationId, key: bytes, words: str
) -> None:
    """Take back each view that waits with these words, to whatever question; tapped answers stay."""
    row = await session.get(WaitingViews, conversation, with_for_update=True)
    if row is None:
        return
    waiting = open_waiting(row.sealed, key, conversation)
    for entry in waiting.entries:
        if entry.text == words:
            waiting = waiting.put(Entry(entry.period, entry.slot, entry.measure, is_taken_back=True))
    row.sealed = seal_waiting(waiting, key, conversation)


async def record_profile(
    session: AsyncSession, *, conversation: ConversationId, key: bytes, profile: Profile
) -> None:
    """Put what a person told about themselves, or that they are anchored now, beside the views that wait."""
    row = await session.get(WaitingViews, conversation, with_for_update=True)
    if row is not None:
        waiting = open_waiting(row.sealed, key, conversation)
        row.sealed = seal_waiting(replace(waiting, profile=profile), key, conversation)


async def record_permission(
    session: AsyncSession, *, conversation: ConversationId, key: bytes, period: PeriodId, may_quote: bool
) -> None:
    """Let the words of a period be used, or no more, moved or not; who said nothing in it has nothing to permit."""
    if await session.get(ConversationTag, (conversation, period)) is None:
        return
    row = await session.get(WaitingViews, conversation, with_for_update=True)
    if row is None:
        entry = permission(period, may_quote=may_quote)
        await put_entry(session, conversation, key, entry=entry)
        return
    waiting = open_waiting(row.sealed, key, conversation).permit(period, may_quote=may_quote)
    row.sealed = seal_waiting(waiting, key, conversation)


async def forget_conversation(session: AsyncSession, conversation: ConversationId) -> None:
    """Forget what waits, and the tags: nobody can tell any more which views were of this conversation."""
    await session.execute(delete(WaitingViews).where(WaitingViews.conversation_id == conversation))
    await session.execute(delete(ConversationTag).where(ConversationTag.conversation_id == conversation))


async def forget_tags(session: AsyncSession, period: PeriodId) -> None:
    """Forget every tag of a period, once its release is frozen."""
    await session.execute(delete(ConversationTag).where(ConversationTag.period == period))


async def put_entry(
    session: AsyncSession,
    conversation: ConversationId,
    key: bytes,
    *,
    entry: Entry,
    profile: Profile | None = None,
) -> None:
    """Put an entry among those that wait."""
    row = await session.get(WaitingViews, conversation, with_for_update=True)
    if row is None:
        waiting = Waiting(profile or Profile("web")).put(entry)
        session.add(
            WaitingViews(conversation_id=conversation, sealed=seal_waiting(waiting, key, conversation))
        )
        return
    waiting = open_waiting(row.sealed, key, conversation).put(entry, profile)
    row.sealed = seal_waiting(waiting, key, conversation)


async def _open_tags(session: AsyncSession, conversation: ConversationId, key: bytes) -> dict[PeriodId, Tag]:
    found = await session.scalars(_TAGS, {"its_id": conversation})
    return {
        PeriodId(row.period): open_tag(
            row.sealed, key, conversation=conversation, period=PeriodId(row.period)
        )
        for row in found
    }


_TAGS = select(ConversationTag).where(ConversationTag.conversation_id == bindparam("its_id"))
"""Made once: making it takes longer than SQLite takes to carry it out."""
