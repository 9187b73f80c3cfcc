"""Lease a message in the transaction in which it arrives, where a seat is free: then its answer begins at once.

It saves a transaction and the worker's look. Where no seat is free, or others wait for one, it is claimed later.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.arrived import Accepted
from core.conversation.claim import Leased, lease_arrival
from core.conversation.house import ANY_CONVERSATION, House
from core.conversation.plain import PlainWords
from core.conversation.plain_messages import write_plain_messages
from core.group_commit import Alike
from core.ids import ConversationId

WriteArrival = Callable[[AsyncSession], Awaitable[Accepted]]


@dataclass(slots=True, eq=False)
class Seat:
    """The seat of one arrival, if it has one, and what was leased for it when it was last written."""

    house: House
    conversation: ConversationId
    is_taken: bool
    leased: Leased | None = None

    def leasing(self, write: WriteArrival) -> WriteArrival:
        """Let a write also lease what it wrote."""

        async def write_and_lease(session: AsyncSession) -> Accepted:
            accepted = await write(session)
            await self.lease(session, accepted)
            return accepted

        return write_and_lease if self.is_taken else write

    def leasing_alike(self, alike: Alike | None) -> Alike | None:
        """Let plain words, which are written together with others, also be leased."""
        return None if alike is None else Alike(_write_and_lease, (alike.given, self))

    async def lease(self, session: AsyncSession, accepted: Accepted) -> None:
        """Lease the conversation, if it has a seat; of a write that is tried again only the last lease counts."""
        self.leased = None
        if self.is_taken and not accepted.is_repeat:
            self.leased = await lease_arrival(session, self.house, self.conversation)

    def begin(self) -> None:
        """Let it be answered, now that it is on the disk; where it was not leased, have the worker look for it."""
        if not self.is_taken or self.leased is None:
            self.leave()
            self.house.doorbell.ring(ANY_CONVERSATION)
        else:
            self.house.seats.begin(self.conversation, self.leased)

    def leave(self) -> None:
        """Give the seat back, and have it looked whether another message of theirs waited for it."""
        if self.is_taken:
            self.is_taken = False
            self.house.seats.leave(self.conversation)
            self.house.doorbell.ring(ANY_CONVERSATION)


@asynccontextmanager
async def seat_for(house: House, conversation: ConversationId, *, is_plain: bool) -> AsyncIterator[Seat]:
    """Take a seat for who comes in, if one is free and nothing was heard; it is left when nothing is kept."""
    seat = Seat(house, conversation, is_plain and house.seats.take_on_arrival(conversation))
    try:
        yield seat
    except BaseException:
        seat.leave()
        raise


async def _write_and_lease(
    session: AsyncSession, some: Sequence[tuple[PlainWords, Seat]]
) -> Sequence[Accepted | None]:
    kept = await write_plain_messages(session, [words for words, _ in some])
    for (_, seat), accepted in zip(some, kept, strict=True):
        if accepted is not None:
            await seat.lease(session, accepted)
    return kept
