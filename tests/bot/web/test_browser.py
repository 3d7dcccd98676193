"""The pages in a real browser: what people do with them, on a phone and on a desk, and what hostile texts cannot do."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import abuse
import pytest
from browsers import PHONE, Tab, serving
from mini_app import PERSON, TOKEN, handed_over
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from web_site import HOSTILE, make_app, make_parts, paths_of

from bot.chats.subscriptions import SubscriptionStore
from bot.web.miniapp.init_data import signing_key
from bot.web.parts import Site, TelegramSide
from retrieval import Choice, Library


def talk(tab: Tab) -> None:
    """Ask, go on asking, read the article, its place and its day."""
    page = tab.page
    tab.open("/")
    tab.ask("库伦旗水稻种植面积")
    assert "3万余亩" in page.inner_text(".answer blockquote")
    assert "截至2022年" in page.inner_text(".answer footer")
    tab.ask("那奈曼旗呢？", "#follow")
    assert "不是答案" in page.inner_text(".further")
    page.go_back()
    page.click(".answer .actions a >> nth=0")
    page.wait_for_load_state()
    assert "3万余亩" in "".join(page.locator(".text mark").all_inner_texts())
    assert page.locator(".text mark >> nth=0").is_visible()
    page.click(".trail a >> text=库伦旗")
    page.wait_for_load_state()
    assert page.inner_text("h1") == "库伦旗"
    page.click(".calendar td a >> nth=0")
    page.wait_for_load_state()
    assert page.inner_text("h1").startswith("库伦旗")


def test_a_person_asks_goes_on_asking_and_reads(tab: Tab) -> None:
    talk(tab)


def test_all_of_it_works_without_a_script(browser: Any, address: str) -> None:
    tab = Tab(browser, address, java_script_enabled=False)
    talk(tab)
    tab.open("/?q=库伦旗水稻种植面积")
    assert tab.page.locator("button.copy").is_hidden()
    tab.page.click("button[value=bad]")
    tab.page.click("button[value=figure]")
    assert "谢谢" in tab.page.inner_text("#verdict")
    tab.context.close()


PREFIX = "/papers/local"


def proxied(app: ASGIApp) -> ASGIApp:
    """A proxy that has the pages under a prefix, takes it off, and knows no other address."""

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if not scope["path"].startswith(f"{PREFIX}/"):
                await PlainTextResponse("nothing here", 404)(scope, receive, send)
                return
            path = scope["path"].removeprefix(PREFIX)
            scope = {**scope, "path": path, "raw_path": quote(path).encode()}
        await app(scope, receive, send)

    return proxy


def test_all_of_it_works_behind_a_proxy_with_a_prefix(browser: Any, library: Library, tmp_path: Path) -> None:
    made = make_parts(library, tmp_path, site=Site(f"https://news.example{PREFIX}"))
    with serving(proxied(make_app(made))) as address:
        tab = Tab(browser, address, PHONE, prefix=PREFIX)
        talk(tab)
        tab.open("/?q=开鲁县红干椒种植面积")
        tab.page.click("button[value=good]")
        assert "谢谢" in tab.page.inner_text("#verdict")
        tab.page.click(".languages a[hreflang=en]")
        tab.page.wait_for_load_state()
        assert tab.page.get_attribute("html", "lang") == "en"
        tab.context.close()
    assert tab.noted == []


def test_an_unclear_place_is_chosen_by_a_tap(tab: Tab) -> None:
    tab.open("/?q=朝阳区有什么新闻")
    tab.page.click(".choices a >> nth=0")
    tab.page.wait_for_load_state()
    assert tab.page.locator(".choices").count() == 0


def test_an_answer_is_copied_judged_opened_again_and_saved(
    browser: Any, address: str, tmp_path: Path
) -> None:
    tab = Tab(browser, address, permissions=["clipboard-read", "clipboard-write"], accept_downloads=True)
    page = tab.page
    tab.open("/?q=开鲁县红干椒种植面积")
    page.click(".pass-on button.copy")
    page.get_by_role(
        "button", name="已复制"
    ).first.wait_for()  # a function to wait for needs eval, which the page forbids
    passed_on = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{address}/q/[\w-]{{12}}", passed_on)
    page.click("button[value=good]")
    assert "谢谢" in page.inner_text("#verdict")
    page.goto(passed_on)
    assert "60万亩" in page.inner_text(".answer")
    assert "问于" in page.inner_text(".asked")
    with page.expect_download() as download:
        page.click(".exports a >> nth=0")
    saved = tmp_path / "list.xlsx"
    download.value.save_as(saved)
    assert saved.read_bytes().startswith(b"PK")
    tab.context.close()
    assert tab.noted == []


def test_the_language_is_chosen_by_a_tap_and_stays(tab: Tab) -> None:
    tab.open("/")
    for chosen, word in (("en", "Ask"), ("zh-Hant", "問"), ("zh-Hans", "问")):
        tab.page.click(f".languages a[hreflang={chosen}]")
        tab.page.wait_for_load_state()
        tab.ask("库伦旗水稻种植面积")
        assert tab.page.get_attribute("html", "lang") == chosen
        assert tab.page.inner_text("form.question button >> nth=0") == word


def test_places_are_ticked_in_the_mini_app(browser: Any, library: Library, tmp_path: Path) -> None:
    made = make_parts(library, tmp_path)
    store = SubscriptionStore(made.answers.engine)
    with serving(make_app(replace(made, telegram=TelegramSide(signing_key(TOKEN), store)))) as address:
        tab = Tab(browser, address, PHONE)
        tab.open(f"/app#tgWebAppData={quote(handed_over())}&tgWebAppVersion=8.0")
        for place in ("内蒙古自治区", "通辽市"):
            tab.page.click(f".tree button[aria-label={place}]")
        with tab.page.expect_response(lambda each: "150524" in (each.request.post_data or "")):
            tab.page.check("label:has-text('库伦旗') input")
        subscriber = store.get(PERSON)
        tab.context.close()
    assert tab.noted == []
    assert subscriber is not None
    assert subscriber.choices == (Choice("150524"),)


HARM = "\"><script>window.harmed=1</script><img src=x onerror='window.harmed=1'>"


@pytest.mark.parametrize(
    "questions",
    [(abuse.HTML[0], HOSTILE, HARM), pytest.param(abuse.HTML[1:], marks=pytest.mark.soak)],
    ids=["scripts", "every kind of markup"],
)
def test_no_text_of_others_runs(
    browser: Any, address: str, library: Library, client: TestClient, questions: tuple[str, ...]
) -> None:
    headers = dict.fromkeys(("Accept-Language", "X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded"), HARM)
    tab = Tab(browser, address, extra_http_headers=headers)
    for path in paths_of(library)[:-1]:
        check_harmless(tab, path)
    for question in questions:
        check_harmless(tab, f"/?{client.get('/', params={'q': question}).request.url.query.decode()}")
        permanent = tab.page.locator("#permanent")
        if permanent.count():
            given = urlsplit(permanent.input_value()).path
            check_harmless(tab, given)
            check_harmless(tab, f"/?q={quote(question)}&after={quote(HARM)}&lang={quote(HARM)}")
            for link in tab.page.locator("main h2 a, main h3 a").all()[:1]:
                check_harmless(tab, link.get_attribute("href") or "/")
    assert tab.noted == []
    for path in ("a", "q", "r", "d/all", "static", "r/150500/month", f"a/{HARM}/story?x="):
        check_harmless(tab, f"/{path}/{quote(HARM, safe='')}")  # Chromium remarks on what is not there
    tab.context.close()


def check_harmless(tab: Tab, path: str) -> None:
    """Open a page: nothing of others may have run, and an error of ours would be a page with a code."""
    assert tab.open(path).status < 500, path
    assert tab.page.evaluate("typeof window.harmed") == "undefined", path
    assert tab.page.locator("main script, main img[onerror], iframe").count() == 0, path
