"""Hear what is new in a conversation: by waiting a while, or by a stream that can be taken up again."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from channels.web_chat.needs import WebChat
from channels.web_chat.shown import as_json, is_waiting
from core.conversation.refusals import NoSuchConversation
from core.conversation.transcript import ShownMessage
from core.ids import ConversationId

LOOK_EVERY_SECONDS: Final = 2.0
"""However quiet the doorbell is, the table itself is looked at this often."""

LONGEST_WAIT_SECONDS: Final = 25.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a stream says that it is still there, and when it closes so that no proxy has to.

    `form_waits_seconds` is how long a form post waits for an answer, so that the page that follows mostly has it.
    """

    heartbeat_seconds: float = 15.0
    closes_after_seconds: float = 55.0
    form_waits_seconds: float = 8.0


async def wait_for_messages(
    web: WebChat, conversation: ConversationId, *, after: int, seconds: float
) -> Sequence[ShownMessage]:
    """Give what came after this seq, as soon as there is something, or nothing after so many seconds."""
    loop = asyncio.get_running_loop()
    until = loop.time() + min(seconds, LONGEST_WAIT_SECONDS)
    while True:
        messages = await web.messages_after(conversation, after)
        left = until - loop.time()
        if messages or left <= 0:
            return messages
        await web.wait(conversation, min(left, LOOK_EVERY_SECONDS))


async def wait_for_answer(web: WebChat, conversation: ConversationId, *, after: int, seconds: float) -> None:
    """Return when somebody answered what stands at this seq, or after so many seconds."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (left := until - loop.time()) > 0:
        messages = await wait_for_messages(web, conversation, after=after, seconds=left)
        if messages and not is_waiting(messages):
            return
        after = messages[-1].seq if messages else after


async def stream_messages(
    web: WebChat, conversation: ConversationId, *, after: int, pace: Pace
) -> AsyncIterator[bytes]:
    """Give server-sent events: `ready` at once, then each message under its seq as the event's id."""
    loop = asyncio.get_running_loop()
    until = loop.time() + pace.closes_after_seconds
    yield b"retry: 1000\nevent: ready\ndata: {}\n\n"
    while (left := until - loop.time()) > 0:
        wait = min(left, pace.heartbeat_seconds)
        try:
            messages = await wait_for_messages(web, conversation, after=after, seconds=wait)
        except NoSuchConversation:  # finished meanwhile, perhaps in another tab
            return
        for message in messages:
            after = message.seq
            yield f"id: {after}\ndata: {json.dumps(as_json(message))}\n\n".encode()
        if not messages:
            yield b": still here\n\n"
