"""When a concern is called about again: pure rules."""

from datetime import datetime, timedelta

READ_WITHIN = timedelta(minutes=5)
"""A call that nobody answers in this time goes to the next on the rota."""
AGAIN_EVERY = timedelta(minutes=15)
"""Once everyone was called, everyone is called again in this time, until somebody has read it."""
REPLY_WITHIN = timedelta(minutes=30)
"""A check-in without a reply for so long is brought to the rota."""
QUICK_STEPS = 2


def next_call_at(step: int, now: datetime) -> datetime:
    """Give when the next call is due after the one of this step (0 is the first)."""
    return now + (READ_WITHIN if step < QUICK_STEPS else AGAIN_EVERY)
