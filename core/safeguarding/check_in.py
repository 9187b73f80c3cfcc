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
NO_SIGNS = frozenset("❌✖👎🙁☹😟😢😭😰😨😱🆘🚫⛔")


def read_reply(text: str, labels: Mapping[Reply, str]) -> Reply:
    """Give what a typed reply means: its number, its whole label, any form of "no"; everything else is unclear.

    Any reply that may mean not safe is read so (SAFETY-AND-PRIVACY.md, section 1): better one too many.
    """
    plain = _plain(text)
    number = re.fullmatch(r"(?:number |option |no )?([1-4])", plain)
    if number:
        return OFFERED[int(number.group(1)) - 1]
    for reply, label in labels.items():
        if plain == _plain(label):
            return reply
    if NO & set(plain.split()) or NO_SIGNS & set(text):
        return Reply.NOT_SAFE
    return Reply.UNCLEAR


def _plain(text: str) -> str:
    letters = text.casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    return " ".join(re.findall(r"[^\W_]+", letters))
