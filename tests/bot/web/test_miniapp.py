"""The Mini App: only Telegram's word on who opened it counts, and boxes are subscriptions."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from mini_app import PERSON, TOKEN, handed_over
from starlette.testclient import TestClient
from web_site import NOW, make_app, make_parts

from bot.chats.subscriptions import SubscriptionStore
from bot.languages import Language
from bot.messages.mini_app import with_app
from bot.messages.reply import Reply
from bot.telegram.client.markup import build_markup
from bot.web.miniapp.init_data import signing_key
from bot.web.parts import TelegramSide, WebParts
from retrieval import Choice, Library

Ask = Callable[..., Any]


@pytest.fixture
def parts(library: Library, tmp_path: Path) -> WebParts:
    made = make_parts(library, tmp_path)
    return replace(made, telegram=TelegramSide(signing_key(TOKEN), SubscriptionStore(made.answers.engine)))


@pytest.fixture
def client(parts: WebParts) -> TestClient:
    return TestClient(make_app(parts), base_url="https://news.example")


@pytest.fixture
def ask(client: TestClient) -> Ask:
    def post(**asked: Any) -> Any:
        response = client.post("/app/boxes", json={"init": handed_over()} | asked)
        assert response.status_code == 200, response.text
        return {each["code"]: each for each in response.json()["boxes"]}

    return post


def choices(parts: WebParts) -> list[Choice]:
    assert parts.telegram is not None
    subscriber = parts.telegram.subscriptions.get(PERSON)
    return list(subscriber.choices) if subscriber else []


def test_a_box_that_is_ticked_is_a_subscription_and_shows_so(ask: Ask, parts: WebParts) -> None:
    assert ask(within="150500")["150524"] == {
        "code": "150524",
        "name": "库伦旗",
        "n": 4,
        "on": False,
        "more": True,
    }
    assert ask(within="150500", change="150524", on=True)["150524"]["on"] is True
    assert choices(parts) == [Choice("150524")]
    assert ask(within="150500", change="150524", on=True)["150524"]["on"] is True
    assert ask(within="150500", change="150524", on=False)["150524"]["on"] is False
    assert choices(parts) == []


def test_what_lies_in_a_ticked_place_is_ticked_and_can_be_left_out(ask: Ask, parts: WebParts) -> None:
    assert ask(change="150000", on=True)["150000"]["on"] is True
    assert ask(within="150500")["150524"]["on"] is True
    assert ask(within="150500", change="150524", on=False)["150524"]["on"] is False
    assert choices(parts) == [Choice("150000", excluded=("150524",))]
    assert ask(within="150500", change="150524", on=True)["150524"]["on"] is True
    assert choices(parts) == [Choice("150000")]


@pytest.mark.parametrize(
    "init",
    [
        "",
        "nonsense",
        "hash=",
        handed_over("110201543:another"),
        handed_over(age=timedelta(hours=2)),
        handed_over(age=-timedelta(minutes=5)),
        handed_over().replace("42", "43"),
        handed_over() + "&user=%7B%22id%22%3A43%7D",
        handed_over().replace("hash=", "hash=%ff"),
        handed_over(user="null"),
        handed_over(user='{"id": "42"}'),
        handed_over(auth_date="1e400"),
        "x" * 5000,
        "hash=\ud800&user=1",
        handed_over() + "\udfff",
        "\ud800=1&" + handed_over(),
    ],
)
def test_nobody_is_taken_for_whom_telegram_does_not_name(
    client: TestClient, parts: WebParts, init: str
) -> None:
    body = json.dumps({"init": init, "change": "150524", "on": True})
    refused = client.post("/app/boxes", content=body)
    assert refused.status_code == 403
    assert choices(parts) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"1", b"[" * 100_000, b"9" * 5000])
def test_what_is_no_question_is_refused(client: TestClient, body: bytes) -> None:
    assert client.post("/app/boxes", content=body).status_code == 400


def test_more_than_may_be_followed_is_said(client: TestClient, parts: WebParts, library: Library) -> None:
    assert parts.telegram is not None
    for division in list(library.resolver.gazetteer)[10:60]:
        parts.telegram.subscriptions.subscribe(PERSON, Choice(division.code, must=("x",)), NOW)
    full = client.post("/app/boxes", json={"init": handed_over(), "change": "150524", "on": True})
    assert (full.status_code, "50" in full.json()["said"]) == (409, True)
    unknown = client.post("/app/boxes", json={"init": handed_over(), "change": "999999", "on": True})
    assert unknown.status_code == 404


def test_no_more_places_are_left_out_than_a_subscription_holds(
    client: TestClient, parts: WebParts, library: Library, ask: Ask
) -> None:
    gazetteer = library.resolver.gazetteer
    codes = [each.code for each in gazetteer if gazetteer.is_within(each.code, "150000")][1:53]
    ask(change="150000", on=True)
    statuses = []
    for code in reversed(codes):
        asked = {"init": handed_over(), "change": code, "on": False}
        statuses.append(client.post("/app/boxes", json=asked).status_code)
    assert statuses == [200] * 50 + [409] * 2
    (choice,) = choices(parts)
    assert len(choice.excluded) == 50
    assert ask(change=codes[-1], on=True)
    assert len(choices(parts)[0].excluded) == 49


def test_only_telegram_may_frame_the_page_and_only_this_one(client: TestClient) -> None:
    page = client.get("/app")
    assert "frame-ancestors https://web.telegram.org" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]


def test_there_is_no_app_without_a_bot(library: Library, tmp_path: Path) -> None:
    client = TestClient(make_app(make_parts(library, tmp_path)), base_url="https://news.example")
    assert client.get("/app").status_code == client.post("/app/boxes", json={}).status_code == 404


@pytest.mark.parametrize(
    ("url", "chat", "is_there"),
    [
        ("https://news.example", 42, True),
        ("http://news.example", 42, False),
        (None, 42, False),
        ("https://x.example", -5, False),
    ],
)
def test_the_button_stands_where_telegram_can_open_it(url: str | None, chat: int, is_there: bool) -> None:
    markup = build_markup(with_app(Reply("x"), url, chat, Language.ENGLISH))
    assert (markup is not None) is is_there
    if markup is not None:
        app = markup.inline_keyboard[0][0].web_app
        assert app is not None
        assert app.url == "https://news.example/app?lang=en"
