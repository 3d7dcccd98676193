"""One conversation in each language on the day of the newest issue and years later: each of the ways in which people talk."""

from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from phrases import SAID
from running_bot import running
from stand_in import Sent, StandIn

from bot.languages import Language, Texts, texts_of
from retrieval.answering.answerer import Answerer

ISSUED, LATER = date(2022, 6, 30), date(2026, 11, 27)
GROUP, MEMBER = -100900, 90


class Chat:
    """A person who talks to the bot in a language."""

    def __init__(self, server: StandIn, language: Language, number: int) -> None:
        self.server, self.language, self.id = server, language, number
        self.texts: Texts = texts_of(language)
        server.languages[number] = str(language)

    async def say(self, what: str, n: int = 1) -> list[Sent]:
        return await self.server.say(SAID[self.language].get(what, what), chat_id=self.id, n=n)

    async def one(self, what: str) -> Sent:
        (reply,) = await self.say(what)
        return reply


@pytest.mark.parametrize("today", [ISSUED, LATER])
async def test_people_are_understood_on_the_day_of_an_issue_and_years_later(
    server: StandIn, folder: Path, today: date
) -> None:
    with patch.dict(Answerer.__init__.__kwdefaults__ or {}, clock=lambda: today):
        async with running(server, folder):
            for number, language in enumerate(SAID):
                chat = Chat(server, language, 9000 + 10 * number + today.year % 2)
                await browses(chat, today)
                await talks(chat)
                await opens_answers(chat)
                await follows(chat)
                await meets_faults(chat)
                await asks_in_a_group(chat, number)


async def browses(chat: Chat, today: date) -> None:
    """Section 1: news of a day, a place, a topic; who wrote it; what the newest issue is is said where a day has none."""
    news = await chat.one("news")
    newest = chat.texts.say_day(ISSUED)
    has_note = f"{newest}" in news.text.split("\n\n")[0]
    assert has_note == (today == LATER), news.text
    assert "start=a_" in " ".join(news.links)
    further = await chat.one("more")
    assert not set(further.links) & set(news.links)
    place = await chat.one("place")
    assert place.text.startswith("通辽市")
    assert chat.texts.subscribe_button.format(place="通辽市") in place.buttons
    assert "乌兰牧骑" in (await chat.one("topic")).text
    assert "薛一群" in (await chat.one("who")).text
    assert (await chat.one("thanks")).text == chat.texts.said_thanks


async def talks(chat: Chat) -> None:
    """Section 2: a follow-up behind thanks, a message put right, lines and numbers, an article passed on."""
    assert "3万余亩" in (await chat.one("question")).text
    await chat.one("thanks")
    assert "15000余吨" in (await chat.one("follow-up")).text
    for asked in ("when", "sure"):
        told = await chat.one(asked)
        assert told.text.startswith(chat.texts.said_source)
        assert chat.texts.say_day(ISSUED) in told.text
    said = SAID[chat.language]
    await chat.one("wrong")
    assert "3万余亩" in (await chat.one("meant")).text
    answer = await chat.one("topic")
    assert (await chat.one("2")).text != answer.text
    wrong = chat.server._said(said["wrong"], chat.id, None, None, None)
    n_before = len(chat.server.sent)
    await chat.server.tell({"message": wrong})
    (missing,) = await chat.server.expect(chat.id, n_before)
    assert missing.text.count("奈曼旗") <= 2  # neither the question nor a title is said twice
    await chat.server.tell({"edited_message": wrong | {"text": said["question"], "edit_date": 2}})
    assert (chat.server.edits[-1].id, "3万余亩" in chat.server.edits[-1].text) == (missing.id, True)
    assert "3万余亩" in (await chat.one("lines")).text
    first, second = await chat.say("numbered", n=2)
    assert ("3万余亩" in first.text, "800余斤" in second.text) == (True, True)
    strange = "近日，某地举办了一场别开生面的活动，吸引了众多群众前来参观。" * 30
    assert (await chat.one(strange)).text == chat.texts.passed_on


