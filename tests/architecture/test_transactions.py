"""Only core/database.py begins and commits; all others are given a session or ask a Store for one."""

import ast

from tests.architecture.source import calls, dotted, modules

MAY = "core/database.py"
COMMITS = ("commit", "rollback", "begin_nested")


def test_only_the_database_module_commits() -> None:
    found = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        if module.name != MAY
        for call in calls(module)
        if isinstance(call.func, ast.Attribute)
        and (call.func.attr in COMMITS or dotted(call.func).endswith("session.begin"))
    ]
    assert found == []


def test_only_the_database_module_reaches_for_an_engine() -> None:
    """The engine that writes and the one that reads are used through `Store.write` and `Store.read` alone."""
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if module.name != MAY
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and dotted(node.value).endswith((".writer", ".reader"))
        and node.attr not in {"url", "dialect"}
    ]
    assert found == []
