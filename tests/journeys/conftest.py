"""The running services of the journeys: one that nobody harms, and one that may be killed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.channels.web_chat.browsing import open_browser
from tests.journeys.service import TunedService, tuned_service


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TunedService]:
    """A service for every journey that harms nothing; texts stay in its console sender."""
    with tuned_service(tmp_path_factory.mktemp("shared")) as service:
        yield service


@pytest.fixture(scope="session")
def _mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TunedService]:
    with tuned_service(tmp_path_factory.mktemp("mortal")) as service:
        yield service


@pytest.fixture
def mortal_service(_mortal: TunedService) -> TunedService:
    """A service that journeys may kill; it is whole again before the next one."""
    if _mortal.process is None or _mortal.process.poll() is not None:
        _mortal.start()
    _mortal.wait_for_rasa()
    return _mortal


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file: while it is open, no other loop can run in this thread."""
    with open_browser() as opened:
        yield opened
