"""Only symbols is an answer too: kept exactly, named so that a bot has words, and read back."""

import unicodedata

from core.conversation.bot import Answer, Choice, Chosen, KeepState, MeanView, RecordView, SayMessage, State

MEAN = "mean_symbols"
SAID = "said"
MEANINGS = (("good", "symbols_mean_good"), ("bad", "symbols_mean_not_good"), ("neither", "choice_neither"))
UNNAMED = ("variation selector", "zero width", "combining enclosing")


def name_symbols(text: str) -> str:
    """Give symbols by the names that Unicode has for them: "school, crying face"."""
    named = [unicodedata.name(character, "").lower() for character in text if not character.isspace()]
    known = [name for name in named if name and not name.startswith(UNNAMED)]
    return ", ".join(known) or "symbols"


def ask_meaning(symbols: str, state: State, message: str) -> Answer:
    """Keep symbols that answer no question as something said, and ask which of two meanings they have."""
    choices = tuple(Choice(MEAN, label, {"meant": meant, "message": message}) for meant, label in MEANINGS)
    said = {"message": message, "area": None, "feeling": None, "is_asked": True}
    return Answer(
        (SayMessage("symbols_read_back", {"symbols": symbols}, choices=choices),),
        (RecordView(SAID, None, text=True), KeepState({**state, "said": said})),
    )


def hear_meaning(chosen: Chosen) -> tuple[MeanView, ...]:
    """Keep which meaning was picked: it goes before how the symbols were read. "Neither" leaves them as they are."""
    meant = chosen.entities["meant"]
    return (MeanView(SAID, chosen.entities["message"], meant),) if meant in {"good", "bad"} else ()


def read_back(symbols: str) -> SayMessage:
    """Say what symbols were taken for an answer to a question for own words."""
    return SayMessage("symbols_sent", {"symbols": symbols})
