"""Keep Rasa's memory of conversations short: a cache in memory that forgets after an idle hour."""

from __future__ import annotations

import time
from typing import Any, Callable

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

IDLE_SECONDS = 3_600.0
SWEEP_SECONDS = 60.0


class ForgetfulTrackerStore(InMemoryTrackerStore):
    """Rasa's own store in memory, which by itself never lets go of a conversation."""

    def __init__(
        self,
        domain: Domain,
        host: EndpointConfig | None = None,  # noqa: ARG002  (Rasa hands over endpoints.yml here)
        event_broker: EventBroker | None = None,
        clock: Callable[[], float] = time.monotonic,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._clock = clock
        self._saved_at: dict[str, float] = {}
        self._swept_at = clock()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation, and drop those that were idle too long."""
        await super().save(tracker)
        now = self._clock()
        self._saved_at[tracker.sender_id] = now
        if now - self._swept_at >= SWEEP_SECONDS:
            self._swept_at = now
            self._drop_idle(now)

    def _drop_idle(self, now: float) -> None:
        idle = [sender for sender, saved_at in self._saved_at.items() if now - saved_at > IDLE_SECONDS]
        for sender in idle:
            del self._saved_at[sender]
            self.store.pop(sender, None)
