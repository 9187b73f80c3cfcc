"""Write out what an apostrophe leaves out, before apostrophes go: "'er" is "her", and "dad's hitting" is "dad is"."""

import re
from typing import Final

_MARKS: Final = "'`\u2019\u2018\u02bc\u00b4"
_ANY: Final = re.compile(f"[{_MARKS}]")
APOSTROPHES: Final = str.maketrans("", "", _MARKS)

# Said without an h. "'is" and "'it" are left out: they may as well open a quotation.
_WITHOUT_H: Final = (
    "e e's er im ad as ave aven't adn't asn't er's ead air and and's ands ome ouse urt urts urtin urting itting "
    "its itted ittin ungry ide idin iding old olds oldin ate ates ospital undred usband"
)
_DROPPED: Final = re.compile(
    rf"(?<![\w{_MARKS}])[{_MARKS}]({'|'.join(sorted(_WITHOUT_H.split(), key=len, reverse=True))})(?!\w)"
)
_IS: Final = re.compile(
    rf"(?<=[a-z])[{_MARKS}]s(?= (?:\w+(?:ing\b|in\b[{_MARKS}]?)|gonna|always|got|been|not|never|still|just|drunk|"
    r"here|there|back|outside|coming|so|really|going|gone|on|at|in)\b)"
)

_SHORT: Final = re.compile(rf"(?<!\w)(she|he|they|i|we|you|it)[{_MARKS}](d|ll|ve)(?!\w)")
_LONG: Final = {"d": "would", "ll": "will", "ve": "have"}
_DONE: Final = re.compile(rf"(?<!\w)(od|sh)[{_MARKS}]d(?!\w)")
_DOINGS: Final = {"od": "overdosed", "sh": "self harm"}


def write_out(text: str) -> str:
    """Give small letters without apostrophes, and with what some of them left out."""
    if _ANY.search(text) is None:
        return text
    text = _SHORT.sub(lambda found: f"{found[1]} {_LONG[found[2]]}", _DROPPED.sub(r"h\1", text))
    text = _DONE.sub(lambda found: _DOINGS[found[1]], text)
    return _IS.sub(" is", text).translate(APOSTROPHES)
