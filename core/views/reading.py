"""Read a young person's words: how they are meant, and what they are about.

The sentiment is TextBlob's PatternAnalyzer with our own words beside its list; it needs no corpus and no network. It is
read for counting only: no one person's feelings are ever inferred from it, and where it can't tell it says so.
"""

from dataclasses import dataclass
from enum import StrEnum

from textblob import TextBlob

from core.views.feeling_words import teach_words, write_out
from core.views.themes import Themes

teach_words()

CLEAR = 0.1
"""From this polarity on (TextBlob: -1 to 1) a sentence counts as good, or below its negative as bad."""

PLAIN = 0.3
"""From this polarity on it is plain enough to say to the person's face; below it, they are asked."""


class Sentiment(StrEnum):
    """How words are meant."""

    GOOD = "good"
    MIXED = "mixed"
    BAD = "bad"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in some words; `themes` in their public order."""

    sentiment: Sentiment
    themes: tuple[str, ...]


def read_view(text: str, themes: Themes) -> Reading:
    """Read the sentiment and the themes of a text of any length."""
    return Reading(read_sentiment(text), themes.found_in(text))


def read_sentiment(text: str, *, clear: float = CLEAR) -> Sentiment:
    """Call a text good or bad when all that is clear in it is, mixed when both are, unclear when nothing is."""
    polarities = [sentence.sentiment.polarity for sentence in _parts(text)]
    good = any(polarity >= clear for polarity in polarities)
    bad = any(polarity <= -clear for polarity in polarities)
    if good and bad:
        return Sentiment.MIXED
    if good or bad:
        return Sentiment.GOOD if good else Sentiment.BAD
    return Sentiment.UNCLEAR


def _parts(text: str) -> list[TextBlob]:
    """Cut at full stops, line ends and "but", without TextBlob's own cutter, which needs a corpus."""
    cut = write_out(text.lower()).replace(" but ", ".").replace("!", ".").replace("?", ".").replace("\n", ".")
    return [TextBlob(part) for part in cut.split(".") if part.strip()]
