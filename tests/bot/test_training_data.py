"""What Rasa is taught hangs together: intents, rules, actions, messages and text-speak."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.actions.all_actions import ANSWERING, DECIDING
from bot.actions.turn import FORMS
from core.settings import HERE
from core.text.messages import load_catalogue

FEWEST_EXAMPLES = 20
RASAS_OWN = {"nlu_fallback"}


def read(path: str) -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load((HERE / path).read_text(encoding="utf-8"))
    return held


def domain(key: str) -> Any:
    for file in sorted((HERE / "bot" / "domain").glob("*.yml")):
        held = yaml.safe_load(file.read_text(encoding="utf-8"))
        if key in held:
            return held[key]
    raise KeyError(key)


def examples() -> Iterator[tuple[str, str]]:
    for file in sorted((HERE / "data" / "training" / "nlu").glob("*.yml")):
        for taught in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in taught["examples"].splitlines():
                yield taught["intent"], line.removeprefix("- ").strip()


def rules() -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = read("data/training/rules/rules.yml")["rules"]
    return held


@pytest.mark.parametrize("intent", domain("intents"))
def test_every_intent_has_examples_and_a_rule(intent: str) -> None:
    taught = {text.lower() for name, text in examples() if name == intent}
    assert len(taught) >= FEWEST_EXAMPLES
    assert any(rule["steps"][0]["intent"] == intent for rule in rules())


def test_no_example_means_two_things() -> None:
    meanings: dict[str, set[str]] = {}
    for intent, text in examples():
        meanings.setdefault(text.lower(), set()).add(intent)
    assert {text: intents for text, intents in meanings.items() if len(intents) > 1} == {}


def test_only_known_intents_are_taught_and_ruled() -> None:
    known = {*domain("intents"), *RASAS_OWN}
    assert {intent for intent, _ in examples()} <= known
    assert {rule["steps"][0]["intent"] for rule in rules()} <= known


def test_the_domain_names_exactly_the_actions_there_are() -> None:
    assert set(domain("actions")) == {"action_session_start", *DECIDING, *ANSWERING}
    assert set(domain("forms")) == set(FORMS.values())


def test_every_action_of_a_rule_is_known() -> None:
    known = {*domain("actions"), *domain("responses")}
    used = {step["action"] for rule in rules() for step in rule["steps"] if "action" in step}
    assert used <= known
    assert set(domain("responses")) <= used


def test_every_response_names_a_message_of_the_catalogue() -> None:
    catalogue = load_catalogue(HERE / "data" / "messages" / "en-GB")
    for variants in domain("responses").values():
        assert all(variant["custom"]["say"] in catalogue for variant in variants)


def test_every_message_that_actions_name_is_in_the_catalogue() -> None:
    catalogue = load_catalogue(HERE / "data" / "messages" / "en-GB")
    named = r'\b(?:say|ask)\(\s*"([a-z_0-9]+)"|\bchoice\(\s*"[a-z_]+",\s*"([a-z_0-9]+)"'
    for file in sorted((HERE / "bot" / "actions").glob("*.py")):
        for found in re.findall(named, file.read_text(encoding="utf-8")):
            assert (found[0] or found[1]) in catalogue, file.name


def test_every_interruption_is_ignored_by_every_form() -> None:
    ignored = [set(form["ignored_intents"]) for form in domain("forms").values()]
    assert all(each == ignored[0] for each in ignored)
    answers = {"give_answer", "choose_answer", "tell_view", "affirm", "deny", "say_dont_know", "out_of_scope"}
    assert ignored[0] == set(domain("intents")) - answers


def test_text_speak_comes_from_what_is_taught_and_from_nowhere_else() -> None:
    taught = set(re.findall(r"[\w']+", " ".join(text.lower() for _, text in examples())))
    source = (HERE / "bot" / "rasa" / "text_speak.py").read_text(encoding="utf-8")
    forms = re.findall(r'^    "([^"]+)": "', source, flags=re.MULTILINE)
    assert len(forms) > FEWEST_EXAMPLES
    assert [form for form in forms if form not in taught] == []


def test_exact_commands_are_short_and_mean_known_intents() -> None:
    gate = next(part for part in read("config.yml")["pipeline"] if part["name"].endswith("FreeTextGate"))
    assert set(gate["exact"]) | set(gate["patterns"]) <= set(domain("intents"))
    assert all(len(words.split()) <= 8 for all_words in gate["exact"].values() for words in all_words)


def test_no_message_that_measures_the_bot_was_taught_to_it() -> None:
    taught = {text.lower() for _, text in examples()}
    for file in sorted(Path(__file__).with_name("data").glob("*.yml")):
        held = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert [text for texts in held.values() for text in texts if text.lower() in taught] == []
