"""Safeguarding leads check their list of phrases, and try what is heard."""

import pytest
from typer.testing import CliRunner

from app.commands.safeguarding import commands

RUNNER = CliRunner()


def test_our_own_list_is_well() -> None:
    done = RUNNER.invoke(commands, ["check"])
    assert (done.exit_code, done.stdout) == (0, "safeguarding_phrases.yml is well.\n")


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("he hits me and im scared to go home", "Heard: danger"),
        ("i have to ask before i speak at home", "Heard: worry"),
        ("this homework is killing me", "Nothing is heard."),
    ],
)
def test_words_are_tried_without_being_kept(words: str, heard: str) -> None:
    done = RUNNER.invoke(commands, ["try", words])
    assert done.stdout.splitlines()[0] == heard
    assert words not in done.stdout
