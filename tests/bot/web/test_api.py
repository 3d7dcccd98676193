"""The interface for programs: the command line's JSON, keys, limits, and what is never told."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from abuse import TEXTS
from small_site import FREELY, RICE, URL, WITH_PASSWORD, SmallSite, open_small_library, small_site
from starlette.testclient import TestClient

from bot.chats.answers import WEB_CHAT
from bot.command_line.documents import answer_document
from bot.composition import open_programs
from bot.documents.composing import Composer
from bot.settings import Settings
from bot.telegram.token_bucket import Rate
from bot.web.inquiries import pack_turn
from bot.web.keys import entry_of, make_key
from bot.web.programs import Programs
from retrieval import Library, StoreError, Turn

QUESTION = "库伦旗水稻种植面积"
KEY = make_key()
FEW = Rate(1.0, 2)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_small_library(tmp_path_factory.mktemp("library"))


@pytest.fixture
def site(tmp_path: Path, library: Library) -> SmallSite:
    return small_site(tmp_path, library)


@pytest.fixture
def client(site: SmallSite) -> Iterator[TestClient]:
    with TestClient(site.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield client


def asked(client: TestClient, path: str, **query: object) -> dict[str, Any]:
    response = client.get(path, params={name: str(value) for name, value in query.items()})
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


def problem(client: TestClient, path: str, status: int, **headers: str) -> dict[str, Any]:
    response = client.get(path, headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    return document


def test_an_answer_is_what_the_command_line_prints(client: TestClient, library: Library) -> None:
    document = asked(client, "/api/ask", q=QUESTION)
    assert document.pop("after")
    assert (
        document.pop("address")
        == f"{URL}/?q=%E5%BA%93%E4%BC%A6%E6%97%97%E6%B0%B4%E7%A8%BB%E7%A7%8D%E6%A4%8D%E9%9D%A2%E7%A7%AF"
    )
    printed = answer_document(library.ask(QUESTION), Composer(URL))
    assert document["outcome"] == "found"
    assert document["hits"][0]["evidence"][0]["text"] in RICE
    for each in (document, printed):
        del each["took_ms"]
        for hit in each["hits"]:
            hit["article"]["page"] = Path(hit["article"]["page"]).name
            hit["article"]["url"] = None
    assert document == printed


def test_neither_paths_nor_passwords_are_told(client: TestClient) -> None:
    told = [
        asked(client, "/api/ask", q="库伦旗乡村公路"),
        asked(client, "/api/place/150524"),
        asked(client, "/api/digest/150524/2022-06-30"),
        asked(client, "/api/status"),
    ]
    text = json.dumps(told, ensure_ascii=False)
    assert "120公里" in text
    assert "a.txt" in text
    assert "/home/editor" not in text
    assert WITH_PASSWORD not in text
    assert "home" not in told[-1]


def test_an_article_stands_as_it_was_printed(client: TestClient) -> None:
    article_id = asked(client, "/api/ask", q=QUESTION)["hits"][0]["article"]["id"]
    article = asked(client, f"/api/article/{article_id}")
    assert (article["text"], article["source"], article["date"]) == (RICE, "通辽日报", "2022-06-30")
    assert article["address"] == f"{URL}/a/{article_id}"
    assert [article["text"][each["start"] : each["end"]] for each in article["spans"]] == [RICE]


def test_a_place_has_its_newest_stories_and_those_below_it(client: TestClient) -> None:
    place = asked(client, "/api/place/150500", n=2)
    assert (place["name"], place["articles"]) == ("通辽市", 4)
    assert [each["article"]["title"] for each in place["newest"]] == [
        "科尔沁区举办赛马会",
        "奈曼旗玉米长势喜人",
    ]
    assert {each["code"]: each["articles"] for each in place["children"]}["150524"] == 2
    rest = asked(client, "/api/place/150500", first=2)
    assert all("库伦旗" in each["article"]["title"] and each["sentence"] for each in rest["newest"])
    assert len(rest["newest"]) == 2


def test_a_digest_has_the_stories_of_a_day_and_a_day_without_any_has_none(client: TestClient) -> None:
    digest = asked(client, "/api/digest/150500/2022-06-30")
    assert (digest["region"], len(digest["items"])) == ({"code": "150500", "name": "通辽市"}, 2)
    assert asked(client, "/api/digest/150500/2022-06-29")["items"] == []


def test_the_reason_is_said_in_the_language_asked_for(client: TestClient) -> None:
    said = [
        asked(client, "/api/ask", q="火星移民", language=each)["reason"]
        for each in ("zh-hans", "zh-hant", "en")
    ]
    assert len(set(said)) == 3
    assert "Nothing found" in said[2]


def test_an_unclear_place_is_asked_back_and_its_code_settles_it(client: TestClient) -> None:
    unclear = asked(client, "/api/ask", q="朝阳水稻种植面积")
    assert (unclear["outcome"], unclear["hits"], unclear["after"]) == ("which_place", [], None)
    settled = asked(client, "/api/ask", q="朝阳水稻种植面积", place=unclear["candidates"][0]["code"])
    assert settled["outcome"] in ("near", "none")
    assert problem(client, "/api/ask?q=x&place=999999", 404)["detail"].startswith("there is no division")


# ------------------------------------------------------------------------------------------ following up


def test_a_question_goes_on_from_the_answer_before_it(client: TestClient) -> None:
    first = asked(client, "/api/ask", q="奈曼旗玉米长势")
    alone = asked(client, "/api/ask", q="那库伦旗呢")
    second = asked(client, "/api/ask", q="那库伦旗呢", after=first["after"])
    assert alone["outcome"] == "browse"
    assert second["outcome"] == "near"
    assert "玉米" in second["reason"]
    third = asked(client, "/api/ask", q="那水稻种植面积呢", after=second["after"])
    assert "3万余亩" in third["hits"][0]["evidence"][0]["text"]


def test_what_an_answer_gives_to_go_on_with_is_always_taken(client: TestClient) -> None:
    after: str | None = ""
    for question in ("库伦旗" + "水稻种植面积" * 166, "那奈曼旗呢" * 199, "那产量呢", "𠀀" * 999 + "呢"):
        after = asked(client, "/api/ask", q=question, **({"after": after} if after else {}))["after"]


def test_an_answer_that_a_chat_was_given_cannot_be_gone_on_from(
    client: TestClient, site: SmallSite, library: Library
) -> None:
    given = [site.parts.answers.keep_answer(chat, library.ask(QUESTION)) for chat in (7, WEB_CHAT)]
    packed = pack_turn(Turn(QUESTION, ("150524",)))
    forged = (packed[:-3], packed + "AAAA", "W10", "WzEsWzJdXQ", pack_turn(Turn("x", ("no",))), "%00", "e30")
    for after in (*given, *forged):
        document = problem(client, f"/api/ask?q=那产量呢&after={after}", 404)
        assert QUESTION not in json.dumps(document, ensure_ascii=False)


# ----------------------------------------------------------------------------------------- keys, limits


def with_programs(tmp_path: Path, library: Library, programs: Programs, rate: Rate = FREELY) -> TestClient:
    return TestClient(small_site(tmp_path, library, programs=programs, rate=rate).app)


def test_a_key_has_limits_of_its_own(tmp_path: Path, library: Library) -> None:
    other = make_key()
    programs = Programs(
        f"archive:{entry_of('archive', KEY)[8:]}, {entry_of('other', other)}", FEW, clock=lambda: 0.0
    )
    client = with_programs(tmp_path, library, programs, rate=Rate(1.0, 1))
    archive = {"Authorization": f"Bearer {KEY}"}
    assert [client.get("/api/status").status_code for _ in range(2)] == [200, 429]
    assert [client.get("/api/status", headers=archive).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/api/status", headers={"Authorization": f"bearer {other}"}).status_code == 200
    refused = client.get("/api/status", headers=archive)
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer x", f"Basic {KEY}", KEY, "", "Bearer yw_ÿ"],
    ids=["nothing", "short", "basic", "bare", "empty", "latin"],
)
def test_a_key_that_is_nobodys_is_refused(tmp_path: Path, library: Library, header: str) -> None:
    client = with_programs(tmp_path, library, Programs(entry_of("archive", KEY)))
    response = client.get("/api/status", headers={"Authorization": header.encode("latin-1")})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert KEY not in response.text


def test_where_keys_are_needed_nobody_asks_without(tmp_path: Path, library: Library) -> None:
    programs = Programs(entry_of("archive", KEY), needs_key=True)
    client = with_programs(tmp_path, library, programs)
    for path in (
        "/api/status",
        "/api/ask?q=x",
        "/api/article/x",
        "/api/place/150500",
        "/api/digest/1/2022-06-30",
    ):
        problem(client, path, 401)
    assert client.get("/api/status", headers={"Authorization": f"Bearer {KEY}"}).status_code == 200
    described = client.get("/api/openapi.json").json()
    assert all(each["get"]["security"] == [{"key": []}] for each in described["paths"].values())


def test_the_settings_say_who_may_ask(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        YUNWEN_HOME=tmp_path,
        API_KEYS=entry_of("archive", KEY),
        API_KEYS_REQUIRED=True,
        API_BURST=1,
        API_CORS="https://a.example  https://b.example",
    )
    programs = open_programs(settings, "192.0.2.1:8000")
    assert programs.needs_key
    assert programs.origins == ("https://a.example", "https://b.example")
    assert programs.hosts == ("192.0.2.1:8000",)
    assert open_programs(settings, "0.0.0.0:8000").hosts == ()
    asker = programs.asker(f"Bearer {KEY}", "visitor")
    assert asker.buckets is not None
    assert [asker.buckets.take(1) for _ in range(2)] == [True, False]


def test_so_many_may_wait(tmp_path: Path, library: Library) -> None:
    site = small_site(tmp_path, library, queue_limit=1)
    site.parts.gate.n_waiting = 1
    response = TestClient(site.app).get("/api/ask", params={"q": QUESTION})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0


def test_scripts_of_named_sites_alone_may_ask(tmp_path: Path, library: Library) -> None:
    client = with_programs(tmp_path, library, Programs(origins=("https://friend.example",)))
    friend = client.get("/api/status", headers={"Origin": "https://friend.example"})
    stranger = client.get("/api/status", headers={"Origin": "https://stranger.example"})
    page = client.get("/healthz", headers={"Origin": "https://friend.example"})
    shared = [each.headers.get("access-control-allow-origin") for each in (friend, stranger, page)]
    assert shared == ["https://friend.example", None, None]
    asked_first = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    preflight = client.options("/api/ask", headers={"Origin": "https://friend.example", **asked_first})
    assert preflight.status_code == 200
    assert "Authorization" in preflight.headers["access-control-allow-headers"]


# ---------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize("error", [StoreError("it is away"), RuntimeError("it broke")])
def test_what_fails_is_told_with_a_code_and_no_words_of_the_question(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(Library, "ask", fail)
    status = 503 if isinstance(error, StoreError) else 500
    with caplog.at_level(logging.DEBUG, logger="bot"):
        document = problem(client, f"/api/ask?q={QUESTION}", status)
    assert document["code"] in caplog.text
    assert "it " not in json.dumps(document)
    assert QUESTION not in caplog.text


def test_whatever_an_abuser_sends_is_answered_or_refused_and_never_an_error(client: TestClient) -> None:
    for sent in TEXTS:
        said = quote(sent.encode("utf-8", "surrogatepass"), safe="")
        for path in (f"/api/ask?q={said}", f"/api/article/{said}", f"/api/place/{said}"):
            response = client.get(path)
            assert response.status_code in (200, 404, 422), (sent, path, response.text)
            assert isinstance(response.json(), dict)


def test_a_wrong_parameter_is_named_and_not_repeated(client: TestClient) -> None:
    document = problem(client, "/api/ask?q=x&k=einhundert", 422)
    assert [each["at"] for each in document["errors"]] == ["query.k"]
    assert "einhundert" not in json.dumps(document)
    assert problem(client, "/api/ask?q=" + "长" * 1001, 422)["errors"][0]["at"] == "query.q"
    assert client.post("/api/ask", params={"q": "x"}).status_code == 405


def test_what_a_client_has_already_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/place/150524")
    again = client.get("/api/place/150524", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head("/api/place/150524")
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
