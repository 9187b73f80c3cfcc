"""Remember who did what to which id, so that nobody can change the memory unseen.

Each entry carries an HMAC-SHA256 over itself and over the entry before it; the head row seals the end.
Somebody who can write the database, but does not hold the key, can't edit, delete, reorder, or cut the tail
without it showing. Who has kept an old copy of the head could still set the whole chain back to that day:
for this each day's root is noted in a file elsewhere (AUDIT_ROOTS_FILE, `core.staff.audit_roots`).
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.keys import ServiceKeys
from core.sealing import CannotOpen, Keyring
from core.staff.tables import HASH_BYTES, AuditEntry, AuditHead

THE_HEAD = 1
START = bytes(HASH_BYTES)
COMMAND_LINE = "command-line"
"""Who did what was done by hand on the server."""


class Deed(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    ADDED_STAFF = "added_staff"
    ENDED_STAFF = "ended_staff"
    LOCKED_STAFF = "locked_staff"
    UNLOCKED_STAFF = "unlocked_staff"
    GAVE_NEW_PASSWORD = "gave_new_password"  # noqa: S105 - the name of a deed
    CHANGED_PASSWORD = "changed_password"  # noqa: S105 - the name of a deed
    SET_UP_SECOND_STEP = "set_up_second_step"
    CHANGED_ROLE = "changed_role"
    REFUSED_WORK_ACCOUNT = "refused_work_account"
    READ_AUDIT = "read_audit"
    OPENED_REQUEST = "opened_request"
    TOOK_REQUEST = "took_request"
    GAVE_BACK_REQUEST = "gave_back_request"
    PLANNED_REQUEST = "planned_request"
    REPLIED_TO_REQUEST = "replied_to_request"
    CLOSED_REQUEST = "closed_request"
    OPENED_COMPLAINT = "opened_complaint"
    ANSWERED_COMPLAINT = "answered_complaint"
    OPENED_CONCERN = "opened_concern"
    ACKNOWLEDGED_CONCERN = "acknowledged_concern"
    CLOSED_CONCERN = "closed_concern"
    ADDED_API_KEY = "added_api_key"
    REVOKED_API_KEY = "revoked_api_key"
    PUBLISHED_RELEASE = "published_release"
    CHANGED_ROTA = "changed_rota"
    RAISED_LEVEL = "raised_level"
    SAID_NOT_ABOUT_ME = "said_not_about_me"
    SAID_MAY_BE_ABOUT_ME = "said_may_be_about_me"
    NOTED_ON_CONCERN = "noted_on_concern"
    HANDED_CONCERN_OVER = "handed_concern_over"
    TOLD_KEY_WORKER = "told_key_worker"
    CLOSED_MANY_CONCERNS = "closed_many_concerns"
    AGREED_TO_CLOSING = "agreed_to_closing"
    ASKED_TO_OPEN_CONTACT = "asked_to_open_contact"
    OPENED_CONTACT_ALONE = "opened_contact_alone"
    AGREED_TO_OPEN_CONTACT = "agreed_to_open_contact"
    SAW_CONTACT = "saw_contact"
    REVIEWED_OPENING = "reviewed_opening"
    ERASED_CONVERSATION = "erased_conversation"
    SAW_MESSAGE = "saw_message"
    REVIEWED_MESSAGE = "reviewed_message"
    REOPENED_CONCERNS = "reopened_concerns"
    MADE_GROUP_SESSION = "made_group_session"
    GAVE_NEW_GROUP_CODE = "gave_new_group_code"
    ENDED_GROUP_SESSION = "ended_group_session"


@dataclass(frozen=True, slots=True)
class Root:
    """The end of the chain at some moment: `mac` is that of the entry `seq`."""

    seq: int
    mac: bytes


@dataclass(frozen=True, slots=True)
class Sound:
    """The whole chain holds; it ends at `root`."""

    root: Root


@dataclass(frozen=True, slots=True)
class Broken:
    """The chain does not hold: at which entry it shows, and what shows."""

    seq: int
    what: str


async def record_deed(
    session: AsyncSession, keys: ServiceKeys, *, who: str, did: Deed, about: str | None, now: datetime
) -> None:
    """Add one deed to the end of the chain, in the caller's transaction.

    Call it last in a transaction: it holds the head until the commit, and one order of locks can't deadlock.
    """
    ring = _audit_keys(keys)
    key_id, key = ring.newest
    head = await _hold_head(session, key_id, key)
    entry = AuditEntry(seq=head.seq + 1, at=now, who=who, did=did, about=about, key_id=key_id, mac=START)
    entry.mac = _entry_mac(entry, head.mac, key)
    session.add(entry)
    head.seq, head.mac, head.key_id = entry.seq, entry.mac, key_id
    head.seal = _head_seal(head, key)
    await session.flush()


async def verify_audit(
    session: AsyncSession, keys: ServiceKeys, roots: Iterable[Root] = ()
) -> Sound | Broken:
    """Walk the whole chain; `roots` are ends that were noted elsewhere on earlier days."""
    ring = _audit_keys(keys)
    noted = {root.seq: root.mac for root in roots}
    last = Root(0, START)
    entries = await session.stream_scalars(select(AuditEntry).order_by(AuditEntry.seq))
    async for entry in entries:
        fault = _fault_of(entry, last, ring)
        if fault is None and noted.pop(entry.seq, entry.mac) != entry.mac:
            fault = "is not the one that was noted on its day"
        if fault is not None:
            await entries.close()
            return Broken(entry.seq, f"Entry {entry.seq} {fault}.")
        last = Root(entry.seq, entry.mac)
    return _check_end(await session.get(AuditHead, THE_HEAD), last, ring, noted)


def _fault_of(entry: AuditEntry, last: Root, ring: Keyring) -> str | None:
    if entry.seq != last.seq + 1:
        return f"follows entry {last.seq}: some between them are gone"
    try:
        key = ring.find(entry.key_id)
    except CannotOpen:
        return "was written with a key that is not in the settings"
    if not hmac.compare_digest(_entry_mac(entry, last.mac, key), entry.mac):
        return "was changed, or stands in another place than it was written"
    return None


def _check_end(head: AuditHead | None, last: Root, ring: Keyring, noted: dict[int, bytes]) -> Sound | Broken:
    if head is None:
        return Broken(last.seq, "The end of the record is gone.") if last.seq or noted else Sound(last)
    try:
        is_ours = hmac.compare_digest(head.seal, _head_seal(head, ring.find(head.key_id)))
    except CannotOpen:
        is_ours = False
    if not is_ours:
        return Broken(last.seq, "The end of the record was changed.")
    if (head.seq, head.mac) != (last.seq, last.mac):
        return Broken(last.seq, f"The record should go on to entry {head.seq}: its tail was cut.")
    if noted:
        return Broken(last.seq, f"Entry {max(noted)} was noted on its day and is gone: the tail was cut.")
    return Sound(last)


async def _hold_head(session: AsyncSession, key_id: str, key: bytes) -> AuditHead:
    held = select(AuditHead).where(AuditHead.id == THE_HEAD).with_for_update()
    head = await session.scalar(held.execution_options(populate_existing=True))
    if head is None:
        first = AuditHead(id=THE_HEAD, seq=0, key_id=key_id, mac=START)
        row = {"id": THE_HEAD, "seq": 0, "key_id": key_id, "mac": START, "seal": _head_seal(first, key)}
        await insert_new(session, AuditHead, [row])
        head = (await session.scalars(held)).one()
    return head


def _entry_mac(entry: AuditEntry, previous: bytes, key: bytes) -> bytes:
    said = [entry.seq, entry.at.isoformat(), entry.who, str(entry.did), entry.about, previous.hex()]
    return hmac.new(key, json.dumps(said).encode(), hashlib.sha256).digest()


def _head_seal(head: AuditHead, key: bytes) -> bytes:
    return hmac.new(key, json.dumps(["head", head.seq, head.mac.hex()]).encode(), hashlib.sha256).digest()


def _audit_keys(keys: ServiceKeys) -> Keyring:
    return keys.staff.derive("audit")
