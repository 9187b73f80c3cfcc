"""Write docs/conversations.md from the data, or say that it is no longer true: python -m app.checks.conversations."""

import argparse
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.actions.all_actions import DECIDING
from core.settings import HERE
from core.text.messages import Catalogue, Variant, load_catalogue
from core.text.yaml_source import read_yaml
from core.views.questions import (
    Bank,
    Question,
    QuestionKind,
    QuestionSet,
    SetKind,
    Voice,
    choices_of,
    load_questions,
)

PAGE = HERE / "docs" / "conversations.md"
PLAYED = HERE / "tests" / "bot" / "conversations"
RULES = HERE / "data" / "training" / "rules" / "rules.yml"
EXAMPLES = HERE / "data" / "training" / "nlu"
RESPONSES = HERE / "bot" / "domain" / "responses.yml"
COMMAND = "python -m app.checks.conversations --write"
MOST_EXAMPLES = 3
ASKED_OF = {Voice.FAMILY: "parents and carers", Voice.STAFF: "staff"}
TOP = f"""# How a talk with it goes

Written from the data by `{COMMAND}`; change the data, not this page (`make lint` checks that it is true).
The words are the standard ones; on a phone or in easy words some are shorter.
"""


@dataclass(frozen=True, slots=True)
class Words:
    """What can be said: the messages, the questions, and the names of the services."""

    catalogue: Catalogue
    bank: Bank
    services: Mapping[str, str]


def main() -> int:
    """Write the page, or return 1 when it is not what the data says."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true", help="write the page")
    page = write_page(HERE / "data")
    if asked.parse_args().write:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page:
        sys.stderr.write(f"docs/conversations.md is not what the data says. Run {COMMAND} and commit it.\n")
        return 1
    return 0


def write_page(data: Path) -> str:
    """Return the page as the data makes it."""
    catalogue = load_catalogue(data / "messages" / "en-GB")
    words = Words(catalogue, load_questions(data / "questions.yml"), _service_names(data / "local_offer"))
    parts = (
        "## What a message can mean, and what follows",
        *_meanings(words),
        "\n## What it asks",
        *_sets(words.bank),
        "\n## Conversations, as the tests play them",
        *_conversations(words),
    )
    return "\n".join((TOP, *parts)) + "\n"


def _meanings(words: Words) -> Iterator[str]:
    examples = _examples()
    responses = read_yaml(RESPONSES).data["responses"]
    yield "An open question takes what is said as its answer, unless it means one of these.\n"
    yield "| meaning | as in | what follows |\n|---|---|---|"
    for rule in read_yaml(RULES).data["rules"]:
        intent, *steps = (step.get("intent") or step["action"] for step in rule["steps"])
        follows = " ".join(_what_follows(step, responses, words) for step in steps)
        shown = ", ".join(f'"{each}"' for each in examples.get(intent, ())[:MOST_EXAMPLES])
        yield f"| `{intent}` | {shown} | {follows} |"


def _what_follows(step: str, responses: Mapping[str, Any], words: Words) -> str:
    if step in DECIDING:
        return (inspect.getdoc(DECIDING[step]) or "").split("\n", maxsplit=1)[0]
    return " ".join(f'"{_quoted(words, each["custom"]["say"])}"' for each in responses[step])


def _examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted(EXAMPLES.glob("*.yml")):
        for each in read_yaml(file).data["nlu"]:
            if "intent" in each:
                lines = [line.strip()[2:] for line in each["examples"].splitlines() if line.strip()]
                found.setdefault(each["intent"], []).extend(_plain(line) for line in lines)
    return found


def _plain(example: str) -> str:
    """Take out the marks in which Rasa reads entities: "[ehcp](word)" is "ehcp"."""
    return re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", example)


def _sets(bank: Bank) -> Iterator[str]:
    for held in bank.sets:
        yield f"\n### {held.label}{_for_whom(held)}"
        for number, asked in enumerate(held.questions, start=1):
            yield f"{number}. {asked.text} {_answers(asked)}{_when(bank, asked)}"


def _for_whom(held: QuestionSet) -> str:
    if held.voice in ASKED_OF:
        return f" (asked of {ASKED_OF[held.voice]}, counted apart)"
    if held.kind is SetKind.ABOUT:
        return " (asked once, last)"
    return f" (from {held.from_age})" if held.from_age else ""


def _answers(asked: Question) -> str:
    if asked.kind is QuestionKind.FREE_TEXT:
        return "*In own words.*"
    return "*" + " / ".join(each.label for each in choices_of(asked, mirrored=False)) + "*"


def _when(bank: Bank, asked: Question) -> str:
    age = f" From {asked.from_age}." if asked.from_age else ""
    if asked.after is None:
        return age
    earlier = bank.question(asked.after.question)
    named = " or ".join(each.label for each in earlier.answers if each.id in asked.after.answers)
    return f'{age} Only after "{named}" to: {earlier.text}'


def _conversations(words: Words) -> Iterator[str]:
    for file in sorted(PLAYED.glob("*.yml")):
        told = read_yaml(file).data
        yield f"\n### {told['title']}\n{told['tells']}\n"
        for step in told["steps"]:
            yield from _step(step, words)


def _step(step: Mapping[str, Any], words: Words) -> Iterator[str]:
    only = f" *({'by text' if step['only'] == 'sms' else 'on the web'})*" if "only" in step else ""
    if "wait" in step:
        yield "- *" + ", ".join(f"{number} {unit}" for unit, number in step["wait"].items()) + " later*"
    if "tap" in step:
        yield f"- **taps** {_on_web(step['tap'])}{only}"
    elif "you" in step:
        yield f"- **writes** {step['you']}{only}"
    said = _on_web(step.get("bot", [step["ends"]] if "ends" in step else []))
    for name in said:
        yield f"  - {_said(_on_web(name), words)}"


def _on_web(told: Any) -> Any:
    return told.get("web", told.get("sms")) if isinstance(told, Mapping) else told


def _said(name: str, words: Words) -> str:
    kind, _, its_id = name.partition(" ")
    if kind == "question":
        return words.bank.question(its_id).text
    if kind == "service":
        return f"*{words.services[its_id]}*"
    return _quoted(words, name)


def _quoted(words: Words, name: str) -> str:
    message = words.catalogue.messages[name]
    return " ".join(message.words[Variant.STANDARD].split()).replace("{", "*").replace("}", "*")


def _service_names(folder: Path) -> dict[str, str]:
    return {file.stem: str(read_yaml(file).data["name"]) for file in folder.glob("*.json")}


if __name__ == "__main__":
    raise SystemExit(main())
