"""Articles, places, days, lists and what else a site has."""

import csv
import io
import re
import tomllib
import zipfile
from dataclasses import replace
from datetime import date
from fnmatch import fnmatch
from html import unescape
from pathlib import Path
from typing import Any

import docx
import pytest
from paths import ROOT
from starlette.testclient import TestClient
from web_site import HOSTILE, make_app, make_parts

from bot.web.pages.articles import PART_CHARS, split_parts
from bot.web.pages.exports import write_csv, write_xlsx
from bot.web.parts import Site, WebParts
from retrieval import ArticlePicture, Library, StoredArticle


def article_id(library: Library, title: str) -> str:
    return next(each.id for each in library.newest_articles(50) if each.title == title)


def test_an_article_is_shown_as_printed_with_its_place_date_and_how_to_cite_it(
    client: TestClient, library: Library
) -> None:
    found = article_id(library, "开鲁县红干椒开种")
    html = client.get(f"/a/{found}").text
    assert "开鲁县红干椒种植面积稳定在60万亩，产值20亿元。" in html
    assert 'href="/r/150523"' in html
    assert 'href="/d/150523/2022-06-29"' in html
    assert f"http://news.example/a/{found}" in unescape(html.split('id="cite"')[1].split("</textarea>")[0])


def test_the_evidence_of_an_answer_is_marked_in_its_article(client: TestClient) -> None:
    html = client.get("/", params={"q": "开鲁县红干椒种植面积"}).text
    link = re.search(r'href="(/a/[^"#]+)#e"', html)
    assert link
    shown = client.get(unescape(link[1])).text
    text = shown.split('class="text"')[1].split("</div>")[0]
    assert '<span id="e" class="anchor"></span>' in text
    assert "60万亩" in "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", text))
    assert "<mark" not in client.get(unescape(link[1]).partition("?")[0]).text


def test_copies_and_related_articles_are_named(client: TestClient, library: Library) -> None:
    html = client.get(f"/a/{article_id(library, '库伦旗水稻丰收在望')}").text
    copies = html.split('class="copies"')[1].split("</section>")[0]
    assert article_id(library, "水稻丰收") in copies
    related = html.split('class="related"')[1].split("</section>")[0]
    assert article_id(library, "库伦旗修通乡村公路") in related
    assert article_id(library, "水稻丰收") not in related


def test_a_picture_of_the_page_is_shown_where_there_is_one(library: Library, tmp_path: Path) -> None:
    class Pictured:
        """The library, with a picture of one article's page."""

        def __getattr__(self, name: str) -> Any:
            return getattr(library, name)

        def has_page_picture(self, article: StoredArticle) -> bool:
            return article.title == "开鲁县红干椒开种"

        def page_picture(self, article: StoredArticle) -> ArticlePicture | None:
            return ArticlePicture(b"\xff\xd8", "01", "要闻") if self.has_page_picture(article) else None

    pictured: Any = Pictured()
    parts = replace(make_parts(library, tmp_path), library=pictured)
    client = TestClient(make_app(parts), base_url="http://news.example")
    first, other = (article_id(library, each) for each in ("开鲁县红干椒开种", "水稻丰收"))
    assert f'src="/a/{first}/page.jpg"' in client.get(f"/a/{first}").text
    assert client.get(f"/a/{first}/page.jpg").content == b"\xff\xd8"
    assert "page.jpg" not in client.get(f"/a/{other}").text
    assert client.get(f"/a/{other}/page.jpg").status_code == 404


def test_a_long_text_is_cut_between_paragraphs_and_nothing_is_lost() -> None:
    text = "\n".join("段落" * 300 for _ in range(60)) + "\n" + "无" * (PART_CHARS + 5)
    parts = split_parts(text)
    assert "".join(text[start:end] for start, end in parts) == text
    assert all(0 < end - start <= PART_CHARS for start, end in parts)
    assert text[parts[0][1] - 1] == "\n"
    assert split_parts("") == [(0, 0)]


