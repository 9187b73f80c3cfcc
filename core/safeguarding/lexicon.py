"""Build the words that phrases are made of, with all the ways in which people write them."""

from collections.abc import Iterable, Mapping, Sequence

from core.safeguarding.joining import by_first_two
from core.safeguarding.words import Lexicon, slips_of, sounds_of
from core.text.english import english_words


def build_lexicon(
    sets: Mapping[str, Sequence[str]],
    words: Iterable[str],
    *,
    spelling: Mapping[str, str],
    symbols: Mapping[str, str],
    real_words: Iterable[str],
) -> Lexicon:
    """Put together what each word may stand for; a member of a set of several words is read as one word."""
    meanings: dict[str, list[str]] = {}
    for name, members in sets.items():
        for member in members:
            meanings.setdefault(member, [member]).append(f"{{{name}}}")
            for word in member.split():
                meanings.setdefault(word, [word])
    for word in words:
        meanings.setdefault(word, [word])
    several = {member for members in sets.values() for member in members if " " in member}
    written = {key.casefold(): tuple(value.casefold().split()) for key, value in spelling.items()}
    single = [word for word in meanings if " " not in word]
    return Lexicon(
        meanings={word: frozenset(names) for word, names in meanings.items()},
        spelling={key: value for key, value in written.items() if " " not in key},
        joined=by_first_two(
            [
                *((tuple(key.split()), value) for key, value in written.items() if " " in key),
                *((tuple(member.split()), (member,)) for member in several),
            ]
        ),
        symbols={ord(c): f" {word} " for key, word in symbols.items() for c in key},
        real_words=frozenset(word for line in real_words for word in line.casefold().split())
        | english_words(),
        slips=slips_of(single),
        sounds=sounds_of(single),
    )
