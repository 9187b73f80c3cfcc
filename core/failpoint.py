"""Numbered points at which this process can be made to die, to see that nothing is lost there; off for real people."""

import os
import signal
from dataclasses import dataclass
from enum import IntEnum


class Failpoint(IntEnum):
    """Where a process may be killed, along the way of a message and of a view."""

    ACCEPT_BEGUN = 1
    ACCEPT_WRITTEN = 2
    ACCEPT_COMMITTED = 3
    CONCERN_WRITTEN = 4
    CLAIM_WRITTEN = 5
    CLAIM_COMMITTED = 6
    ANSWER_DECIDED = 7
    TURN_WRITTEN = 8
    TURN_COMMITTED = 9
    SEND_CLAIMED = 10
    SEND_TAKEN = 11
    SEND_NOTED = 12
    RECEIPT_WRITTEN = 13
    RECEIPT_COMMITTED = 14
    ALERT_CLAIMED = 15
    ALERT_TAKEN = 16
    ALERT_NOTED = 17
    MOVE_WRITTEN = 18
    MOVE_TAKEN_AWAY = 19
    MOVE_COMMITTED = 20


@dataclass(slots=True)
class _Armed:
    point: int = 0
    passings: int = 1


_ARMED = _Armed()


def arm(said: str) -> None:
    """Arm what HYS_FAILPOINT says: `11`, or `11:3` to die at the third passing; ValueError if there is none such."""
    number, _, passings = said.partition(":")
    _ARMED.point, _ARMED.passings = Failpoint(int(number)), int(passings or 1)


def pass_by(point: Failpoint) -> None:
    """Die here as by `kill -9`, if this point is armed and this is the passing; else go on."""
    if point != _ARMED.point:
        return
    _ARMED.passings -= 1
    if _ARMED.passings <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
