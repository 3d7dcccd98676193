import asyncio
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from waiting import HANG_SECONDS, until

from bot.composition import compose_library, open_ingester, open_writing_ingester
from bot.ingest.feeds import FeedLooks, open_put_feed
from bot.ingest.lock import IngestRuns
from bot.ingest.process import IngestProcess
from bot.ingest.watchers import FeedPoller
from bot.settings import Settings
from embeddings import HashingEncoder
from retrieval import (
    FeedPages,
    FeedState,
    Fetcher,
    FetchError,
    ReadingError,
    Report,
    Store,
    Tokenizer,
)

TEXT = "根河市驯鹿文化节吸引游客3200人次。"


def rss(*texts: str) -> bytes:
    items = "".join(
        f"<item><guid>{n}</guid><title>根河市 文化节{n}</title><description>{text}</description></item>"
        for n, text in enumerate(texts)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()
    )


class Site(ThreadingHTTPServer):
    """Serves one feed with an ETag."""

    feed = rss(TEXT)
    n_sent = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Site)
        tag = f'"{hash(self.server.feed)}"'
        is_known = self.headers.get("If-None-Match") == tag
        self.send_response(304 if is_known else 200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", "0" if is_known else str(len(self.server.feed)))
        self.end_headers()
        if not is_known:
            self.server.n_sent += 1
            self.wfile.write(self.server.feed)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield site
    site.shutdown()
    thread.join()
    site.server_close()


def test_a_feed_is_looked_at_again_only_when_it_changed_and_an_entry_it_dropped_stays(
    site: Site, tmp_path: Path
) -> None:
    settings = Settings(YUNWEN_HOME=tmp_path)
    store, encoder = Store.open(settings.database_url), HashingEncoder(64)
    library = compose_library(settings, store, encoder, Tokenizer())
    ingester = open_ingester(store, encoder, Tokenizer(), library.resolver)
    looks = FeedLooks(settings, store, Fetcher(allow_private=True))
    put = open_put_feed(settings, store, ingester)

    def look(feed: str) -> Report:
        return put(looks.look(feed))

    feed = f"http://127.0.0.1:{site.server_port}/feed"
    assert look(feed).new == 1
    assert "3200人次" in library.ask("根河市驯鹿文化节吸引了多少游客").hits[0].passage.text
    assert (look(feed).new, site.n_sent) == (0, 1)
    site.feed = rss(TEXT.replace("3200", "3300"), "根河市森林防火工作会议召开。")
    report = look(feed)
    assert (report.new, report.changed, site.n_sent) == (1, 1, 2)
    site.feed = rss()
    assert (look(feed).new, look(feed).removed) == (0, 0)
    assert store.counts().articles == 2
    site.feed = b"gone"
    with pytest.raises(ReadingError, match="feed"):
        look(feed)


def found(feed: str) -> FeedPages:
    return FeedPages(feed, (), (), FeedState())


async def test_a_feed_that_fails_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    looked: list[str] = []
    has_looked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look(feed: str) -> FeedPages:
        looked.append(feed)
        if len(looked) == 4:
            loop.call_soon_threadsafe(has_looked.set)
        if feed == "bad":
            raise FetchError("bad: no such host")
        return found(feed)

    poller = FeedPoller(["bad", "good"], look, lambda _: Report(new=1), minutes=0.001)
    run = asyncio.create_task(poller.run())
    await until(lambda: len(looked) >= 4, "the second round")
    poller.stop()
    await asyncio.wait_for(run, HANG_SECONDS)
    assert looked[:4] == ["bad", "good", "bad", "good"]
    assert "no such host" in caplog.text


async def test_a_feed_is_fetched_once_while_another_process_ingests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.ingest.watchers._AGAIN_SECONDS", 0.01)
    looked: list[str] = []
    refusals = ["1", "2", "3"]
    is_put = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look(feed: str) -> FeedPages:
        looked.append(feed)
        return found(feed)

    def put(_: FeedPages) -> Report:
        if refusals:
            raise IngestRuns(f"process {refusals.pop()} is ingesting")
        loop.call_soon_threadsafe(is_put.set)
        return Report(new=1)

    poller = FeedPoller(["a"], look, put, minutes=60)
    run = asyncio.create_task(poller.run())
    await asyncio.wait_for(is_put.wait(), HANG_SECONDS)
    poller.stop()
    await asyncio.wait_for(run, HANG_SECONDS)
    assert looked == ["a"]


async def test_folders_are_read_while_a_feeds_server_never_ends_and_stopping_waits_for_neither(
    tmp_path: Path,
) -> None:
    settings = Settings(
        YUNWEN_HOME=tmp_path / "home",
        YUNWEN_CACHE=tmp_path / "cache",
        EMBEDDING_MODEL="hashing",
        RERANKER_MODEL="none",
    )
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.txt").write_text(f"## 根河市 文化节\n\n{TEXT}\n", encoding="utf-8")
    looks = FeedLooks(settings, Store.open(settings.database_url), Fetcher(allow_private=True))
    ingesting = IngestProcess(settings, open_writing_ingester)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        feed = f"http://127.0.0.1:{silent.getsockname()[1]}/feed"
        poller = FeedPoller([feed], looks.look, ingesting.put_feed, 60, looks.give_up)
        run = asyncio.create_task(poller.run())
        try:
            connection, _ = await asyncio.to_thread(silent.accept)
            with connection:
                report = await asyncio.to_thread(ingesting.ingest, [pages])
                poller.stop()
                await asyncio.wait_for(run, HANG_SECONDS)
        finally:
            ingesting.close()
    assert report.new == 1
