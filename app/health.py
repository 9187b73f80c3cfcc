"""Say whether the service is alive, and whether it is ready; details only to the machine it runs on."""

from http import HTTPStatus
from typing import Protocol, runtime_checkable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from app.stores import Stores
from channels.doors import anyone
from core.conversation.bot import Bot
from core.database import Store
from core.settings import Settings
from core.store_away import StoreAway

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@runtime_checkable
class HasModel(Protocol):
    """A bot that can say which model it has loaded."""

    async def loaded_model(self) -> str | None:
        """Give the model's file name, or None while the bot can't answer."""


def health_routes(settings: Settings, stores: Stores, bot: Bot) -> APIRouter:
    """Make the routes /healthz and /readyz."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(anyone)])

    @router.get("/healthz")
    async def say_alive() -> JSONResponse:
        return JSONResponse({"alive": True})

    @router.get("/readyz")
    async def say_ready(http_request: Request) -> JSONResponse:
        # A bot that is away is said, but messages are taken in without it: it makes nobody unready.
        needed = {
            "service store": await _answers(stores.service),
            "views store": await _answers(stores.views),
        }
        is_ready = all(needed.values())
        told: dict[str, object] = {"ready": is_ready}
        if _is_near(http_request, settings):
            told |= {**needed, "bot": await _bot_answers(bot)}
        return JSONResponse(told, HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE)

    return router


def _is_near(http_request: Request, settings: Settings) -> bool:
    """Behind a proxy everyone seems near: details are given only where the world comes to us directly."""
    host = http_request.client.host if http_request.client else ""
    return host in LOOPBACK and not settings.is_https


async def _answers(store: Store) -> bool:
    try:
        async with store.read() as session:
            await session.execute(text("SELECT 1"))
    except StoreAway:
        return False
    return True


async def _bot_answers(bot: Bot) -> bool:
    return isinstance(bot, HasModel) and await bot.loaded_model() is not None
