"""Fakes for the far side of the service: time, and a bot that does what a test says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from core.conversation.bot import Answer, BotUnavailable, KeepState, SayMessage, Turn

MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, at: datetime = MONDAY_MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, **time: float) -> None:
        self.at += timedelta(**time)


class FakeBot:
    """Answers every turn as it is told, remembers the turns, and may be down."""

    def __init__(self, answer: Callable[[Turn], Answer] | None = None) -> None:
        self.turns: list[Turn] = []
        self.is_down = False
        self.answers = answer or (lambda turn: Answer((SayMessage("view_kept"),), (KeepState(turn.state),)))

    async def answer(self, turn: Turn) -> Answer:
        if self.is_down:
            raise BotUnavailable
        self.turns.append(turn)
        return self.answers(turn)
