"""Weigh what phrases heard with what the second listener hears in the same words: pure rules.

A phrase of many readings rings in vain one time in five, a hundred of them for one message each; the listener tells
most of those apart. What a sure phrase heard is not weighed, nor is anything while there is no listener.
"""

import re
from dataclasses import replace
from typing import Final

from core.safeguarding.phrases import Level, graver
from core.safeguarding.rules import Heard

FEWEST_WORDS: Final = 4
""""help me please" says too little else to doubt it, and so do signs and single letters ("he 👊 me 😭")."""
MOST_WORDS: Final = 300
"""In a longer text there is too much beside what a phrase heard."""
_WORD: Final = re.compile(r"\w*[^\W\d_]\w*")


def is_weighed(heard: Heard | None, text: str) -> bool:
    """Say whether the second listener has a say: no sure phrase heard danger, and the words are not too few or many."""
    if heard is None or _sure_level(heard) is Level.DANGER:
        return False
    words = sum(len(word) > 1 for word in _WORD.findall(text))
    return words >= FEWEST_WORDS and len(text.split()) <= MOST_WORDS


def weigh_heard(heard: Heard, level: Level | None) -> Heard | None:
    """Give what counts when the second listener hears a level in the words; None when neither makes it count.

    Its reasons stay as they are: who reads it sees that a phrase heard danger in what counts as a worry.
    """
    counts = graver(_sure_level(heard), level)
    return None if counts is None else replace(heard, level=counts)


def level_of_both(heard: Heard | None, text: str, also: Level | None) -> Level | None:
    """Give the level of a text of which phrases heard this and the second listener that."""
    counts = weigh_heard(heard, also) if heard and is_weighed(heard, text) else heard
    return graver(counts.level if counts else None, also)


def _sure_level(heard: Heard) -> Level | None:
    level = None
    for match in heard.because:
        if match.is_sure:
            level = graver(level, match.level)
    return level
