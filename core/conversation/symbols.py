"""Only symbols is an answer too: kept exactly, named so that a bot has words, and read back."""

import unicodedata

from core.conversation.bot import Answer, Choice, RecordView, SayMessage

MEAN = "mean_symbols"
MEANINGS = (
    Choice(MEAN, "symbols_mean_good", {"meant": "good"}),
    Choice(MEAN, "symbols_mean_not_good", {"meant": "not_good"}),
    Choice(MEAN, "choice_neither", {"meant": "neither"}),
)
UNNAMED = ("variation selector", "zero width", "combining enclosing")


def name_symbols(text: str) -> str:
    """Give symbols by the names that Unicode has for them: "school, crying face"."""
    named = [unicodedata.name(character, "").lower() for character in text if not character.isspace()]
    known = [name for name in named if name and not name.startswith(UNNAMED)]
    return ", ".join(known) or "symbols"


def ask_meaning(symbols: str) -> Answer:
    """Keep symbols that answer no question as something said, and ask which of two meanings they have."""
    read_back = SayMessage("symbols_read_back", {"symbols": symbols}, choices=MEANINGS)
    return Answer((read_back,), (RecordView("said", None, text=True),))


def read_back(symbols: str) -> SayMessage:
    """Say what symbols were taken for an answer to a question for own words."""
    return SayMessage("symbols_sent", {"symbols": symbols})
