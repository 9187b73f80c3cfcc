"""The rows of a batch in the views store: made from what leaves, and written in random order."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Store, insert_new
from core.ids import PeriodId
from core.sealing import LENGTH_BYTES, Keyring, pad, seal
from core.views.batches import Leaving
from core.views.comments import beside_comment, is_comment
from core.views.delete_codes import code_rows
from core.views.reading import Reading, Sentiment, read_view
from core.views.tables import DeleteCode, HeldPerson, HeldView
from core.views.themes import Themes
from core.views.waiting import APART, NO_VIEWS, PERMISSION, UNMET_NEED, Entry, Tag

AREA = "area:"
ROWS_AT_ONCE = 500
TEXT_BYTES = 4096
"""Every text takes as much room, so that no length tells whose it is. What is longer is cut for the views store
(its message keeps all of it): one long text among many short ones would be known by its length in both stores."""
MEANT = frozenset(sentiment.value for sentiment in Sentiment)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to write, ids of rows to take out, the people who say them, tags that are anchored by now, and codes.

    `permissions` are those who said, since their words moved, whether these may be used.
    """

    rows: tuple[dict[str, Any], ...]
    taken_back: tuple[str, ...]
    people: tuple[dict[str, Any], ...]
    anchored: tuple[Tag, ...]
    codes: tuple[dict[str, Any], ...] = ()
    permissions: tuple[tuple[Tag, bool], ...] = ()


def make_batch(leaving: Sequence[Leaving], period: PeriodId, *, seals: Keyring, themes: Themes) -> Batch:
    """Make the rows of everything that leaves; texts are read here, for counting only."""
    rows = [row for each in leaving for row in _rows_of(each, period, seals, themes)]
    taken_back = [
        each.tag.row_id(entry.slot) for each in leaving for entry in each.entries if entry.is_taken_back
    ]
    saying = [each for each in leaving if any(_is_view(entry) for entry in each.entries)]
    young = [each for each in saying if each.profile.helped_by not in APART]
    people = [{"tag": each.tag.tag, "period": period, "anchored": each.profile.anchored} for each in young]
    anchored = [each.tag for each in leaving if each.profile.anchored and each.entries]
    codes = code_rows(leaving, period)
    return Batch(tuple(rows), tuple(taken_back), tuple(people), tuple(anchored), codes, _permissions(leaving))


def _permissions(leaving: Sequence[Leaving]) -> tuple[tuple[Tag, bool], ...]:
    """Give who may be quoted by now and who may not, whose words moved before they said so."""
    return tuple(
        (each.tag, entry.may_quote and each.profile.helped_by not in APART)
        for each in leaving
        for entry in each.entries
        if entry.measure == PERMISSION
    )


def _is_view(entry: Entry) -> bool:
    return not entry.is_taken_back and entry.measure not in NO_VIEWS


def _rows_of(leaving: Leaving, period: PeriodId, seals: Keyring, themes: Themes) -> list[dict[str, Any]]:
    """One row for each view, and one for each area that says how the last words on it were read."""
    rows: list[dict[str, Any]] = []
    last_words: dict[str, dict[str, Any]] = {}
    for entry in leaving.entries:
        if not _is_view(entry):
            continue
        row = _row(leaving, period, entry, seals=seals, themes=themes)
        rows.append(row)
        if entry.text is not None and entry.area is not None and entry.measure != UNMET_NEED:
            measure = AREA + entry.area
            last_words[entry.area] = row | {
                "id": leaving.tag.row_id(measure),
                "measure": measure,
                "person": leaving.tag.person(measure),
                "answer": None,
                "sealed_text": None,
                "may_quote": False,
                "read_from": row["id"],
            }
    return [*rows, *last_words.values()]


def _row(
    leaving: Leaving, period: PeriodId, entry: Entry, *, seals: Keyring, themes: Themes
) -> dict[str, Any]:
    row_id = leaving.tag.row_id(entry.slot)
    reading = None if entry.text is None else _read(entry.text, entry.answer, themes)
    profile = beside_comment(leaving.profile) if is_comment(entry.measure) else leaving.profile
    return {
        "id": row_id,
        "period": period,
        "person": leaving.tag.person(entry.measure),
        "measure": entry.measure,
        "area": entry.area,
        "answer": entry.answer,
        "sentiment": reading and reading.sentiment.value,
        "themes": json.dumps(reading.themes if reading else ()),
        "sealed_text": None if entry.text is None else seal_text(entry.text, seals, row_id),
        "read_from": None,
        "channel": profile.channel,
        "district": profile.district,
        "age": profile.age,
        "helped_by": profile.helped_by,
        "place": profile.place,
        "anchored": profile.anchored,
        "may_quote": entry.may_quote and profile.helped_by not in APART,
    }


