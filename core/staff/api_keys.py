"""Keys by which other systems may read: shown once, kept as a hash, revoked at any time."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from core.ids import new_id
from core.keys import ServiceKeys
from core.staff.audit import Deed, record_deed
from core.staff.roles import Scope
from core.staff.tables import ApiKey

PREFIX = "hys_"
SECRET_BYTES = 32
LONGEST_NAME = 100


class NoSuchApiKey(Refusal):
    """No key of that name or id is in use."""

    status = HTTPStatus.NOT_FOUND
    words = "There is no key of this name."


class ApiKeyNeedsName(Refusal):
    """A key needs a name by which to revoke it, and no other key in use may have it."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please give the key a name that no other key has."


@dataclass(frozen=True, slots=True)
class FoundApiKey:
    """A key in use."""

    id: str
    name: str
    scope: Scope


async def add_api_key(
    session: AsyncSession, keys: ServiceKeys, *, name: str, scope: Scope, by: str, now: datetime
) -> str:
    """Make a key and give its secret, which nobody can ask for again; ApiKeyNeedsName."""
    tidy = name.strip()
    taken = await session.scalar(select(ApiKey.id).where(ApiKey.name == tidy, ApiKey.revoked_at.is_(None)))
    if not tidy or len(tidy) > LONGEST_NAME or taken:
        raise ApiKeyNeedsName
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey(id=new_id(), name=tidy, scope=scope, secret_hash=_hash(secret), added_at=now)
    session.add(key)
    await record_deed(session, keys, who=by, did=Deed.ADDED_API_KEY, about=key.id, now=now)
    return secret


async def revoke_api_key(
    session: AsyncSession, keys: ServiceKeys, *, name: str, by: str, now: datetime
) -> None:
    """Let a key open nothing from now on; NoSuchApiKey."""
    revoked = await session.execute(
        update(ApiKey)
        .where(ApiKey.name == name.strip(), ApiKey.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ApiKey.id)
    )
    ids = revoked.scalars().all()
    if not ids:
        raise NoSuchApiKey
    for key_id in ids:
        await record_deed(session, keys, who=by, did=Deed.REVOKED_API_KEY, about=key_id, now=now)


async def find_api_key(session: AsyncSession, secret: str) -> FoundApiKey | None:
    """Find the key in use that has this secret."""
    key = await session.scalar(
        select(ApiKey).where(ApiKey.secret_hash == _hash(secret), ApiKey.revoked_at.is_(None))
    )
    return FoundApiKey(key.id, key.name, Scope(key.scope)) if key else None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
