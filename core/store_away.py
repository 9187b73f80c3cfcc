"""Know a database that can't be reached or written from a bug of ours, and say the first in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

import asyncpg
import structlog
from sqlalchemy import exc

from core.errors import Refusal

log = structlog.get_logger()

OURS: Final = (
    exc.IntegrityError,
    exc.ProgrammingError,
    exc.DataError,
    exc.InternalError,
    exc.NotSupportedError,
)
"""What a database says of a statement that is wrong: a bug, and not the database's trouble."""

AWAY: Final = (exc.DBAPIError, exc.TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""A server that refuses, ends or starts; a pool that is used up; a disk that is full.

A connection that was not made comes as the driver's own error, or as plain OSError: SQLAlchemy names only the
errors of statements.
"""


class StoreAway(Refusal):
    """A database can't be reached or written now: nothing was kept, and nothing may be acknowledged."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    wait_seconds = 60
    words = (
        "I can not keep words just now, and nothing new was kept. Please try again in one minute. "
        "If you are in danger now, call 999. You can call Childline on 0800 1111 or Samaritans on 116 123."
    )


@contextmanager
def saying_when_away() -> Iterator[None]:
    """Turn what a database that is away raises into StoreAway; every other error stays what it is."""
    try:
        yield
    except AWAY as error:
        if isinstance(error, OURS):
            raise
        log.error("store_not_reached", problem=type(error).__name__)  # noqa: TRY400 - words may stand in a trace
        raise StoreAway from error