def _read(text: str, meant: str | None, themes: Themes) -> Reading:
    """Read a text; how the young person says it is meant goes before how we read it."""
    reading = read_view(text, themes)
    return Reading(Sentiment(meant), reading.themes) if meant in MEANT else reading


def seal_text(text: str, seals: Keyring, row_id: str) -> bytes:
    """Seal a view's words under the key of the views store, all at one size."""
    written = text.encode()[: TEXT_BYTES - LENGTH_BYTES].decode(errors="ignore").encode()
    return seal(pad(written, smallest=TEXT_BYTES), seals, row=view_row(row_id))


def view_row(row_id: str) -> str:
    """Name the row that a view's words are sealed for."""
    return f"view:{row_id}"


async def write_batch(views: Store, batch: Batch, *, rng: Random) -> None:
    """Write a batch in one transaction; writing it again changes nothing."""
    if not (batch.rows or batch.taken_back or batch.codes or batch.permissions):
        return
    rows = list(batch.rows)
    rng.shuffle(rows)
    async with views.write() as session:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            await _put(session, rows[start : start + ROWS_AT_ONCE], HeldView)
        for start in range(0, len(batch.taken_back), ROWS_AT_ONCE):
            gone = batch.taken_back[start : start + ROWS_AT_ONCE]
            await session.execute(
                delete(HeldView).where(or_(HeldView.id.in_(gone), HeldView.read_from.in_(gone)))
            )
        people = list(batch.people)
        rng.shuffle(people)
        for start in range(0, len(people), ROWS_AT_ONCE):
            await _put(session, people[start : start + ROWS_AT_ONCE], HeldPerson)
        await _anchor(session, batch.anchored)
        await _permit(session, batch.permissions)
        codes = list(batch.codes)
        rng.shuffle(codes)
        if codes:
            await insert_new(session, DeleteCode, codes)


async def _persons(session: AsyncSession, tags: Sequence[Tag]) -> list[str]:
    """Give the names of these people in every measure."""
    measures = list(await session.scalars(select(HeldView.measure).distinct())) if tags else []
    return [tag.person(measure) for tag in tags for measure in measures]


async def _permit(session: AsyncSession, permissions: Sequence[tuple[Tag, bool]]) -> None:
    """Mark the words of these people as those that may be used, or may not, in whichever batch they left."""
    for may_quote in (True, False):
        persons = await _persons(session, [tag for tag, may in permissions if may is may_quote])
        for start in range(0, len(persons), ROWS_AT_ONCE):
            some = HeldView.person.in_(persons[start : start + ROWS_AT_ONCE])
            words = update(HeldView).where(some, HeldView.sealed_text.is_not(None))
            await session.execute(words.values(may_quote=may_quote))


async def _anchor(session: AsyncSession, tags: Sequence[Tag]) -> None:
    """Mark all that these people said as anchored, in whichever batch it left."""
    persons = await _persons(session, tags)
    for start in range(0, len(persons), ROWS_AT_ONCE):
        some = persons[start : start + ROWS_AT_ONCE]
        await session.execute(update(HeldView).where(HeldView.person.in_(some)).values(anchored=True))
    for start in range(0, len(tags), ROWS_AT_ONCE):
        named = [tag.tag for tag in tags[start : start + ROWS_AT_ONCE]]
        await session.execute(update(HeldPerson).where(HeldPerson.tag.in_(named)).values(anchored=True))


async def _put(
    session: AsyncSession, rows: Sequence[dict[str, Any]], table: type[HeldView | HeldPerson]
) -> None:
    """Insert rows, or put them in the place of those with the same key."""
    is_postgres = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if is_postgres else sqlite.insert)(table)
    key = [column.name for column in table.__table__.primary_key]
    fresh = {name: insert.excluded[name] for name in rows[0] if name not in key}
    await session.execute(insert.on_conflict_do_update(index_elements=key, set_=fresh), list(rows))
