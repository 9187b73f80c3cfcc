"""Read a typed reply to "Which one is true right now?": pure, and it never guesses that someone is safe."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Reply(StrEnum):
    """What a reply to the check-in means, in the order in which the choices are offered."""

    NOT_SAFE = "not_safe"
    SAFE = "yes"
    UNSURE = "unsure"
    WONT_SAY = "wont_say"
    UNCLEAR = "unclear"


OFFERED = (Reply.NOT_SAFE, Reply.SAFE, Reply.UNSURE, Reply.WONT_SAY)
NO = frozenset(
    "no nope nah na naa noo nooo not never none neva help isnt aint dont doesnt cant wasnt arent unsafe scared "
    "afraid worse danger n".split()
)
NUMBER = re.compile(r"(?:number |option |no )?([1-4])")
NO_SIGNS = frozenset("❌✖👎🙁☹😟😢😭😰😨😱🆘🚫⛔")


def read_reply(text: str, labels: Mapping[Reply, str]) -> Reply:
    """Give what a typed reply means: its number, its whole label, any form of "no"; everything else is unclear.

    Any reply that may mean not safe is read so (SAFETY-AND-PRIVACY.md, section 1): better one too many.
    """
    plain = _plain(text)
    number = NUMBER.fullmatch(plain)
    if number:
        return OFFERED[int(number.group(1)) - 1]
    for reply, label in labels.items():
        if plain == _plain(label):
            return reply
    if _holds_no(text, plain):
        return Reply.NOT_SAFE
    return Reply.UNCLEAR


def may_mean_not_safe(text: str) -> bool:
    """Say, without the words of the choices, whether a typed reply could be read as "not safe": few messages could.

    Each label of "not safe" has a "no" in it, which a test holds.
    """
    plain = _plain(text)
    return NUMBER.fullmatch(plain) is not None or _holds_no(text, plain)


def _holds_no(text: str, plain: str) -> bool:
    return bool(NO & set(plain.split()) or NO_SIGNS & set(text))


def _plain(text: str) -> str:
    letters = text.casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    return " ".join(re.findall(r"[^\W_]+", letters))
