"""Whole sentences of young people and the needs they stand for, as data/local_offer/sentences.yml lists them."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from core.local_offer.words import Words
from core.text.yaml_source import read_typed

SENTENCES_FILE = "sentences.yml"
Said = tuple[str, ...]


class Sentences(BaseModel):
    """What people say for each need, for some services (by name), and for what no Local Offer is about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    needs: dict[str, Said] = Field(min_length=1)
    services: dict[str, Said]
    elsewhere: Said = Field(min_length=1)


def load_sentences(folder: Path, words: Words) -> Sentences:
    """Read sentences.yml of the folder; its needs are those of words.yml.

    Raises BrokenDataFile (file, line, what, what to do), also when a need has no sentence or is not in words.yml.
    """
    sentences, source = read_typed(folder / SENTENCES_FILE, Sentences)
    known = {need.finds for need in words.needs}
    for need, said in sentences.needs.items():
        if need not in known:
            what = f"The need '{need}' is not in words.yml."
            raise source.broken(("needs", need), what, "Check how it is spelt, or add it there.")
        if not said:
            what = f"The need '{need}' has no sentence."
            raise source.broken(("needs", need), what, "Write what people say who need this.")
    missing = sorted(known - set(sentences.needs))
    if missing:
        what = f"The need '{missing[0]}' of words.yml is not here."
        raise source.broken(("needs",), what, "Write what people say who need this.")
    return sentences
