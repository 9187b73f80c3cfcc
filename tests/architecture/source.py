"""Our own source, read once for all the checks of this folder."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.settings import HERE

CODE = ("app", "api", "bot", "channels", "core", "gateways")
NOT_OURS = {".venv", "__pycache__"}


@dataclass(frozen=True, eq=False)
class Module:
    name: str
    lines: int
    tree: ast.Module
    text: str


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Parse every Python module in these folders; with none named, in all of ours."""
    return tuple(_parse(path) for folder in folders or CODE for path in files(folder, "*.py"))


def files(folder: str, pattern: str) -> Iterator[Path]:
    """List our files in a folder, as paths from the root; what was installed there is not ours."""
    for path in sorted((HERE / folder).rglob(pattern)):
        if not NOT_OURS.intersection(path.parts):
            yield path.relative_to(HERE)


@cache
def tracked() -> tuple[Path, ...]:
    """List what git keeps, as paths from the root."""
    said = subprocess.run(["git", "ls-files", "-z"], cwd=HERE, capture_output=True, text=True, check=True)
    return tuple(Path(name) for name in said.stdout.split("\0") if name and (HERE / name).is_file())


def read(*names: str) -> str:
    """Give the text of files, one after another."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


def documentation() -> str:
    """Give README and every paper in docs as one text."""
    return read("README.md", *(str(path) for path in files("docs", "*.md")))


@cache
def calls(module: Module) -> tuple[ast.Call, ...]:
    """Give every call in a module."""
    return tuple(node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def dotted(node: ast.expr) -> str:
    """Write a name or an attribute of names as it stands: `log.info`; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


@cache
def _parse(path: Path) -> Module:
    text = (HERE / path).read_text(encoding="utf-8")
    return Module(str(path), text.count("\n"), ast.parse(text), text)
