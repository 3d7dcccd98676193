"""A digest's rest, leafed through page by page."""

import re
from datetime import UTC, date, datetime
from html import unescape

from samples import article

from bot.languages import Language, texts_of
from bot.messages.digests import PER_PAGE, SHOWN, Window, render_digest, render_page
from bot.messages.links import Links
from bot.messages.splitting import utf16_length
from retrieval import DigestItem, Evidence, Gazetteer

TEXTS, LINKS = texts_of(Language.SIMPLIFIED), Links("yunwen_bot")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
WINDOW, DAY = Window(NOW, NOW), date(2026, 11, 24)
GAZETTEER = Gazetteer.load()


def items(n: int, sentence: str = "种植面积达3万亩。", **fields: object) -> list[DigestItem]:
    made = (
        article(number, title=f"第{number}篇", title_is_derived=False, **fields) for number in range(1, n + 1)
    )
    evidence = Evidence(sentence, 0, len(sentence))
    return [DigestItem("150524", each, NOW, evidence) for each in made]


def test_pages_behind_a_digest_have_every_story_once_and_turn_back_again() -> None:
    stories = items(SHOWN + 2 * PER_PAGE + 3)
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
    assert re.findall(r"第(\d+)篇", told) == [str(n) for n in range(1, len(stories) + 1)]
    assert backs == [f"leaf:{WINDOW.data}:{SHOWN + n * PER_PAGE}" for n in (-1, 0, 1)]


def test_a_page_of_the_longest_stories_fits_one_message() -> None:
    stories = items(40, "长" * 500, source="报" * 300)
    for first in (0, 20, 39):
        page = render_page(stories, first, DAY, WINDOW, GAZETTEER, LINKS, TEXTS)
        assert utf16_length(unescape(re.sub(r"<[^>]+>", "", page.html))) <= 4096
        assert "start=a_" in page.html
