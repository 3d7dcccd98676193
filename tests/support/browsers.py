"""A real browser, and a site served to it on a port of its own."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from paths import ROOT
from starlette.types import ASGIApp

from bot.serving.server import Server

AXE = ROOT / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
"""`.ci/run` puts it there."""
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def browser_path() -> str | None:
    """The browser of this machine, or None."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an application, in a thread. Give its address."""
    server = Server(app, "127.0.0.1:0", "--listen")
    thread = threading.Thread(target=lambda: asyncio.run(server.run()))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()
        thread.join()


@contextmanager
def a_browser() -> Iterator[Any]:
    """Start the browser; skips the test where there is none."""
    path = browser_path()
    if path is None:
        pytest.skip("no browser here: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()
