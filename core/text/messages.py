"""Say a message of the catalogue: every sentence anyone is told, in the variant that suits them."""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.text.yaml_source import YamlSource, read_yaml


class Variant(StrEnum):
    """A way of saying the same message."""

    STANDARD = "standard"
    EASY = "easy"
    SMS = "sms"
    SPOKEN = "spoken"


class UnknownMessage(KeyError):
    """No message of this name is in the catalogue: a mistake of ours, never of a young person."""


class MissingValue(KeyError):
    """A message was said without a value that its words need."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its words by variant, its picture (a concept's name) and where it stands."""

    name: str
    words: Mapping[Variant, str]
    symbol: str | None
    file: Path
    line: int

    def in_variant(self, variant: Variant) -> str:
        """Return the words of the variant, or the standard ones where it has none of its own."""
        return self.words.get(variant, self.words[Variant.STANDARD])


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All messages of one language, by name."""

    messages: Mapping[str, Message]

    def __contains__(self, name: str) -> bool:
        return name in self.messages

    def __iter__(self) -> Iterator[Message]:
        return iter(self.messages.values())

    def say(self, name: str, variant: Variant = Variant.STANDARD, /, **values: str | int) -> str:
        """Return the words of message `name` with `values` filled in.

        Values that the words do not use are left out, since a variant may say less than another.
        Raises UnknownMessage, or MissingValue when the words need a value that was not given.
        """
        words = self._message(name).in_variant(variant)
        missing = sorted(placeholders(words) - values.keys())
        if missing:
            raise MissingValue(f"Message '{name}' ({variant}) needs a value for: {', '.join(missing)}.")
        return words.format_map(values)

    def symbol(self, name: str) -> str | None:
        """Return the concept whose picture stands beside message `name`, or None; raises UnknownMessage."""
        return self._message(name).symbol

    def _message(self, name: str) -> Message:
        if name not in self.messages:
            raise UnknownMessage(f"No message is called '{name}' in data/messages.")
        return self.messages[name]


@cache
def placeholders(words: str) -> frozenset[str]:
    """Return the names of the values that the words need; raises ValueError when a brace is out of place."""
    names: set[str] = set()
    for _, name, spec, conversion in string.Formatter().parse(words):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"'{{{name}}}' is not the plain name of a value")
        names.add(name)
    return frozenset(names)


def load_catalogue(folder: Path) -> Catalogue:
    """Read every `*.yml` of the folder into one catalogue.

    Raises BrokenDataFile (file, line, what, what to do) for a message that cannot be said.
    """
    messages: dict[str, Message] = {}
    files = sorted(folder.glob("*.yml"))
    for file in files:
        source = read_yaml(file)
        if not isinstance(source.data, dict):
            raise source.broken(
                (), "This file has no messages.", "Write 'name:' and below it 'standard: ...'."
            )
        for name in source.data:
            message = _read_message(source, str(name))
            if message.name in messages:
                first = messages[message.name]
                what = f"'{name}' is in {first.file.name} too (line {first.line})."
                raise source.broken((str(name),), what, "Keep one of the two, or give one a new name.")
            messages[message.name] = message
    if not messages:
        empty = YamlSource(folder, None, {})
        raise empty.broken((), "There are no messages in this folder.", "Check the folder's name.")
    return Catalogue(messages)


_KEYS = frozenset(Variant) | {"symbol", "note"}


def _read_message(source: YamlSource, name: str) -> Message:
    given = source.data[name]
    if not isinstance(given, dict):
        raise source.broken((name,), f"'{name}' has no words.", "Write 'standard: ...' below it.")
    if "standard" not in given:
        raise source.broken((name,), f"'{name}' has no standard words.", "Add a line 'standard: ...'.")
    for key, value in given.items():
        if key not in _KEYS:
            raise source.broken(
                (name, str(key)), f"'{key}' is not known here.", f"Use one of: {', '.join(sorted(_KEYS))}."
            )
        if not isinstance(value, str) or not value.strip():
            raise source.broken((name, key), f"'{key}' of '{name}' is not words.", "Put the words in quotes.")
    words = {Variant(key): _checked_words(source, name, key) for key in given if key in set(Variant)}
    extra = frozenset().union(*map(placeholders, words.values())) - placeholders(words[Variant.STANDARD])
    if extra:
        what = f"A variant of '{name}' uses {{{min(extra)}}}, and the standard words do not."
        raise source.broken((name,), what, "Use the same values in both.")
    return Message(name, words, given.get("symbol"), source.file, source.line_of(name))


def _checked_words(source: YamlSource, name: str, key: str) -> str:
    words: str = source.data[name][key].strip()
    try:
        placeholders(words)
    except ValueError as error:
        what = f"The braces of '{name}' do not fit: {error}."
        raise source.broken((name, key), what, "Write a value as {name}, and no other braces.") from error
    return words
