"""The normal "no"s when a contact is to be opened, in words for a safeguarding lead."""

from http import HTTPStatus

from core.errors import Refusal


class NoSuchOpening(Refusal):
    """Nobody asked for this."""

    status = HTTPStatus.NOT_FOUND
    words = "We can not find this."


class SamePerson(Refusal):
    """Two named people: the second is not the first."""

    status = HTTPStatus.CONFLICT
    words = "You asked for this yourself. Another lead must do this step."


class AlreadyAgreed(Refusal):
    """It is open, or was."""

    status = HTTPStatus.CONFLICT
    words = "Another lead said yes to this before."


class AskedTooLongAgo(Refusal):
    """A yes counts for what is asked now."""

    status = HTTPStatus.CONFLICT
    words = "This was asked more than a day ago. Please ask again."


class NotOnTheRota(Refusal):
    """Alone only a member of the rota opens it."""

    status = HTTPStatus.FORBIDDEN
    words = "Only who is on the rota can open it alone. Please ask another lead to agree."


class NotOpenToYou(Refusal):
    """Not agreed, not theirs, or over."""

    status = HTTPStatus.FORBIDDEN
    words = "This is not open to you, or its hour is over. Please ask again."


class AlreadyReviewed(Refusal):
    """There is nothing to review."""

    status = HTTPStatus.CONFLICT
    words = "This needs no review. Someone may have done it."


class NoContactKept(Refusal):
    """There is no number and no request."""

    status = HTTPStatus.NOT_FOUND
    words = "We keep no way to reach them. They talk with us on the web page only."
