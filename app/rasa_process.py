"""Run the Rasa server beside the app: start it, know that it is the right one, restart it, stop it."""

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from app.rasa_environment import RASA_PROJECT, RasaEnvironment, SetUpFailed
from bot.client import RasaBot

SECONDS_TO_START = 120.0
SECONDS_TO_STOP = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
SECONDS_OF_A_GOOD_RUN = 60.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RasaPlan:
    """What to start: which model, where it reaches our actions, and the secret between the two."""

    environment: RasaEnvironment
    model: Path
    token: str = field(repr=False)
    actions_url: str
    port: int

    @property
    def url(self) -> str:
        """Where the server will answer."""
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    """Return a port of this machine that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RasaProcess:
    """One Rasa server on loopback, owned by this process and ended with it."""

    def __init__(self, plan: RasaPlan) -> None:
        self.plan = plan
        self._process: asyncio.subprocess.Process | None = None
        self._is_stopping = False
        self.is_ready = False

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the server and wait until it answers with the right model; raises SetUpFailed."""
        if not self.plan.model.is_file():
            raise SetUpFailed(f"There is no trained model at {self.plan.model}. Run 'haveyoursay train'.")
        _check_port(self.plan.port)
        await self._launch()
        await self._wait_until_ready()
        log.info("rasa_started", model=self.plan.model.name, port=self.plan.port)

    async def keep_running(self) -> None:
        """Restart the server whenever it dies, each time after a longer pause; ends when it is stopped."""
        pause, clock = FIRST_PAUSE, asyncio.get_running_loop().time
        while self._process is not None:
            began = clock()
            code = await self._process.wait()
            self.is_ready = False
            if self._is_stopping:
                return
            pause = FIRST_PAUSE if clock() - began > SECONDS_OF_A_GOOD_RUN else min(pause * 2, LONGEST_PAUSE)
            log.warning("rasa_died", exit_code=code, pause_seconds=pause)
            await asyncio.sleep(pause)
            await self._try_again()

    async def stop(self) -> None:
        """End the server for good: kindly first, then for sure."""
        self._is_stopping = True
        await self._end()
        log.info("rasa_stopped")

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), SECONDS_TO_STOP)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _try_again(self) -> None:
        try:
            await self._launch()
            await self._wait_until_ready()
        except SetUpFailed as error:
            log.error("rasa_not_restarted", problem=type(error).__name__)  # noqa: TRY400 - it is tried again
        else:
            log.info("rasa_restarted")

    async def _launch(self) -> None:
        plan = self.plan
        plan.environment.var.mkdir(parents=True, exist_ok=True)
        self._log_file.touch(mode=0o600)
        with self._log_file.open("wb") as errors:
            self._process = await asyncio.create_subprocess_exec(
                str(plan.environment.python),
                *_arguments(plan),
                cwd=RASA_PROJECT,
                env=plan.environment.variables(
                    HYS_ACTIONS_URL=plan.actions_url,
                    HYS_RASA_TOKEN=plan.token,
                    HYS_RASA_ENDS_WITH_STDIN="yes",
                ),
                stdin=asyncio.subprocess.PIPE,  # Rasa ends when this pipe does, so that it never outlives us
                stdout=asyncio.subprocess.DEVNULL,
                stderr=errors,
                # Ctrl-C goes to the whole terminal: Rasa must not take it before we have stopped asking it.
                start_new_session=True,
            )

    async def _wait_until_ready(self) -> None:
        bot = RasaBot(self.plan.url, self.plan.token, seconds=2.0)
        try:
            async with asyncio.timeout(SECONDS_TO_START):
                while (loaded := await bot.loaded_model()) is None:
                    self._check_alive()
                    await asyncio.sleep(0.2)
        except TimeoutError as error:
            await self._end()
            raise SetUpFailed(f"Rasa did not answer within {SECONDS_TO_START:.0f} seconds.") from error
        finally:
            await bot.close()
        if loaded != self.plan.model.name:
            await self._end()
            raise SetUpFailed(f"Rasa loaded the model {loaded}, not {self.plan.model.name}.")
        self.is_ready = True

    def _check_alive(self) -> None:
        if self._process is not None and self._process.returncode is not None:
            said = self._log_file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            last = said[-1] if said else "it said nothing"
            raise SetUpFailed(f"Rasa ended while it started: {last} (see {self._log_file})")

    @property
    def _log_file(self) -> Path:
        return self.plan.environment.var / "rasa.log"


def _arguments(plan: RasaPlan) -> list[str]:
    settings = {
        "-i": "127.0.0.1",
        "-p": str(plan.port),
        "-m": str(plan.model),
        "--endpoints": str(RASA_PROJECT / "endpoints.yml"),
        "--credentials": str(RASA_PROJECT / "credentials.yml"),
    }
    return ["-m", "rasa", "run", *(part for option in settings.items() for part in option)]


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SetUpFailed(f"Port {port} is in use. Stop what uses it, or choose another.") from error
