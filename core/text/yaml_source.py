"""Read the YAML lists that practitioners own, and say which line is wrong when one cannot be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Step = str | int
"""One step from the top of a file to a value: a key, or a place in a list."""


class BrokenDataFile(Exception):
    """A file that practitioners edit cannot be used as it is; says where and what to do."""

    def __init__(self, file: Path, line: int, what: str, what_to_do: str) -> None:
        super().__init__(f"{file}, line {line}: {what} {what_to_do}")
        self.file = file
        self.line = line
        self.what = what
        self.what_to_do = what_to_do


@dataclass(frozen=True, slots=True)
class YamlSource:
    """What a YAML file says, and on which line it says it."""

    file: Path
    data: Any
    lines: Mapping[tuple[Step, ...], int]

    def line_of(self, *steps: Step) -> int:
        """Return the line of a value, or of the nearest thing around it that has one."""
        for length in range(len(steps), -1, -1):
            if steps[:length] in self.lines:
                return self.lines[steps[:length]]
        return 1

    def broken(self, steps: tuple[Step, ...], what: str, what_to_do: str) -> BrokenDataFile:
        """Make the error that names this file and the line of the value at `steps`."""
        return BrokenDataFile(self.file, self.line_of(*steps), what, what_to_do)


MOST_VALUES = 100_000
"""No list of ours has a tenth of this; a file that has more repeats itself by names (`*a`)."""


class _PlainLoader(yaml.SafeLoader):
    """YAML without its surprises: `no` and `off` are words, and `10:30` is not the number 630."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, found) for tag, found in found_by if not tag.endswith((":bool", ":int", ":float"))]
    for first, found_by in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^(?:0|[1-9][0-9]*)$"), list("0123456789")
)


def read_yaml(file: Path) -> YamlSource:
    """Read one YAML file with the line of every value.

    Raises BrokenDataFile when it is missing, is not YAML, or says the same key twice.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenDataFile(
            file, 1, "The file cannot be read.", "Check that it is there and is UTF-8 text."
        ) from error
    lines: dict[tuple[Step, ...], int] = {}
    try:
        loader = _PlainLoader(text)
        node = loader.get_single_node()
        _refuse_loops(file, node, (), set())
        _note_lines(file, node, (), lines)
        data = loader.construct_document(node) if node is not None else None
    except RecursionError as error:
        what = "Too many things stand inside each other."
        raise BrokenDataFile(file, 1, what, "Look for brackets that were never closed.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"This is not YAML: {error.problem or 'it cannot be read'}."
        raise BrokenDataFile(
            file, line, what, "Look at the spaces, colons and quotes on this line."
        ) from error
    except yaml.YAMLError as error:
        raise BrokenDataFile(file, 1, "This is not YAML.", "Take out signs that cannot be seen.") from error
    return YamlSource(file, data, lines)


def _refuse_loops(file: Path, node: yaml.Node | None, around: tuple[yaml.Node, ...], well: set[int]) -> None:
    """Refuse a value that holds itself (`a: &a [*a]`): whoever read it to its end would never come to one."""
    if not isinstance(node, yaml.CollectionNode) or id(node) in well:
        return
    if any(node is each for each in around):
        line = node.start_mark.line + 1
        raise BrokenDataFile(file, line, "This refers to itself.", "Take the name after the star (*) out.")
    parts = (
        node.value if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
    )
    for part in parts:
        _refuse_loops(file, part, (*around, node), well)
    well.add(id(node))


def _refuse_more(file: Path, node: yaml.Node, lines: Mapping[tuple[Step, ...], int]) -> None:
    if len(lines) > MOST_VALUES:
        what = "The file says the same things over and over."
        raise BrokenDataFile(file, node.start_mark.line + 1, what, "Take out names after a star (*).")


def _note_lines(
    file: Path, node: yaml.Node | None, steps: tuple[Step, ...], lines: dict[tuple[Step, ...], int]
) -> None:
    if node is None:
        return
    _refuse_more(file, node, lines)
    lines.setdefault(steps, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            _note_lines(file, item, (*steps, place), lines)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*steps, str(key.value))
            line = key.start_mark.line + 1
            if inner in lines:
                what = f"'{key.value}' is here a second time (first on line {lines[inner]})."
                raise BrokenDataFile(file, line, what, "Keep one of the two, or give one a new name.")
            lines[inner] = line
            _note_lines(file, value, inner, lines)


Typed = TypeVar("Typed", bound=BaseModel)


def read_typed(file: Path, model: type[Typed]) -> tuple[Typed, YamlSource]:
    """Read a YAML file as `model`; raise BrokenDataFile with the line of the first thing wrong."""
    source = read_yaml(file)
    try:
        return model.model_validate(source.data), source
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        steps = _steps_in_file(first, source)
        raise source.broken(steps, *_in_plain_words(first)) from error


def _steps_in_file(problem: ErrorDetails, source: YamlSource) -> tuple[Step, ...]:
    """Leave out the names of union branches that pydantic puts among the steps."""
    steps: tuple[Step, ...] = ()
    for step in problem["loc"]:
        if (*steps, step) in source.lines:
            steps = (*steps, step)
    return steps


def _in_plain_words(problem: ErrorDetails) -> tuple[str, str]:
    where = str(problem["loc"][-1]) if problem["loc"] else "the file"
    match problem["type"]:
        case "missing":
            return f"'{where}' is missing here.", f"Add a line '{where}: ...'."
        case "extra_forbidden":
            return f"'{where}' is not known here.", "Check how it is spelt, or take it out."
        case "enum" | "literal_error":
            allowed = str(problem.get("ctx", {}).get("expected", "")).replace("'", "")
            given = str(problem["input"])[:60]
            return f"'{where}' does not fit: there is no '{given}' here.", f"Write {allowed}."
        case "value_error":
            return str(problem["ctx"]["error"]) if "ctx" in problem else problem[
                "msg"
            ], "Change it and try again."
        case _:
            given = str(problem["input"])[:60]
            return (
                f"'{where}' does not fit: {problem['msg']} (it says '{given}').",
                "Change it and try again.",
            )
