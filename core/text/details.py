"""Find numbers, dates, addresses, schools and links in a text by their form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.text.addresses import FORMS, POSTCODE, SAID, rule

_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_SPOKEN_DIGIT: Final = "(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|o)"
_SPOKEN_PHONE: Final = 8  # spoken digits in a row that are no counting


@dataclass(frozen=True, slots=True)
class Found:
    """One personal detail: its kind, and where it stood in the text (`end` is not included)."""

    kind: str
    start: int
    end: int


# Every repetition is bounded, and none starts in the middle of a word, so that no text takes long.
_HOST: Final = "(?:com|org|net|uk|io|tv|me|info|gov|edu|eu|biz|us)"
_MAIL_HOST: Final = "(?:gmail|hotmail|outlook|yahoo|icloud|live|me)"
_MAIL_END: Final = "(?:com|co|uk|org|net|ac|sch|gov|example|me)"
_YEAR: Final = r"(?:19|20)\d\d"
_MONTH_NUMBER: Final = "(?:0?[1-9]|1[0-2])"
_DAY_NUMBER: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_APP: Final = (
    "(?:snap(?:chat)?|insta(?:gram)?|tiktok|discord|roblox|xbox|psn|twitter|fortnite"
    "|gamer ?tag|user ?name|handle)"
)
_FORMS: Final = (
    ("email", rule(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    (
        "email",
        rule(
            rf"(?<![\w.+-])(?:[\w+-]{{1,40}} dot ){{0,3}}[\w.+-]{{1,40}} (?:at|@|\(at\)|\[at\]) "
            rf"(?:{_MAIL_HOST}(?: ?dot ?|\.| \. )|[\w-]{{2,40}} dot ){_MAIL_END}(?: ?dot ?{_MAIL_END})?\b"
        ),
    ),
    ("link", rule(r"(?<!\w)(?:https?://|www\.)[^\s]{1,500}")),
    ("link", rule(rf"(?<![\w.@-])(?:[a-z0-9-]{{1,40}}\.){{1,4}}{_HOST}\b(?:/[^\s]{{0,300}})?")),
    ("handle", rule(r"(?<![\w@])@\w[\w.]{1,30}")),
    ("handle", rule(r"(?<!\w)\w{2,32}#\d{4}(?!\d)")),
    (
        "date",
        rule(
            rf"(?<![\d/]){_DAY}[ ./-]{{1,2}}(?:of )?(?:{_MONTH}|{_MONTH_NUMBER})[ ,./-]{{1,2}}(?:{_YEAR}|\d\d)(?!\d)"
        ),
    ),
    ("date", rule(rf"\b{_MONTH}[ ./-]{{1,2}}{_DAY},? {{0,2}}{_YEAR}(?!\d)")),
    ("date", rule(rf"(?<!\d){_YEAR}[-/.]{_MONTH_NUMBER}[-/.]{_DAY_NUMBER}(?!\d)")),
    ("date", rule(rf"(?<![\d/]){_MONTH_NUMBER}/{_DAY_NUMBER}/{_YEAR}(?!\d)")),
    ("nino", rule(r"(?<!\w)[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d](?!\w)")),
    ("postcode", rule(rf"(?<!\w){POSTCODE}(?!\w)")),
    ("number", rule(r"(?<![\w-])\d\d[ -]\d\d[ -]\d\d(?![\w-])")),
    ("plate", rule(r"(?<!\w)(?!yr|ks|ps|yo|no|at|in|by|to|is|on)[a-z]{2}\d\d ?[a-z]{3}(?!\w)")),
    ("number", rule(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")),
    ("number", rule(r"(?<!\w)[a-z]{2}\d{2}[a-z0-9]{10,30}(?!\w)")),
    ("number", rule(r"(?<!\w)(?=[a-z]{0,4}\d)[a-z]{0,4}\d{6,20}[a-z]{0,2}(?!\w)")),
)

# Here only what follows the words that announce it is the detail.
_SAID: Final = (
    (
        "date",
        rule(
            r"\b(?:born|birthday|bday|dob|d\.o\.b|turn(?:ed|ing)? \d{1,2})\b(?: date)?(?:'s| is| on| in|:){0,3} "
            rf"(?P<said>(?:the )?(?:{_DAY} (?:of )?{_MONTH}|{_MONTH} {_DAY}|{_MONTH}(?: {_YEAR})?|{_YEAR}))\b"
        ),
    ),
    (
        "handle",
        rule(rf"\b{_APP}\b(?: name| user ?name| tag| account)?(?: is|'s|:) ?(?P<said>@?[\w.#-]{{2,32}})"),
    ),
    ("postcode", rule(r"\bpostcode(?: is|:)? (?P<said>[a-z]{1,2}\d{1,2}[a-z]?)(?!\w)")),
    (
        "plate",
        rule(
            r"\b(?:reg|registration|plates?)(?: number)?(?: is| was|:)? "
            r"(?P<said>[a-z]{1,3} ?\d{1,4} ?[a-z]{0,3})(?!\w)"
        ),
    ),
    (
        "number",
        rule(
            r"\b(?:case|pupil|patient|hospital|account|reference|ref|policy|passport|student|upn|uln|claim)"
            r"(?: (?:number|no|id))?(?: is|:)? (?P<said>[a-z]{0,4}-?\d[a-z\d-]{3,20})(?!\w)"
        ),
    ),
)
_NO_HANDLE: Final = frozenset(
    {"a", "the", "good", "bad", "fun", "my", "not", "so", "too", "for", "better", "cool"}
)

_DIGITS: Final = rule(r"(?<![\w.])\+?\(?\d(?:[ ().\-/]{0,3}\d){6,24}(?: ?(?:x|ext\.?) ?\d{1,6})?(?!\w)")
_SPOKEN: Final = rule(rf"\b{_SPOKEN_DIGIT}(?:[ ,-]{{1,2}}{_SPOKEN_DIGIT}){{{_SPOKEN_PHONE - 1},24}}\b")
_PHONE: Final = re.compile(r"(?:00)?(?:44)?0?[1-37-9]\d{8,9}")
_NHS_DIGITS: Final = 10
_NHS_BEFORE: Final = 20


def find_details(text: str) -> Iterator[Found]:
    """Find what has the form of a personal detail; what is found may overlap."""
    for kind, form in (*_FORMS, *(("address", form) for form in FORMS)):
        yield from (Found(kind, match.start(), match.end()) for match in form.finditer(text))
    yield from _announced(text)
    for match in _DIGITS.finditer(text):
        before = text[max(0, match.start() - _NHS_BEFORE) : match.start()]
        yield Found(_kind_of_number(match.group(), before), match.start(), match.end())
    yield from (Found("phone", match.start(), match.end()) for match in _SPOKEN.finditer(text))


def _announced(text: str) -> Iterator[Found]:
    for kind, form in (*_SAID, *(("address", form) for form in SAID)):
        for match in form.finditer(text):
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
