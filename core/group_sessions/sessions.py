"""Make a group session, find it by its code, give it another code, end it, and forget it when it is over."""

import json
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.errors import Refusal
from core.group_sessions.group import Group, group_of
from core.group_sessions.tables import GroupSession
from core.ids import new_id
from core.keys import ServiceKeys
from core.sealing import CannotOpen, Keyring, pad, pseudonym, seal, unpad, unseal

CODE_DIGITS: Final = 8
LONGEST_TYPED: Final = 100
ONE_SIZE: Final = 4096
"""Bytes. The longest that can be typed fits, so a length tells nothing."""


class NoSuchGroupSession(Refusal):
    """No group session with this id, or it is over."""

    status = HTTPStatus.NOT_FOUND
    words = "We can not find this group session. It may be over."


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group session that is to come or under way."""

    id: str
    group: Group


def read_group_code(typed: str) -> str | None:
    """Give the code in what was typed, however its 8 digits are parted; None where they are not 8."""
    if len(typed) > LONGEST_TYPED:
        return None
    digits = re.findall(r"\d", unicodedata.normalize("NFKC", typed))
    return "".join(str(int(each)) for each in digits) if len(digits) == CODE_DIGITS else None


def say_group_code(code: str) -> str:
    """Write a code as people read it out: "4821 9375"."""
    return f"{code[:4]} {code[4:]}"


async def make_group_session(session: AsyncSession, keys: ServiceKeys, group: Group) -> tuple[str, str]:
    """Keep a group session; give its id, and its code, which is kept nowhere."""
    its_id = new_id()
    written = json.dumps(group.as_json(), ensure_ascii=False).encode()
    sealed = seal(pad(written, smallest=ONE_SIZE), group_keys(keys), row=group_row(its_id))
    while True:
        code = _draw_code()
        row = {"id": its_id, "code_hash": _hashes(code, keys)[0], "sealed_group": sealed}
        if await insert_new(session, GroupSession, [row]):
            return its_id, code


async def give_new_code(session: AsyncSession, keys: ServiceKeys, group_session: str) -> str:
    """Draw another code; the one before works no more. NoSuchGroupSession."""
    while True:
        code = _draw_code()
        code_hash = _hashes(code, keys)[0]
        taken = select(GroupSession.id).where(GroupSession.code_hash == code_hash)
        if await session.scalar(taken) is not None:
            continue
        mine = update(GroupSession).where(GroupSession.id == group_session)
        changed = await session.execute(mine.values(code_hash=code_hash).returning(GroupSession.id))
        if changed.scalar_one_or_none() is None:
            raise NoSuchGroupSession
        return code


async def find_group_session(
    session: AsyncSession, keys: ServiceKeys, typed: str, now: datetime
) -> Group | None:
    """Give the group session whose code was typed, while it works; None for every other."""
    code = read_group_code(typed)
    if code is None:
        return None
    row = await session.scalar(select(GroupSession).where(GroupSession.code_hash.in_(_hashes(code, keys))))
    group = None if row is None else _open(row, keys)
    return group if group is not None and group.opens(now) else None


async def list_group_sessions(
    session: AsyncSession, keys: ServiceKeys, now: datetime
) -> Sequence[ListedGroup]:
    """List the sessions that are not over, the next one first."""
    found = [
        ListedGroup(name, group) for name, group in (await _all(session, keys)).items() if group is not None
    ]
    return sorted(
        (each for each in found if not each.group.is_over(now)),
        key=lambda each: (each.group.begins_at, each.id),
    )


async def end_group_session(session: AsyncSession, group_session: str) -> None:
    """Let the code work no more; who came with it goes on. NoSuchGroupSession."""
    gone = delete(GroupSession).where(GroupSession.id == group_session).returning(GroupSession.id)
    if (await session.execute(gone)).scalar_one_or_none() is None:
        raise NoSuchGroupSession


async def purge_group_sessions(
    session: AsyncSession, keys: ServiceKeys, now: datetime, *, dry_run: bool = False
) -> int:
    """Forget the sessions that are over, and say how many: what a concern needs of one is with its conversation."""
    all_ = await _all(session, keys)
    over = [name for name, group in all_.items() if group is None or group.is_over(now)]
    if not dry_run:
        await session.execute(delete(GroupSession).where(GroupSession.id.in_(over)))
    return len(over)


def group_keys(keys: ServiceKeys) -> Keyring:
    """Give the keys that group sessions are sealed under."""
    return keys.staff.derive("group sessions")


def group_row(group_session: str) -> str:
    """Name the row that a group session is sealed for."""
    return f"group-session:{group_session}"


async def _all(session: AsyncSession, keys: ServiceKeys) -> dict[str, Group | None]:
    """Give every session by its id; they are few, and only opened can they be told apart."""
    rows = (await session.scalars(select(GroupSession))).all()
    return {row.id: _open(row, keys) for row in rows}


def _open(row: GroupSession, keys: ServiceKeys) -> Group | None:
    """Open a row; None where its key is gone: nobody comes in with it any more."""
    try:
        return group_of(json.loads(unpad(unseal(row.sealed_group, group_keys(keys), row=group_row(row.id)))))
    except CannotOpen:
        return None


def _draw_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def _hashes(code: str, keys: ServiceKeys) -> list[bytes]:
    """Give the names that a code may be kept under, that of the newest key first."""
    return [pseudonym(code, key) for _, key in keys.pseudonyms.derive("group codes").keys]
