"""A digest: what comes first, what is folded, and its rest leafed through page by page."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

from samples import article

from bot.languages import Language, texts_of
from bot.messages.daily.issues import PER_PAGE, SHOWN, render_digest, render_page
from bot.messages.daily.weekly import going_on, render_week_issue
from bot.messages.daily.windows import Window
from bot.messages.links import Links
from bot.messages.splitting import plain_text, utf16_length
from retrieval import (
    ArticleRegion,
    DigestItem,
    Evidence,
    Gazetteer,
    PlacedItem,
    RegionRole,
    Section,
    arrange,
)

TEXTS, LINKS = texts_of(Language.SIMPLIFIED), Links("yunwen_bot")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
WINDOW, DAY = Window(NOW, NOW), date(2026, 11, 24)
GAZETTEER = Gazetteer.load()


def name(number: int) -> str:
    """A title that is like no other's."""
    return "".join(chr(0x4E00 + 37 * number + letter) for letter in range(6))


def item(
    number: int, sentence: str = "", code: str = "150524", day: date = DAY, **fields: object
) -> DigestItem:
    made = article(
        number,
        date=day,
        regions=(ArticleRegion(code, "旗", RegionRole.PRIMARY),),
        **{"title": name(number), "title_is_derived": False} | fields,
    )
    sentence = sentence or f"{name(number + 500)}{name(number + 900)}。"
    return DigestItem(code, made, NOW, Evidence(sentence, 0, len(sentence)))


def rendered(items: list[DigestItem], **more: bool) -> str:
    replies = render_digest(arrange(items, ["150524"]), DAY, WINDOW, GAZETTEER, LINKS, TEXTS, **more)
    return "\n".join(reply.html for reply in replies)


def test_a_week_has_what_is_new_what_goes_on_and_the_figures_and_no_story_twice() -> None:
    news = [item(number) for number in range(1, 7)]
    figures = [item(number, f"{name(number)}面积达{number}万亩。") for number in range(20, 23)]
    old = item(40, title="库伦旗水稻收割进度过半")
    rest = [item(number, code="150525") for number in range(50, 60)]
    before = [item(90, title="库伦旗水稻收割开始"), item(91, code="150525", title=name(50))]
    items = [*news, *figures, old, *rest]
    placed = arrange(items, ["150524"])
    continuing = going_on(items, before)
    assert continuing == {old.article.id, rest[0].article.id}
    (reply,) = render_week_issue(placed, continuing, DAY, WINDOW, GAZETTEER, LINKS, TEXTS)
    html = reply.html
    heads = [TEXTS.week_news, TEXTS.week_continuing]
    assert [html.index(f"<b>{each}</b>") for each in heads] == sorted(
        html.index(f"<b>{each}</b>") for each in heads
    )
    assert html.startswith("<b>云问周报</b>")
    links = re.findall(r"start=a_(\w+)", html)
    assert sorted(links) == sorted(each.article.id for each in items)
    assert [each.data for row in reply.buttons for each in row] == ["l:new", "p:new", "fb:d20261124:ask"]


def test_pages_behind_a_digest_have_every_story_once_and_turn_back_again() -> None:
    stories = arrange([item(number) for number in range(1, SHOWN + 2 * PER_PAGE + 4)], ["150524"])
    digest = render_digest(stories, DAY, WINDOW, GAZETTEER, LINKS, TEXTS)
    told = "".join(reply.html for reply in digest)
    (button,) = digest[-1].buttons[0]
    assert (button.label, button.data) == (f"还有 {2 * PER_PAGE + 3} 条", f"page:{WINDOW.data}:{SHOWN}")
    first, backs = SHOWN, []
    while True:
        page = render_page(stories, first, DAY, WINDOW, GAZETTEER, LINKS, TEXTS)
        told += page.html
        buttons = {each.label: each.data for row in page.buttons for each in row}
        assert all(len(data.encode()) <= 64 for data in buttons.values())
        backs.append(buttons["‹"])
        if "›" not in buttons:
            break
        first = int(buttons["›"].rpartition(":")[2])
    assert re.findall(r"a_(article\d+)", told) == [each.item.article.id for each in stories]
    assert backs == [f"leaf:{WINDOW.data}:{SHOWN + n * PER_PAGE}" for n in (-1, 0, 1)]


def test_a_page_of_the_longest_stories_fits_one_message() -> None:
    stories = [
        PlacedItem(item(number, "长" * 500, source="报" * 300), Section.PLACES) for number in range(40)
    ]
    for first in (0, 20, 39):
        page = render_page(stories, first, DAY, WINDOW, GAZETTEER, LINKS, TEXTS)
        assert utf16_length(unescape(re.sub(r"<[^>]+>", "", page.html))) <= 4096
        assert "start=a_" in page.html


def test_a_few_stories_come_first_and_the_rest_is_folded_below_its_banners() -> None:
    stories = [item(number, code="150525") for number in range(1, 9)]
    stories += [item(number, text="长" * 2000) for number in range(9, 12)]
    html = rendered(stories)
    first, _, folded = html.partition("<blockquote expandable>")
    assert first.count("• <b>") == 4
    assert first.count("a_article9<") + first.count("article9") >= 1  # of the place that is followed itself
    assert folded.count("<b>通辽市 › 奈曼旗</b>") == 1
    assert "2026" not in folded  # the one day of all stands above
    assert html.count("start=a_") == len(stories)


def test_what_is_old_or_much_the_same_or_routine_does_not_come_first() -> None:
    old = item(1, day=DAY - timedelta(days=60), text="长" * 3000)
    weather = item(2, title="库伦旗天气预报", text="长" * 3000)
    again = [item(3, title="库伦旗水稻丰收在望喜获好收成"), item(4, title="库伦旗水稻丰收在望喜获好收成了")]
    placed = arrange([old, weather, *again, item(5), item(6), item(7)], ["150524"])
    where = {each.item.article.id: each.section for each in placed}
    assert where["article1"] is Section.LATE
    assert where["article2"] is Section.ROUTINE
    assert where["article4"] is Section.ALIKE
    html = rendered([old, weather, *again, item(5)])
    assert html.index("较早的报道") < html.index("article1")
    assert html.index("相似的报道") < html.index("article4")


def test_days_and_papers_are_said_once_for_a_group() -> None:
    yesterday = DAY - timedelta(days=1)
    same = rendered([item(number, day=yesterday, source="草原报") for number in range(1, 9)])
    assert plain_text(same).splitlines()[:2] == [
        "云问日报 2026年11月24日 · 共 8 条",
        "2026年11月23日的报道 · 草原报",
    ]
    assert plain_text(same).count("草原报") == 1
    mixed = [item(number, day=DAY - timedelta(days=number % 2), code="150525") for number in range(1, 9)]
    assert "奈曼旗 · 11月23日至11月24日" in plain_text(rendered(mixed))


def test_a_group_is_not_shown_the_buttons_of_its_admins() -> None:
    placed = arrange([item(1)])
    shown = render_digest(placed, DAY, WINDOW, GAZETTEER, LINKS, TEXTS, is_group=True)
    assert [[each.label for each in row] for row in shown[-1].buttons] == [["👍👎"]]
    private = render_digest(placed, DAY, WINDOW, GAZETTEER, LINKS, TEXTS)
    assert [[each.label for each in row] for row in private[-1].buttons] == [["我的订阅", "暂停", "👍👎"]]
