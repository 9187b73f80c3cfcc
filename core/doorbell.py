"""Says "look": something new may stand in the tables. It carries no content, and may be missed."""

import asyncio
from collections import defaultdict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class Doorbell:
    """Wakes, within this process, who listens for news of one thing; the tables are looked at as well."""

    def __init__(self) -> None:
        self._listeners: defaultdict[Hashable, set[Listener]] = defaultdict(set)

    def ring(self, about: Hashable) -> None:
        """Wake all who listen for news about this."""
        for listener in self._listeners.get(about, ()):
            listener.rang.set()

    @contextmanager
    def listening(self, about: Hashable) -> "Iterator[Listener]":
        """Listen from here on, so that a ring while the tables are being read is not missed."""
        listener = Listener()
        self._listeners[about].add(listener)
        try:
            yield listener
        finally:
            self._listeners[about].discard(listener)
            if not self._listeners[about]:
                del self._listeners[about]

    async def wait(self, about: Hashable, seconds: float) -> None:
        """Return when it rings about this, or after so many seconds."""
        with self.listening(about) as listener:
            await listener.wait(seconds)


class Listener:
    """Someone at the door: hears a ring since it last waited, too."""

    def __init__(self) -> None:
        self.rang = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Return True at once if it rang since the last wait, or when it rings; False after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self.rang.wait()
        except TimeoutError:
            return False
        self.rang.clear()
        return True
