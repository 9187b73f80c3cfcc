"""Split a message into words, and write text-speak out as the words it stands for."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

# Every short form here stands in data/training (a test checks it): never add one from a test set.
MEANINGS = {
    "2day": "today",
    "2moro": "tomorrow",
    "abt": "about",
    "agen": "again",
    "any1": "anyone",
    "b4": "before",
    "bak": "back",
    "bc": "because",
    "cn": "can",
    "cnt": "cannot",
    "cos": "because",
    "coz": "because",
    "cud": "could",
    "dat": "that",
    "dis": "this",
    "dnt": "do not",
    "dont": "do not",
    "dunno": "do not know",
    "gd": "good",
    "gonna": "going to",
    "gr8": "great",
    "gtg": "got to go",
    "hav": "have",
    "hlp": "help",
    "idk": "i do not know",
    "im": "i am",
    "kno": "know",
    "l8r": "later",
    "luv": "love",
    "m8s": "friends",
    "n": "and",
    "nd": "and",
    "ne1": "anyone",
    "nuffin": "nothing",
    "nuthin": "nothing",
    "peeps": "people",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "r": "are",
    "rly": "really",
    "rnt": "are not",
    "skl": "school",
    "sum": "some",
    "sum1": "someone",
    "summat": "something",
    "teh": "the",
    "thnx": "thanks",
    "tho": "though",
    "thx": "thanks",
    "txt": "text",
    "ty": "thank you",
    "u": "you",
    "ur": "your",
    "wanna": "want to",
    "wat": "what",
    "wats": "what is",
    "wen": "when",
    "wer": "where",
    "wht": "what",
    "wiv": "with",
    "wot": "what",
    "wots": "what is",
    "wud": "would",
    "y": "why",
    "ya": "you",
    "yh": "yes",
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TextSpeakTokenizer(WhitespaceTokenizer):
    """Rasa's own tokenizer, whose words are then written out: "wot r u" becomes "what are you"."""

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the words; a short form that stands for more than one word becomes as many."""
        words = super().tokenize(message, attribute)
        if attribute != TEXT:
            return words
        return [written for word in words for written in _written_out(word)]


def _written_out(word: Token) -> list[Token]:
    meaning = MEANINGS.get(word.text.lower())
    if meaning is None:
        return [word]
    return [Token(part, word.start, word.end) for part in meaning.split()]
