"""What waits in a conversation's sealed row, and how it is changed; the row itself is one JSON value."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.ids import ID_LENGTH, ConversationId, PeriodId, new_id
from core.sealing import new_key, seal_json, unseal_json

SMALLEST_ROW = 16 * 1024
ROW_GROWTH = 2
SAID = "said"
UNMET_NEED = "unmet-need"
DELETE_CODE = "delete-code"
"""The slot and measure of what a delete code opens: it leaves like a view, and is none."""
PERMISSION = "use-my-words"
"""The slot and measure of a permission, for the words that moved before it: it leaves like a view, and is none."""
NO_VIEWS = frozenset({DELETE_CODE, PERMISSION})
SAID_MANY_TIMES = frozenset({SAID, UNMET_NEED})


SAID_FOR = "said-for"
"""Somebody else said what they think the young person feels: counted apart, never quoted."""
OWN_WORDS = {"family": "family-own", "staff": "staff-own"}
"""A grown-up says what they think themselves: counted only in the measures of their own voice."""
APART = frozenset({SAID_FOR, *OWN_WORDS.values()})
"""What is never counted or quoted as a young person's voice."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person told about themselves; each may be untold. Never in the clear in the service store.

    `anchored`: a phone number that has answered us, or a card code, stands behind this conversation.
    """

    channel: str
    district: str | None = None
    age: str | None = None
    helped_by: str | None = None
    place: str | None = None
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One view that waits, or the wish that an earlier one be taken back.

    `slot` is the place it takes among the views of its period: another view of the same slot replaces it.
    `mark` is drawn anew with every change, so that the mover takes away only what it has moved. `may_quote`: they
    said that these words may be used.
    """

    period: PeriodId
    slot: str
    measure: str
    area: str | None = None
    answer: str | None = None
    text: str | None = None
    is_taken_back: bool = False
    may_quote: bool = False
    mark: str = field(default_factory=lambda: secrets.token_hex(8))


def permission(period: PeriodId, *, may_quote: bool) -> Entry:
    """Make what takes a permission, or its end, to the words that have moved."""
    return Entry(period, PERMISSION, PERMISSION, may_quote=may_quote)


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that a conversation has waiting, oldest first."""

    profile: Profile
    entries: tuple[Entry, ...] = ()

    def put(self, entry: Entry, profile: Profile | None = None) -> "Waiting":
        """Put an entry last, in place of the one of the same slot."""
        others = tuple(each for each in self.entries if _place(each) != _place(entry))
        return Waiting(profile or self.profile, (*others, entry))

    def permit(self, period: PeriodId, *, may_quote: bool) -> "Waiting":
        """Let the words of a period be used, or no more; those that are moving now wait to be moved again."""
        changed = tuple(
            replace(each, may_quote=may_quote, mark=secrets.token_hex(8))
            if each.period == period and each.text is not None
            else each
            for each in self.entries
        )
        return replace(self, entries=changed).put(permission(period, may_quote=may_quote))

    def without(self, moved: frozenset[str]) -> "Waiting":
        """Leave out the entries with these marks."""
        return replace(self, entries=tuple(each for each in self.entries if each.mark not in moved))


@dataclass(frozen=True, slots=True)
class Tag:
    """A conversation's name in the views store, for one period.

    `tag` stands there beside nothing that was said. `secret` makes the ids of its rows, so that a view said
    again, or moved again after a crash, writes the row it wrote before, and its name within each measure.
    `number` tells which of a conversation's tags is the latest. `last` is the slot of the last thing said,
    by measure, for what can be said many times. `has_code`: a delete code was shown for it. `earlier` are the
    names (tag and secret) that this conversation had before it was joined with another of the same person.
    """

    tag: str
    secret: str
    number: int
    last: Mapping[str, str]
    has_code: bool = False
    earlier: tuple[tuple[str, str], ...] = ()

    def row_id(self, slot: str) -> str:
        """Name the row of a slot; random to everyone who does not hold the secret."""
        return self._name(slot)

    def person(self, measure: str) -> str:
        """Name this person within one measure; nothing tells that two such names are of one person."""
        return self._name(f"person:{measure}")

    def _name(self, what: str) -> str:
        return hmac.new(bytes.fromhex(self.secret), what.encode(), "sha256").hexdigest()[:ID_LENGTH]


def new_tag(number: int, period: PeriodId, seed: str | None) -> Tag:
    """Draw a tag; conversations of one person share a seed, and so make the same tag for a period."""
    if seed is None:
        return Tag(new_id(), new_key().hex(), number, {})

    def make(what: str) -> str:
        return hmac.new(bytes.fromhex(seed), f"{what}:{period}".encode(), "sha256").hexdigest()

    return Tag(make("tag")[:ID_LENGTH], make("secret"), number, {})


def slot_for(measure: str, name: str | None = None) -> str:
    """Give the slot of a view: a question has one, what can be said many times one for each name, or a new one."""
    return f"{measure}:{name or secrets.token_hex(8)}" if measure in SAID_MANY_TIMES else measure


def seal_waiting(waiting: Waiting, key: bytes, conversation: ConversationId) -> bytes:
    """Seal what waits, at 16 KiB or a doubling of it."""
    return seal_json(
        asdict(waiting),
        key,
        row=f"waiting_views:{conversation}",
        smallest=SMALLEST_ROW,
        growth=ROW_GROWTH,
    )


def open_waiting(sealed: bytes, key: bytes, conversation: ConversationId) -> Waiting:
    """Open what waits; CannotOpen as `unseal`."""
    written: dict[str, Any] = unseal_json(sealed, key, row=f"waiting_views:{conversation}")
    return Waiting(Profile(**written["profile"]), tuple(Entry(**entry) for entry in written["entries"]))


def seal_tag(tag: Tag, key: bytes, *, conversation: ConversationId, period: PeriodId) -> bytes:
    """Seal a tag under the conversation's key."""
    return seal_json(asdict(tag), key, row=f"tag:{conversation}:{period}", smallest=4096)


def open_tag(sealed: bytes, key: bytes, *, conversation: ConversationId, period: PeriodId) -> Tag:
    """Open a tag; CannotOpen as `unseal`."""
    written: dict[str, Any] = unseal_json(sealed, key, row=f"tag:{conversation}:{period}")
    earlier = tuple((tag, secret) for tag, secret in written.get("earlier", ()))
    return Tag(**{**written, "earlier": earlier})


def _place(entry: Entry) -> tuple[PeriodId, str]:
    return entry.period, entry.slot
