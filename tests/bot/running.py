"""The real Rasa with our real actions, run beside the tests in a thread of its own."""

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from app.rasa_environment import RasaEnvironment
from app.rasa_process import RasaPlan, RasaProcess, free_port
from bot.actions.knowledge import Knowledge
from bot.actions.server import actions_router


class RunningRasa:
    """A Rasa server with its actions; `kill` ends it as a crash would, and it is started again by itself."""

    def __init__(self, environment: RasaEnvironment, model: Path, knowledge: Knowledge) -> None:
        self.token = "a-token-for-tests"
        self.actions_port = free_port()
        self.knowledge = knowledge
        self.plan = RasaPlan(
            environment,
            model,
            self.token,
            f"http://127.0.0.1:{self.actions_port}/rasa/actions",
            free_port(),
        )
        self.process = RasaProcess(self.plan)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._app = app_of(knowledge, self.token)
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._serve,
                host="127.0.0.1",
                port=self.actions_port,
                log_level="error",
                interface="asgi3",
            )
        )
        self._running: list[Future[Any]] = []

    @property
    def url(self) -> str:
        return self.plan.url

    def start(self) -> None:
        self._thread.start()
        self._running.append(self._begin(self._server.serve()))
        self._begin(self.process.start()).result(timeout=180)
        self._running.append(self._begin(self.process.keep_running()))

    def kill(self) -> None:
        """End the server at once, and come back when another one has taken its place."""
        pid = self.process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self._begin(self._until_another(pid)).result(timeout=180)

    def stop(self) -> None:
        self._begin(self.process.stop()).result(timeout=30)
        self._server.should_exit = True
        for future in self._running:
            future.result(timeout=30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)

    @contextmanager
    def knowing(self, knowledge: Knowledge) -> Iterator[None]:
        """Let the actions look things up in another place meanwhile: in a test's own house."""
        before, self._app = self._app, app_of(knowledge, self.token)
        try:
            yield
        finally:
            self._app = before

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _begin(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _until_another(self, pid: int) -> None:
        while self.process.pid in {None, pid} or not self.process.is_ready:  # noqa: ASYNC110 - as an onlooker
            await asyncio.sleep(0.1)


def app_of(knowledge: Knowledge, token: str) -> FastAPI:
    app = FastAPI()
    app.include_router(actions_router(knowledge, token))
    return app
