"""Read the examples of what young people might say, which practitioners own: danger, worries, everyday talk."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from core.text.yaml_source import read_typed


class Examples(BaseModel):
    """Messages by what they mean; none stands in two places."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    danger: tuple[str, ...]
    worry: tuple[str, ...]
    ordinary: tuple[str, ...]


def load_examples(path: Path) -> Examples:
    """Read the file; BrokenDataFile says the line when it cannot be used, or when a message is there twice."""
    examples, source = read_typed(path, Examples)
    seen: set[str] = set()
    for name in ("danger", "worry", "ordinary"):
        for place, said in enumerate(getattr(examples, name)):
            if said in seen:
                raise source.broken((name, place), f"'{said}' is here twice.", "Leave it in one place.")
            seen.add(said)
    return examples
