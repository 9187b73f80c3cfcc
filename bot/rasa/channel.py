"""Let our own app, and nobody else, hand turns to Rasa and get back what was said and decided."""

from __future__ import annotations

import hmac
import logging
from typing import Any, Awaitable, Callable

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.rasa.memory import Memory
from bot.rasa.parent import end_with_parent
from bot.rasa.shortcuts import take_shortcuts
from bot.rasa.turns import BadTurnError, choice_as_understood, choice_text, digest_of, read_turn

take_shortcuts()
end_with_parent()

logger = logging.getLogger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "::1"})
TOKEN_HEADER = "x-hys-token"  # noqa: S105  (the header's name, not the token)


class HaveYourSayInput(InputChannel):
    """The only way in: loopback, a shared secret, and choices that no typed text can imitate."""

    def __init__(self, token: str) -> None:
        if not token:
            raise RasaException("The channel needs a token: set HYS_RASA_TOKEN before Rasa starts.")
        self._token = token

    @classmethod
    def name(cls) -> str:
        """Return the part of the address under /webhooks/."""
        return "haveyoursay"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> HaveYourSayInput:
        """Make the channel with the token of credentials.yml."""
        return cls((credentials or {}).get("token", ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:  # noqa: ARG002
        """Give the two routes: which model is loaded, and one turn."""
        routes, memory = Blueprint("haveyoursay"), Memory()

        @routes.route("/model", methods=["GET"])
        async def model(http_request: Request) -> HTTPResponse:
            if not self._is_ours(http_request):
                return response.json({"model": None}, status=403)
            agent = http_request.app.ctx.agent
            if not _is_ready(agent):
                return response.json({"model": None}, status=503)
            return response.json({"model": agent.processor.model_filename})

        @routes.route("/turn", methods=["POST"])
        async def turn(http_request: Request) -> HTTPResponse:
            if not self._is_ours(http_request):
                return response.json({"complete": False}, status=403)
            try:
                wanted = read_turn(http_request.json)
            except BadTurnError as error:
                return response.json({"complete": False, "problem": str(error)}, status=422)
            return await _answer(http_request.app.ctx.agent, wanted, memory)

        return routes

    def _is_ours(self, http_request: Request) -> bool:
        given = http_request.headers.get(TOKEN_HEADER, "")
        is_known = hmac.compare_digest(given.encode(), self._token.encode())
        return is_known and http_request.ip in LOOPBACK


def _is_ready(agent: Any) -> bool:
    return bool(agent) and agent.is_ready()


async def _answer(agent: Any, turn: dict[str, Any], memory: Memory) -> HTTPResponse:
    """Let Rasa answer; what is not a whole answer is told as such, never as an empty list."""
    if not _is_ready(agent):
        return response.json({"complete": False}, status=503)
    collector = CollectingOutputChannel()
    try:
        async with agent.lock_store.lock(turn["sender"]):
            message = await _message(agent, turn, collector, is_kept=memory.is_current(turn))
            await agent.processor.handle_message(message)
    except Exception as error:  # noqa: BLE001  (any failure must reach our app as one)
        logger.error("turn_failed %s", type(error).__name__)  # noqa: TRY400  (a trace may hold words)
        memory.forget(turn["sender"])
        return response.json({"complete": False}, status=500)
    replies = [sent["custom"] for sent in collector.messages if "custom" in sent]
    states = [reply["state"] for reply in replies if reply.get("decide") == "state"]
    if not states or len(replies) < len(
        collector.messages
    ):  # an action failed: Rasa itself goes on after that
        memory.forget(turn["sender"])
        return response.json({"complete": False}, status=500)
    memory.keep(turn["sender"], states[-1])
    intent = message.parse_data["intent"]
    heard = {"name": intent["name"], "confidence": float(intent["confidence"])}
    return response.json({"replies": replies, "intent": heard, "complete": True})


async def _message(
    agent: Any, turn: dict[str, Any], collector: CollectingOutputChannel, *, is_kept: bool
) -> UserMessage:
    """Make Rasa's message, understood; where Rasa's memory is not our state, empty it to be restored."""
    metadata = {"message": turn["message"], "expects": turn["expects"], "digest": digest_of(turn["state"])}
    if not is_kept:
        # An empty tracker makes Rasa run action_session_start first, which gets this metadata.
        await agent.tracker_store.save(agent.tracker_store.init_tracker(turn["sender"]))
        metadata["state"] = turn["state"]
    is_choice = turn.get("text") is None
    message = UserMessage(
        choice_text(turn) if is_choice else turn["text"],
        collector,
        turn["sender"],
        input_channel=HaveYourSayInput.name(),
        metadata=metadata,
    )
    message.parse_data = (
        choice_as_understood(turn) if is_choice else await agent.processor.parse_message(message)
    )
    return message
