"""Every sentence that code names stands in the catalogue."""

import ast
import re
from collections.abc import Iterator

from core.settings import HERE
from core.text.messages import load_catalogue
from tests.architecture.source import calls, dotted, files, modules

NAMING = {"SayMessage": 0, "say": 0, "ask": 0, "Choice": 1, "choice": 1, "Line": 0}
"""What names a message, and as which of its arguments."""
IN_A_TEMPLATE = re.compile(r"""\bsay\(\s*["']([a-z0-9_]+)["']\s*(~?)""")


def named_in_code() -> Iterator[tuple[str, str]]:
    """Give where a message is named, and its name as a pattern: what is filled in stands for anything."""
    for module in modules("api", "bot", "channels", "core"):
        for call in calls(module):
            place = NAMING.get(dotted(call.func).rpartition(".")[2])
            if place is None or len(call.args) <= place:
                continue
            for name in _names(call.args[place]):
                yield f"{module.name}:{call.lineno}", name


def named_in_templates() -> Iterator[tuple[str, str]]:
    for folder in ("api", "channels"):
        for path in files(folder, "*.html"):
            for name, joined in IN_A_TEMPLATE.findall((HERE / path).read_text(encoding="utf-8")):
                yield str(path), name + (".+" if joined else "")


def _names(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else ".+"
            for part in node.values
        )
    elif isinstance(node, ast.IfExp):
        yield from _names(node.body)
        yield from _names(node.orelse)


def test_every_message_named_in_code_or_a_page_is_in_the_catalogue() -> None:
    known = list(load_catalogue(HERE / "data" / "messages" / "en-GB").messages)
    named = [*named_in_code(), *named_in_templates()]
    assert len(named) > 200
    missing = [
        f"{where} {name}" for where, name in named if not any(re.fullmatch(name, each) for each in known)
    ]
    assert missing == []
