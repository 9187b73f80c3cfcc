"""Killed six times and more under load, the service has lost nothing that it acknowledged, and done nothing twice."""

from pathlib import Path

from core.failpoint import Failpoint
from tests.crash.kill import kill_and_check

POINTS = (Failpoint.CONCERN_WRITTEN, Failpoint.TURN_WRITTEN, Failpoint.SEND_TAKEN)
"""The three that would hurt most: a concern, half a turn, a text that left."""


async def test_what_was_acknowledged_is_there_once_after_six_kills(tmp_path: Path) -> None:
    toll = await kill_and_check(tmp_path, POINTS)
    assert toll.kills.total() == 2 * len(POINTS)
    assert toll.found.acknowledged > 0
    assert toll.found.wrong == {}
