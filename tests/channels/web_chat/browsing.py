"""A real browser on a real server, for tests of the page."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.types import ASGIApp

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
STARTS_WITHIN_SECONDS = 20


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open the Chromium of this machine; skip by name where there is none."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium was not found at /usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(make_app: Callable[[str], ASGIApp], port: int | None = None) -> Iterator[str]:
    """Serve an app, made with its public URL, on a port of this machine until the end of the block."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    config = uvicorn.Config(make_app(url), port=port, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    ready = threading.Event()
    for _ in range(STARTS_WITHIN_SECONDS * 20):
        if server.started or ready.wait(0.05):
            break
    assert server.started, "the server did not start"
    yield url
    server.should_exit = True
    thread.join(timeout=STARTS_WITHIN_SECONDS)
