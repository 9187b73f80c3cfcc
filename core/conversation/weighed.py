"""Keep the order of one person's messages while one of them is weighed: the next waits for it.

It waits as long as weighing lasts, which is a second at most. What is heard at once as danger or a worry waits for
nothing. Each process knows only what it weighs itself.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Weighed:
    """Whose messages are being weighed now, by what tells them apart: a conversation, a number."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Event] = {}

    def __contains__(self, whose: str) -> bool:
        """Say whether a message of theirs is being weighed."""
        return whose in self._last

    async def wait_for(self, whose: str) -> None:
        """Wait until those of theirs that are being weighed now have been, and go on their way."""
        last = self._last.get(whose)
        if last is not None:
            await last.wait()

    @asynccontextmanager
    async def in_order(self, whose: str) -> AsyncIterator[None]:
        """Weigh one in the block; at its end it waits for those of theirs that came before it."""
        before, mine = self._last.get(whose), asyncio.Event()
        self._last[whose] = mine
        try:
            yield
            if before is not None:
                await before.wait()
        finally:
            if self._last.get(whose) is mine:
                del self._last[whose]
            mine.set()
