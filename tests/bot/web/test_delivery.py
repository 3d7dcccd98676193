"""What every response has: limits, safe headers, HEAD, ETag, gzip, a path prefix, and errors with a code."""

import gzip
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from web_site import make_app, make_parts

from bot.web.gate import visitor_at
from bot.web.parts import Site, WebParts
from retrieval import Library, StoreError

PATHS = [
    "/",
    "/?q=库伦旗水稻种植面积",
    "/r/150500",
    "/d/all/2022-06-30",
    "/r/all.atom",
    "/static/style.css",
    "/nothing",
    "/healthz",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_page_may_run_what_is_not_ours_or_be_put_into_a_frame(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers
    assert "server" not in headers


def test_no_page_has_a_script_or_style_within_it_or_anything_of_others(client: TestClient) -> None:
    for path in PATHS[:4]:
        html = client.get(path).text
        assert html.count("<script") == 1
        assert '<script src="/static/script.js?v=' in html
        assert " style=" not in html
        assert "<style" not in html
        assert " onclick=" not in html
        for scheme in ('src="http', 'href="https://', 'href="//'):
            assert scheme not in html.replace('href="http://news.example', ""), path


@pytest.mark.parametrize("path", PATHS)
def test_head_says_what_get_would_and_sends_nothing(client: TestClient, path: str) -> None:
    headers = {"Accept-Encoding": "identity"}
    head, got = client.head(path, headers=headers), client.get(path, headers=headers)
    assert head.status_code == got.status_code
    assert head.content == b""
    if "?q=" not in path:  # each answer has an address of its own
        assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.content))
        assert head.headers.get("etag") == got.headers.get("etag")


def test_a_page_that_the_reader_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/r/150500")
    etag = first.headers["etag"]
    again = client.get("/r/150500", headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    assert "content-length" not in again.headers
    assert client.get("/r/150500", headers={"If-None-Match": '"other"'}).status_code == 200


def test_pages_are_packed_for_who_can_unpack(client: TestClient) -> None:
    with client.stream("GET", "/r/150500", headers={"Accept-Encoding": "br, gzip;q=0.8"}) as response:
        packed = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["vary"]
    assert "<title>通辽市" in gzip.decompress(packed).decode()
    for refusing in ("identity", "gzip;q=0", "br"):
        plain = client.get("/r/150500", headers={"Accept-Encoding": refusing})
        assert "content-encoding" not in plain.headers


def test_what_changes_with_its_address_is_kept_for_ever_and_answers_only_by_their_reader(
    client: TestClient,
) -> None:
    assert "immutable" in client.get("/static/style.css").headers["cache-control"]
    assert client.get("/", params={"q": "库伦旗水稻"}).headers["cache-control"].startswith("private")
    assert client.get("/r/150500").headers["cache-control"] == "public, max-age=60"
    assert client.get("/nothing").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/r/150500", "/a/x"])
def test_pages_are_only_read(client: TestClient, path: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, path).status_code == 405


def test_more_than_a_megabyte_is_not_taken_in(client: TestClient) -> None:
    assert client.post("/q/AAAAAAAAAAAA/verdict", content=b"x" * (1 << 20) + b"xx").status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    assert client.post("/q/AAAAAAAAAAAA/verdict", content=endless()).status_code == 413


def test_behind_a_proxy_with_a_prefix_every_link_has_it(library: Library, tmp_path: Path) -> None:
    site = Site("https://news.example/yunwen")
    client = TestClient(
        make_app(make_parts(library, tmp_path, site=site)),
        base_url="http://inside:8000",
        follow_redirects=False,
    )
    for path in ("/r/150500", "/yunwen/r/150500"):  # a proxy may take the prefix off, or leave it
        html = client.get(path).text
        assert 'href="/yunwen/r/150524"' in html
        assert 'rel="canonical" href="https://news.example/yunwen/r/150500"' in html
        assert 'href="/r/' not in html
        assert 'action="/yunwen/"' in html
    assert client.get("/yunwen").status_code == 200
    assert client.get("/yunwenish").status_code == 404
    assert client.get("/yunwen/r").headers["location"] == "/yunwen/r/all"
    assert "https://news.example/yunwen/a/" in client.get("/yunwen/r/150500.atom").text


def test_a_host_that_is_made_up_is_not_passed_on(client: TestClient) -> None:
    html = client.get("/r/150500", headers={"Host": 'evil.example"><script>'}).text
    assert "evil" not in html


class Broken:
    """A library whose every look-up fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(StoreError("away"), 503, "暂时无法查询"), (RuntimeError("水稻的秘密"), 500, "抱歉，刚才出了点问题")],
)
def test_what_nobody_foresaw_is_told_with_a_code_that_the_log_has(
    parts: WebParts, caplog: pytest.LogCaptureFixture, error: Exception, status: int, said: str
) -> None:
    broken: Any = Broken(error)
    client = TestClient(make_app(replace(parts, library=broken)), base_url="http://news.example")
    with caplog.at_level(logging.ERROR):
        response = client.get("/r/150500")
    assert response.status_code == status
    assert said in response.text
    (record,) = (each for each in caplog.records if each.name == "bot.web.errors")
    code = record.__dict__["code"]
    assert (code in response.text) is (status == 500)
    assert "水稻的秘密" not in response.text


def test_one_customer_of_ipv6_is_one_visitor() -> None:
    assert visitor_at("2001:db8::1") == visitor_at("2001:db8::ffff:2") != visitor_at("2001:db8:0:1::1")
    assert visitor_at("::ffff:192.0.2.1") == visitor_at("192.0.2.1") == "192.0.2.1"
    assert visitor_at(None) == ""
    assert visitor_at("testclient") == "testclient"
