"""📈 under an answer."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from courses import point, timeline
from samples import SampleLibrary, article

from bot.chats.preferences import Preferences
from bot.languages import DEFAULT, texts_of
from bot.telegram.context import BotData, Context
from bot.telegram.handlers.callbacks import Press
from bot.telegram.handlers.courses import timelines
from retrieval import Timeline, Turn

TEXTS = texts_of(DEFAULT)


class CourseLibrary(SampleLibrary):
    course: Timeline | None = None

    def timeline_of_turn(self, turn: Turn, *_: object) -> Timeline | None:
        return self.course

    def name_of(self, code: str) -> str:
        return "库伦旗"


async def pressed(course: Timeline | None, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was sent after a press: pictures with their captions, messages with their HTML."""
    sent: list[tuple[str, str]] = []
    library = CourseLibrary()
    library.course = course
    hit = SimpleNamespace(article_id=article(1).id, evidence=())
    given = SimpleNamespace(hits=(hit,), turn=Turn("水稻种植面积"))

    async def accept(*_: object) -> Press:
        return Press(cast(Any, SimpleNamespace(chat_id=5)), "tl", "abc")

    async def find(*_: object) -> object:
        return given

    async def send_photo_to(message: object, photo: Any, caption: str) -> None:
        sent.append(("photo", caption))
        assert photo.input_file_content[:4] == b"\x89PNG"

    async def send_to(message: object, reply: Any) -> None:
        sent.append(("text", reply.html))

    async def send_all(message: object, parts: Any, *, is_rich: bool) -> None:
        sent.extend(("text", each.html) for each in parts)

    for name, double in (
        ("accept", accept),
        ("find_given_answer", find),
        ("send_photo_to", send_photo_to),
        ("send_to", send_to),
        ("send_all", send_all),
    ):
        monkeypatch.setattr(timelines, name, double)
    data = BotData()
    data.gate = asyncio.Semaphore(1)
    data.services = cast(Any, SimpleNamespace(library=library, web_url=None))
    context = Context(cast(Any, SimpleNamespace(bot_data=data, bot=SimpleNamespace(username="yunwen_bot"))))
    context.preferences = Preferences()
    await timelines.press(cast(Any, None), context)
    return sent


async def test_a_press_shows_the_figures_as_a_picture_and_as_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = await pressed(timeline(point(2021, "2.6"), point(2022, "3")), monkeypatch)
    assert [kind for kind, _ in sent] == ["photo", "text"]
    assert sent[0][1].startswith("库伦旗水稻种植面积：2 个数字")
    assert "<b>2021</b> 2.6万亩" in sent[1][1]
    assert "start=a_article2022" in sent[1][1]


@pytest.mark.parametrize("course", [None, timeline(point(2021, "2.6"))])
async def test_a_figure_of_one_time_alone_has_no_course(
    course: Timeline | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await pressed(course, monkeypatch) == [("text", TEXTS.timeline_single)]
