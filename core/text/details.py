"""Find numbers, dates, addresses, schools and links in a text by their form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_STREET: Final = (
    "(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|cl|way|court|ct|crescent|cres|place|pl|terrace"
    "|gardens|gdns|grove|square|sq|hill|walk|row|mews|park|green|parade|rise|view|hamlet|estate|meadow|meadows"
    "|croft|heath|common|wharf|fields|orchard|vale|mount|circle|boulevard|path|yard|bank)"
)
_CAPITAL: Final = r"[A-Z][\w'\u2019.-]{0,30}"
_POSTCODE: Final = r"[A-Za-z]{1,2}\d[A-Za-z\d]?[ ]{0,2}\d[A-Za-z]{2}"
_SPOKEN_DIGIT: Final = "(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|o)"
_SPOKEN_PHONE: Final = 8  # spoken digits in a row that are no counting


@dataclass(frozen=True, slots=True)
class Found:
    """One personal detail: its kind, and where it stood in the text (`end` is not included)."""

    kind: str
    start: int
    end: int


def _rule(pattern: str, *, cased: bool = False) -> re.Pattern[str]:
    return re.compile(pattern, 0 if cased else re.IGNORECASE)


# Every repetition is bounded, and none starts in the middle of a word, so that no text takes long.
_HOST: Final = "(?:com|org|net|uk|io|tv|me|info|gov|edu|eu|biz|us)"
_MAIL_HOST: Final = "(?:gmail|hotmail|outlook|yahoo|icloud|live|me)"
_FLAT: Final = r"(?:(?:[Ff]lat|[Aa]partment|[Aa]pt|[Uu]nit|[Ss]tudio)\.? \w{1,5},? )"
_CAPITALS: Final = rf"{_CAPITAL}(?: {_CAPITAL}){{0,3}}"
_TOWNS: Final = rf"(?:[,\n] ?{_CAPITAL}(?: {_CAPITAL}){{0,2}}){{0,3}}"
_NAMED_STREET: Final = "(?:Street|Road|Avenue|Lane|Drive|Close|Crescent|Terrace|Gardens|Grove|Mews)"
_YEAR: Final = r"(?:19|20)\d\d"
_MONTH_NUMBER: Final = "(?:0?[1-9]|1[0-2])"
_DAY_NUMBER: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_APP: Final = (
    "(?:snap(?:chat)?|insta(?:gram)?|tiktok|discord|roblox|xbox|psn|twitter|fortnite"
    "|gamer ?tag|user ?name|handle)"
)
_NO_MEASURE: Final = r"(?!(?:min|minute|hour|day|week|month|mile|year|time|of|and|or|to|people)s?\b)"

_FORMS: Final = (
    ("email", _rule(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    ("email", _rule(rf"(?<![\w.+-])[\w.+-]{{1,40}} (?:at|@) {_MAIL_HOST}(?: dot |\.)(?:com|co)\b")),
    ("link", _rule(r"(?<!\w)(?:https?://|www\.)[^\s]{1,500}")),
    ("link", _rule(rf"(?<![\w.@-])(?:[a-z0-9-]{{1,40}}\.){{1,4}}{_HOST}\b(?:/[^\s]{{0,300}})?")),
    ("handle", _rule(r"(?<![\w@])@\w[\w.]{1,30}")),
    ("handle", _rule(r"(?<!\w)\w{2,32}#\d{4}(?!\d)")),
    (
        "date",
        _rule(
            rf"(?<![\d/]){_DAY}[ ./-]{{1,2}}(?:of )?(?:{_MONTH}|{_MONTH_NUMBER})[ ,./-]{{1,2}}(?:{_YEAR}|\d\d)(?!\d)"
        ),
    ),
    ("date", _rule(rf"\b{_MONTH}[ ./-]{{1,2}}{_DAY},? {{0,2}}{_YEAR}(?!\d)")),
    ("date", _rule(rf"(?<!\d){_YEAR}[-/.]{_MONTH_NUMBER}[-/.]{_DAY_NUMBER}(?!\d)")),
    ("date", _rule(rf"(?<![\d/]){_MONTH_NUMBER}/{_DAY_NUMBER}/{_YEAR}(?!\d)")),
    ("nino", _rule(r"(?<!\w)[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d](?!\w)")),
    ("postcode", _rule(rf"(?<!\w){_POSTCODE}(?!\w)")),
    ("number", _rule(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")),
    ("number", _rule(r"(?<!\w)[a-z]{2}\d{2}[a-z0-9]{10,30}(?!\w)")),
    ("number", _rule(r"(?<!\w)(?=[a-z]{0,4}\d)[a-z]{0,4}\d{6,20}[a-z]{0,2}(?!\w)")),
    (
        "address",
        _rule(rf"(?<!\w){_FLAT}?\d{{1,5}}[a-z]?,? {_NO_MEASURE}(?:[a-z'\u2019-]{{2,20}} ){{1,3}}{_STREET}\b"),
    ),
    (
        "address",
        _rule(
            rf"(?<!\w){_FLAT}?\d{{1,5}}[A-Za-z]?,? {_CAPITALS}(?=,|\n| {_POSTCODE}){_TOWNS}(?:,? {_POSTCODE})?",
            cased=True,
        ),
    ),
    ("address", _rule(rf"(?<!\w){_FLAT}{_CAPITALS}{_TOWNS}", cased=True)),
    ("address", _rule(rf"(?<!\w){_CAPITAL}(?: {_CAPITAL})? {_NAMED_STREET}\b", cased=True)),
    # From a house's number to its postcode, however the lines between are written.
    (
        "address",
        _rule(
            rf"(?<!\w)(?:{_FLAT}|\d{{1,5}}[a-z]?,? )[a-z'-][\w' -]{{2,40}}"
            rf"(?:, ?[\w' -]{{2,30}}){{0,3}},? {_POSTCODE}(?!\w)"
        ),
    ),
    ("address", _rule(rf"(?<=\blive on )(?:[a-z'-]{{2,20}} ){{1,3}}{_STREET}\b")),
)

# Here only what follows the words that announce it is the detail.
_SAID: Final = (
    (
        "date",
        _rule(
            r"\b(?:born|birthday|bday|dob|d\.o\.b)\b(?: date)?(?:'s| is| on| in|:| the){0,3} "
            rf"(?P<said>(?:the )?(?:{_DAY} (?:of )?{_MONTH}|{_MONTH} {_DAY}|{_MONTH}(?: {_YEAR})?|{_YEAR}))\b"
        ),
    ),
    (
        "handle",
        _rule(rf"\b{_APP}\b(?: name| user ?name| tag| account)?(?: is|'s|:) ?(?P<said>@?[\w.#-]{{2,32}})"),
    ),
    (
        "address",
        _rule(
            r"\b(?:(?:lives?|living|stay|stays|staying) at|address(?: is|:)|moved to) "
            r"(?P<said>\d{1,5}[a-z]? \w[\w' ]{2,30})"
        ),
    ),
    ("postcode", _rule(r"\bpostcode(?: is|:)? (?P<said>[a-z]{1,2}\d{1,2}[a-z]?)(?!\w)")),
)
_NO_HANDLE: Final = frozenset(
    {"a", "the", "good", "bad", "fun", "my", "not", "so", "too", "for", "better", "cool"}
)

_DIGITS: Final = _rule(r"(?<![\w.])\+?\(?\d(?:[ ().\-/]{0,3}\d){6,24}(?: ?(?:x|ext\.?) ?\d{1,6})?(?!\w)")
_SPOKEN: Final = _rule(rf"\b{_SPOKEN_DIGIT}(?:[ ,-]{{1,2}}{_SPOKEN_DIGIT}){{{_SPOKEN_PHONE - 1},24}}\b")
_PHONE: Final = re.compile(r"(?:00)?(?:44)?0?[1-37-9]\d{8,9}")
_NHS_DIGITS: Final = 10
_NHS_BEFORE: Final = 20

_SCHOOL: Final = _rule(r"\b(?:school|academy|college|nursery|university|sixth form|pru|hospital school)\b")
_WORD_BEFORE: Final = re.compile(r"[\w'\u2019.&-]+$")
_GENERIC_LIST: Final = (
    "a an the my our his her their your this that at to from in of for and or is was go goes going went been back "
    "special primary secondary high middle first mainstream normal new old big small good bad nice different same "
    "other another every any some no not infant junior grammar boarding residential state private public local "
    "after before during like love hate likes about with on by day home night when because whole last next real "
    "pre lower upper community all only art drama summer sunday language medical law business driving faith "
    "leave left start started starting finish finished miss missed attend attends called named i it its if than into "
    "ordinary ks1 ks2 ks3 ks4 boys girls inclusive autism specialist me you we they get getting got near outside"
)
_GENERIC: Final = frozenset(_GENERIC_LIST.split())
_KINDS_OF_SCHOOL: Final = frozenset(
    {
        "special",
        "primary",
        "secondary",
        "high",
        "middle",
        "first",
        "infant",
        "junior",
        "grammar",
        "community",
        "boys",
        "girls",
    }
)
_LEADS: Final = frozenset({"at", "to", "from", "attend", "attends", "called", "named", "in", "left", "near"})
_LONGEST_SCHOOL_WORDS: Final = 5


def find_details(text: str) -> Iterator[Found]:
    """Find what has the form of a personal detail; what is found may overlap."""
    for kind, rule in _FORMS:
        yield from (Found(kind, match.start(), match.end()) for match in rule.finditer(text))
    yield from _announced(text)
    for match in _DIGITS.finditer(text):
        before = text[max(0, match.start() - _NHS_BEFORE) : match.start()]
        yield Found(_kind_of_number(match.group(), before), match.start(), match.end())
    yield from (Found("phone", match.start(), match.end()) for match in _SPOKEN.finditer(text))
    yield from _schools(text)


def _announced(text: str) -> Iterator[Found]:
    for kind, rule in _SAID:
        for match in rule.finditer(text):
            if match["said"].casefold() not in _NO_HANDLE:
                yield Found(kind, match.start("said"), match.end("said"))


def _kind_of_number(written: str, before: str) -> str:
    digits = re.sub(r"\D", "", written)
    if len(digits) == _NHS_DIGITS and (
        "nhs" in before.casefold() or (digits[0] != "0" and _is_nhs_number(digits))
    ):
        return "nhs number"
    return "phone" if _PHONE.fullmatch(digits) else "number"


def _is_nhs_number(digits: str) -> bool:
    """Check the last digit: modulus 11 over weights 10 to 2 (NHS Data Dictionary, NHS NUMBER)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return rest % 11 == int(digits[-1])


def _schools(text: str) -> Iterator[Found]:
    """Find a school's own name: the words before "school" that are no everyday words."""
    for match in _SCHOOL.finditer(text):
        start = _name_start(text, match.start())
        if start < match.start():
            yield Found("school", start, match.end())


def _name_start(text: str, end: int) -> int:
    """Find where the name before `end` starts: capital words, or small ones after "to", "at", "called"."""
    start, small, kept = end, False, end
    for _ in range(_LONGEST_SCHOOL_WORDS):
        before = text[max(0, start - 40) : start].rstrip(" ")
        word = _WORD_BEFORE.search(before)
        if word is None:
            break
        plain = word.group().casefold()
        place = max(0, start - 40) + word.start()
        if plain in _LEADS:
            return start if kept < end or small else end
        if plain in _KINDS_OF_SCHOOL:
            start = place
            continue
        if plain in _GENERIC:
            break
        start = place
        if word.group()[0].isupper():
            kept = place
        else:
            small = True
    return kept
