"""Hear how old somebody says they are, and where they live, in a sentence about something else."""

import re
from collections.abc import Iterable

YOUNGEST_BARE = 5
"""A smaller number after "im" is text-speak ("im 2 scared", "im 4 real") unless "years old" follows."""

_IN_WORDS = """
five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
"""
_WORDS = {word: str(number) for number, word in enumerate(_IN_WORDS.split(), start=YOUNGEST_BARE)}
_SOMEONE_ELSE = re.compile(
    r"\b(?:he|she|they|who|brother|sister|friend|mate|mum|dad|son|daughter|cousin|kid|child|boy|girl)"
    r"(?:\s?'?s|\s+is|\s+are|\s+was|\s?'?re)\s+(?:only |just |nearly |aged )?\d{1,2}\b"
)
_A_MEASURE = (
    r"(?!\d)(?!\s*(?:%|[ap]m\b|o'?clock|min|hour|hr|day|week|month|mile|km|pound|stone|kg|f[oe]*t\b|times?\b"
    r"|of\b|people|friend|brother|sister|kid|child|years?\s+(?:late|in\b|into)))"
)
_OF_ME = re.compile(
    rf"\b(?:i\s?'?m|i am|me|aged?|turned)\s+(?:only |just |nearly |now |aged? |a )?(\d{{1,2}}){_A_MEASURE}"
)
_YEARS_OLD = re.compile(r"\b(\d{1,2})\s?-?(?:years?|yrs?|y)[\s-]?(?:olds?|o)\b")


def age_in(text: str) -> int | None:
    """Give the age in years that the writers say is their own: "im 14", "I'm fifteen", "11 years old".

    None when they say none. The age of somebody else ("my brother is 6") is not taken for it.
    """
    said = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    for word, digits in _WORDS.items():
        said = re.sub(rf"\b{word}\b", digits, said)
    said = _SOMEONE_ELSE.sub(" ", said)
    years_old = _YEARS_OLD.search(said)
    if years_old:
        return int(years_old[1])
    return next((int(found) for found in _OF_ME.findall(said) if int(found) >= YOUNGEST_BARE), None)


def district_in(text: str, districts: Iterable[str]) -> str | None:
    """Give the one district (of those known) that the text names, or None when it names none or several."""
    said = " ".join(re.findall(r"[a-z]+", text.lower()))
    named = [district for district in districts if re.search(rf"\b{re.escape(district.lower())}\b", said)]
    return named[0] if len(named) == 1 else None
