from collections.abc import Iterator
from typing import Any

import pytest
from browsers import Tab, a_browser, serving
from starlette.testclient import TestClient
from web_site import make_app, make_parts, open_site_library

from bot.web.parts import WebParts
from retrieval import Library


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_site_library(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def parts(library: Library, tmp_path_factory: pytest.TempPathFactory) -> WebParts:
    return make_parts(library, tmp_path_factory.mktemp("chats"))


@pytest.fixture(scope="session")
def client(parts: WebParts) -> Iterator[TestClient]:
    # entered, so that one loop serves all requests: else each makes a thread and a loop of its own
    with TestClient(make_app(parts), base_url="http://news.example", follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(parts: WebParts) -> Iterator[str]:
    with serving(make_app(parts)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with a_browser() as found:
        yield found


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Tab]:
    opened = Tab(browser, address)
    yield opened
    opened.context.close()
    assert opened.noted == []