def test_a_place_has_its_newest_articles_what_lies_in_it_a_calendar_and_feeds(client: TestClient) -> None:
    html = client.get("/r/150500").text
    assert html.index("水稻丰收") < html.index("奈曼旗甘薯产业兴旺") < html.index("开鲁县红干椒开种")
    assert "海拉尔区冰雪节开幕" not in html
    assert re.search(r'href="/r/150524"[^>]*>库伦旗 <small>\d</small>', html)
    assert 'href="/d/150500/2022-07-01"' in html  # in the calendar
    assert 'href="/r/150500?month=2022-06#calendar"' in html
    june = client.get("/r/150500?month=2022-06").text
    assert 'href="/d/150500/2022-06-29"' in june
    assert 'type="application/atom+xml" href="/r/150500.atom"' in html


def test_copies_of_a_story_are_one_row_of_a_place(client: TestClient) -> None:
    html = client.get("/r/150524").text
    assert html.count('<li class="story"') == 3  # of four articles
    assert "另见 1 处" in html


def test_all_places_together_are_a_place_too(client: TestClient) -> None:
    assert client.get("/r").headers["location"] == "/r/all"
    html = client.get("/r/all").text
    assert "海拉尔区冰雪节开幕" in html
    assert 'href="/r/150000"' in html


