"""Setting Rasa up says in plain words what is missing, and does nothing twice."""

import asyncio
import os
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from rich.console import Console

from app.embeddings import FILES, pinned_files, set_up_embeddings
from app.rasa_environment import RasaEnvironment, SetUpFailed, find_python_310, find_uv, rasa_environment
from app.rasa_process import RasaPlan, RasaProcess, free_port
from app.training import fingerprint, train_if_needed, validate_training_data
from core.settings import HERE, Settings
from tests.bot.running import RunningRasa


def pretend_environment(folder: Path, script: str) -> RasaEnvironment:
    """An environment whose Python is a script of our own."""
    python = folder / "python"
    python.write_text(f"#!{sys.executable}\n" + textwrap.dedent(script), encoding="utf-8")
    python.chmod(0o755)
    return RasaEnvironment(python, folder / "embeddings", folder / "models", folder / "var")


def pretend_plan(folder: Path, script: str, *, model: str = "a.tar.gz") -> RasaPlan:
    environment = pretend_environment(folder, script)
    environment.models.mkdir(exist_ok=True)
    (environment.models / "a.tar.gz").touch()
    return RasaPlan(environment, environment.models / model, "token", "http://127.0.0.1:1/", free_port())


def pretend_project(folder: Path) -> Path:
    for name in (
        "bot/domain/a.yml",
        "data/training/nlu/a.yml",
        "bot/rasa/a.py",
        "bot/rasa/uv.lock",
        "config.yml",
    ):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("same", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "name", ["bot/domain/a.yml", "data/training/nlu/a.yml", "bot/rasa/a.py", "bot/rasa/uv.lock", "config.yml"]
)
def test_whatever_a_model_depends_on_changes_its_name(tmp_path: Path, name: str) -> None:
    root = pretend_project(tmp_path)
    before = fingerprint(root)
    assert fingerprint(root) == before
    (root / name).write_text("changed", encoding="utf-8")
    assert fingerprint(root) != before


def test_a_question_or_a_message_changes_no_model(tmp_path: Path) -> None:
    root = pretend_project(tmp_path)
    before = fingerprint(root)
    (root / "data" / "questions.yml").write_text("a new question", encoding="utf-8")
    assert fingerprint(root) == before


def test_a_current_model_is_reused_and_rasa_not_even_asked(tmp_path: Path) -> None:
    root = pretend_project(tmp_path / "root")
    environment = pretend_environment(tmp_path, "raise SystemExit('asked')")
    model = environment.models / f"{fingerprint(root)}.tar.gz"
    model.parent.mkdir()
    model.touch()
    assert train_if_needed(environment, Console(quiet=True), root=root) == model


def test_training_that_fails_says_why(tmp_path: Path) -> None:
    environment = pretend_environment(tmp_path, "raise SystemExit('no examples')")
    with pytest.raises(SetUpFailed, match="could not be trained: no examples"):
        train_if_needed(environment, Console(quiet=True), root=pretend_project(tmp_path / "root"))


def test_training_that_leaves_no_model_says_so(tmp_path: Path) -> None:
    environment = pretend_environment(tmp_path, "")
    with pytest.raises(SetUpFailed, match="trained no model"):
        train_if_needed(environment, Console(quiet=True), root=pretend_project(tmp_path / "root"))


def test_a_model_is_learnt_anew_and_not_put_together_from_what_was_learnt_before(tmp_path: Path) -> None:
    environment = pretend_environment(
        tmp_path, "import sys; sys.exit('all of it' if '--force' in sys.argv else 'what is new')"
    )
    with pytest.raises(SetUpFailed, match="could not be trained: all of it"):
        train_if_needed(environment, Console(quiet=True), root=pretend_project(tmp_path / "root"))


def test_old_models_are_dropped_but_the_last_ones(tmp_path: Path) -> None:
    environment = pretend_environment(
        tmp_path,
        """
        import sys, pathlib
        name, folder = sys.argv[sys.argv.index("--fixed-model-name") + 1], sys.argv[sys.argv.index("--out") + 1]
        pathlib.Path(folder, name + ".tar.gz").touch()
        """,
    )
    environment.models.mkdir()
    for age in range(6):
        old = environment.models / f"old{age}.tar.gz"
        old.touch()
        os.utime(old, (1_000 - age, 1_000 - age))
    model = train_if_needed(environment, Console(quiet=True), root=pretend_project(tmp_path / "root"))
    kept = {file.name for file in environment.models.glob("*.tar.gz")}
    assert kept == {model.name, "old0.tar.gz", "old1.tar.gz"}


def test_a_wrong_rasa_python_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SetUpFailed, match=f"RASA_PYTHON is {tmp_path}"):
        find_python_310(str(tmp_path))
    with pytest.raises(SetUpFailed, match="which is no Python"):
        find_python_310(sys.executable)


def test_without_a_wish_some_python_310_is_found_or_left_to_uv() -> None:
    found = find_python_310("")
    if found != "3.10":
        said = subprocess.run([found, "-V"], capture_output=True, text=True, check=True).stdout
        assert said.startswith("Python 3.10.")


def test_rasa_sees_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SERVICE_KEYS", "k1:secret")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "secret")
    variables = pretend_environment(tmp_path, "").variables()
    assert "secret" not in " ".join(variables.values())
    assert variables["RASA_TELEMETRY_ENABLED"] == "false"
    assert variables["LOG_LEVEL"] == "ERROR"


