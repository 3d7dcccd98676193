"""Inline mode as people type: passages to share, help, haste, and what is not an answer."""

import sqlite3
from contextlib import closing
from pathlib import Path

from running_bot import Bot
from stand_in import StandIn
from waiting import until


def n_answers(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "home" / "chats.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])


async def test_passages_are_offered_with_source_and_date_and_nothing_is_stored(
    server: StandIn,
    bot: Bot,
    folder: Path,
) -> None:
    before = n_answers(folder)
    results = await server.ask_inline("库伦旗水稻种植面积")
    assert 1 <= len(results) <= 10
    text = results[0]["input_message_content"]["message_text"]
    assert "3万余亩" in text
    assert "截至2022年6月30日" in text
    assert "库伦旗，2022年6月30日 · " in results[0]["description"]
    answered = next(iter(server.inline.values()))
    assert (answered["is_personal"], answered["cache_time"]) == (False, 300)
    assert n_answers(folder) == before


async def test_a_short_query_is_told_how_in_the_persons_language(server: StandIn, bot: Bot) -> None:
    server.languages[6001] = "en"
    for query in ("", "k", "库", "kulun qi", "   "):
        (only,) = await server.ask_inline(query, user_id=6001)
        assert (only["id"], only["title"]) == ("help", "Type a place and what you want to know")
    assert all(each["is_personal"] for each in server.inline.values())


async def test_what_is_not_an_answer_is_one_result_that_says_so(server: StandIn, bot: Bot) -> None:
    (near,) = await server.ask_inline("奈曼旗水稻种植面积")
    assert near["title"].startswith("没有找到")
    assert "不是答案" in near["input_message_content"]["message_text"]
    (unclear,) = await server.ask_inline("朝阳区财政收入")
    assert "可能是几个地方" in unclear["title"]


async def test_of_a_quick_hands_queries_the_last_alone_is_answered(server: StandIn, bot: Bot) -> None:
    typed = ["库伦", "库伦旗", "库伦旗水", "库伦旗水稻"]
    ids = await server.type_inline(typed, user_id=6100)
    (other,) = await server.type_inline(["库伦旗水稻"], user_id=6101)
    results = await server.ask_inline("蟹田大米亩产", user_id=6102)
    assert "800余斤" in results[0]["input_message_content"]["message_text"]
    await until(lambda: {ids[-1], other} <= server.inline.keys(), "the answers to the last queries")
    assert [query_id in server.inline for query_id in [*ids, other]] == [False, False, False, True, True]


async def test_an_answer_that_comes_too_late_is_let_go(server: StandIn, bot: Bot) -> None:
    (late,) = await server.type_inline(["库伦旗水稻"], user_id=6200)
    server.asked_inline.remove(late)
    await server.ask_inline("蟹田大米亩产", user_id=6201)
    await until(lambda: server.refused, "the answer that is too late")
    assert "too old" in server.refused.pop()
    assert late not in server.inline
