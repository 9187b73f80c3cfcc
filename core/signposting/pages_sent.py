"""The pages for a meeting that somebody sent before, so that the key workers' queue is not filled with the same one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import ConversationId, RequestId
from core.sealing import CannotOpen, unseal_json
from core.signposting.requests import RequestBody, row_name
from core.signposting.tables import RequestKind, RequestState, SignpostingRequest

MOST_A_DAY: Final = 3
"""Enough to put a slip right twice; a page that was taken back counts too, for somebody may have opened it."""


@dataclass(frozen=True, slots=True)
class SentPage:
    """A page that was sent: the words it is known by, and what it said (None: taken back, or of another chat)."""

    words: str
    sent_at: datetime
    is_open: bool
    body: RequestBody | None

    def says_the_same(self, body: RequestBody) -> bool:
        """Say whether a key worker would read the very same; in which words it was agreed to plays no part."""
        return self.body is not None and _read_of(self.body) == _read_of(body)


async def read_pages_sent(
    session: AsyncSession, conversations: Sequence[ConversationId], key: bytes
) -> list[SentPage]:
    """Give the pages that were sent in conversations of one person; only what `key` opens says its words."""
    of_theirs = SignpostingRequest.conversation_id.in_(conversations)
    pages = select(SignpostingRequest).where(of_theirs, SignpostingRequest.kind == RequestKind.PAGE)
    return [
        SentPage(row.words, row.opened_at, row.state != RequestState.CLOSED, _body(row, key))
        for row in await session.scalars(pages)
    ]


def _read_of(body: RequestBody) -> tuple[object, ...]:
    return body.first_name, body.where, body.page


def _body(row: SignpostingRequest, key: bytes) -> RequestBody | None:
    try:
        return RequestBody(**unseal_json(row.sealed_body, key, row=row_name(RequestId(row.id))))
    except CannotOpen:
        return None
