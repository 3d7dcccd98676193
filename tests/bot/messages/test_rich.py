"""Messages as the HTML of a rich message, held to the documented tags and the Bot API's own fields."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich_html import read_rich
from samples import article

from bot.languages import Language, texts_of
from bot.messages.daily.issues import render_digest
from bot.messages.daily.weekly import render_week_issue
from bot.messages.daily.windows import Window
from bot.messages.links import Links
from bot.messages.reply import Reply
from bot.messages.rich import fold, heading, paragraphs, table
from retrieval import ArticleRegion, DigestItem, Evidence, Gazetteer, RegionRole, arrange

LINKS, GAZETTEER, DAY = Links("yunwen_bot"), Gazetteer.load(), date(2026, 11, 24)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
TITLES = "水稻丰收 老年食堂开业 乌兰牧骑下乡 高铁通车 校舍翻新 荒漠治理 牛市开张 医保便民 塞罕坝护林 冰雪运动".split()


def items() -> list[DigestItem]:
    """Ten stories of two divisions."""
    made = []
    for number, title in enumerate(TITLES):
        code = "150524" if number % 2 else "150525"
        region = ArticleRegion(code, "旗", RegionRole.PRIMARY)
        one = article(number, date=DAY, regions=(region,), title=title, title_is_derived=False)
        sentence = f"今年{title}的地方比去年多出{number + 3}处，投入{number + 20}万元。"
        made.append(DigestItem(code, one, NOW, Evidence(sentence, 0, len(sentence))))
    return made


def issues(language: Language) -> list[list[Reply]]:
    """A day's and a week's issue."""
    placed, window, texts = arrange(items(), ["150524"]), Window(NOW, NOW), texts_of(language)
    given = (DAY, window, GAZETTEER, LINKS, texts)
    continuing = frozenset([items()[0].article.id])
    return [
        render_digest(placed, *given, is_rich=True),
        render_week_issue(placed, continuing, *given, is_rich=True),
    ]


@pytest.mark.parametrize("language", Language)
def test_an_issue_is_one_message_with_a_heading_for_each_place_and_a_fold_for_each_story(
    language: Language,
) -> None:
    texts = texts_of(language)
    for (first, *_), named in zip(
        issues(language), ({"库伦旗", "奈曼旗"}, {texts.week_news, texts.week_continuing}), strict=True
    ):
        rich = read_rich(first.rich)
        assert sorted(rich.links) == sorted(LINKS.article(each.article.id) for each in items())
        assert named <= {each.partition(" · ")[0].rpartition(" › ")[2] for each in rich.headings}
        # every sentence and title of the HTML is in it, the title as what unfolds
        assert len(rich.folds) == len(TITLES)
        assert all(any(title in fold[0] for fold in rich.folds) for title in TITLES)
        assert all(len(fold) == 3 for fold in rich.folds)
    assert not render_digest(arrange(items()), DAY, Window(NOW, NOW), GAZETTEER, LINKS, texts)[0].rich


def test_words_keep_their_forms_and_lines_become_paragraphs() -> None:
    html = (
        "一 &lt;1&gt;\n\n<b>二</b>\n<blockquote expandable>三\n<i>四</i></blockquote>\n\n<a href='x'>五</a>"
    )
    assert paragraphs(html) == (
        "<p>一 &lt;1&gt;</p><p><b>二</b></p><blockquote expandable>三<br><i>四</i></blockquote><p><a href='x'>五</a></p>"
    )
    assert read_rich(paragraphs(html)).lines == ["一 <1>", "二", "三\n四", "五"]
    assert not paragraphs("")


@pytest.mark.parametrize(
    "html",
    [
        "一",
        "<h7>一</h7>",
        "<p>一",
        "<p>一</b></p>",
        "<p></p>",
        "<summary>一</summary>",
        "<table><td>一</td></table>",
        "<p>&copy;</p>",
        '<p style="x">一</p>',
    ],
)
def test_the_reader_of_these_tests_refuses_what_is_not_documented(html: str) -> None:
    with pytest.raises(ValueError, match="."):
        read_rich(html)


def test_a_call_has_the_fields_that_the_bot_api_documents(shared: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    path = shared / "tools" / "telegram" / "botapi_params_schema.json"
    if not path.exists():
        pytest.skip("the Bot API's fields are not here")
    schema = json.loads(path.read_text(encoding="utf-8"))["schema"]
    wanted = jsonschema.Draft202012Validator(
        {"$ref": "#/definitions/SendRichMessageParams", "definitions": schema["definitions"]}
    )
    parts = heading("<i>一</i>", 2) + paragraphs("二") + fold("四", table([("五", "<b>六</b>")]))
    for html in (parts, *(issue[0].rich for issue in issues(Language.SIMPLIFIED))):
        read_rich(html)
        wanted.validate({"chat_id": 1, "rich_message": {"html": html}})
    with pytest.raises(jsonschema.ValidationError):
        wanted.validate({"chat_id": 1, "rich_message": {"htm": parts}})
