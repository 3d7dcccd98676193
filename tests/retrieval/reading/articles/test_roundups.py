import json
from datetime import date
from pathlib import Path

import pytest

from retrieval.reading import parse_page, read_page
from retrieval.types import Article, DateBasis, Page

HEADED = "\n".join(
    (
        "甲旗牧草面积创新高",
        "甲旗今年种草5万亩，比去年增加一万亩，农牧民收入稳步提高。",
        "乙县公路建成通车",
        "全长60公里的乙县公路今天建成通车，沿线群众出行更加方便。",
        "总投资3亿元。",
        "丙市举办那达慕",
        "丙市那达慕大会昨天开幕，三百名选手参加比赛。",
    )
)


def read(tmp_path: Path, *records: dict[str, object]) -> Page:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in records), "utf-8")
    return read_page(path)


def told(articles: tuple[Article, ...]) -> list[tuple[str, str | None]]:
    return [(each.title, each.section) for each in articles]


@pytest.mark.parametrize("title", ["国内联播快讯", "简讯", "一周要闻", "各地动态", "甲市要闻速览（9月29日）"])
def test_a_roundup_is_its_items_with_their_own_titles(tmp_path: Path, title: str) -> None:
    page = read(tmp_path, {"title": title, "date": "2024-09-29", "text": HEADED})
    assert told(page.articles) == [
        ("甲旗牧草面积创新高", title),
        ("乙县公路建成通车", title),
        ("丙市举办那达慕", title),
    ]
    assert page.articles[1].text.endswith("总投资3亿元。")
    assert {each.date for each in page.articles} == {date(2024, 9, 29)}
    assert {each.lines for each in page.articles} == {(1, 1)}


def test_a_report_with_headings_in_it_is_one_article(tmp_path: Path) -> None:
    page = read(tmp_path, {"title": "甲市农业农村发展成效显著", "text": HEADED})
    assert len(page.articles) == 1


def test_bulleted_sentences_are_items_and_a_list_is_not(tmp_path: Path) -> None:
    items = "\n".join(f"●{name}旗今年种草五万亩，农牧民收入比去年提高一成。" for name in "甲乙丙")
    page = read(tmp_path, {"text": items})
    assert [each.title for each in page.articles] == [f"{name}旗今年种草五万亩" for name in "甲乙丙"]
    assert len(read(tmp_path, {"text": "措施如下：\n●种草\n●修路\n●打井\n都要在年底前完成。"}).articles) == 1


def test_items_under_places_in_brackets_have_these_places(tmp_path: Path) -> None:
    text = "".join(f"【{name}旗】今年种草五万亩，农牧民收入提高一成。" for name in "甲乙丙")
    page = read(tmp_path, {"title": "牧区新貌", "text": text})
    assert [each.place for each in page.articles] == ["甲旗", "乙旗", "丙旗"]
    assert all("【" not in each.text for each in page.articles)


def test_numbered_measures_of_a_report_stay_in_it(tmp_path: Path) -> None:
    text = "\n".join(f"{n}.要继续抓好草原保护工作，落实各项责任，完成全年任务。" for n in range(1, 5))
    assert len(read(tmp_path, {"title": "甲旗部署草原保护工作", "text": text}).articles) == 1
    assert len(read(tmp_path, {"title": "要闻速览", "text": text}).articles) == 4


def test_a_roundup_on_a_newspaper_page_is_taken_apart_with_its_lines() -> None:
    lines = ["# 简讯", *HEADED.split("\n")]
    page = parse_page("\n".join(lines), Path("a.txt"), sha256="", encoding="utf-8")
    assert told(page.articles)[1] == ("乙县公路建成通车", "简讯")
    first, last = page.articles[1].lines
    assert "\n".join(lines[first - 1 : last]) == page.articles[1].text


def test_an_undated_record_takes_its_datelines_day_in_its_neighbours_year(tmp_path: Path) -> None:
    page = read(
        tmp_path,
        {"date": "2023-08-13", "text": "甲旗今年种草五万亩。"},
        {"text": "新华社甲城8月14日电 乙旗今年种草五万亩。"},
        {"text": "丙旗今年种草五万亩。（新华社甲城8月15日电）"},
        {"date": "下周", "text": "丁旗今年种草五万亩。"},
    )
    assert [each.date for each in page.articles] == [
        date(2023, 8, 13),
        date(2023, 8, 14),
        date(2023, 8, 15),
        None,
    ]
    assert [each.date_basis for each in page.articles[1:3]] == [DateBasis.INFERRED] * 2
    assert [
        (each.line, "is no date" in each.reason or "without a date" in each.reason) for each in page.skipped
    ] == [
        (4, True),
        (4, True),
    ]


@pytest.mark.parametrize(
    "written", ["2024年9月29日 11:05", "2024/9/29", 1727579100, 1727579100000, "20240929"]
)
def test_a_records_date_is_read_in_every_form(tmp_path: Path, written: object) -> None:
    assert read(tmp_path, {"date": written, "text": "甲旗种草五万亩。"}).date == date(2024, 9, 29)


def test_a_pages_own_furniture_is_no_article() -> None:
    text = (
        "# 天气预报\n今天晴，明天多云。\n# 牧草丰收\n甲旗今年种草五万亩。\n# 订报启事\n欢迎订阅明年的报纸。"
    )
    page = parse_page(text, Path("a.txt"), sha256="", encoding="utf-8")
    assert [each.title for each in page.articles] == ["牧草丰收"]
    assert [each.line for each in page.skipped] == [1, 5]


def test_markup_in_a_page_is_no_text() -> None:
    text = "# 牧草\n\n<p><strong>甲报消息</strong>全县种草**5万亩**。</p><p>农户<br>增收&nbsp;。</p>\n![图](a.png)\n来源：[甲报](https://example.com/1)"
    (article,) = parse_page(text, Path("a.md"), sha256="", encoding="utf-8").articles
    assert article.text == "甲报消息全县种草5万亩。\n农户\n增收\xa0。\n来源：甲报"
    assert article.spans[-1].kind == "boilerplate"
