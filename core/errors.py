"""A normal "no", said in plain words and with the status a browser is told."""

from http import HTTPStatus
from typing import ClassVar


class Refusal(Exception):
    """Something that may not be done now, and the words for the person who asked."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    words: ClassVar[str] = "I can not do that."

    def __init__(self, words: str | None = None) -> None:
        self.said = words or self.words
        super().__init__(self.said)
