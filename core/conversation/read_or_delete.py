"""What is heard around a delete code in somebody's own words: that they want to read by it, or that it is to delete.

Reading is heard generously, and deleting only where it is plain: what is deleted by mistake is gone.
"""

import re
from typing import Final

from core.text.clean import clean_text

LOOKED_AT: Final = 2_000
"""Characters of a message that are looked at: a wish comes early, and a text of a book's length holds up nobody."""

_MY_ANSWERS: Final = re.compile(r"\bm[yei] (?:\w+ )?a[nw][a-z]{0,3}[sz][a-z]{0,3}r[a-z]{0,2}\b")
"""With the slips of who spells by ear."""
_DELETING: Final = re.compile(
    r"\b(?:del(?:[ea]t\w*)?|eras\w*|remov\w*|wip(?:e|ed|ing)|scrap|bin|destroy|rid)\b"
    r"|\b(?:chuck|throw|take) (?:\w+ ){0,3}(?:out|away|back|down|off)\b"
)
_NOT: Final = re.compile(
    r"\b(?:not?|nothing|never|none|without|(?:do|does|did|wo|would|ca|could|should|have|has|is|are)nt"
    r"|read|see|show|look)\b"
)
_PLAINLY_DELETE: Final = re.compile(
    r"(?:(?:please|pls|plz|ok|okay|now|actually|just|so|then|can you|could you|can u|i want to|i want you to|i wanna"
    r"|i would like to|id like to|you can) )*(?:del|del\wte|erase|remove|wipe|get rid of)\b(?!.*\bcodes?\b)"
)


def plain_words(text: str) -> str:
    """Give words in small letters, with one space between and no quotes, full stops or other marks."""
    return " ".join(clean_text(re.sub(r"[^\w\s]", "", text[:LOOKED_AT])).casefold().split())


def asks_to_read(text: str) -> bool:
    """Say whether words speak of "my answers", and not of deleting them; "do not delete" is not deleting."""
    words = plain_words(text)
    return _MY_ANSWERS.search(words) is not None and not (_DELETING.search(words) and not _NOT.search(words))


def asks_to_delete(text: str) -> bool:
    """Say whether words plainly say to delete: in doubt they do not."""
    words = plain_words(text)
    return _PLAINLY_DELETE.match(words) is not None and _NOT.search(words) is None
