"""The forms in which British addresses are written, and the words that announce one."""

import re
from typing import Final

_STREET: Final = (
    "(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|cl|way|court|ct|crescent|cres|place|pl|terrace"
    "|gardens|gdns|grove|square|sq|hill|walk|row|mews|park|green|parade|rise|view|hamlet|estate|meadow|meadows"
    "|croft|heath|common|wharf|fields|orchard|vale|mount|circle|boulevard|path|yard|bank)"
)
_CAPITAL: Final = r"[^\W\d_a-z\u00df-\u00ff][\w'\u2019.-]{0,30}"
POSTCODE: Final = (
    r"(?:[A-Za-z]{1,2}\d[A-Za-z\d]?[ ]{0,2}\d[A-Za-z]{2}"
    # With a space after each sign. Times are none ("at 7 30 pm"), and an inward code has no C, I, K, M, O or V.
    r"|(?!(?i:at|in|by|to|is|on|of|my|do|so|we|he|me|be|up|or|as|if|it|no|go|i|a|us|yr|ks)\b)[A-Za-z]{1,2} ?\d ?"
    r"[A-Za-z\d]?[ ]{0,2}\d ?[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2})"
)


def rule(pattern: str, *, cased: bool = False) -> re.Pattern[str]:
    """Make a pattern that takes small letters for capitals, unless it is `cased`."""
    return re.compile(pattern, 0 if cased else re.IGNORECASE)


_FLAT: Final = r"(?:(?:[Ff]lat|[Aa]partment|[Aa]pt|[Uu]nit|[Ss]tudio)\.? \w{1,5},? )"
_CAPITALS: Final = rf"{_CAPITAL}(?: {_CAPITAL}){{0,3}}"
_TOWNS: Final = rf"(?:[,\n] ?{_CAPITAL}(?: {_CAPITAL}){{0,2}}){{0,3}}"
_NAMED_STREET: Final = "(?:Street|Road|Avenue|Lane|Drive|Close|Crescent|Terrace|Gardens|Grove|Mews)"
_NO_MEASURE: Final = (
    r"(?!(?:min|minute|hour|day|week|month|mile|year|time|dollar|pound|quid|kid|pupil|lesson|of|and|or|to|people|past|in|on|am|pm|oclock|percent|a|an"
    r"|the|but|because|cos|so|when|with|for|every|each|i|we|my|until|till|o)s?\b)"
)
_PLAIN_STREET: Final = (
    "(?:street|road|rd|avenue|ave|lane|drive|close|crescent|terrace|gardens|grove|mews|court)"
)
_NO_STREET: Final = (
    r"(?:the|a|an|my|our|his|her|their|your|this|that|same|other|main|busy|long|side|whole|next|every|each|any|some"
    r"|one|no|quiet|big|small|new|old|wrong|right|car|bus|cycle|tennis|football|and|or|it|i|we|they|is|was|which"
    r"|bad|good|nice|really|very|so|to|people|mum|dad|can|will|cannot|not|up|down|high|dead|end)"
)

FORMS: Final = (
    rule(rf"(?<!\w){_FLAT}?\d{{1,5}}[a-z]?,? {_NO_MEASURE}(?:[a-z'\u2019-]{{2,20}} ){{1,3}}{_STREET}\b"),
    rule(
        rf"(?<!\w){_FLAT}?\d{{1,5}}[A-Za-z]?,? {_CAPITALS}(?=,|\n| {POSTCODE}){_TOWNS}(?:,? {POSTCODE})?",
        cased=True,
    ),
    rule(rf"(?<!\w){_FLAT}{_CAPITALS}{_TOWNS}", cased=True),
    rule(rf"(?<!\w){_CAPITAL}(?: {_CAPITAL})? {_NAMED_STREET}\b", cased=True),
    # From a house's number to its postcode, however the lines between are written.
    rule(
        rf"(?<!\w)(?:{_FLAT}|\d{{1,5}}[a-z]?,? )[a-z'-][\w' -]{{2,40}}"
        rf"(?:, ?[\w' -]{{2,30}}){{0,3}},? {POSTCODE}(?!\w)"
    ),
    # A flat's or a suite's number after a house's, and the towns that follow.
    rule(
        rf"(?<!\w)\d{{1,6}} [^?!\n:;]{{3,60}}?[ \n,]{{1,3}}(?:[Aa]pt|[Ss]uite|[Ff]lat|[Uu]nit|[Bb]ox)\.? \d{{1,5}}"
        rf"(?:[, \n]{{1,4}}(?:{_CAPITAL}|\d{{4,6}})){{0,6}}",
        cased=True,
    ),
    rule(
        r"(?<!\w)(?:p\.?o\.? box|psc|unit) \d{1,6}(?:,? box \d{1,6})?"
        r"(?:[, \n]{1,3}(?-i:[A-Z]{2,3}) (?-i:[A-Z]{2}) \d{5})?"
    ),
)

SAID: Final = (
    rule(
        r"\b(?:(?:lives?|living|stay|stays|staying) at|address(?: is|:)|moved to) "
        r"(?P<said>\d{1,5}[a-z]? \w[\w' ]{2,30})"
    ),
    rule(
        r"\b(?:(?:live|lives|living|stay|stays|house|home) (?:on|in|down|off|up|near)|(?:side|end|top|bottom) of) "
        rf"(?P<said>(?!{_NO_STREET}\b)[a-z'-]{{2,20}} (?:(?!{_NO_STREET}\b)[a-z'-]{{2,20}} )?{_STREET})\b"
    ),
    rule(
        r"\b(?:on|down|along|off|near|into|up|in|of|at|called) "
        rf"(?P<said>(?!{_NO_STREET}\b)[a-z'-]{{2,20}} (?:(?!{_NO_STREET}\b)[a-z'-]{{2,20}} )?{_PLAIN_STREET})\b"
    ),
    rule(
        rf"\b(?:is|live|lives|living|stay|be|come|meet) (?:at|to) "
        rf"(?P<said>\d{{1,4}}[a-z]? {_NO_MEASURE}[a-z']{{3,20}} [a-z']{{3,20}})\b"
    ),
)
"""Here only what follows the words that announce it, `said`, is the address."""