def test_a_day_has_its_stories_by_place_and_leads_to_the_days_beside_it(client: TestClient) -> None:
    html = client.get("/d/150500/2022-06-30").text
    assert "库伦旗修通乡村公路" in html
    assert "奈曼旗甘薯产业兴旺" in html
    assert 'href="/d/150500/2022-06-29"' in html
    assert 'href="/d/150500/2022-07-01"' in html
    assert "海拉尔区" not in html
    assert "海拉尔区冰雪节开幕" in client.get("/d/all/2022-05-20").text
    assert "这里还没有报道" in client.get("/d/150500/2021-01-01").text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/a/nothing",
        "/a/" + "x" * 5000,
        "/r/999999",
        "/r/150500?page=99",
        "/r/150500?month=2022-13",
        "/r/150500?month=9999-12x",
        "/d/150500/yesterday",
        "/d/150500/2022-06-30?page=9",
        "/r/999999.atom",
        "/r/150500/list.exe",
        "/static/../application.py",
        "/static/nothing.css",
        "/metrics",
        "/sitemap.xml",
        "/docs",
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "没有这一页" in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/r/150500?page=x",
        "/r/150500?page=-1",
        "/r/150500?month=0000-01",
        "/r/150500?month=9999-12",
        "/a/%00",
        "/d/all/0001-01-01",
        "/d/all/9999-12-31",
        "/?q=%ff%fe",
        "/r/all.atom?except=x",
        "/r/all.atom?with=" + "x" * 31,
    ],
)
def test_odd_addresses_are_answered_without_an_error_of_ours(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (200, 400, 404)


LISTS = ["/d/150500/2022-06-30/list", "/r/150500/list"]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_saved_as_csv_with_source_date_and_address_in_every_row(
    client: TestClient, path: str
) -> None:
    response = client.get(f"{path}.csv")
    assert response.headers["content-disposition"] == 'attachment; filename="yunwen.csv"'
    head, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert head[0] == "标题"
    assert {row[0] for row in rows} >= {"库伦旗修通乡村公路", "奈曼旗甘薯产业兴旺"}
    for row in rows:
        assert row[1]
        assert date.fromisoformat(row[3])
        assert re.fullmatch(r"http://news\.example/a/[a-z2-7]+", row[5])


def test_nothing_in_a_list_is_computed_by_a_spreadsheet() -> None:
    line = ("=1+1", "+2", "@x", "-3", "库伦旗", "http://news.example/a/x", "=cmd|' /C calc'!A0")
    columns = ("a", "b", "c", "d", "e", "f", "g")
    cells = list(csv.reader(io.StringIO(write_csv("", columns, [line]).decode("utf-8-sig"))))[1]
    assert [each for each in cells if each.startswith(("=", "+", "-", "@"))] == []
    with zipfile.ZipFile(io.BytesIO(write_xlsx("t", columns, [line]))) as book:
        sheet, shared = (
            book.read(f"xl/{each}").decode() for each in ("worksheets/sheet1.xml", "sharedStrings.xml")
        )
    assert "<f>" not in sheet
    assert "=1+1" in shared
    assert "<hyperlink" in sheet


def test_an_answer_is_saved_for_excel_and_word(client: TestClient) -> None:
    html = client.get("/", params={"q": "库伦旗水稻种植面积"}).text
    path = re.search(r'href="(/q/[\w-]{12}/list)\.xlsx"', html)
    assert path
    with zipfile.ZipFile(io.BytesIO(client.get(f"{path[1]}.xlsx").content)) as book:
        assert "3万余亩" in book.read("xl/sharedStrings.xml").decode()
        links = book.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert "http://news.example/a/" in links
    document = docx.Document(io.BytesIO(client.get(f"{path[1]}.docx").content))
    said = "\n".join(each.text for each in document.paragraphs)
    assert "3万余亩" in said
    assert "http://news.example/a/" in said


def test_search_engines_are_told_only_where_they_may_be(
    library: Library, tmp_path: Path, client: TestClient
) -> None:
    assert "Disallow: /\n" in client.get("/robots.txt").text
    assert client.get("/").headers["x-robots-tag"] == "noindex"
    site = Site("https://news.example/yunwen", is_indexed=True)
    open_to_all = TestClient(
        make_app(make_parts(library, tmp_path, site=site)), base_url="https://news.example"
    )
    robots = open_to_all.get("/robots.txt").text
    assert "Disallow: /yunwen/q/" in robots
    assert "Sitemap: https://news.example/yunwen/sitemap.xml" in robots
    assert "x-robots-tag" not in open_to_all.get("/").headers
    (start,) = re.findall("<loc>(.*?)</loc>", open_to_all.get("/sitemap.xml").text)
    listed = re.findall("<loc>(.*?)</loc>", open_to_all.get(start.removeprefix("https://news.example")).text)
    assert len(listed) == library.counts()["articles"]
    assert open_to_all.get(listed[0].removeprefix("https://news.example")).status_code == 200


def test_no_record_makes_a_page_of_ours_do_what_it_says(client: TestClient, library: Library) -> None:
    harmful = article_id(library, HOSTILE)
    day = "/d/all/2022-06-28"
    for path in (
        f"/a/{harmful}",
        day,
        "/r/150524",
        "/",
        "/?q=库伦旗荞麦面积",
        f"/?q={HOSTILE}",
        f"/?q=库伦旗&after={HOSTILE}",
    ):
        html = client.get(path).text
        assert "<script>window" not in html, path
        assert "<img src=x" not in html, path
        assert "49" not in re.findall(r"\{\{(.*?)\}\}", html)
    assert "&lt;script&gt;" in client.get(f"/a/{harmful}").text


def test_every_page_is_small(client: TestClient, parts: WebParts, library: Library) -> None:
    found = article_id(library, "水稻丰收")
    for path in ("/", "/?q=库伦旗水稻种植面积", f"/a/{found}", "/r/150500", "/r/all", "/d/all/2022-06-30"):
        assert len(client.get(path).content) < 60_000, path


def test_what_the_pages_are_made_of_is_in_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["*"]
    parts = [path for path in (ROOT / "bot" / "web").rglob("*.*") if path.suffix not in (".py", ".pyc")]
    assert {path.suffix for path in parts} >= {".html", ".css", ".js", ".svg"}
    assert [path.name for path in parts if not any(fnmatch(path.name, each) for each in patterns)] == []
