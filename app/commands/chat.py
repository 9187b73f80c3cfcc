"""The `chat` command: talk to the bot in a terminal."""

import asyncio
import sys
from typing import Annotated

import typer


def chat(
    *,
    meaning: Annotated[
        bool, typer.Option("--meaning", help="Show what each message was taken for, and how sure that was.")
    ] = False,
) -> None:
    """Talk to the bot in this terminal. A number makes a choice; "quit" ends it. Nothing of it is kept."""
    asyncio.run(_chat(with_meaning=meaning))


async def _chat(*, with_meaning: bool) -> None:
    from functools import partial

    from rich.console import Console

    from app.chat.serve import house_for_one_talk
    from app.chat.show import show_heard, show_typed
    from app.chat.talk import talk
    from app.stores import read_settings

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 80)

    async def read_line() -> str | None:
        if sys.stdin.isatty():
            sys.stdout.write("> ")
            sys.stdout.flush()
        line = await asyncio.to_thread(sys.stdin.readline)
        if line and not sys.stdin.isatty():
            show_typed(console, line.strip())
        return line.strip() if line else None

    on_heard = partial(show_heard, console) if with_meaning else None
    async with house_for_one_talk(read_settings(), Console(stderr=True), on_heard=on_heard) as house:
        await talk(house, console, read_line)
