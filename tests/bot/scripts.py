r"""Read whole conversations (tests/bot/conversations/*.yml), which are replayed on the web and by text.

A file tells one conversation:

    title: A free sentence becomes a view
    tells: One line that says what this shows.          # for docs/conversations.md
    channels: [web, sms]                                # both, if left out
    steps:
    - you: "i hate maths cos its too loud"              # what is typed
      as: tell_view                                     # how it is understood; left out: as an exact command, or not
      bot: [view_said_back, view_better_question]       # all that is said, in order, by its name
      keeps: [said]                                     # what is kept as a view: all of it
    - tap: "Skip"                                       # a choice by its label; by text, its number is sent
      bot: [question_skipped, menu_question]

`bot` names messages of data/messages; "question ID" is a question of the bank, "service ID" an entry of the Local
Offer. Instead of `bot`, `ends` names only the last thing said. A step that says neither is not looked at.
`you` may be left out where only time goes by: `wait: {days: 3}`.

What is decided is looked at in every step, and nothing else may have happened: `keeps` lists views as MEASURE or
"MEASURE = ANSWER" ("local-offer = ANSWER" for each comment on a service), `takes_back` the measures taken back,
`sends: request` or `sends: complaint` what is sent to people, `concern: danger` or `worry` a concern.
`leaves: {flow: null}` looks at the state after the step.
`only: web` or `only: sms` at a step plays it only there. Where words differ by channel, `tap` may be
{web: "...", sms: "..."}, and so may `bot`.

By text, the phone has written "hi" and said that it is only theirs before the first step; on the web, the welcome
has been said. `begin: nothing` in the file begins with nothing said (by text) or only the welcome (on the web).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.text.yaml_source import read_yaml

FOLDER = Path(__file__).parent / "conversations"
CHANNELS = ("web", "sms")
KEYS = frozenset("you tap wait as bot ends keeps takes_back sends concern leaves only".split())


@dataclass(frozen=True)
class Script:
    """One conversation as its file tells it."""

    name: str
    title: str
    tells: str
    channels: Sequence[str]
    begins_with_nothing: bool
    steps: Sequence[Mapping[str, Any]]

    @property
    def meanings(self) -> Mapping[str, str]:
        """How the typed words are understood."""
        return {step["you"]: step["as"] for step in self.steps if "as" in step}

    def __str__(self) -> str:
        return self.name


@cache
def scripts() -> Sequence[Script]:
    """Read every conversation, in the order of their names."""
    return [read_script(file) for file in sorted(FOLDER.glob("*.yml"))]


def read_script(file: Path) -> Script:
    """Read one conversation; ValueError says what its file has that is not known here."""
    told = read_yaml(file).data
    for number, step in enumerate(told["steps"], start=1):
        if unknown := set(step) - KEYS:
            raise ValueError(f"{file.name}, step {number}: {sorted(unknown)} is not known here.")
    return Script(
        name=file.stem,
        title=told["title"],
        tells=told["tells"],
        channels=told.get("channels", CHANNELS),
        begins_with_nothing=told.get("begin") == "nothing",
        steps=told["steps"],
    )
