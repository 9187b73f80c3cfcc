"""What is given for production in containers names what it runs, opens nothing to the world, and holds no secret."""

import re
from typing import Any

import pytest
import yaml

from app.embeddings import FILES, SENTENCES_FROM
from core.settings import HERE, Settings
from tests.architecture.source import read

DOCKERFILES = ("Dockerfile", "Dockerfile.rasa")
PINNED = re.compile(r"^[\w./-]+:\d+\.\d+(\.\d+)?[\w.-]*$")
SECRET = re.compile(r"PASSWORD|TOKEN|SECRET|KEYS?$")


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(read("compose.yaml"))["services"]
    return found


def images() -> list[str]:
    named = re.findall(r"(?:^FROM |--from=)(\S+)", read(*DOCKERFILES), re.MULTILINE)
    return [name for name in named if name != "build"] + [
        each["image"] for each in services().values() if "image" in each
    ]


def test_every_image_is_named_by_its_version() -> None:
    assert len(images()) >= 6
    assert [name for name in images() if not PINNED.match(name)] == []


def test_only_this_machine_reaches_a_port() -> None:
    ports = [port for each in services().values() for port in each.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_secret_comes_from_outside() -> None:
    for service in services().values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]*\}", value), name
    assert not re.search(r"^(ENV|ARG) .*(PASSWORD|TOKEN|SECRET|KEYS)", read(*DOCKERFILES), re.MULTILINE)
    assert ".env" in read(".dockerignore").split()
    assert ".env" in read(".gitignore").split()


def test_the_two_stores_share_neither_server_nor_network_nor_password() -> None:
    who, said = services()["service-store"], services()["views-store"]
    assert not set(who["networks"]) & set(said["networks"])
    assert who["environment"]["POSTGRES_PASSWORD"] != said["environment"]["POSTGRES_PASSWORD"]
    assert not set(who["volumes"]) & set(said["volumes"])


def test_the_app_is_told_of_settings_that_are_there() -> None:
    known = {name.upper() for name in Settings.model_fields}
    assert set(services()["app"]["environment"]) <= known


def test_only_the_proxy_of_this_machine_is_believed() -> None:
    trusted = services()["app"]["environment"]["FORWARDED_ALLOW_IPS"]
    (front,) = yaml.safe_load(read("compose.yaml"))["networks"]["front"]["ipam"]["config"]
    assert trusted == front["gateway"], "a word that .env could change would trust nobody who asks"


@pytest.mark.parametrize("file", DOCKERFILES)
def test_what_is_copied_is_there_and_nobody_runs_as_root(file: str) -> None:
    lines = [
        line.split() for line in read(file).splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    copied = [source for words in lines for source in words[1:-1]]
    assert [source for source in copied if not (HERE / source).exists()] == []
    assert "USER haveyoursay" in read(file)


def test_rasas_image_takes_the_vectors_that_set_up_takes() -> None:
    written = read("Dockerfile.rasa")
    for package, files in FILES.items():
        assert package in written
        assert [
            name for name, inside in files.items() if f"{inside} models/embeddings/{name}" not in written
        ] == []


def test_the_apps_image_takes_the_sentence_vectors_that_set_up_takes() -> None:
    written = read("Dockerfile")
    assert SENTENCES_FROM in written
    for name, inside in FILES[SENTENCES_FROM].items():
        assert f"{inside} models/embeddings/{name}" in written
