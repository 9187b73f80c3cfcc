"""Read a name, a number, an email or a longer answer out of what was written when it was asked for; pure."""

import re

from core.text.details import find_details

LONGEST_NAME, MOST_NAMES = 40, 3
LONGEST_REACH = 120
FEWEST_DIGITS = 9
COMPLAINT = "complaint"
NAMES = frozenset({"first_name", "page_name"})
"""The answers that are a first name: in a request, and beside "My page"."""
NOT_CLEAR = {
    **dict.fromkeys(NAMES, "request_name_not_clear"),
    "reach": "request_reach_not_clear",
}
"""What is said where the answer cannot be read, by its kind; of the others, that it was not understood."""

_BEFORE_A_NAME = re.compile(
    r"^(?:(?:hi|hello|hey|hiya|ok|yes|yeah|um+|er+|well|its just|just)\b[ ,.!-]*)*"
    r"(?:(?:my (?:first |real |nick)?name(?:'?s| is| iz)?|(?:you |they |u )?(?:can |could )?(?:just )?call me"
    r"|(?:every(?:one|body)|people|they) (?:just )?calls? me|i(?:'| a)?m(?: called)?|it(?:'| i)?s(?: called)?"
    r"|this is|the name(?:'?s| is))\b[ ,:.!-]*)?",
    re.IGNORECASE,
)
_AFTER_A_NAME = re.compile(r"[ ,.!]*\b(?:please|pls|plz|thanks|thank you|thx|ok)?[ .!?,]*$", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\W\d_'\u2019-]*(?:['\u2019-][^\W\d_]+)*\.?(?: [^\W\d_][\w'\u2019-]*){0,2}")


def read_personal_answer(kind: str, text: str) -> str | None:
    """Give the answer to keep for a first name, "reach" or another kind; None where the words hold none.

    A complaint and a part of "My page" are kept whole: who answers a
    complaint must know whom it is about.
    """
    line = " ".join(text.split())
    if kind in NAMES:
        return _first_name(line)
    return _reach(line) if kind == "reach" else text.strip() or None


def _first_name(line: str) -> str | None:
    """Take "my name is sam" for "Sam"; more than three names, or a question, is no first name."""
    said = _AFTER_A_NAME.sub("", _BEFORE_A_NAME.sub("", line).strip(" \"'.,!-"))
    if line.endswith("?") or len(said) > LONGEST_NAME or len(said.split()) > MOST_NAMES:
        return None
    if not _NAME.fullmatch(said):
        return None
    return said.title() if said.islower() else said


def _reach(line: str) -> str | None:
    """Take a line that holds an email or enough digits for a number, whole: whose number it is may stand in it."""
    has_email = any(found.kind == "email" for found in find_details(line))
    has_number = sum(character.isdigit() for character in line) >= FEWEST_DIGITS
    return line[:LONGEST_REACH] if has_email or has_number else None
