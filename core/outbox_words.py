"""The words of a text in the outbox, sealed under the key of its conversation."""

from core.outbox_tables import Post
from core.sealing import seal_json, unseal_json


def seal_text(post: str, text: str, key: bytes) -> bytes:
    """Seal the words of a text."""
    return seal_json(text, key, row=_row(post))


def open_text(post: Post, key: bytes) -> str | None:
    """Give the words of a text; None when they are erased. CannotOpen as `unseal`."""
    return None if post.sealed_text is None else str(unseal_json(post.sealed_text, key, row=_row(post.id)))


def _row(post: str) -> str:
    return f"outbox:{post}"
