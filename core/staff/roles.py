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


class Scope(StrEnum):
    """What the holder of an API key may read."""

    SUMMARIES = "summaries"
    SIGNPOSTING_REQUESTS = "signposting-requests"
