import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from forms import BODY, make_html, make_item, make_rss
from waiting import HANG_SECONDS

from retrieval.errors import ReadingError
from retrieval.reading import FeedReader, FeedState, Fetcher, FetchError, read_page
from retrieval.reading.web.fetching import is_public
from retrieval.types import DateBasis, Page, SpanKind

ATOM = f"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>草原网</title><id>urn:1</id><updated>2023-05-04T00:00:00Z</updated>
<entry><title>甲旗 牧草丰收</title><id>urn:2</id><link href="https://example.com/2"/>
<published>2023-05-03T20:00:00Z</published><author><name>张三</name></author>
<summary>短</summary><content type="html">&lt;p&gt;{BODY[0]}&lt;/p&gt;&lt;p&gt;责任编辑：王五&lt;/p&gt;</content></entry></feed>"""

_PAUSE = 0.02
"""Seconds between two drops of a server that drips."""


def read(tmp_path: Path, feed: str | bytes, name: str = "a.xml") -> Page:
    path = tmp_path / name
    path.write_bytes(feed.encode() if isinstance(feed, str) else feed)
    return read_page(path)


# feeds in files


def test_an_entry_is_an_article_dated_by_the_newspapers_own_day(tmp_path: Path) -> None:
    page = read(tmp_path, make_rss(make_item(1, f"<p>{BODY[0]}</p><p>{BODY[1]}</p>", title="甲旗 牧草丰收")))
    (article,) = page.articles
    assert (article.title, article.place, article.source) == ("牧草丰收", "甲旗", "草原网")
    # 20:00 UTC is four in the morning of the next day in China
    assert (article.date, article.date_basis) == (date(2023, 5, 4), DateBasis.FRONT_MATTER)
    assert article.url == "https://example.com/1"
    assert article.text == f"{BODY[0]}\n{BODY[1]}"


@pytest.mark.parametrize("name", ["a.atom", "a.rss", "a.xml", "A.XML"])
def test_an_atom_entrys_fullest_text_is_taken_and_the_editors_line_marked(tmp_path: Path, name: str) -> None:
    (article,) = read(tmp_path, ATOM, name).articles
    assert (article.byline, article.text) == ("张三", f"{BODY[0]}\n责任编辑：王五")
    assert [span.kind for span in article.spans] == [SpanKind.BODY, SpanKind.BOILERPLATE]


def test_an_entry_without_a_text_is_skipped_and_named(tmp_path: Path) -> None:
    page = read(tmp_path, make_rss(make_item(1, ""), make_item(2, BODY[0])))
    assert [each.lines for each in page.articles] == [(2, 2)]
    assert [(each.line, "第1条消息" in each.reason) for each in page.skipped] == [(1, True)]


def test_a_feed_in_gbk_is_read(tmp_path: Path) -> None:
    feed = make_rss(make_item(1, BODY[0])).replace("UTF-8", "GBK").encode("gb18030")
    assert read(tmp_path, feed).articles[0].text == BODY[0]


@pytest.mark.parametrize(
    ("feed", "reason"),
    [
        (make_rss(), "no entry"),
        ("<html><body>x</body></html>", "no RSS or Atom feed"),
        ("<?xml version='1.0'?><a><b>x</b></a>", "no RSS or Atom feed"),
        ("/etc/passwd", "no RSS or Atom feed"),
        ("http://127.0.0.1:1/", "no RSS or Atom feed"),
        (
            '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
            "entities",
        ),
        ('<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>'.encode("utf-16"), "entities"),
        (b"<rss>" + b" " * 10_000_000, "larger than 10 MB"),
    ],
)
def test_what_is_no_feed_is_refused(tmp_path: Path, feed: str | bytes, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        read(tmp_path, feed)


# feeds on the web


class Site(ThreadingHTTPServer):
    """A server on this machine; `answers` maps a path to status, headers and body."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), Answers)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site = self.server
        assert isinstance(site, Site)
        site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        status, headers, body = site.answers.get(self.path, (404, {}, b""))
        if headers.get("ETag") and headers["ETag"] == self.headers.get("If-None-Match"):
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


LOCAL = Fetcher(allow_private=True, timeout=HANG_SECONDS)


def test_each_entry_is_a_page_whose_path_stays_the_same(site: Site) -> None:
    site.answers["/feed"] = (200, {}, make_rss(make_item(1, BODY[0]), make_item(2, BODY[1])).encode())
    first = FeedReader(LOCAL).read(site.url("/feed"))
    site.answers["/feed"] = (200, {}, make_rss(make_item(3, BODY[2]), make_item(2, BODY[1])).encode())
    second = FeedReader(LOCAL).read(site.url("/feed"))
    assert [page.articles[0].text for page in first.pages] == list(BODY[:2])
    assert first.pages[1].path == second.pages[1].path
    assert len({page.path for page in (*first.pages, *second.pages)}) == 3
    assert first.pages[1].sha256 == second.pages[1].sha256
    assert not first.pages[0].path.is_absolute()
    known = {str(page.path) for page in first.pages}
    left = FeedReader(LOCAL).read(site.url("/feed"), known=known).pages
    assert [page.articles[0].text for page in left] == [BODY[2]]


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    day = "Wed, 03 May 2023 20:00:00 GMT"
    headers = {"ETag": '"v1"', "Last-Modified": day}
    site.answers["/feed"] = (200, headers, make_rss(make_item(1, BODY[0])).encode())
    reader = FeedReader(LOCAL)
    first = reader.read(site.url("/feed"))
    assert first.state == FeedState('"v1"', day)
    second = reader.read(site.url("/feed"), first.state)
    assert (second.is_unchanged, second.pages, second.state) == (True, (), first.state)
    assert site.asked[1][1]["if-none-match"] == '"v1"'
    assert site.asked[1][1]["if-modified-since"] == day


