"""Words by which young people say that something is good or not good, and that TextBlob's own list doesn't know.

That list was written for reviews by adults: there "rubbish", "noisy" and "scared" say nothing, and "loud" is a little
good. Words that mean both ("sick", "class", "mint", "miss") are left out: better asked than guessed. Chosen from how
young people in England speak, and not from any messages that something is measured on.
"""

import re
from typing import Final

from textblob.en import sentiment as known_words

GOOD: Final = (
    "ace brill brilliant fab lush peng decent chuffed buzzing helpful helped helps kind comfy cosy calming relaxed "
    "relaxing friendly fun funny enjoyed understands included welcoming listened"
)
BAD: Final = (
    "rubbish crap shit shite naff pants horrid minging gross manky grim rank smelly dull tiring pointless "
    "useless hates hated dislike upset upsetting stressed stressful stressing scared scary worried "
    "worrying lonely bullied bullies bullying loud noisy crowded cramped confusing ignored shouts "
    "shouting shouted gutted unsafe unfair mardy crying fuming anxious nervous trapped hurts hard late"
)
STRENGTH: Final = 0.6
"""Plain enough to say to a person's face, also where "not" turns it round and halves it."""

LIKES: Final = re.compile(r"\b(i|we) (?:(?:really|do|also|still|quite) )*like\b")
DISLIKES: Final = re.compile(
    r"\b(i|we) (?:really )?(?:don'?t|do not|didn'?t|did not|never|can'?t) (?:really |even )?like\b"
)
"""To TextBlob "like" says nothing, as in "like a dog"; where somebody likes something it is the plainest word."""


def teach_words() -> None:
    """Add our words to TextBlob's list; the same words again change nothing."""
    known_words.load()
    for words, polarity in ((GOOD, STRENGTH), (BAD, -STRENGTH)):
        for word in words.split():
            known_words.annotate(word, None, polarity, 1.0, 1.0)


def write_out(text: str) -> str:
    """Put the word that TextBlob knows for what is liked and not liked; the text in small letters."""
    return LIKES.sub(
        r"\1 love", DISLIKES.sub(r"\1 hate", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    )
