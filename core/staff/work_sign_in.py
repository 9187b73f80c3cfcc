"""Let in who the council's own sign-in has proved: make their account at first, and let its role follow the claim."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.database import Store, insert_new
from core.errors import Refusal
from core.ids import StaffId, new_id
from core.keys import ServiceKeys
from core.staff.accounts import (
    LONGEST_NAME,
    NoName,
    NotAnEmail,
    TwoHats,
    refuse_two_hats,
    tidy_email,
    tidy_name,
)
from core.staff.audit import Deed, record_deed
from core.staff.roles import Role
from core.staff.sign_in import AccountLocked, open_sign_in_session
from core.staff.tables import SignInSession, StaffAccount
from core.staff.work_account import (
    WorkAccount,
    WorkAccountEnded,
    WorkAccountHasNoEmail,
    WorkAccountHasNoJob,
    WorkAccountHasTwoJobs,
    WorkEmailTaken,
    one_job,
)

WORK_SIGN_IN = "work-sign-in"
"""Who did what followed from the roles claim."""
REFUSALS = (
    AccountLocked,
    TwoHats,
    WorkAccountEnded,
    WorkAccountHasNoEmail,
    WorkAccountHasNoJob,
    WorkAccountHasTwoJobs,
    WorkEmailTaken,
)

log = structlog.get_logger()


async def sign_in_with_work_account(
    store: Store, keys: ServiceKeys, proven: WorkAccount, roles: Mapping[str, Role], *, clock: Clock
) -> str:
    """Open a sign-in session and give its token; raises one of REFUSALS, each of which is recorded.

    Who is refused is also let out where they were signed in already.
    """
    async with store.write() as session:
        wanted = select(StaffAccount).where(StaffAccount.subject == subject_key(proven))
        account = await session.scalar(wanted)
        try:
            staff = await _follow_claim(session, keys, account, proven, roles, clock())
        except REFUSALS as error:
            refused: Refusal = error
        else:
            return await open_sign_in_session(session, keys, staff, now=clock())
        about = account.id if account is not None else None
        await session.execute(delete(SignInSession).where(SignInSession.staff_id == about))
        did = Deed.REFUSED_WORK_ACCOUNT
        await record_deed(session, keys, who=WORK_SIGN_IN, did=did, about=about, now=clock())
    log.info("work_sign_in_refused", problem=type(refused).__name__)
    raise refused


def subject_key(proven: WorkAccount) -> str:
    """Name a subject of an issuer in few letters: a subject is unique at its issuer only."""
    return hashlib.sha256(f"{proven.issuer}\0{proven.subject}".encode()).hexdigest()


async def _follow_claim(
    session: AsyncSession,
    keys: ServiceKeys,
    account: StaffAccount | None,
    proven: WorkAccount,
    roles: Mapping[str, Role],
    now: datetime,
) -> StaffId:
    if account is not None and account.left_at is not None:
        raise WorkAccountEnded
    if account is not None and account.locked_at is not None:
        raise AccountLocked
    role = one_job(proven, roles)
    if account is None:
        return await _add(session, keys, proven, role, now)
    await refuse_two_hats(session, account.email, role, but=account.id)
    if account.role != role:
        account.role = role
        about = f"{account.id}:{role}"
        await record_deed(session, keys, who=WORK_SIGN_IN, did=Deed.CHANGED_ROLE, about=about, now=now)
    return StaffId(account.id)


async def _add(
    session: AsyncSession, keys: ServiceKeys, proven: WorkAccount, role: Role, now: datetime
) -> StaffId:
    email, name = _email_and_name(proven)
    await refuse_two_hats(session, email, role)
    row = {
        "id": new_id(),
        "email": email,
        "name": name,
        "role": role,
        "password_hash": "",
        "subject": subject_key(proven),
        "added_at": now,
    }
    if not await insert_new(session, StaffAccount, [row]):
        raise WorkEmailTaken
    staff = StaffId(str(row["id"]))
    await record_deed(session, keys, who=WORK_SIGN_IN, did=Deed.ADDED_STAFF, about=staff, now=now)
    return staff


def _email_and_name(proven: WorkAccount) -> tuple[str, str]:
    try:
        email = tidy_email(proven.email)
    except NotAnEmail as error:
        raise WorkAccountHasNoEmail from error
    try:
        return email, tidy_name(proven.name)
    except NoName:
        return email, email.partition("@")[0][:LONGEST_NAME]
