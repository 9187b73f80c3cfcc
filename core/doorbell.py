"""Says "look": something new may stand in the tables. It carries no content, and may be missed."""

import asyncio
from collections import defaultdict
from collections.abc import Hashable


class Doorbell:
    """Wakes, within this process, who waits for news of one thing; tables are looked at as well."""

    def __init__(self) -> None:
        self._waiting: defaultdict[Hashable, set[asyncio.Event]] = defaultdict(set)

    def ring(self, about: Hashable) -> None:
        """Wake all who wait for news about this."""
        for event in self._waiting.pop(about, ()):
            event.set()

    async def wait(self, about: Hashable, seconds: float) -> None:
        """Return when it rings about this, or after so many seconds."""
        event = asyncio.Event()
        self._waiting[about].add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
        finally:
            if about in self._waiting:
                self._waiting[about].discard(event)
                if not self._waiting[about]:
                    del self._waiting[about]
