"""Staff accounts, their sign-in sessions, API keys, and the record of who did what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime
from core.ids import ID_LENGTH
from core.staff.roles import Role, Scope

HASH_BYTES = 32


class StaffAccount(ServiceBase):
    """A member of staff who may sign in: with a password, or as a `subject` of the council's own sign-in.

    `password_hash` is empty for who has no password.
    `sealed_secret` is what their code app knows too; `last_step` is the half minute of the last code they used.
    """

    __tablename__ = "staff"
    __table_args__ = (Index("staff_subject", "subject", unique=True),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(String(32))
    password_hash: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(255))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_step: Mapped[int | None]


class SignInSession(ServiceBase):
    """One signed-in browser; only the hash of its token is kept.

    It is half in while a code is still asked; `sealed_secret` is of a code app that is being set up.
    """

    __tablename__ = "staff_sign_in_sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    is_half: Mapped[bool] = mapped_column(default=False, server_default=false())
    sealed_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecoveryCode(ServiceBase):
    """A code that lets somebody in once without their code app; only its keyed hash is kept."""

    __tablename__ = "staff_recovery_codes"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)


class ApiKey(ServiceBase):
    """A key of another system; only the hash of its secret is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    scope: Mapped[Scope] = mapped_column(String(32))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), unique=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEntry(ServiceBase):
    """One deed: who did what to which id, chained to the deed before; never any words."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(ID_LENGTH))
    did: Mapped[str] = mapped_column(String(48))
    about: Mapped[str | None] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(255))
    mac: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))


class AuditHead(ServiceBase):
    """The end of the chain, so that a cut tail shows; one row."""

    __tablename__ = "audit_heads"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    key_id: Mapped[str] = mapped_column(String(255))
    mac: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    seal: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
