"""The demo has the stores alone: no bot answers invented people, and no alert about them calls a real one."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.in_use import DemoPlays, ServiceRuns, alone, in_use
from app.stores import StoreNotReachable
from core.settings import Settings

NOBODY_LISTENS = "postgresql://service:secret@127.0.0.1:9/hys_service"
END_LOCKS = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(hys_home=tmp_path, _env_file=None)


@pytest.fixture(params=["sqlite", "postgres"])
def folders(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: tuple[str, str] | None
) -> tuple[Settings, Settings]:
    """Two folders whose settings name the same service store."""
    if request.param == "postgres" and postgres is None:
        pytest.skip("PostgreSQL was not found on loopback, and HYS_TEST_POSTGRES_URL is not set")
    url = postgres[0] if request.param == "postgres" and postgres else f"sqlite:///{tmp_path}/service.db"
    one, two = (Settings(hys_home=tmp_path / name, service_database_url=url, _env_file=None) for name in "ab")
    return one, two


async def test_the_demo_is_refused_while_the_service_runs(settings: Settings) -> None:
    async with in_use(settings):
        with pytest.raises(ServiceRuns):
            async with alone(settings):
                pass


async def test_the_service_does_not_start_while_the_demo_plays(settings: Settings) -> None:
    async with alone(settings):
        with pytest.raises(DemoPlays):
            async with in_use(settings):
                pass


async def test_two_demos_do_not_play_at_once(settings: Settings) -> None:
    async with alone(settings):
        with pytest.raises(ServiceRuns):
            async with alone(settings):
                pass


async def test_the_service_may_run_twice_and_what_ended_holds_nothing(
    settings: Settings, folders: tuple[Settings, Settings]
) -> None:
    for one, two in ((settings, settings), folders):
        async with in_use(one), in_use(two):
            pass
        async with alone(one):
            pass
        async with in_use(two):
            pass


async def test_from_another_folder_with_the_same_store_neither_joins_the_other(
    folders: tuple[Settings, Settings],
) -> None:
    one, two = folders
    async with in_use(one):
        with pytest.raises(ServiceRuns):
            async with alone(two):
                pass
    async with alone(one):
        with pytest.raises(DemoPlays):
            async with in_use(two):
                pass


async def test_a_lock_that_the_server_lost_does_not_stop_the_service(
    tmp_path: Path, postgres: tuple[str, str] | None
) -> None:
    if postgres is None:
        pytest.skip("PostgreSQL was not found on loopback, and HYS_TEST_POSTGRES_URL is not set")
    settings = Settings(hys_home=tmp_path, service_database_url=postgres[0], _env_file=None)
    engine = create_async_engine(postgres[0], poolclass=NullPool)
    went_on = False
    async with in_use(settings):
        async with engine.connect() as connection:
            assert (await connection.execute(text(END_LOCKS))).all() == [(True,)]
        await asyncio.sleep(0.2)
        went_on = True
    assert went_on
    async with alone(settings):
        pass


async def test_a_server_that_is_away_is_said_without_its_password(tmp_path: Path) -> None:
    settings = Settings(hys_home=tmp_path, service_database_url=NOBODY_LISTENS, _env_file=None)
    with pytest.raises(StoreNotReachable, match="SERVICE_DATABASE_URL") as said:
        async with in_use(settings):
            pass
    assert "secret" not in str(said.value)


async def test_a_file_that_can_not_be_locked_is_said_in_words(settings: Settings) -> None:
    (settings.var / "in-use").mkdir(parents=True)
    with pytest.raises(StoreNotReachable, match="can't be written and locked"):
        async with in_use(settings):
            pass
