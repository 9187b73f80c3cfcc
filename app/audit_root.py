"""Each day the end of the record of deeds is noted where this service can't change it: in a file, and by e-mail."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from core.clock import Clock
from core.database import Store
from core.job_lease import last_done, lease_job, note_done
from core.keys import ServiceKeys
from core.sending import AlertMail, Undeliverable
from core.staff.accounts import list_staff
from core.staff.audit import Broken, Sound, verify_audit
from core.staff.audit_roots import BadRootsFile, note_root, read_roots
from core.staff.roles import Role
from core.text.messages import Catalogue

log = structlog.get_logger()

ROOT_JOB = "audit root"
ONCE_A_DAY = timedelta(hours=23)
LASTS = timedelta(minutes=30)
LOOK_EVERY_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class RootDesk:
    """What noting the end of the record needs; a file or a mail server may be missing."""

    store: Store
    keys: ServiceKeys
    words: Catalogue
    clock: Clock
    file: Path | None
    mail: AlertMail | None


async def note_root_each_day(desk: RootDesk, stop: asyncio.Event) -> None:
    """Note it once a day, whichever process comes first, until told to stop."""
    while not stop.is_set():
        try:
            await note_root_if_due(desk)
        except Exception as error:  # noqa: BLE001 - what was not noted now is noted ten minutes later
            log.error("root_not_kept", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


async def note_root_if_due(desk: RootDesk) -> Sound | Broken | None:
    """Check the record, and tell the auditors its end, or that it is broken; None when it was done today."""
    last, owner = await last_done(desk.store, ROOT_JOB), secrets.token_hex(16)
    if last is not None and desk.clock() - last < ONCE_A_DAY:
        return None
    async with lease_job(desk.store, ROOT_JOB, owner=owner, clock=desk.clock, lasting=LASTS) as ours:
        if not ours:
            return None
        found = await _verify(desk)
        if isinstance(found, Broken):
            log.critical("audit_broke")
        await _tell_auditors(desk, found)
        if isinstance(found, Sound) and desk.file:
            note_root(desk.file, found.root, desk.clock())
        await note_done(desk.store, ROOT_JOB, owner=owner, clock=desk.clock)
        return found


async def _verify(desk: RootDesk) -> Sound | Broken:
    try:
        roots = read_roots(desk.file) if desk.file else ()
    except BadRootsFile as error:
        return Broken(0, str(error))
    async with desk.store.read() as session:
        return await verify_audit(session, desk.keys, roots)


async def _tell_auditors(desk: RootDesk, found: Sound | Broken) -> None:
    """Write to each auditor; TryAgain when the mail server is away, so that all of it is done again later."""
    if desk.mail is None:
        return
    async with desk.store.read() as session:
        staff = await list_staff(session)
    if isinstance(found, Sound):
        subject = desk.words.say("staff_audit_sound_subject")
        body = desk.words.say("staff_audit_sound", seq=found.root.seq, mac=found.root.mac.hex())
    else:
        subject, body = desk.words.say("staff_audit_broken_subject"), desk.words.say("staff_audit_broken")
    for each in staff:
        if each.role is Role.AUDITOR and not each.has_left:
            try:
                await desk.mail.send(each.email, subject, body)
            except Undeliverable as problem:
                log.warning("root_not_sent", staff=each.id, reason=problem.reason)
