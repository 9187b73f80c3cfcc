"""Keep plain words of many conversations with few statements: there is nothing to do for them but to keep them.

Words are plain when nothing is heard in them, neither by themselves nor where their conversation stands. Whatever
asks for more is left: it is written by itself, and so is all that the same young person sent after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Row, Select, Table, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.arrived import Accepted
from core.conversation.house import House
from core.conversation.place import Place, open_place
from core.conversation.reviewing import draw_if_own_words
from core.conversation.rows import heard_turn, said_body
from core.conversation.safety import hear_in_place
from core.conversation.tables import Conversation, Message, Progress
from core.database import UtcDateTime
from core.failpoint import Failpoint, pass_by
from core.ids import ConversationId, MessageId
from core.keys import ServiceKeys


@dataclass(frozen=True, slots=True, eq=False)
class PlainWords:
    """Words in which nothing was heard, as far as can be seen before their conversation is looked up.

    `whose` names it: the conversation itself, or the number of a phone.
    """

    house: House
    whose: str
    external_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation whose row is held until the commit: where it stands, and which turn comes next."""

    conversation: ConversationId
    next_seq: int
    last_heard_at: datetime
    place: Place
    key: bytes


STANDING = (
    Conversation.id,
    Conversation.next_seq,
    Conversation.last_heard_at,
    Conversation.sealed_key,
    Conversation.sealed_place,
)


_NEW: Final = insert(cast("Table", Message.__table__))
_TALK: Final = cast("Table", Conversation.__table__)
_MOVED: Final = (
    update(_TALK)
    .where(_TALK.c.id == bindparam("heard"))
    .values(next_seq=bindparam("next"), last_heard_at=bindparam("now", type_=UtcDateTime()))
)


def held_under_way(*columns: Any) -> Select[Any]:
    """Ask for conversations that are under way, and hold their rows; `columns` come before those of a standing."""
    return select(*columns, *STANDING).where(Conversation.finished_at.is_(None)).with_for_update()


def read_standing(row: Row[Any], keys: ServiceKeys) -> Standing:
    """Open where a conversation stands that was asked for with `held_under_way`."""
    its_id = ConversationId(row.id)
    place, key = open_place(its_id, row.sealed_key, row.sealed_place, keys)
    return Standing(its_id, row.next_seq, row.last_heard_at, place, key)


def which_plain(some: Sequence[PlainWords], standing: Mapping[str, Standing]) -> list[PlainWords]:
    """Give those that are plain where they stand; what follows one that is not must not pass it."""
    plain: list[PlainWords] = []
    not_now: set[str] = set()  # who has one that is left, and the ids that came already
    for words in some:
        here = standing.get(words.whose)
        is_held_up = not not_now.isdisjoint((words.whose, words.external_id))
        if here is None or is_held_up or not _is_plain(words, here):
            not_now.add(words.whose)
        else:
            plain.append(words)
            not_now.add(words.external_id)
    return plain


async def keep_plain(
    session: AsyncSession, plain: Sequence[PlainWords], standing: Mapping[str, Standing]
) -> dict[PlainWords, Accepted]:
    """Write plain words, in their order, as the next turns of their conversations: all of them wait."""
    if not plain:
        return {}
    house, now = plain[0].house, plain[0].house.clock()
    next_seqs = {each.conversation: each.next_seq for each in standing.values()}
    turns: dict[PlainWords, dict[str, Any]] = {}
    for words in plain:
        here = standing[words.whose]
        turns[words] = heard_turn(
            here.conversation,
            next_seqs[here.conversation],
            here.key,
            external_id=words.external_id,
            body=said_body(words.text),
            progress=Progress.WAITING,
            now=now,
        )
        next_seqs[here.conversation] += 1
    await session.execute(_NEW, list(turns.values()))
    await _move_on(session, {turn["conversation_id"] for turn in turns.values()}, next_seqs, now)
    for words, turn in turns.items():
        pass_by(Failpoint.ACCEPT_WRITTEN)
        draw_if_own_words(session, house, standing[words.whose].place, MessageId(turn["id"]))
    return {words: Accepted(turn["conversation_id"], turn["seq"]) for words, turn in turns.items()}


def _is_plain(words: PlainWords, here: Standing) -> bool:
    """Say whether nothing is heard here, and no staff of a group session may be named."""
    return here.place.group is None and hear_in_place(words.house, here.place, words.text) is None


async def _move_on(
    session: AsyncSession, heard: set[ConversationId], next_seqs: Mapping[ConversationId, int], now: datetime
) -> None:
    await session.execute(
        _MOVED, [{"heard": one, "next": next_seqs[one], "now": now} for one in sorted(heard)]
    )
