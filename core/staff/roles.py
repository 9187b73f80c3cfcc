"""What a member of staff may do: one role for each account."""

from enum import StrEnum


class Role(StrEnum):
    """The one job of an account; whoever has two jobs has two accounts."""

    KEY_WORKER = "key-worker"
    SAFEGUARDING_LEAD = "safeguarding-lead"
    MODERATOR = "moderator"
    STRATEGY = "strategy"
    CONTENT_EDITOR = "content-editor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    COMPLAINTS_OFFICER = "complaints-officer"


KNOW_WHO = frozenset({Role.KEY_WORKER, Role.SAFEGUARDING_LEAD, Role.COMPLAINTS_OFFICER})
"""They know young people by name."""
SEE_WHAT_ALL_SAY = frozenset({Role.MODERATOR, Role.STRATEGY})
"""They see what all young people say, without names."""


def may_not_be_one_person(one: Role, other: Role) -> bool:
    """Say whether one person with both jobs could put a name to what was said without one."""
    both = {one, other}
    return bool(both & KNOW_WHO) and bool(both & SEE_WHAT_ALL_SAY)


class Scope(StrEnum):
    """What the holder of an API key may read."""

    SUMMARIES = "summaries"
    METRICS = "metrics"
    SIGNPOSTING_REQUESTS = "signposting-requests"
