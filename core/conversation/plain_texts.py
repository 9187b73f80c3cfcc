"""Write texts that came together with few statements: those of which nothing is to be done but to keep their words.

A text is plain when we know its phone, a conversation is under way there, and neither words nor pictures ask for
more. All others are written one by one (`accept_text`).
"""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.arrived import NUMBER_MAY_BE_ANOTHERS, READ_BACK_FOR, Accepted, InboundText, Pace
from core.conversation.heard_texts import which_first_time
from core.conversation.house import House
from core.conversation.page_parts import holds_old_words
from core.conversation.plain import (
    PlainWords,
    Standing,
    held_under_way,
    keep_plain,
    read_standing,
    which_plain,
)
from core.conversation.tables import Conversation
from core.group_commit import Alike
from core.ids import ContactId
from core.young_people.consent import which_opted_out
from core.young_people.contact import hear_proven, plain_number, pseudonyms_of
from core.young_people.tables import Contact

_HELD: Final = (
    held_under_way(Contact.pseudonym, Conversation.contact_id)
    .join(Contact, Contact.id == Conversation.contact_id)
    .where(Contact.pseudonym.in_(bindparam("names", expanding=True)))
    .order_by(Contact.id, Conversation.started_at)
)
"""Always in the same order, so that two processes do not wait for each other."""


def find_plain(house: House, inbound: InboundText, words: str) -> Alike | None:
    """Give how a text can be written with others; None when it asks for more.

    Nothing was heard in its words, and they neither stop nor start texts.
    """
    if not inbound.may_answer or inbound.pace is not Pace.WELL or inbound.has_pictures:
        return None
    if not words.strip():
        return None
    return Alike(write_plain_texts, PlainWords(house, plain_number(inbound.number), inbound.sid, words))


async def write_plain_texts(session: AsyncSession, texts: Sequence[PlainWords]) -> list[Accepted | None]:
    """Write what is plain; None for each text that is to be written by itself."""
    house, now = texts[0].house, texts[0].house.clock()
    phones = await _hold_phones(session, house, {text.whose for text in texts})
    standing = {number: here for number, (_, here) in phones.items()}
    plain = which_plain(texts, standing)
    new = await which_first_time(session, [text.external_id for text in plain], now)
    plain = [text for text in plain if text.external_id in new]
    if plain:
        await hear_proven(session, {phones[text.whose][0] for text in plain}, now)
    kept = await keep_plain(session, plain, standing)
    return [kept.get(text) for text in texts]


async def _hold_phones(
    session: AsyncSession, house: House, numbers: Collection[str]
) -> dict[str, tuple[ContactId, Standing]]:
    """Hold the phones that we may answer, and where each one's conversation stands; the one that began last counts."""
    names = {name: number for number in numbers for name in pseudonyms_of(number, house.keys)}
    latest = {names[row.pseudonym]: row for row in await session.execute(_HELD, {"names": list(names)})}
    stopped = {names[name] for name in await which_opted_out(session, names)}
    return {
        number: (ContactId(row.contact_id), here)
        for number, row in latest.items()
        if number not in stopped and not _was_silent(house, here := read_standing(row, house.keys))
    }


def _was_silent(house: House, here: Standing) -> bool:
    """Say whether so long was nothing heard that the number may be another's, or old words must not be said."""
    silence = house.clock() - here.last_heard_at
    return silence >= NUMBER_MAY_BE_ANOTHERS or (silence > READ_BACK_FOR and holds_old_words(here.place))