def test_linked_pages_are_read_only_where_that_is_allowed(site: Site) -> None:
    feed = make_rss(make_item(1, "短消息", link=site.url("/1"), title="牧草丰收"))
    site.answers["/feed"] = (200, {}, feed.encode())
    site.answers["/1"] = (200, {}, make_html().encode())
    (teaser,) = FeedReader(LOCAL).read(site.url("/feed")).pages
    assert teaser.articles[0].text == "短消息"
    assert [path for path, _ in site.asked] == ["/feed"]
    (full,) = FeedReader(LOCAL, follow_links=True).read(site.url("/feed")).pages
    assert full.articles[0].text == "\n".join(BODY)
    assert (full.articles[0].title, full.path) == ("牧草丰收", teaser.path)


def test_a_linked_page_that_fails_leaves_the_entry_as_it_is(site: Site) -> None:
    feed = make_rss(make_item(1, "短消息", link=site.url("/gone")), make_item(2, "", link=site.url("/gone")))
    site.answers["/feed"] = (200, {}, feed.encode())
    found = FeedReader(LOCAL, follow_links=True).read(site.url("/feed"))
    assert [page.articles[0].text for page in found.pages] == ["短消息"]
    assert [each.reason[:4] for each in found.skipped] == ["the ", "the ", "the "]


def test_links_to_other_sites_are_not_followed(site: Site) -> None:
    feed = make_rss(make_item(1, "短消息", link=f"http://localhost:{site.server_port}/1"))
    site.answers["/feed"] = (200, {}, feed.encode())
    FeedReader(LOCAL, follow_links=True).read(site.url("/feed"))
    assert [path for path, _ in site.asked] == ["/feed"]


# fetching


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/a",
        "gopher://example.com/",
        "javascript:alert(1)",
        "//example.com/a",
        "http:///a",
        "http://",
        "http://[::1",
        "http://user:word@example.com/",
        "http://example.com/a b",
        "http://example.com/\r\nHost: x",
        "",
    ],
)
def test_only_http_and_https_are_fetched(url: str) -> None:
    with pytest.raises(FetchError):
        Fetcher().fetch(url)


def test_this_machine_and_its_network_are_not_fetched_and_nothing_is_sent(site: Site) -> None:
    with pytest.raises(FetchError, match="own network"):
        Fetcher().fetch(site.url("/feed"))
    with pytest.raises(FetchError, match="own network"):
        Fetcher().fetch(f"http://localhost:{site.server_port}/feed")
    assert site.asked == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("192.168.0.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b:1::808:808", False),
        ("2002:7f00:1::", False),
        ("2002:a00:1::1", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("::", False),
        ("fec0::1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)
def test_public_addresses_are_told_from_private_ones(address: str, expected: bool) -> None:
    assert is_public(address) is expected


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://x/"])
def test_a_redirection_out_of_the_web_is_not_followed(site: Site, target: str) -> None:
    site.answers["/feed"] = (302, {"Location": target}, b"")
    with pytest.raises(FetchError):
        LOCAL.fetch(site.url("/feed"))


def test_redirections_are_followed_but_not_for_ever(site: Site) -> None:
    site.answers["/a"] = (301, {"Location": "/b"}, b"")
    site.answers["/b"] = (200, {}, b"x")
    assert LOCAL.fetch(site.url("/a")).data == b"x"
    site.answers["/b"] = (302, {"Location": "/a"}, b"")
    with pytest.raises(FetchError):
        LOCAL.fetch(site.url("/a"))


def test_a_large_answer_is_given_up(site: Site) -> None:
    site.answers["/a"] = (200, {}, bytes(3_000_000))
    with pytest.raises(FetchError, match="larger than 2 MB"):
        Fetcher(allow_private=True, max_bytes=2_000_000).fetch(site.url("/a"))


class Dripper:
    """A server that never is silent for long and never comes to an end."""

    def __init__(self, head: bytes, drop: bytes) -> None:
        self._head, self._drop = head, drop
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, suppress(OSError):
            connection.recv(65_536)
            connection.sendall(self._head)
            while not self._stopping.wait(_PAUSE):
                connection.sendall(self._drop)


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
    ],
)
def test_a_server_that_never_ends_is_given_up_at_the_deadline(head: bytes, drop: bytes) -> None:
    with Dripper(head, drop) as url, pytest.raises(FetchError, match="longer than 1 seconds|broke off"):
        Fetcher(allow_private=True, deadline=1).fetch(url)


def test_not_even_a_greeting_is_sent_into_ones_own_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        with pytest.raises(FetchError, match="own network"):
            Fetcher().fetch(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_what_breaks_off_or_is_not_there_is_an_error(site: Site) -> None:
    site.answers["/short"] = (200, {"Content-Length": "100"}, b"x")
    for path in ("/short", "/none"):
        with pytest.raises(FetchError):
            LOCAL.fetch(site.url(path))
    site.answers["/feed"] = (200, {}, b"no feed")
    with pytest.raises(ReadingError):
        FeedReader(LOCAL).read(site.url("/feed"))


def test_a_server_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FetchError, match="cannot be reached"):
        LOCAL.fetch("http://127.0.0.1:9/")
