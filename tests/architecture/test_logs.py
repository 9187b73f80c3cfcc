"""Logs hold ids and counts, never words, numbers or names: each call says only what is on this list."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import Module, calls, dotted, modules

LEVELS = {f"log.{level}" for level in ("debug", "info", "warning", "error", "critical", "exception")}

IDS = {
    "alert",
    "complaint",
    "concern",
    "conversation",
    "message",
    "outbox",
    "post",
    "release",
    "request",
    "staff",
}
COUNTS = {
    "attempt", "conversations", "count", "exit_code", "leaves", "messages", "pause_seconds", "people", "port", "posts",
    "seconds", "views",
}  # fmt: skip
KINDS = {"action", "channel", "level", "measure", "period", "problem", "error", "route", "status"}
"""Words from short lists of ours. `problem` and `error` are only the name of the kind of error."""
OF_OURS = {
    "model": "the file name of a trained model",
    "path": "the path of a route; young people's pages and Twilio's have nothing personal in theirs",
    "reason": "the provider's code for why a text did not go",
    "what": "which test of the audit of a release found something",
}
MAY_BE_TOLD = IDS | COUNTS | KINDS | set(OF_OURS)

PAST = re.compile(
    r"^[a-z]+(_[a-z]+)*_(\w+ed|sent|left|lost|died|begun|kept|taken|put|broke|given|withheld|found|read|heard|gone)"
    r"(_(off|up|in|out|at|to|another|unsafe|console|abroad|refused|back))*$"
)


def log_calls() -> Iterator[tuple[Module, ast.Call]]:
    for module in modules():
        for call in calls(module):
            if dotted(call.func) in LEVELS:
                yield module, call


def event(call: ast.Call) -> str:
    """Give the event's name; empty when it is no literal."""
    first = call.args[0] if len(call.args) == 1 else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def test_every_event_is_a_fact_in_the_past() -> None:
    found = [f"{m.name}:{c.lineno} {event(c)}" for m, c in log_calls() if not PAST.match(event(c))]
    assert found == []


def test_no_log_call_carries_text() -> None:
    found = [
        f"{module.name}:{call.lineno} {keyword.arg}"
        for module, call in log_calls()
        for keyword in call.keywords
        if keyword.arg not in MAY_BE_TOLD or isinstance(keyword.value, ast.JoinedStr)
    ]
    assert found == []


def test_an_error_is_told_by_its_kind_alone() -> None:
    """The words of an error may hold what somebody said."""
    found = [
        f"{module.name}:{call.lineno}"
        for module, call in log_calls()
        for keyword in call.keywords
        if keyword.arg in {"problem", "error"} and not ast.unparse(keyword.value).startswith("type(")
    ]
    assert found == []
    assert [m.name for m, c in log_calls() if dotted(c.func) == "log.exception"] == []


def test_nobody_prints_and_only_structlog_logs() -> None:
    found = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        if module.name != "app/logs.py"
        for call in calls(module)
        if dotted(call.func) == "print" or dotted(call.func).startswith(("logging.", "logger."))
    ]
    assert [where for where in found if not where.startswith(("bot/rasa/", "app/checks/"))] == []
