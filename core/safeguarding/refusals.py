"""The normal "no"s about a concern, in words for a safeguarding lead."""

from http import HTTPStatus

from core.errors import Refusal


class NoSuchConcern(Refusal):
    """There is no concern with this id."""

    status = HTTPStatus.NOT_FOUND
    words = "We can not find this concern."


class ConcernAlreadyClosed(Refusal):
    """A person closed it before."""

    status = HTTPStatus.CONFLICT
    words = "This concern is closed."


class ConcernHasNewWords(Refusal):
    """The young person said more since the page was shown."""

    status = HTTPStatus.CONFLICT
    words = "There are new words. Please read them first."


class ConcernNotRead(Refusal):
    """Nobody has said that they read it, so nobody can close it."""

    status = HTTPStatus.CONFLICT
    words = "Please say that you have read this first."
