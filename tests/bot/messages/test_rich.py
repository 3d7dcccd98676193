"""Messages as blocks of a rich message, held to the Bot API's own fields."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from samples import article
from sent_messages import lines_of, links_of

from bot.languages import Language, texts_of
from bot.messages.daily.issues import render_digest
from bot.messages.daily.weekly import render_week_issue
from bot.messages.daily.windows import Window
from bot.messages.links import Links
from bot.messages.reply import Reply
from bot.messages.rich import Block, fold, heading, paragraphs, rich_text, table
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
        blocks: list[Any] = list(first.rich)
        folds = [each for each in blocks if each["type"] == "details"]
        headings = [lines_of([each])[0] for each in blocks if each["type"] == "heading"]
        assert len(folds) == len(TITLES)
        assert sorted(links_of(folds)) == sorted(LINKS.article(each.article.id) for each in items())
        assert named <= {each.partition(" · ")[0].rpartition(" › ")[2] for each in headings}
        # every sentence and title of the HTML is in it, the title as what unfolds
        assert all(any(title in lines_of([each])[0] for each in folds) for title in TITLES)
        assert all(len(lines_of([each])) == 3 for each in folds)
    assert not render_digest(arrange(items()), DAY, Window(NOW, NOW), GAZETTEER, LINKS, texts)[0].rich


def test_words_keep_their_forms_and_lines_become_paragraphs() -> None:
    assert rich_text("没有 &lt;1&gt; 处") == "没有 <1> 处"
    bold = {
        "type": "bold",
        "text": [{"type": "url", "url": "https://t.me/x?a=1&b=2", "text": "水稻"}, "3万亩"],
    }
    assert rich_text('<b><a href="https://t.me/x?a=1&amp;b=2">水稻</a>3万亩</b>') == bold
    html = "一\n\n<b>二</b>\n<blockquote expandable>三\n四</blockquote>\n\n五"
    assert [each["type"] for each in paragraphs(html)] == [
        "paragraph",
        "paragraph",
        "expandable_blockquote",
        "paragraph",
    ]
    assert lines_of([dict(each) for each in paragraphs(html)]) == ["一", "二", "三\n四", "五"]


def test_every_block_has_the_fields_that_the_bot_api_documents(shared: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    path = shared / "tools" / "telegram" / "botapi_params_schema.json"
    if not path.exists():
        pytest.skip("the Bot API's fields are not here")
    schema = json.loads(path.read_text(encoding="utf-8"))["schema"]
    # the documents say "a String, an Array of RichText or any of": what the list was made of drops the first two
    text = schema["definitions"]["TelegramRichText"]
    text["anyOf"] += [
        {"type": "string"},
        {"type": "array", "items": {"$ref": "#/definitions/TelegramRichText"}},
    ]
    wanted = jsonschema.Draft202012Validator(
        {"$ref": "#/definitions/SendRichMessageParams", "definitions": schema["definitions"]}
    )
    of_all: list[Block] = [
        heading("<i>一</i>", 2),
        *paragraphs("二\n<blockquote expandable>三</blockquote>"),
        fold("四", [table([("五", "<b>六</b>")])], is_open=True),
    ]
    messages = [of_all, *(list(issue[0].rich) for issue in issues(Language.SIMPLIFIED))]
    for blocks in messages:
        wanted.validate({"chat_id": 1, "rich_message": {"blocks": blocks}})
    with pytest.raises(jsonschema.ValidationError):
        wanted.validate({"chat_id": 1, "rich_message": {"blocks": [{"type": "heading", "text": "一"}]}})