async def opens_answers(chat: Chat) -> None:
    """Section 3: few buttons, a full text once, reasons that fit what became of a question."""
    answer = await chat.one("question")
    assert answer.text.splitlines()[0].find("3万余亩") >= 0
    labels = [chat.texts.full_button, chat.texts.copy_button]
    rows = (answer.markup or {})["inline_keyboard"]
    assert [each["text"] for each in rows[0]][:2] == labels
    await chat.server.press(answer, chat.texts.full_button)
    assert await chat.server.tap(answer, chat.texts.full_button) == [chat.texts.full_stands_above]
    missing = await chat.one("wrong")
    (asked,) = await chat.server.press(missing, "👍👎")
    (reasons,) = await chat.server.press(asked, "👎")
    assert chat.texts.why_missing_button in reasons.buttons
    assert chat.texts.why_figure_button not in reasons.buttons


async def follows(chat: Chat) -> None:
    """Sections 4 to 6: what is followed and when, by words and by commands, the issue with its buttons, the first contact."""
    start = await chat.one("/start")
    assert start.text.startswith(chat.texts.welcome.split("<b>")[0].strip())
    assert {chat.texts.map_button, chat.texts.for_offices_button} <= start.buttons.keys()
    followed = await chat.one("subscribe")
    assert "库伦旗" in followed.text.split("通辽市", 1)[1]
    listed = await chat.one("subscriptions")
    assert "通辽市" in listed.text
    (issue, *_) = await chat.say("digest")
    assert {chat.texts.my_subscriptions_button, "👍👎"} <= issue.buttons.keys()
    assert "库伦旗" not in issue.text
    weekly = await chat.one("weekly")
    assert "9:00" in weekly.text
    for command in ("/hour", "/zone", "/watch", "/subscribe"):
        asked = await chat.one(command)
        assert asked.buttons or "force_reply" in (asked.markup or {}), command


async def meets_faults(chat: Chat) -> None:
    """Section 7: sums are not made up, and a lost acknowledgement, failures of the server and pictures do no harm."""
    assert (await chat.one("sum")).text.startswith(
        (chat.texts.counting_with_hits, chat.texts.counting_without_hits, chat.texts.side_by_side)
    )
    answer = await chat.one("question")
    chat.server.faults.append({"method": "answerCallbackQuery", "drop": True})
    (full,) = await chat.server.press(answer, chat.texts.full_button)
    assert "薛一群" in full.text
    chat.server.unanswered.clear()
    chat.server.faults.extend({"method": "sendMessage", "code": 500} for _ in range(3))
    assert "3万余亩" in (await chat.one("question")).text
    file = {"file_id": "1", "file_unique_id": "1", "file_name": "x.mp4"}
    animation = {"animation": file | {"width": 9, "height": 9, "duration": 1}, "document": file}
    n_before = len(chat.server.sent)
    await chat.server.mutter("", chat.id, chat.id, **animation)
    (told,) = await chat.server.expect(chat.id, n_before)
    assert told.text == chat.texts.only_text


async def asks_in_a_group(chat: Chat, number: int) -> None:
    """Sections 3 and 8: a group's member sees no button of its admins, and of several questions each is answered."""
    server, group = chat.server, GROUP - number
    n_before = len(server.sent)
    asked = [f"/ask {SAID[chat.language]['question']}" for _ in range(4)]
    for text in asked:
        message = server._said(text, group, MEMBER, None, None)
        server.give({"message": message})
    await server.mutter("好", group, MEMBER)
    replies = await server.expect(group, n_before)
    assert len(replies) <= len(asked)
    assert all(texts_of(Language.SIMPLIFIED).watch_button not in each.buttons for each in replies)
    assert all("3万余亩" in each.text for each in replies)
