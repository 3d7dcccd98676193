"""The pages in a real browser: what people do with them, on a phone and on a desk, and what hostile texts cannot do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import abuse
import pytest
from browsers import AXE, a_browser, serving
from mini_app import PERSON, TOKEN, handed_over
from starlette.testclient import TestClient
from web_site import HOSTILE, make_app, make_parts, open_course_library

from bot.chats.subscriptions import SubscriptionStore
from bot.web.miniapp.init_data import signing_key
from bot.web.parts import TelegramSide, WebParts
from retrieval import Choice, Library

PHONE, DESK = (390, 844), (1280, 900)


@pytest.fixture(scope="module")
def address(parts: WebParts) -> Iterator[str]:
    with serving(make_app(parts)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with a_browser() as found:
        yield found


class Tab:
    """A page of the browser that notes what it should not do."""

    def __init__(self, browser: Any, address: str, size: tuple[int, int] = DESK, **options: Any) -> None:
        width, height = size
        self.context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, locale="zh-CN", **options
        )
        self.page = self.context.new_page()
        self.noted: list[str] = []
        self.page.on("console", lambda message: self.noted.append(message.text))
        self.page.on("pageerror", lambda error: self.noted.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.noted.append(dialog.message), dialog.dismiss()))
        # what the next page cuts off is no fault
        self.page.on(
            "requestfailed",
            lambda request: None if request.failure == "net::ERR_ABORTED" else self.noted.append(request.url),
        )
        self.page.on(
            "request",
            lambda request: None if request.url.startswith(address) else self.noted.append(request.url),
        )

    def open(self, path: str) -> Any:
        return self.page.goto(path)

    def ask(self, question: str, field: str = "#q") -> None:
        self.page.fill(field, question)
        self.page.press(field, "Enter")
        self.page.wait_for_load_state()

    def is_wider_than_its_window(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Tab]:
    opened = Tab(browser, address)
    yield opened
    opened.context.close()
    assert opened.noted == []


def paths_of(library: Library) -> list[str]:
    articles = {each.title: each.id for each in library.newest_articles(50)}
    return [
        "/",
        "/?q=库伦旗水稻种植面积",
        "/?q=奈曼旗水稻种植面积",
        "/?q=朝阳区有什么新闻",
        f"/a/{articles['库伦旗水稻丰收在望']}",
        f"/a/{articles[HOSTILE]}",
        "/r/150500",
        "/r/all",
        "/d/150500/2022-06-30",
        f"/a/{articles[HOSTILE]}/story",
        "/r/150500/week/2022-W26",
        "/nothing",
    ]


@pytest.fixture(scope="module")
def course_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("courses")
    with serving(make_app(make_parts(open_course_library(folder), folder))) as found:
        yield found


def courses_of(tab: Tab) -> list[str]:
    """The addresses of the pages on how something went on, come to as people do."""
    tab.open("/?q=库伦旗水稻种植面积")
    timeline = tab.page.get_attribute(".actions a[href$=timeline]", "href")
    tab.open("/?q=平陆运河土石方")
    story = tab.page.get_attribute(".further h3 a, .answer h2 a", "href")
    assert timeline
    assert story
    return [
        timeline,
        f"{story.partition('?')[0]}/story",
        "/r/150500/week/2022-W44",
        "/r/150500/month/2022-11",
    ]


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
    page.wait_for_function("document.querySelector('.pass-on button').textContent === '已复制'")
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


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_page_fits_its_window_and_is_small(
    browser: Any, address: str, library: Library, size: tuple[int, int]
) -> None:
    tab = Tab(browser, address, size)
    for path in paths_of(library):
        response = tab.open(path)
        assert not tab.is_wider_than_its_window(), path
        assert len(response.body()) < 60_000, path
    tab.context.close()
    # Chromium itself remarks on a page that is not there
    assert [each for each in tab.noted if "404" not in each] == []


def test_no_text_of_others_runs(tab: Tab, library: Library, client: TestClient) -> None:
    questions = [
        f"/?{client.get('/', params={'q': each}).request.url.query.decode()}"
        for each in (*abuse.HTML, HOSTILE)
    ]
    for path in (*paths_of(library)[:-1], *questions):
        tab.open(path)
        assert tab.page.evaluate("typeof window.harmed") == "undefined", path
        assert tab.page.locator("main script, main img[onerror], iframe").count() == 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_accessibility(
    browser: Any, address: str, library: Library, scheme: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here: npm install --prefix .axe axe-core")
    tab = Tab(browser, address, PHONE, color_scheme=scheme, bypass_csp=True)
    found = faults_of(tab, paths_of(library))
    tab.context.close()
    assert found == {}


def faults_of(tab: Tab, paths: list[str]) -> dict[str, object]:
    """What axe finds that is serious, by page."""
    source = AXE.read_text(encoding="utf-8")
    found: dict[str, object] = {}
    for path in paths:
        tab.open(path)
        tab.page.evaluate(source)
        faults = tab.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        serious = [
            (each["id"], each["nodes"][0]["html"][:120])
            for each in faults
            if each["impact"] in ("serious", "critical")
        ]
        if serious:
            found[path] = serious
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_how_something_went_on_fits_a_phone_and_has_no_serious_fault(
    browser: Any, course_address: str, scheme: str
) -> None:
    tab = Tab(browser, course_address, PHONE, color_scheme=scheme, bypass_csp=True)
    paths = courses_of(tab)
    for path in paths:
        response = tab.open(path)
        assert response.status == 200
        assert not tab.is_wider_than_its_window(), path
    if AXE.exists():
        assert faults_of(tab, paths) == {}
    tab.context.close()
    assert tab.noted == []
