"""Who uses this folder's stores now: the demo must never share them with a service that answers and calls people."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from app.stores import make_folder
from core.errors import Refusal
from core.settings import Settings

LOCK = "in-use"


class ServiceRuns(Refusal):
    """Its bot would answer the invented people, and its alerts would call real ones about them."""

    words = "Have Your Say runs here now. Stop it with Ctrl-C, play the demo, then start it again."


class DemoPlays(Refusal):
    """What the demo says is nobody's, and must be answered by nobody but the demo."""

    words = "The demo is playing here now. Wait until it ends, then try again."


@contextmanager
def in_use(settings: Settings) -> Iterator[None]:
    """Use the stores beside others for the time of a block; DemoPlays while the demo has them alone."""
    with _held(settings, fcntl.LOCK_SH, DemoPlays):
        yield


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Have the stores alone for the time of a block; ServiceRuns while the service or another demo uses them."""
    with _held(settings, fcntl.LOCK_EX, ServiceRuns):
        yield


@contextmanager
def _held(settings: Settings, how: int, refusal: type[Refusal]) -> Iterator[None]:
    """Hold the lock of var/: it ends with the process, however that ends. Raises StoreNotReachable too."""
    make_folder(settings)
    with (settings.var / LOCK).open("a") as file:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        yield
