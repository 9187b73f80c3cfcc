"""The demo has the stores alone: no bot answers invented people, and no alert about them calls a real one."""

from pathlib import Path

import pytest

from app.in_use import DemoPlays, ServiceRuns, alone, in_use
from core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(hys_home=tmp_path, _env_file=None)


def test_the_demo_is_refused_while_the_service_runs(settings: Settings) -> None:
    with in_use(settings), pytest.raises(ServiceRuns), alone(settings):
        pass


def test_the_service_does_not_start_while_the_demo_plays(settings: Settings) -> None:
    with alone(settings), pytest.raises(DemoPlays), in_use(settings):
        pass


def test_two_demos_do_not_play_at_once(settings: Settings) -> None:
    with alone(settings), pytest.raises(ServiceRuns), alone(settings):
        pass


def test_the_service_may_run_twice_and_what_ended_holds_nothing(settings: Settings) -> None:
    with in_use(settings), in_use(settings):
        pass
    with alone(settings):
        pass
    with in_use(settings):
        pass
