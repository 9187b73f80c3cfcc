"""Answer what waits, and listen to what no answer takes: woken by the doorbell, and looking each second."""

import asyncio
from collections.abc import Awaitable

import structlog

from core.conversation.answer import answer_next
from core.conversation.claim import conversations_unheard, conversations_waiting
from core.conversation.house import ANY_CONVERSATION, House
from core.conversation.overhear import overhear_next
from core.ids import ConversationId

log = structlog.get_logger()

AT_ONCE = 32
LOOK_EVERY_SECONDS = 1.0
AFTER_AN_ERROR_SECONDS = 1.0


async def answer_messages(house: House, stop: asyncio.Event) -> None:
    """Answer waiting messages of any number of conversations, one at a time in each, until told to stop."""
    busy: set[ConversationId] = set()
    async with asyncio.TaskGroup() as tasks:
        with house.doorbell.listening(ANY_CONVERSATION) as bell:
            while not stop.is_set():
                for conversation in await _waiting(house, busy):
                    busy.add(conversation)
                    tasks.create_task(_answer(house, conversation, busy))
                await bell.wait(LOOK_EVERY_SECONDS)


async def listen_to_unanswered(house: House, stop: asyncio.Event) -> None:
    """Let the second listener hear what no answer takes, one message after another, until told to stop."""
    with house.doorbell.listening(ANY_CONVERSATION) as bell:
        while not stop.is_set():
            for conversation in await _found(conversations_unheard(house)):
                if not stop.is_set():
                    await _overhear(house, conversation)
            await bell.wait(LOOK_EVERY_SECONDS)


async def _waiting(house: House, busy: set[ConversationId]) -> list[ConversationId]:
    """List what may be begun now."""
    free = AT_ONCE - len(busy)
    if free <= 0:
        return []
    found = await _found(conversations_waiting(house))
    return [each for each in found if each not in busy][:free]


async def _found(looking: Awaitable[list[ConversationId]]) -> list[ConversationId]:
    """Give what was found; a database that does not answer is waited for."""
    try:
        return await looking
    except Exception as error:  # noqa: BLE001 - whatever it is, messages must be answered when it is over
        log.error("waiting_not_read", problem=type(error).__name__)  # noqa: TRY400 - words may stand in a trace
        return []


async def _overhear(house: House, conversation: ConversationId) -> None:
    try:
        await overhear_next(house, conversation)
    except Exception as error:  # noqa: BLE001 - one conversation's bug must not stop the others
        log.error("overhear_failed", conversation=conversation, problem=type(error).__name__)  # noqa: TRY400
        await asyncio.sleep(AFTER_AN_ERROR_SECONDS)


async def _answer(house: House, conversation: ConversationId, busy: set[ConversationId]) -> None:
    try:
        # One at a time: whether more waits is seen by a reader, who holds nobody up.
        await answer_next(house, conversation)
    except Exception as error:  # noqa: BLE001 - one conversation's bug must not stop the others
        log.error("answer_failed", conversation=conversation, problem=type(error).__name__)  # noqa: TRY400
        await asyncio.sleep(AFTER_AN_ERROR_SECONDS)
    finally:
        busy.discard(conversation)
        house.doorbell.ring(ANY_CONVERSATION)
