"""What a conversation in a terminal needs beside it: Rasa, our actions on a port of their own, stores for one talk."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from app.compose import build_house, build_knowledge
from app.lists import read_lists
from app.rasa_process import RasaPlan, RasaProcess, free_port
from app.stores import bring_up_to_date, open_stores
from app.training import set_up_rasa
from bot.actions.server import actions_router
from bot.client import HeardAs, RasaBot
from core.conversation.house import House
from core.settings import Settings


@asynccontextmanager
async def house_for_one_talk(
    settings: Settings, console: Console, *, on_heard: Callable[[HeardAs], None] | None = None
) -> AsyncIterator[House]:
    """Give a house with the real Rasa, whose stores lie in a folder that is gone afterwards. Raises SetUpFailed.

    `on_heard` is told what each message was taken for.
    """
    environment, model = set_up_rasa(settings, console)
    token, port = secrets.token_urlsafe(32), free_port()
    with TemporaryDirectory() as folder:
        own = _settings_in(settings, Path(folder))
        plan = RasaPlan(
            replace(environment, var=own.var),
            model,
            token,
            f"http://127.0.0.1:{port}/rasa/actions",
            free_port(),
        )
        stores, process = open_stores(own), RasaProcess(plan)
        bot = RasaBot(plan.url, token, on_heard=on_heard)
        await bring_up_to_date(stores)
        house = build_house(own, stores, bot, read_lists(own))
        async with _served(house, token, port):
            try:
                with console.status("Waking the bot up. This takes some seconds."):
                    await process.start()
                yield house
            finally:
                await process.stop()
                await bot.close()
                await stores.close()


def _settings_in(settings: Settings, folder: Path) -> Settings:
    """The same settings, but nothing is written outside of this folder."""
    return settings.model_copy(
        update={
            "hys_home": folder,
            "service_database_url": f"sqlite+aiosqlite:///{folder}/service.db",
            "views_database_url": f"sqlite+aiosqlite:///{folder}/views.db",
        }
    )


@asynccontextmanager
async def _served(house: House, token: str, port: int) -> AsyncIterator[None]:
    """Serve the actions to Rasa, on loopback only."""
    app = FastAPI(openapi_url=None)
    app.include_router(actions_router(build_knowledge(house), token))
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving
