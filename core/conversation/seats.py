"""Who is being answered by this process now: so many conversations at once, and one message at a time in each.

Who takes a seat for a conversation either answers it or leaves the seat again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from core.ids import ConversationId

AT_ONCE: Final = 32

Begin = Callable[[ConversationId, Any], None]
"""Begins to answer what was leased for a conversation that has a seat, and leaves the seat at the end."""


class Seats:
    """The seats of one process; none can be taken while nobody answers (`answered_by`)."""

    def __init__(self, *, most: int = AT_ONCE) -> None:
        self.has_queue = False
        """Whether others wait for a seat: who comes in now must not go before them."""
        self._most = most
        self._taken: set[ConversationId] = set()
        self._begin: Begin | None = None

    @property
    def free(self) -> int:
        """How many seats nobody has."""
        return self._most - len(self._taken)

    def __contains__(self, conversation: ConversationId) -> bool:
        """Say whether a message of this conversation is being answered, or about to be."""
        return conversation in self._taken

    @contextmanager
    def answered_by(self, begin: Begin) -> Iterator[None]:
        """Let who comes in take a seat in the block: `begin` answers them."""
        self._begin = begin
        try:
            yield
        finally:
            self._begin = None

    def take(self, conversation: ConversationId) -> bool:
        """Take a seat for a conversation; False where it has one, or none is free."""
        if self.free <= 0 or conversation in self._taken:
            return False
        self._taken.add(conversation)
        return True

    def take_on_arrival(self, conversation: ConversationId) -> bool:
        """The same for one that is just coming in; False also where nobody answers, or others wait."""
        return self._begin is not None and not self.has_queue and self.take(conversation)

    def begin(self, conversation: ConversationId, leased: Any) -> None:
        """Let what was leased be answered; where nobody does so any more, the lease ends by itself."""
        if self._begin is None:
            self.leave(conversation)
        else:
            self._begin(conversation, leased)

    def leave(self, conversation: ConversationId) -> None:
        """Give a seat back."""
        self._taken.discard(conversation)
