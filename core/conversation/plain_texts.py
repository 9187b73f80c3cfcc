"""Write texts that came together with few statements: those of which nothing is to be done but to keep their words.

A text is plain when we know its phone, a conversation is under way there, and neither words nor pictures ask for
more. All others are written one by one (`accept_text`), and so is the second text of one phone, after its first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.accept import hear_here, keep_words
from core.conversation.arrived import (
    NUMBER_MAY_BE_ANOTHERS,
    READ_BACK_FOR,
    Accepted,
    Arrived,
    InboundText,
    Pace,
)
from core.conversation.heard_texts import which_first_time
from core.conversation.house import House
from core.conversation.page_parts import holds_old_words
from core.conversation.place import read_place
from core.conversation.reviewing import draw_if_typed
from core.conversation.tables import Conversation
from core.failpoint import Failpoint, pass_by
from core.group_commit import Alike
from core.ids import ContactId, ConversationId
from core.text.sms import opt_word
from core.young_people.consent import which_opted_out
from core.young_people.contact import hear_proven, hold_contacts, plain_number, pseudonyms_of


@dataclass(frozen=True, slots=True, eq=False)
class PlainText:
    """A text of whose words nothing was heard, as far as can be seen before its conversation is looked up."""

    house: House
    number: str
    sid: str
    words: str


def find_plain(house: House, inbound: InboundText, words: str) -> Alike | None:
    """Give how a text, of whose words nothing was heard, can be written with others; None when it asks for more."""
    asks_nothing = opt_word(words, stopped=False) is None and not inbound.has_pictures and words.strip()
    if not asks_nothing or not inbound.may_answer or inbound.pace is not Pace.WELL:
        return None
    return Alike(write_plain_texts, PlainText(house, plain_number(inbound.number), inbound.sid, words))


async def write_plain_texts(session: AsyncSession, texts: Sequence[PlainText]) -> list[Accepted | None]:
    """Write what is plain; None for each text that is to be written by itself."""
    house, now = texts[0].house, texts[0].house.clock()
    plain = await _read_plain(session, house, list(_first_of_each(texts)))
    new = await which_first_time(session, [text.sid for text in plain], now)
    plain = {text: arrived for text, arrived in plain.items() if text.sid in new}
    if plain:
        await hear_proven(
            session, [ContactId(row.conversation.contact_id or "") for row in plain.values()], now
        )
    kept = {text: keep_words(session, house, arrived, None) for text, arrived in plain.items()}
    await session.flush()
    for text, message in kept.items():
        pass_by(Failpoint.ACCEPT_WRITTEN)
        draw_if_typed(session, house, plain[text], message)
    return [
        Accepted(ConversationId(kept[text].conversation_id), kept[text].seq) if text in kept else None
        for text in texts
    ]


def _first_of_each(texts: Iterable[PlainText]) -> Iterator[PlainText]:
    """Leave out the second text of a phone, and the same text again: they come after the first."""
    seen: set[str] = set()
    for text in texts:
        if seen.isdisjoint((text.number, text.sid)):
            yield text
        seen.update((text.number, text.sid))


async def _read_plain(
    session: AsyncSession, house: House, texts: Sequence[PlainText]
) -> dict[PlainText, Arrived]:
    """Hold the conversations of the texts, and give those texts that are plain where their conversations stand."""
    contacts = await hold_contacts(session, [text.number for text in texts], house.keys)
    rows = await _hold_latest(session, contacts)
    names = {text.number: pseudonyms_of(text.number, house.keys) for text in texts}
    stopped = await which_opted_out(session, [name for some in names.values() for name in some])
    arrived = {
        text: _read_place_of(house, text, rows[text.number])
        for text in texts
        if text.number in rows and stopped.isdisjoint(names[text.number])
    }
    return {text: one for text, one in arrived.items() if one is not None}


async def _hold_latest(session: AsyncSession, contacts: Mapping[str, ContactId]) -> dict[str, Conversation]:
    """Hold the conversations that are under way with these phones; the one that began last counts."""
    query = select(Conversation).where(Conversation.contact_id.in_(contacts.values()))
    under_way = query.where(Conversation.finished_at.is_(None)).order_by(Conversation.started_at)
    held = under_way.with_for_update().execution_options(populate_existing=True)
    latest = {row.contact_id: row for row in await session.scalars(held)}
    return {number: latest[contact] for number, contact in contacts.items() if contact in latest}


def _read_place_of(house: House, text: PlainText, row: Conversation) -> Arrived | None:
    silence = house.clock() - row.last_heard_at
    if silence >= NUMBER_MAY_BE_ANOTHERS:
        return None
    place, key = read_place(row, house.keys)
    if silence > READ_BACK_FOR and holds_old_words(place):
        return None
    arrived, heard = hear_here(house, Arrived(row, place, key, text.sid, text.words))
    return arrived if heard is None else None
