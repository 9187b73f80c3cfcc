"""Words that stand nowhere else are said, moved, erased and purged; then nothing of them is found anywhere.

The words themselves never stand in a database in the clear, so looking for them alone would prove little: the test
also looks for their sealed form, for the sealed key of their conversation and for the number in its sealed form, each
as it stood before. That these are found before the erasing is what makes the second search a proof.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from core.conversation.erase_by_hand import Whose, erase_by_hand
from core.conversation.given_codes import show_code
from core.conversation.house import House
from core.database import ServiceBase, Store, ViewsBase
from core.text.code_words import CodeKind
from tests.builders import WebTalk
from tests.core.conversation.codes import (
    code_in,
    end_term,
    hand_over,
    house_of,
    phone_of_their_own,
    purge_now,
    views_left,
)
from tests.fakes import FakeClock
from tests.stores import Stores

BY_WEB, BY_TEXT = "quixotrel marmalade tuba", "zanthorpe umbrella kazoo"
CANARIES = (BY_WEB, "quixotrel", BY_TEXT, "zanthorpe")
NUMBER = "+447700900123"
SEALED = {
    "conversations": ("sealed_key", "sealed_place"),
    "messages": ("sealed_body",),
    "contacts": ("sealed_address",),
    "waiting_views": ("sealed",),
    "conversation_tags": ("sealed",),
    "outbox": ("sealed_text",),
    "views": ("sealed_text",),
}
SHORTEST_SEALED = 40


async def everything(store: Store, base: type[ServiceBase | ViewsBase]) -> dict[str, list[dict[str, Any]]]:
    """Give every row of every table."""
    async with store.read() as session:
        return {
            name: [dict(row) for row in (await session.execute(text(f'SELECT * FROM "{name}"'))).mappings()]
            for name in base.metadata.tables
        }


async def all_rows(house: House) -> dict[str, list[dict[str, Any]]]:
    return {
        **await everything(house.service, ServiceBase),
        **await everything(house.codes.views, ViewsBase),
    }


def sealed_in(rows: dict[str, list[dict[str, Any]]]) -> set[bytes]:
    """Give what is sealed there, each as it stands."""
    found = {
        bytes(row[column])
        for table, columns in SEALED.items()
        for row in rows[table]
        for column in columns
        if row[column]
    }
    return {each for each in found if len(each) >= SHORTEST_SEALED}


def values_of(rows: dict[str, list[dict[str, Any]]]) -> Iterator[bytes]:
    for table in rows.values():
        for row in table:
            yield from (each if isinstance(each, bytes) else str(each).encode() for each in row.values())


def files_of(folder: Path) -> dict[str, bytes]:
    """Give every file of both databases, the write-ahead logs among them; none on PostgreSQL."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


async def talk_by_web_and_by_text(house: House) -> tuple[WebTalk, list[str]]:
    """Say the words by web and by text, with all that makes copies of them: a code, a copy, texts back."""
    web, phone = await WebTalk.begin(house), await phone_of_their_own(house, NUMBER)
    await web.say(BY_WEB)
    await phone.text(BY_TEXT)
    await hand_over(house)
    await phone.text("link my phone")
    link = code_in(await hand_over(house))
    await web.say(link)
    deleting = " ".join(await show_code(house, web.conversation, CodeKind.DELETE))
    return web, [link, deleting]


async def search(house: House, folder: Path, wanted: set[bytes]) -> set[bytes]:
    """Give what is found of it, in the rows as they can be read and in the files as they lie on the disk."""
    places = [*values_of(await all_rows(house)), *files_of(folder).values()]
    return {each for each in wanted if any(each in place for place in places)}


@pytest.mark.parametrize("found_by", ["conversation", "number"])
async def test_after_erasing_nothing_is_found_anywhere(
    stores: Stores, clock: FakeClock, tmp_path: Path, capfd: pytest.CaptureFixture[str], found_by: str
) -> None:
    house = house_of(stores, clock)
    with capture_logs() as logs:
        web, codes = await talk_by_web_and_by_text(house)
        sealed = sealed_in(await all_rows(house))
        await end_term(house, clock)
        sealed |= sealed_in(await all_rows(house))
        assert await views_left(house) >= 2
        whose = Whose(number=NUMBER) if found_by == "number" else Whose(conversation=web.conversation)
        plain = {each.encode() for each in (*CANARIES, *codes, NUMBER)}
        assert await search(house, tmp_path, sealed | plain)
        assert await erase_by_hand(stores.service, house.keys, whose, by="test", now=clock()) == 2
        await purge_now(house)
    assert await views_left(house) == 0
    assert await search(house, tmp_path, sealed | plain) == set()
    told = str(logs) + "".join(capfd.readouterr())
    assert not any(each in told for each in (*CANARIES, *codes, NUMBER))


async def test_what_was_not_erased_is_found_by_the_same_search(
    stores: Stores, clock: FakeClock, tmp_path: Path
) -> None:
    house = house_of(stores, clock)
    await talk_by_web_and_by_text(house)
    sealed = sealed_in(await all_rows(house))
    await purge_now(house)
    assert await search(house, tmp_path, sealed) == sealed
