"""Let one process at a time do a timed job, whichever is first; a lease ends by itself if it dies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import Clock
from core.database import ServiceBase, Store, UtcDateTime, insert_new
from core.ids import ID_LENGTH


class JobLease(ServiceBase):
    """A job that somebody is doing."""

    __tablename__ = "job_leases"

    job: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(ID_LENGTH))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


@asynccontextmanager
async def lease_job(
    store: Store, job: str, *, owner: str, clock: Clock, lasting: timedelta
) -> AsyncIterator[bool]:
    """Hold the job's lease for the block; gives False when another process holds it."""
    is_ours = await _take(store, job, owner, clock(), lasting)
    try:
        yield is_ours
    finally:
        if is_ours:
            async with store.write() as session:
                await session.execute(delete(JobLease).where(JobLease.job == job, JobLease.owner == owner))


async def note_done(store: Store, job: str, *, owner: str, clock: Clock) -> None:
    """Keep when a job was last done, as a lease that ended then."""
    row = {"job": f"{job} done", "owner": owner, "until": clock()}
    async with store.write() as session:
        if not await insert_new(session, JobLease, [row]):
            await session.execute(update(JobLease).where(JobLease.job == row["job"]).values(**row))


async def last_done(store: Store, job: str) -> datetime | None:
    """Say when a job was last done, by whichever process."""
    async with store.read() as session:
        return await session.scalar(select(JobLease.until).where(JobLease.job == f"{job} done"))


async def _take(store: Store, job: str, owner: str, now: datetime, lasting: timedelta) -> bool:
    async with store.write() as session:
        row = {"job": job, "owner": owner, "until": now + lasting}
        if await insert_new(session, JobLease, [row]):
            return True
        taken = await session.execute(
            update(JobLease).where(JobLease.job == job, JobLease.until <= now).values(**row)
        )
        return bool(taken.rowcount)  # type: ignore[attr-defined]