def test_word_vectors_that_are_there_are_not_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    folder = rasa_environment(Settings()).embeddings
    set_up_embeddings(folder, told.append)
    told.clear()
    monkeypatch.setenv("PATH", "")
    set_up_embeddings(folder, told.append)
    assert told == []


def test_word_vectors_that_cannot_be_fetched_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'no network' >&2\nexit 2\n", encoding="utf-8")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(SetUpFailed, match=r"Connect to the network.*no network"):
        set_up_embeddings(tmp_path / "embeddings", print)


@pytest.mark.parametrize("package", FILES)
def test_other_vectors_than_the_pinned_ones_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str
) -> None:
    """All that lies in the folder already is right, but for the files of one package."""
    there, uv = rasa_environment(Settings()).embeddings, tmp_path / "uv"
    for name in (name for other in FILES if other != package for name in FILES[other]):
        (tmp_path / "embeddings" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "embeddings" / name).symlink_to(there / name)
    inside = FILES[package].values()
    folders = " ".join(f"$t/{Path(each).parent}" for each in inside)
    files = " ".join(f"$t/{each}" for each in inside)
    script = f'while [ "$1" != --target ]; do shift; done; t=$2; mkdir -p {folders}; touch {files}\n'
    uv.write_text("#!/bin/sh\n" + script, encoding="utf-8")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(SetUpFailed, match="It was not used"):
        set_up_embeddings(tmp_path / "embeddings", print)
    assert not any((tmp_path / "embeddings" / name).exists() for name in FILES[package])


def test_every_file_of_vectors_is_pinned() -> None:
    assert set(pinned_files()) == {name for files in FILES.values() for name in files}
    assert all(len(sha256) == 64 for sha256 in pinned_files().values())


async def test_a_missing_model_is_said_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(SetUpFailed, match="There is no trained model"):
        await RasaProcess(pretend_plan(tmp_path, "", model="gone.tar.gz")).start()


async def test_a_port_in_use_is_said_in_plain_words(tmp_path: Path) -> None:
    plan = pretend_plan(tmp_path, "")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", plan.port))
        taken.listen()
        with pytest.raises(SetUpFailed, match=f"Port {plan.port} is in use"):
            await RasaProcess(plan).start()


async def test_a_server_that_ends_while_it_starts_says_its_last_words(tmp_path: Path) -> None:
    plan = pretend_plan(tmp_path, "raise SystemExit('the word vectors are missing')")
    with pytest.raises(SetUpFailed, match="the word vectors are missing"):
        await RasaProcess(plan).start()


ANSWERING = """
    import http.server, sys
    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = b'{"model": "%s"}'
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
    port = int(sys.argv[sys.argv.index("-p") + 1])
    http.server.HTTPServer(("127.0.0.1", port), Door).serve_forever()
"""


async def test_another_model_than_the_wanted_one_is_refused(tmp_path: Path) -> None:
    process = RasaProcess(pretend_plan(tmp_path, ANSWERING % "other.tar.gz"))
    with pytest.raises(SetUpFailed, match=r"loaded the model other\.tar\.gz"):
        await process.start()
    assert process.pid is None


async def test_a_server_that_dies_is_started_again_until_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.rasa_process.FIRST_PAUSE", 0.01)
    process = RasaProcess(pretend_plan(tmp_path, ANSWERING % "a.tar.gz"))
    await process.start()
    first = process.pid
    keeping = asyncio.create_task(process.keep_running())
    assert first is not None
    os.kill(first, 9)
    async with asyncio.timeout(20):
        while process.pid in {first, None} or not process.is_ready:  # noqa: ASYNC110 - as an onlooker
            await asyncio.sleep(0.02)
    await process.stop()
    await asyncio.wait_for(keeping, 5)
    assert process.pid is None


@pytest.mark.journey
def test_the_training_data_hold_no_contradiction(real_rasa: RunningRasa) -> None:
    assert validate_training_data(real_rasa.plan.environment) is None


APP = """
import asyncio, sys, time
from pathlib import Path
from app.rasa_environment import rasa_environment
from app.rasa_process import RasaPlan, RasaProcess, free_port
from core.settings import Settings

environment = rasa_environment(Settings())
plan = RasaPlan(environment, Path(sys.argv[1]), "token", "http://127.0.0.1:1/", free_port())

async def main():
    process = RasaProcess(plan)
    await process.start()
    print("pid", process.pid, flush=True)
    time.sleep(600)

asyncio.run(main())
"""


@pytest.mark.journey
def test_rasa_does_not_outlive_the_app_that_started_it(real_rasa: RunningRasa) -> None:
    """The app is killed, so it can stop nothing; Rasa notices that its input has ended."""
    command = [sys.executable, "-c", APP, str(real_rasa.plan.model)]
    app = subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True)
    assert app.stdout is not None
    rasa = next(int(line.split()[1]) for line in app.stdout if line.startswith("pid"))
    app.kill()
    app.wait()
    until = time.monotonic() + 20
    while is_running(rasa) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_running(rasa)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().split(")")[-1].split()[0] != "Z"


def test_the_uv_that_the_makefile_fetched_is_found_where_none_is_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    own = tmp_path / ".uv" / "uv"
    with pytest.raises(SetUpFailed, match="make setup"):
        find_uv(own)
    own.parent.mkdir()
    own.write_text("#!/bin/sh\n", encoding="utf-8")
    own.chmod(0o755)
    assert find_uv(own) == str(own)
