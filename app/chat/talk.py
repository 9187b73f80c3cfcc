"""Talk to the bot in a terminal: every line goes through core, as a message from the chat page does."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rich.console import Console

from app.chat.show import show_messages
from core.conversation.accept import accept_message
from core.conversation.answer import answer_next
from core.conversation.arrived import Inbound
from core.conversation.house import House
from core.conversation.opening import open_conversation
from core.conversation.transcript import ShownChoice, ShownMessage, messages_after
from core.errors import Refusal
from core.ids import ConversationId, new_id

QUIT = "quit"

ReadLine = Callable[[], Awaitable[str | None]]
"""Gives the next line that was typed; None at the end."""


@dataclass(slots=True)
class Terminal:
    """A conversation as the terminal shows it: what was read, and the choices that have a number now."""

    house: House
    console: Console
    conversation: ConversationId
    seq: int = 0
    choices: Sequence[ShownChoice] = ()

    async def show_news(self) -> None:
        """Show what is new; the last choices that were offered can be made by their number."""
        news = await messages_after(self.house, self.conversation, self.seq)
        show_messages(self.console, news)
        if news:
            self.seq, self.choices = news[-1].seq, _choices_of(news) or self.choices

    async def say(self, words: str) -> None:
        """Send a line, as a choice if it is the number of one, and let it be answered."""
        number = int(words) if words.isascii() and words.isdigit() else 0
        chosen = self.choices[number - 1].id if 1 <= number <= len(self.choices) else None
        text = None if chosen else words
        try:
            accepted = await accept_message(self.house, Inbound(self.conversation, new_id(), text, chosen))
        except Refusal as refusal:
            self.console.print(refusal.words, style="red")
            return
        self.seq = max(self.seq, accepted.seq)
        while await answer_next(self.house, self.conversation):
            pass


async def talk(house: House, console: Console, read_line: ReadLine) -> None:
    """Open a conversation, and go on until "quit" or the end of what is typed."""
    terminal = Terminal(house, console, (await open_conversation(house)).conversation)
    await terminal.show_news()
    while (words := await read_line()) is not None and words.strip().lower() != QUIT:
        await terminal.say(words)
        await terminal.show_news()


def _choices_of(news: Sequence[ShownMessage]) -> Sequence[ShownChoice]:
    offered = [message.choices for message in news if message.choices]
    return offered[-1] if offered else ()
