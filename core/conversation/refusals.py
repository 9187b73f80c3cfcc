"""The normal "no"s of a conversation, in words for a young person."""

from http import HTTPStatus

from core.errors import Refusal


class EmptyText(Refusal):
    """Nothing was written."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "I can not see any words. Please write or tap an answer."


class TextOrChoice(Refusal):
    """Both text and a choice were sent, or neither."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "Please send words or tap one answer."


class TextTooLong(Refusal):
    """The text is over the limit; its first part was screened and kept."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    words = "That is a lot of words. I kept the first part."


class StaleChoice(Refusal):
    """The choice belongs to an earlier question or to another conversation."""

    status = HTTPStatus.CONFLICT
    words = "That answer was for a different question. Please answer the last one."


class NoSuchConversation(Refusal):
    """There is no such conversation, or it is finished."""

    status = HTTPStatus.NOT_FOUND
    words = "I can not find our chat. Please start a new one."
