"""Who leaves with a batch of views, and with what beside them; pure.

Source of the rules: SAFETY-AND-PRIVACY.md section 2, "Batches".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from core.ids import ConversationId
from core.views.waiting import APART, NO_VIEWS, Entry, Profile, Tag

FEWEST_EVER = 30
OTHER = "other"


@dataclass(frozen=True, slots=True)
class BatchRules:
    """How many must leave together. The defaults are the policy's; `least` is never under 30."""

    least: int = 100
    least_anchored: int = 10
    least_in_channel: int = 10
    share_staying: float = 1 / 3
    share_of_texts_held: float = 1 / 20
    least_with_profile: int = FEWEST_EVER

    def __post_init__(self) -> None:
        if self.least < FEWEST_EVER:
            raise ValueError(f"A batch is never smaller than {FEWEST_EVER} conversations.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation with something waiting in one period; its texts stay while a concern is open."""

    conversation: ConversationId
    tag: Tag
    profile: Profile
    entries: tuple[Entry, ...]
    has_open_concern: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """What of one conversation leaves with a batch, and the profile that goes with it."""

    conversation: ConversationId
    tag: Tag
    profile: Profile
    entries: tuple[Entry, ...]
    dropped: tuple[Entry, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether a view leaves; codes, permissions and what is taken back hide nobody's view."""
        return any(not entry.is_taken_back and entry.measure not in NO_VIEWS for entry in self.entries)


def choose_batch(waiting: Sequence[Candidate], rules: BatchRules, rng: Random) -> list[Leaving]:
    """Choose who leaves while a period is open: nobody, unless they are enough to hide each other.

    A random third stays for the next batch, so that who waits does not tell who left.
    """
    ready = [_without_held(candidate, rules, rng) for candidate in waiting]
    ready = [leaving for leaving in ready if leaving.entries]
    if sum(leaving.says_something for leaving in ready) < rules.least:
        return []
    leaving = rng.sample(ready, round(len(ready) * (1 - rules.share_staying)))
    if sum(each.profile.anchored for each in leaving) < rules.least_anchored:
        return []
    return _name_large_channels(leaving, rules)


def choose_last_batch(waiting: Sequence[Candidate], rules: BatchRules) -> list[Leaving]:
    """Let everything leave when a period has closed; too few people go without what would tell them apart.

    Texts of a conversation whose concern is still open are dropped: they never move late or alone.
    """
    leaving = [_all_but_unsafe(candidate) for candidate in waiting]
    moving = [each for each in leaving if each.says_something]
    if len(moving) < rules.least_with_profile:
        return [replace(each, profile=_hidden(each.profile)) for each in leaving]
    return _name_large_channels(leaving, rules)


def _without_held(candidate: Candidate, rules: BatchRules, rng: Random) -> Leaving:
    """Hold texts back for an open concern, and those of a random few, so that not even that tells of one."""
    holds = rng.random() < rules.share_of_texts_held or candidate.has_open_concern
    entries = tuple(entry for entry in candidate.entries if not (holds and entry.text is not None))
    return Leaving(candidate.conversation, candidate.tag, candidate.profile, entries)


def _all_but_unsafe(candidate: Candidate) -> Leaving:
    drops = candidate.has_open_concern
    moving = tuple(entry for entry in candidate.entries if not (drops and entry.text is not None))
    dropped = tuple(entry for entry in candidate.entries if drops and entry.text is not None)
    return Leaving(candidate.conversation, candidate.tag, candidate.profile, moving, dropped)


def _hidden(profile: Profile) -> Profile:
    """Leave out what tells people apart; that a grown-up spoke stays, or it would count as a young voice."""
    helped_by = profile.helped_by if profile.helped_by in APART else None
    return Profile(OTHER, helped_by=helped_by, anchored=profile.anchored)


def _name_large_channels(leaving: Sequence[Leaving], rules: BatchRules) -> list[Leaving]:
    """Call every channel with too few people "other", and one more where "other" would be few itself."""
    people = Counter(each.profile.channel for each in leaving if each.says_something)
    small = {channel for channel, count in people.items() if count < rules.least_in_channel}
    while small and sum(people[name] for name in small) < rules.least_in_channel and small < set(people):
        small.add(min(set(people) - small))
    return [
        replace(each, profile=replace(each.profile, channel=OTHER)) if each.profile.channel in small else each
        for each in leaving
    ]
