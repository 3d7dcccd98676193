"""What a demanding reader asks of every page: its size, its window, a keyboard, a printer, a screen reader."""

from collections.abc import Iterator
from typing import Any

import pytest
from browsers import AXE, DESK, PHONE, Tab, serving
from web_site import make_app, make_parts, open_course_library, paths_of

from retrieval import Library


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


@pytest.mark.parametrize("size", [PHONE, pytest.param(DESK, marks=pytest.mark.soak)])
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


FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  document.tabbed = document.tabbed || new Set();
  const isNew = !document.tabbed.has(at);
  document.tabbed.add(at);
  return {
    name: at.tagName, isNew, outline: getComputedStyle(at).outlineStyle,
    isSeen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.left >= 0,
  };
}"""
REACHED = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, summary")]
  .filter(each => each.checkVisibility() && !document.tabbed.has(each)).map(each => each.outerHTML.slice(0, 99))"""


@pytest.mark.parametrize("path", ["/?q=库伦旗水稻种植面积", "/r/150500", "/d/150500/2022-06-30"])
def test_all_that_can_be_done_can_be_done_with_the_keyboard_and_is_seen(tab: Tab, path: str) -> None:
    tab.open(path)
    page = tab.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    while True:
        focused = page.evaluate(FOCUSED)
        if focused["name"] == "BODY" or not focused["isNew"]:
            break
        assert focused["isSeen"], page.evaluate("document.activeElement.outerHTML")
        assert focused["outline"] != "none", page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")
    assert page.evaluate(REACHED) == []


def test_the_keyboard_alone_asks_and_reads(tab: Tab) -> None:
    tab.open("/")
    tab.page.keyboard.type("库伦旗水稻种植面积")  # the field has the focus
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".answer blockquote")
    tab.page.focus(".answer .actions a")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".text mark")


USELESS = """() => [...document.querySelectorAll("nav.languages, form.question, button, .exports, footer.site")]
  .filter(each => each.checkVisibility({visibilityProperty: true})).map(each => each.outerHTML.slice(0, 99))"""


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.soak), "dark"])
def test_what_is_printed_is_the_text_in_black_without_what_only_a_screen_can_do(
    browser: Any, address: str, library: Library, scheme: str
) -> None:
    tab = Tab(browser, address, color_scheme=scheme)
    page = tab.page
    for path in paths_of(library)[:-1]:
        tab.open(path)
        page.emulate_media(media="print")
        assert page.evaluate(USELESS) == [], path
        pale = "each => getComputedStyle(each).color !== 'rgb(0, 0, 0)'"
        read = f"[...document.querySelectorAll('h1, h2, h3, .text p.body, mark')].filter({pale})"
        assert page.evaluate(f"{read}.map(each => each.outerHTML.slice(0, 99))") == [], path
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.inner_text("main").strip(), path
    tab.context.close()


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
