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


class SayFirstIfItIsAboutYou(Refusal):
    """A concern about a worker opens only to who says that it is not about them or their line."""

    status = HTTPStatus.FORBIDDEN
    words = "This may be about someone at work. Please open it first, and say that it is not about you."


class MayBeAboutYou(Refusal):
    """They said that it may be about them or somebody they lead."""

    status = HTTPStatus.FORBIDDEN
    words = "You said that this may be about you or someone you lead. Another lead reads it."


class NoReason(Refusal):
    """Who does this says why."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please write why, in up to 2,000 letters."


class NoWords(Refusal):
    """A note says something."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please write a note of up to 2,000 letters."


class NothingPicked(Refusal):
    """Closing many needs some to close."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please pick the concerns to close."


class ReadDangerFirst(Refusal):
    """Danger is read one by one, also in a flood."""

    status = HTTPStatus.CONFLICT
    words = "There is danger among these that no one has read. Read each of those first."


class AnotherMustLook(Refusal):
    """A second look is somebody else's."""

    status = HTTPStatus.CONFLICT
    words = "You closed these. Another lead must look."


class NoSecondLook(Refusal):
    """Nothing waits here for a second look."""

    status = HTTPStatus.CONFLICT
    words = "This does not wait for a second look. Someone may have done it."


class WordsGone(Refusal):
    """The conversation was erased, and nothing can be sealed with it."""

    status = HTTPStatus.CONFLICT
    words = "The words of this concern are gone. Nothing can be added."


class NotClosedYet(Refusal):
    """A hand-over is recorded at the end."""

    status = HTTPStatus.CONFLICT
    words = "Please close this concern first."


class NoReference(Refusal):
    """A hand-over names the reference there, and who read it."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please write the reference, and who read it, each in up to 100 letters."


class NotForKeyWorkers(Refusal):
    """Key workers are never told of a concern about an adult at work."""

    status = HTTPStatus.CONFLICT
    words = "This may be about someone at work. Key workers are not told."
