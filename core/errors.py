"""A normal "no", said in plain words and with the status a browser is told."""

from http import HTTPStatus
from typing import ClassVar


class Refusal(Exception):
    """Something that may not be done now, and the words for the person who asked."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    words: ClassVar[str] = "I can not do that."
    wait_seconds: ClassVar[int] = 0
    """How long to wait before asking again can help; 0: it can't, or nobody knows."""

    def __init__(self, words: str | None = None) -> None:
        self.said = words or self.words
        super().__init__(self.said)

    @property
    def headers(self) -> dict[str, str]:
        """Say when to come back, to who is not a person (RFC 9110, Retry-After)."""
        return {"Retry-After": str(self.wait_seconds)} if self.wait_seconds else {}
