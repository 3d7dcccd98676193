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
from waiting import HANG_SECONDS

from bot.serving.server import Server

AXE = ROOT / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
"""`.ci/run` puts it there."""
PHONE, DESK = (390, 844), (1280, 900)
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


class Tab:
    """A page of the browser that notes what it should not do."""

    def __init__(
        self, browser: Any, address: str, size: tuple[int, int] = DESK, *, prefix: str = "", **options: Any
    ) -> None:
        self.prefix = prefix
        width, height = size
        self.context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, locale="zh-CN", **options
        )
        self.context.set_default_timeout(HANG_SECONDS * 1000)
        self.page = self.context.new_page()
        self.noted: list[str] = []
        self.page.on("console", lambda message: self.noted.append(message.text))
        self.page.on("pageerror", lambda error: self.noted.append(str(error)))
        self.page.on("dialog", self._dismiss)
        # what the next page cuts off is no fault
        self.page.on(
            "requestfailed",
            lambda request: None if request.failure == "net::ERR_ABORTED" else self.noted.append(request.url),
        )
        self.page.on(
            "request",
            lambda request: None if request.url.startswith(address) else self.noted.append(request.url),
        )

    def _dismiss(self, dialog: Any) -> None:
        self.noted.append(dialog.message)
        dialog.dismiss()

    def open(self, path: str) -> Any:
        return self.page.goto(self.prefix + path)

    def ask(self, question: str, field: str = "#q") -> None:
        self.page.fill(field, question)
        self.page.press(field, "Enter")
        self.page.wait_for_load_state()

    def is_wider_than_its_window(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))
