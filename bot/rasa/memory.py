"""Know of which conversations Rasa's memory is what our app keeps, so that the others are restored."""

from __future__ import annotations

from typing import Any

from bot.rasa.turns import digest_of

TURNS_BEFORE_RESTORING = 5
"""A turn costs more with each one that Rasa remembers; to start again from the state costs one action."""

MOST_CONVERSATIONS = 20_000


class Memory:
    """The last state that was decided in each conversation, as a digest, and for how many turns it was kept.

    It may be wrong only where another process answered in between or our app lost an answer. Then the digest
    in the message does not fit Rasa's state, the action refuses, and the next attempt restores.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, int]] = {}

    def is_current(self, turn: dict[str, Any]) -> bool:
        """Say whether Rasa may go on from what it remembers."""
        digest, turns = self._kept.get(turn["sender"], ("", 0))
        if turns >= TURNS_BEFORE_RESTORING or digest != digest_of(turn["state"]):
            self.forget(turn["sender"])
            return False
        return True

    def keep(self, sender: str, state: dict[str, Any]) -> None:
        """Note what was decided."""
        if len(self._kept) >= MOST_CONVERSATIONS:
            self._kept.clear()  # costs each conversation one restoring
        _, turns = self._kept.get(sender, ("", 0))
        self._kept[sender] = (digest_of(state), turns + 1)

    def forget(self, sender: str) -> None:
        """Have the conversation restored with its next turn."""
        self._kept.pop(sender, None)
