"""Show a conversation in a terminal: what is said on the left, what can be chosen under it with its number."""

from collections.abc import Iterable

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.client import HeardAs
from core.conversation.tables import Kind
from core.conversation.transcript import ShownMessage

MARGIN, CHOICE_MARGIN = 2, 4


def show_message(console: Console, message: ShownMessage) -> None:
    """Show one message; the answer to danger stands in a frame, so that nobody reads over it."""
    if message.kind is Kind.SAFETY:
        console.print(Panel(Text(message.text), border_style="red", expand=False))
    else:
        style = "bold" if message.kind is Kind.QUESTION else ""
        _show_lines(console, Text(message.text, style), MARGIN)
    for number, choice in enumerate(message.choices, start=1):
        _show_lines(console, Text(f"{number}  {choice.label}", "cyan"), CHOICE_MARGIN)


def show_messages(console: Console, messages: Iterable[ShownMessage]) -> None:
    """Show some messages, and a free line after them."""
    for message in messages:
        show_message(console, message)
    console.print()


def show_heard(console: Console, heard: HeardAs) -> None:
    """Show what the bot took the words for, and how sure it was."""
    console.print(Text(f"heard as {heard.name}, {heard.confidence:.0%} sure", style="magenta"))


def show_typed(console: Console, words: str) -> None:
    """Show what was typed, where the terminal does not show it itself (a script is read)."""
    console.print(Text(f"> {words}", style="green"))
    console.print()


def _show_lines(console: Console, words: Text, margin: int) -> None:
    """Wrap the words and move each line to the right, with no space at its end (a recording is a text file)."""
    for line in words.wrap(console, console.width - margin):
        line.rstrip()
        console.print(Text(" " * margin) + line)
