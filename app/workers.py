"""Answer what waits, and listen to what no answer takes: woken by the doorbell, and looking each second."""

import asyncio
from collections.abc import Awaitable

import structlog

from core.conversation.answer import answer_leased, answer_next
from core.conversation.claim import Leased, conversations_unheard, conversations_waiting
from core.conversation.house import ANY_CONVERSATION, House
from core.conversation.overhear import overhear_next
from core.ids import ConversationId

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 1.0
AFTER_AN_ERROR_SECONDS = 1.0


async def answer_messages(house: House, stop: asyncio.Event) -> None:
    """Answer waiting messages of any number of conversations, one at a time in each, until told to stop."""
    seats = house.seats
    async with asyncio.TaskGroup() as tasks:

        def begin(conversation: ConversationId, leased: Leased | None) -> None:
            tasks.create_task(_answer(house, conversation, leased))

        with house.doorbell.listening(ANY_CONVERSATION) as bell, seats.answered_by(begin):
            while not stop.is_set():
                for conversation in await _waiting(house):
                    if seats.take(conversation):
                        begin(conversation, None)
                await bell.wait(LOOK_EVERY_SECONDS)


async def listen_to_unanswered(house: House, stop: asyncio.Event) -> None:
    """Let the second listener hear what no answer takes, one message after another, until told to stop."""
    with house.doorbell.listening(ANY_CONVERSATION) as bell:
        while not stop.is_set():
            for conversation in await _found(conversations_unheard(house)):
                if not stop.is_set():
                    await _overhear(house, conversation)
            await bell.wait(LOOK_EVERY_SECONDS)


async def _waiting(house: House) -> list[ConversationId]:
    """List what may be begun now, and note whether there is more than seats."""
    if house.seats.free <= 0:
        house.seats.has_queue = True  # perhaps: it is looked at again when a seat is left
        return []
    found = [each for each in await _found(conversations_waiting(house)) if each not in house.seats]
    house.seats.has_queue = len(found) > house.seats.free
    return found[: house.seats.free]


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


async def _answer(house: House, conversation: ConversationId, leased: Leased | None) -> None:
    try:
        # One at a time: whether more waits is seen by a reader, who holds nobody up.
        await (answer_next(house, conversation) if leased is None else answer_leased(house, leased))
    except Exception as error:  # noqa: BLE001 - one conversation's bug must not stop the others
        log.error("answer_failed", conversation=conversation, problem=type(error).__name__)  # noqa: TRY400
        await asyncio.sleep(AFTER_AN_ERROR_SECONDS)
    finally:
        house.seats.leave(conversation)
        house.doorbell.ring(ANY_CONVERSATION)
