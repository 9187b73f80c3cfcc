"""Who uses the stores now: the demo must never share them with a service that answers and calls people.

A file says so: beside the service store where that is SQLite, else in var/. It lasts as long as the process, however
that ends. On PostgreSQL the database says so too (app.server_lock), to all folders and machines that use it.
"""

import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from app.server_lock import server_held
from app.stores import StoreNotReachable, make_folder
from core.errors import Refusal
from core.settings import Settings

LOCK = "in-use"


class ServiceRuns(Refusal):
    """Its bot would answer the invented people, and its alerts would call real ones about them."""

    words = "Have Your Say runs here now. Stop it with Ctrl-C, play the demo, then start it again."


class DemoPlays(Refusal):
    """What the demo says is nobody's, and must be answered by nobody but the demo."""

    words = "The demo is playing here now. Wait until it ends, then try again."


@asynccontextmanager
async def in_use(settings: Settings) -> AsyncIterator[None]:
    """Use the stores beside others for a block; DemoPlays while the demo has them alone, StoreNotReachable."""
    async with _held(settings, DemoPlays, is_alone=False):
        yield


@asynccontextmanager
async def alone(settings: Settings) -> AsyncIterator[None]:
    """Have the stores alone for a block; ServiceRuns while the service or a demo uses them, StoreNotReachable."""
    async with _held(settings, ServiceRuns, is_alone=True):
        yield


@asynccontextmanager
async def _held(settings: Settings, refusal: type[Refusal], *, is_alone: bool) -> AsyncIterator[None]:
    make_folder(settings)
    with _file_held(_lock_file(settings), refusal, is_alone=is_alone):
        if make_url(settings.service_database_url).get_backend_name() == "sqlite":
            yield
            return
        async with server_held(settings.service_database_url, refusal, is_alone=is_alone):
            yield


def _lock_file(settings: Settings) -> Path:
    url = make_url(settings.service_database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return (Path(str(url.database)).resolve().parent if is_file else settings.var) / LOCK


@contextmanager
def _file_held(path: Path, refusal: type[Refusal], *, is_alone: bool) -> Iterator[None]:
    try:
        file = path.open("a")
    except OSError as error:
        raise _not_lockable(path, error) from error
    with file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        except OSError as error:
            raise _not_lockable(path, error) from error
        yield


def _not_lockable(path: Path, error: OSError) -> StoreNotReachable:
    return StoreNotReachable(
        f"The service store can't be used: {path} can't be written and locked ({error.strerror}). "
        "Check SERVICE_DATABASE_URL, who owns that file, and that its disk can lock files."
    )
