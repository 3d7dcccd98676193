import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from waiting import HANG_SECONDS, until

from bot.composition import compose_library, open_ingester
from bot.ingest.watchers import FeedPoller
from bot.ingest.work import open_look
from bot.settings import Settings
from embeddings import HashingEncoder
from retrieval import Fetcher, FetchError, ReadingError, Report, Store, Tokenizer

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
    look = open_look(settings, store, ingester, Fetcher(allow_private=True))
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


async def test_a_feed_that_fails_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    looked: list[str] = []

    def look(feed: str) -> Report:
        looked.append(feed)
        if feed == "bad":
            raise FetchError("bad: no such host")
        return Report(new=1)

    poller = FeedPoller(["bad", "good"], look, minutes=0.001)
    run = asyncio.create_task(poller.run())
    await until(lambda: len(looked) >= 4, "the second round")
    poller.stop()
    await asyncio.wait_for(run, HANG_SECONDS)
    assert looked[:4] == ["bad", "good", "bad", "good"]
    assert "no such host" in caplog.text
