"""States of a conversation for tests; only what matters is given."""

from typing import Any

from core.conversation.bot import State
from core.conversation.place import new_place


def new_state(**changes: Any) -> State:
    """Nothing asked yet, but for the changes."""
    return {**new_place(channel="web", mirrored=False).state, **changes}
