"""Understand texts with the trained model; tests/bench/understanding.py runs this on Rasa's own Python.

Reads {"model": path, "texts": [[text, expects], ...]} and answers with one entry a text.
"""

# mypy: disable-error-code="import-not-found"
# Rasa is not in the environment that mypy looks at.

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from core.text.meaning import SentenceMeaning

embedded: list[int] = []


def main() -> None:
    """Understand all of them, one after the other."""
    wanted = json.load(sys.stdin)
    processor = Agent.load(wanted["model"]).processor
    _count_embeddings()
    asyncio.run(_understand(processor, "hello", "anything"))  # the first one warms up
    told = [asyncio.run(_understand(processor, text, expects)) for text, expects in wanted["texts"]]
    sys.stdout.write("\n" + json.dumps(told))  # on a line of its own: Rasa too says things here


async def _understand(processor: Any, text: str, expects: str) -> dict[str, Any]:
    before, began = len(embedded), time.perf_counter()
    parsed = await processor.parse_message(UserMessage(text, metadata={"expects": expects}))
    took = time.perf_counter() - began
    ranking = [[each["name"], float(each["confidence"])] for each in parsed.get("intent_ranking", [])]
    return {
        "intent": parsed["intent"]["name"],
        "ranking": ranking,
        "ms": took * 1000,
        "embedded": len(embedded) > before,
    }


def _count_embeddings() -> None:
    embed = SentenceMeaning.embed

    def counted(self: SentenceMeaning, texts: Any) -> Any:
        embedded.append(len(texts))
        return embed(self, texts)

    SentenceMeaning.embed = counted  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
