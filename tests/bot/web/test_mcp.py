"""The tools, asked with the SDK's own client: in this process, over HTTP, and as a process on standard streams."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from abuse import TEXTS
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_messages import HELLO
from small_site import FREELY, RICE, URL, WITH_PASSWORD, SmallSite, open_small_library, small_site
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from bot.telegram.token_bucket import Rate
from bot.web.keys import entry_of, make_key
from bot.web.mcp.tools import build_mcp
from bot.web.programs import Programs
from retrieval import Library, StoreError

QUESTION = "库伦旗水稻种植面积"
TOOLS = {"ask", "search", "read_article", "news_of_place", "digest"}
KEY = make_key()
HANDSHAKE, NEWEST = "legacy", "auto"
_T = TypeVar("_T")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_small_library(tmp_path_factory.mktemp("library"))


@pytest.fixture
def site(tmp_path: Path, library: Library) -> SmallSite:
    return small_site(tmp_path, library)


async def at_once(compute: Callable[[], _T]) -> _T:
    return await asyncio.to_thread(compute)


@asynccontextmanager
async def over_http(app: ASGIApp, mode: str = NEWEST) -> AsyncIterator[Client]:
    """A client that speaks streamable HTTP with the application, without a socket."""
    url = "http://127.0.0.1:8000/mcp"
    async with (
        serving(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as sender,
        Client(streamable_http_client(url, http_client=sender), mode=mode) as client,
    ):
        yield client


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[None]:
    """The application between its start and its end, as the server runs it."""
    begun, ending = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not begun.is_set():
            return {"type": "lifespan.startup"}
        await ending.wait()
        return {"type": "lifespan.shutdown"}

    async def send(message: Any) -> None:
        assert message["type"] in ("lifespan.startup.complete", "lifespan.shutdown.complete"), message
        begun.set()

    running = asyncio.create_task(app({"type": "lifespan", "state": {}}, receive, send))  # type: ignore[arg-type]
    await begun.wait()
    try:
        yield
    finally:
        ending.set()
        await running


async def called(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content  # type: ignore[union-attr]
    found: dict[str, Any] = result.structured_content  # type: ignore[assignment]
    return found


@pytest.mark.parametrize("mode", [HANDSHAKE, NEWEST])
@pytest.mark.parametrize("is_http", [False, True])
async def test_each_tool_gives_sentence_date_source_and_address(
    site: SmallSite, mode: str, is_http: bool
) -> None:
    opened = over_http(site.app, mode) if is_http else Client(build_mcp(site.inquiries, at_once), mode=mode)
    async with opened as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        answer = await called(client, "ask", question=QUESTION)
        search = await called(client, "search", words="水稻", k=2)
        news = await called(client, "news_of_place", place="通辽市", n=3)
        digest = await called(client, "digest", place="150500", day="2022-06-30")
        read = await called(client, "read_article", article_id=answer["answers"][0]["article_id"])
    assert set(tools) == TOOLS
    for tool in tools.values():
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.output_schema is not None
    assert (answer["outcome"], answer["says"], answer["near"]) == ("found", None, [])
    assert read["text"] == RICE
    assert (len(news["stories"]), len(digest["stories"])) == (3, 2)
    for finding in (answer["answers"][0], search["findings"][0], read, *news["stories"], *digest["stories"]):
        assert all(finding["sentences"])
        assert finding["date"] in ("2022-06-30", "2022-07-01", "2022-07-02")
        assert finding["source"] in ("通辽日报", "a.txt")
        assert finding["address"] == f"{URL}/a/{finding['article_id']}"
    assert WITH_PASSWORD not in json.dumps([answer, search, news, digest, read])


async def test_what_the_papers_do_not_say_is_refused_and_what_is_near_is_no_answer(site: SmallSite) -> None:
    async with Client(build_mcp(site.inquiries, at_once)) as client:
        near = await called(client, "ask", question="库伦旗玉米种植面积", language="en")
        none = await called(client, "ask", question="火星移民什么时候开始")
        empty = await called(client, "ask", question="，。")
        counting = await called(client, "ask", question="全市有多少篇报道提到水稻")
    assert near["outcome"] == "near"
    assert near["answers"] == []
    assert near["near"]
    assert near["says"].isascii() or "No" in near["says"]
    assert [(each["outcome"], each["answers"], each["near"]) for each in (none, empty)] == [
        ("none", [], [])
    ] * 2
    assert all(each["says"] for each in (none, empty, counting))
    assert (counting["outcome"], counting["answers"]) == ("needs_counting", [])


async def test_news_that_is_asked_for_is_listed_and_what_is_of_another_time_is_near(site: SmallSite) -> None:
    async with Client(build_mcp(site.inquiries, at_once)) as client:
        listed = await called(client, "ask", question="通辽市有什么新闻")
        other = await called(client, "ask", question="2021年5月1日通辽市有什么新闻")
    assert (listed["outcome"], listed["near"]) == ("browse", [])
    assert [each["date"] for each in listed["answers"]] == sorted(
        (each["date"] for each in listed["answers"]), reverse=True
    )
    assert len(listed["answers"]) >= 3
    assert all(each["answer"] is None and each["sentences"] for each in listed["answers"])
    assert (other["outcome"], other["answers"]) == ("browse", [])
    assert other["near"]
    assert other["says"]


async def test_what_is_counted_and_what_is_compared_is_shown_and_not_judged(site: SmallSite) -> None:
    async with Client(build_mcp(site.inquiries, at_once)) as client:
        counted = await called(client, "ask", question="库伦旗有多少篇新闻")
        compared = await called(client, "ask", question="库伦旗跟奈曼旗比种植面积谁大")
    assert {counted["outcome"], compared["outcome"]} == {"needs_counting"}
    assert "2" in counted["says"]
    assert {each["place"] for each in counted["answers"]} == {"库伦旗"}
    assert {each["place"] for each in compared["answers"]} == {"库伦旗", "奈曼旗"}
    assert compared["says"]
    assert all(each["answer"] is None for each in (*counted["answers"], *compared["answers"]))


async def test_an_unclear_place_is_asked_back_by_every_tool_that_takes_one(site: SmallSite) -> None:
    async with Client(build_mcp(site.inquiries, at_once)) as client:
        asked = await called(client, "ask", question="朝阳水稻种植面积")
        settled = await called(client, "ask", question="朝阳水稻种植面积", place=asked["choices"][0]["code"])
        news = await called(client, "news_of_place", place="朝阳")
        slip = await called(client, "digest", place="库仑旗", day="2022-06-30")
        unknown = await called(client, "news_of_place", place="没有这个地方", language="en")
    assert (asked["outcome"], asked["answers"], asked["near"]) == ("which_place", [], [])
    assert settled["outcome"] != "which_place"
    assert (news["outcome"], news["stories"], len(news["choices"])) == ("which_place", [], 4)
    assert "库伦旗" in [each["name"] for each in slip["choices"]] or slip["place"]
    assert (unknown["outcome"], unknown["place"], unknown["choices"]) == ("none", None, [])
    assert "没有这个地方" in unknown["says"]


async def test_a_question_goes_on_from_the_answer_before_it(site: SmallSite) -> None:
    async with Client(build_mcp(site.inquiries, at_once)) as client:
        first = await called(client, "ask", question="库伦旗乡村公路")
        second = await called(client, "ask", question="那水稻种植面积呢", after=first["after"])
        forged = await client.call_tool("ask", {"question": "那产量呢", "after": "W10"})
    assert second["answers"][0]["title"] == "库伦旗水稻丰收在望"
    assert forged.is_error


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("read_article", {"article_id": "nowhere"}),
        ("ask", {"question": ""}),
        ("ask", {"question": "长" * 1001}),
        ("ask", {"question": QUESTION, "place": "999999"}),
        ("search", {"words": QUESTION, "k": 1000}),
        ("digest", {"place": "通辽市", "day": "yesterday"}),
        ("delete", {}),
    ],
)
async def test_what_cannot_be_done_is_an_error_that_says_what(
    site: SmallSite, tool: str, arguments: dict[str, object]
) -> None:
    async with Client(build_mcp(site.inquiries, at_once)) as client:
        result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert result.content[0].text  # type: ignore[union-attr]


@pytest.mark.parametrize("error", [StoreError("it is away"), RuntimeError("it broke")])
async def test_what_fails_is_told_with_a_code_and_nothing_asked_reaches_the_log(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(Library, "ask", fail)
    with caplog.at_level(logging.INFO):
        async with over_http(site.app) as client:
            result = await client.call_tool("ask", {"question": QUESTION})
            await client.call_tool("search", {"words": QUESTION, "k": QUESTION})
            await client.call_tool("read_article", {"article_id": QUESTION})
            await client.call_tool(QUESTION, {})
    code = next(record.code for record in caplog.records if hasattr(record, "code"))
    told = result.content[0].text  # type: ignore[union-attr]
    assert result.is_error
    assert code in told
    assert "it " not in told
    assert QUESTION not in caplog.text
    assert QUESTION.encode("unicode_escape").decode() not in caplog.text


async def test_whatever_an_abuser_sends_is_answered_or_refused(
    site: SmallSite, caplog: pytest.LogCaptureFixture
) -> None:
    async with over_http(site.app) as client:
        for sent in TEXTS:
            said = sent.encode("utf-8", "replace").decode()
            for tool, name in (
                ("ask", "question"),
                ("news_of_place", "place"),
                ("read_article", "article_id"),
            ):
                result = await client.call_tool(tool, {name: said})
                assert result.is_error or result.structured_content, (tool, sent)
    assert [record for record in caplog.records if record.name.startswith(("bot", "mcp"))] == []


# ------------------------------------------------------------------------------------------------ HTTP


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:8000", None, 200),
        ("localhost", None, 200),
        ("news.example", "https://news.example", 200),
        ("news.internal:8000", None, 200),
        ("evil.example", None, 421),
        ("127.0.0.1.evil.example:8000", None, 421),
        ("127.0.0.1:8000", "https://evil.example", 403),
        ("news.example", "http://evil.example:80", 403),
    ],
)
def test_no_page_of_a_stranger_reaches_the_tools_by_a_name_of_its_own(
    tmp_path: Path,
    library: Library,
    caplog: pytest.LogCaptureFixture,
    host: str,
    origin: str | None,
    status: int,
) -> None:
    site = small_site(tmp_path, library, programs=Programs(rate=FREELY, hosts=("news.internal:8000",)))
    with TestClient(site.app, base_url=f"http://{host}") as client:
        response = client.post("/mcp", json=LIST, headers=ACCEPTS | ({"Origin": origin} if origin else {}))
    assert response.status_code == status
    assert "evil" not in caplog.text


LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
CALL = json.dumps(LIST).encode()
ACCEPTS = {"Accept": "application/json, text/event-stream"}


def test_keys_and_limits_are_those_of_all_programs(tmp_path: Path, library: Library) -> None:
    programs = Programs(entry_of("archive", KEY), Rate(1.0, 2), needs_key=True, clock=lambda: 0.0)
    site = small_site(tmp_path, library, programs=programs)
    with TestClient(site.app, base_url="http://127.0.0.1:8000") as client:
        without = client.post("/mcp", json=LIST, headers=ACCEPTS)
        key = {"Authorization": f"Bearer {KEY}"}
        answered = [client.post("/mcp", json=LIST, headers=ACCEPTS | key).status_code for _ in range(3)]
        read = client.get("/mcp", headers=key)
    assert (without.status_code, without.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert without.headers["content-type"] == "application/problem+json"
    assert answered == [200, 200, 429]
    assert (read.status_code, read.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[%s,%s]" % (CALL, CALL),
        b"{",
        b"[]",
        b"null",
        b'{"jsonrpc":"2.0"}',
        b"[" * 5000,
        b'"\\ud800"',
        b"x" * 300_000,
    ],
)
def test_what_is_no_message_is_refused(site: SmallSite, body: bytes) -> None:
    with TestClient(site.app, base_url="http://127.0.0.1:8000") as client:
        response = client.post("/mcp", content=body, headers=ACCEPTS | {"Content-Type": "application/json"})
    assert 400 <= response.status_code < 500


async def test_nothing_is_kept_of_sessions_that_nobody_ends(site: SmallSite) -> None:
    """A thousand clients that greet and go away leave no session, no task and no stream behind."""
    transport = httpx2.ASGITransport(site.app)
    async with (
        serving(site.app),
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client,
    ):

        async def greet() -> httpx2.Response:
            return await client.post("/mcp", json=HELLO, headers=ACCEPTS)

        await greet()
        before = len(asyncio.all_tasks())
        for _ in range(1000):
            response = await greet()
            assert response.status_code in (200, 429), response.text
            assert "mcp-session-id" not in response.headers
        assert len(asyncio.all_tasks()) <= before
