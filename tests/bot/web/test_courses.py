"""How a figure and a matter went on, and a place's week, as pages."""

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image
from starlette.testclient import TestClient
from web_site import YEARS, make_app, make_parts, open_course_library

from retrieval import Library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_course_library(tmp_path_factory.mktemp("courses"))


@pytest.fixture(scope="module")
def client(library: Library, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    parts = make_parts(library, tmp_path_factory.mktemp("chats"))
    return TestClient(make_app(parts), base_url="http://news.example", follow_redirects=False)


def id_of(library: Library, title: str) -> str:
    return next(each.id for each in library.newest_articles(50) if each.title == title)


def linked(html: str, tail: str) -> str:
    found = re.search(rf'href="(/[^"]+/{tail})"', html)
    assert found
    return found[1]


def test_an_answers_figure_is_followed_as_a_picture_and_as_a_list(client: TestClient) -> None:
    answered = client.get("/", params={"q": "库伦旗水稻种植面积"}).text
    response = client.get(linked(answered, "timeline"))
    assert response.status_code == 200
    (drawn,) = re.findall(r"<svg.*?</svg>", response.text)
    svg = ElementTree.fromstring(drawn)
    assert "水稻种植面积" in (svg.get("aria-label") or "")
    assert len(svg.findall(".//{http://www.w3.org/2000/svg}circle")) == len(YEARS)
    told = re.findall(r'<span class="time">(\d+)</span> <strong>([\d.]+)万亩</strong>', response.text)
    assert told == [(str(year), area) for year, area in YEARS.items()]
    assert response.text.count('<a href="/a/') == len(YEARS)


def test_a_passed_on_figure_shows_its_picture_and_other_pages_ours(client: TestClient) -> None:
    def pictured(html: str) -> str:
        found = re.search('<meta property="og:image" content="http://news.example([^"]+)">', html)
        assert found
        return found[1]

    answered = client.get("/", params={"q": "库伦旗水稻种植面积"}).text
    picture = client.get(pictured(client.get(linked(answered, "timeline")).text))
    assert picture.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(picture.content)).size == (780, 440)
    ours = client.get(pictured(answered))
    assert (ours.status_code, ours.headers["content-type"]) == (200, "image/png")
    assert Image.open(BytesIO(ours.content)).size == (1200, 630)


def test_a_shared_answer_leads_to_its_figure_too(client: TestClient) -> None:
    answered = client.get("/", params={"q": "库伦旗水稻种植面积"}).text
    address = linked(answered, "timeline")
    assert linked(client.get(address.removesuffix("/timeline")).text, "timeline") == address


def test_an_answer_without_a_figure_to_follow_leads_nowhere(client: TestClient) -> None:
    answered = client.get("/", params={"q": "奈曼旗甘薯产量"}).text
    assert "8万吨" in answered
    assert "/timeline" not in answered
    assert client.get("/q/nothing-here/timeline").status_code == 410


def test_a_story_is_told_from_its_beginning(client: TestClient, library: Library) -> None:
    page = client.get(f"/a/{id_of(library, '平陆运河完成土石方一亿方')}/story")
    titles = re.findall(r"<h2><a [^>]+>([^<]+)</a></h2>", page.text)
    assert titles == ["平陆运河开工建设", "平陆运河完成土石方一亿方"]
    assert "工期52个月" in page.text
    alone = client.get(f"/a/{id_of(library, '奈曼旗甘薯上市')}/story")
    assert "没有找到同一件事的其他报道" in alone.text
    assert client.get("/a/abcdefghijklmnop/story").status_code == 404


def test_a_places_newest_week_has_its_news_figures_and_places(client: TestClient) -> None:
    led = client.get("/r/150500/week")
    assert (led.status_code, led.headers["location"]) == (307, "/r/150500/week/2022-W44")
    page = client.get(led.headers["location"]).text
    assert "平陆运河完成土石方一亿方" in page
    assert "奈曼旗甘薯上市" in page
    assert within(page) == {"库伦旗": "1", "奈曼旗": "1"}
    assert linked(page, "150524/week/2022-W44")
    assert linked(page, "week/2022-W40")
    assert client.get("/r/150500").text.count('href="/r/150500/week"') == 1


def within(html: str) -> dict[str, str]:
    return dict(re.findall(r'<li><a href="/r/[^"]+" rel="nofollow">(\w+) <small>(\d+)</small>', html))


def test_a_places_newest_month_has_a_map_and_leads_to_others(client: TestClient) -> None:
    led = client.get("/r/150500/month")
    assert (led.status_code, led.headers["location"]) == (307, "/r/150500/month/2022-11")
    page = client.get(led.headers["location"]).text
    assert '<time datetime="2022-11">2022年11月</time>' in page
    assert "奈曼旗甘薯上市" in page
    assert "库伦旗水稻丰收" not in page
    assert within(page) == {"库伦旗": "1", "奈曼旗": "1"}
    (drawn,) = re.findall(r'<figure class="map">(<svg.*?</svg>)', page)
    tiles = ElementTree.fromstring(drawn).findall(".//{http://www.w3.org/2000/svg}title")
    assert {"库伦旗 1", "奈曼旗 1", "开鲁县 0"} <= {each.text for each in tiles}
    before = linked(page, "month/2022-10")
    earlier = client.get(before).text
    assert "库伦旗水稻丰收" in earlier
    assert '<figure class="map">' not in earlier  # one place alone
    assert linked(earlier, "month/2022-11")
    assert client.get("/r/150500").text.count('href="/r/150500/month"') == 1


def test_a_question_how_a_matter_went_on_is_told_its_story(client: TestClient) -> None:
    page = client.get("/", params={"q": "平陆运河后来怎么样了"}).text
    titles = re.findall(r"<h2><a [^>]+>([^<]+)</a></h2>", page)
    assert titles == ["平陆运河开工建设", "平陆运河完成土石方一亿方"]
    assert 'class="answer"' not in page


def test_a_question_that_looks_back_leads_to_the_month(client: TestClient) -> None:
    page = client.get("/", params={"q": "2022年11月通辽市发生了什么"}).text
    assert "奈曼旗甘薯上市" in page
    assert linked(page, "150500/month/2022-11")


@pytest.mark.parametrize(
    "path",
    [
        "/r/all/month",
        "/r/110000/month",
        "/r/150500/month/2022-13",
        "/r/150500/month/2022-W44",
        "/r/150500/week/2022-11",
        "/r/150500/month/9999-12",
        "/r/all/week",
        "/r/110000/week",
        "/r/150500/week/2022-W60",
        "/r/150500/week/0001-W01",
        "/r/9/week/2022-W40",
    ],
)
def test_what_is_no_week_of_a_place_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_week_without_news_says_so(client: TestClient) -> None:
    page = client.get("/r/150500/week/2022-W01")
    assert page.status_code == 200
    assert "这里还没有报道" in page.text


def test_courses_speak_the_language_asked_for(client: TestClient) -> None:
    page = client.get("/r/150500/week/2022-W44", params={"lang": "en"}).text
    assert "Figures" in page
    assert "lang=en" in linked(page, r"week/2022-W40\?lang=en")
