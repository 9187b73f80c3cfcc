"""The normal "no"s about a request, in words for a key worker."""

from http import HTTPStatus

from core.errors import Refusal


class NoSuchRequest(Refusal):
    """There is no request with this id."""

    status = HTTPStatus.NOT_FOUND
    words = "We can not find this request."


class RequestAlreadyTaken(Refusal):
    """Of two key workers, the other was first."""

    status = HTTPStatus.CONFLICT
    words = "Another key worker is already helping with this."


class RequestNotYours(Refusal):
    """Only the key worker who took a request may go on with it."""

    status = HTTPStatus.CONFLICT
    words = "Only the key worker who took this can do that."


class RequestAlreadyClosed(Refusal):
    """The request is done."""

    status = HTTPStatus.CONFLICT
    words = "This request is closed."


class RequestErased(Refusal):
    """The young person deleted what they said; the request is closed."""

    status = HTTPStatus.GONE
    words = "The young person took this request back. Their words are deleted."
