"""Tell leads and administrators, once a day, that texts are held back."""

from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import select

from core.database import Store
from core.ids import ConcernId
from core.outbox import post_alert
from core.outbox_tables import AlertKind, Post, Route
from core.staff.accounts import list_staff
from core.staff.roles import Role
from core.text_caps import TextCaps

log = structlog.get_logger()

TOLD: Final = frozenset({Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR})


async def tell_held_back(store: Store, caps: TextCaps, now: datetime) -> None:
    """Post an e-mail to each of them; a second call on the same day posts nothing."""
    about = ConcernId(f"texts {caps.day_began_at(now).date().isoformat()}")
    async with store.write() as session:
        if await session.scalar(select(Post.id).where(Post.concern_id == about).limit(1)) is not None:
            return
        told = [each for each in await list_staff(session) if each.role in TOLD and not each.has_left]
        for each in told:
            await post_alert(
                session, concern=about, kind=AlertKind.TEXTS, route=Route.EMAIL, address=each.email, now=now
            )
    log.warning("capped_texts_reported", count=len(told))
