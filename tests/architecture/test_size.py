"""Modules and functions stay small enough to be read at once."""

import ast
from collections.abc import Iterator

from tests.architecture.source import modules

MOST_LINES_A_MODULE = 250
MOST_LINES_A_FUNCTION = 30
"""Lines that hold code or a comment: docstrings and empty lines are not counted."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def body_lines(function: Function, lines: list[str]) -> int:
    numbers = set(range(function.body[0].lineno, (function.end_lineno or 0) + 1))
    for inner in ast.walk(function):
        if isinstance(inner, Function) and ast.get_docstring(inner) is not None:
            numbers -= set(range(inner.body[0].lineno, (inner.body[0].end_lineno or 0) + 1))
    return sum(bool(lines[number - 1].strip()) for number in numbers)


def test_no_module_is_long() -> None:
    long = {module.name: module.lines for module in modules() if module.lines > MOST_LINES_A_MODULE}
    assert long == {}


def test_no_function_is_long() -> None:
    long = {
        f"{module.name}:{function.name}": count
        for module in modules()
        for function in functions(module.tree)
        if (count := body_lines(function, module.text.splitlines())) > MOST_LINES_A_FUNCTION
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [m.name for m in modules() if m.tree.body and not ast.get_docstring(m.tree)]
    assert silent == []
