"""Standing questions and verdicts as people use them: set, told by itself, judged, given up."""

import asyncio
import json
import random
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from digest_senders import Senders
from running_bot import QUESTION, Bot, running, yunwen
from stand_in import Sent, StandIn
from waiting import HANG_SECONDS

from bot.chats.database import open_chats
from bot.chats.standing_questions import StandingQuery, StandingQuestionStore
from bot.chats.subscriptions import SubscriptionStore

GROUP, ADMIN, MEMBER = -100300, 50, 51
PAGE = "date: {day}\n## {place} {what}种植达{n}万亩\n\n{place}今年{what}种植面积达{n}万亩，农民喜笑颜开，长势良好。\n"


def publish(folder: Path, name: str, text: str) -> None:
    (folder / "new").mkdir(exist_ok=True)
    (folder / "new" / name).write_text(text, encoding="utf-8")
    yunwen(folder, "ingest", str(folder / "new"))


@pytest.fixture
async def bot(server: StandIn, seeded: Path, tmp_path: Path) -> AsyncIterator[Bot]:
    shutil.copytree(seeded, tmp_path / "home")
    async with running(server, tmp_path) as bot:
        yield bot


async def test_a_question_in_ones_own_words_is_answered_once_when_an_article_comes_in(
    server: StandIn,
    bot: Bot,
    tmp_path: Path,
) -> None:
    (refused,) = await server.say("关注哪个旗水稻种植面积最大的消息")
    (set_,) = await server.say("有新的库伦旗玉米种植面积消息就告诉我")
    assert "有新的报道能回答“库伦旗玉米种植面积”时告诉您" in set_.text
    (again,) = await server.say("/watch 库伦旗玉米种植面积")
    assert "已经在关注" in again.text
    (near,) = await server.say("奈曼旗荞麦种植面积", chat_id=1001)
    assert "没有找到" in near.text
    (below,) = await server.press(near, "🔔 有新消息告诉我")
    assert "奈曼旗荞麦种植面积" in below.text
    n_before = len(server.sent)
    publish(tmp_path, "a.txt", PAGE.format(day="2022-07-02", place="库伦旗", what="玉米", n=70))
    (told,) = await server.expect(1000, n_before)
    assert told.text.startswith("🔔 您关注的“库伦旗玉米种植面积”有新消息：\n\n库伦旗今年玉米种植面积达70万亩")
    publish(tmp_path, "copy.txt", PAGE.format(day="2022-07-03", place="库伦旗", what="玉米", n=70))
    publish(tmp_path, "b.txt", PAGE.format(day="2022-07-03", place="奈曼旗", what="荞麦", n=9))
    (other,) = await server.expect(1001, n_before)
    assert "奈曼旗今年荞麦种植面积达9万亩" in other.text
    received = Counter(each.chat_id for each in server.sent[n_before:])
    assert received == {1000: 1, 1001: 1}

    (full,) = await server.press(told, "全文")
    assert "长势良好" in full.text
    (listed,) = await server.say("/subscriptions")
    assert "关注的问题 1 个" in listed.text
    (one,) = await server.press(listed, "🔔 库伦旗玉米种植面积")
    (gone,) = await server.press(one, "不再关注")
    assert "不再关注“库伦旗玉米种植面积”" in gone.text
    questions = StandingQuestionStore(open_chats(f"sqlite:///{tmp_path / 'home' / 'chats.db'}"))
    assert questions.of_chat(1000) == []
    await _verdicts(server, tmp_path, other)
    assert refused.text


async def test_who_wants_to_be_told_of_nothing_named_is_told_of_the_answer_before(
    server: StandIn,
    bot: Bot,
) -> None:
    (how,) = await server.say("有新消息就告诉我", chat_id=3400)
    assert how.markup == {
        "force_reply": True,
        "selective": True,
        "input_field_placeholder": "如：库伦旗水稻种植面积",
    }
    (typed,) = await server.say("蟹田大米亩产", chat_id=3400, reply_to=how)
    assert "有新的报道能回答“蟹田大米亩产”时告诉您" in typed.text
    await server.say("奈曼旗荞麦种植面积", chat_id=3400)
    (watched,) = await server.say("有新消息就告诉我", chat_id=3400)
    assert "有新的报道能回答“奈曼旗荞麦种植面积”时告诉您" in watched.text


async def _verdicts(server: StandIn, folder: Path, told: Sent) -> None:
    """👍 and 👎 change in place, and what they said becomes a set that can be run."""
    (answered,) = await server.say(QUESTION)
    others = list(answered.buttons)[:-1]
    (opened,) = await server.press(answered, "👍👎")
    assert list(opened.buttons) == [*others, "👍", "👎"]
    (good,) = await server.press(opened, "👍")
    assert list(good.buttons) == [*others, "👍 ✓"]
    (again,) = await server.press(good, "👍 ✓")
    (asked,) = await server.press(again, "👎")
    assert list(asked.buttons)[-4:] == ["不是这个地方", "数字不对", "过时了", "其他"]
    (bad,) = await server.press(asked, "数字不对")
    assert list(bad.buttons) == [*others, "👎 数字不对 ✓"]
    (again,) = await server.press(bad, "👎 数字不对 ✓")
    (changed,) = await server.press(again, "👍")
    assert list(changed.buttons) == [*others, "👍 ✓"]
    (missed,) = await server.say("红烧肉怎么做")
    (missed,) = await server.press(missed, "👍👎")
    (missed,) = await server.press(missed, "👎")
    assert list(missed.buttons)[-3:] == ["明明登过", "没听懂我的问题", "其他"]
    (told,) = await server.press(told, "👍👎")
    (wrong,) = await server.press(told, "👎")
    await server.press(wrong, "过时了")

    def run(*arguments: str) -> dict[str, object]:
        document: dict[str, object] = json.loads(yunwen(folder, *arguments, "--json"))
        return document

    assert run("feedback", "list")["verdicts"] == {"good": 1, "bad": 2}
    exported = run("feedback", "export", str(folder / "set"))
    assert (exported["questions"], exported["negatives"]) == (1, 2)
    measured = run("evaluate", str(folder / "set"), "--work", str(folder / "work"))
    assert (measured["queries"], measured["answer@1"]) == (1, 1.0)
    negatives = (folder / "set" / "negatives.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(each)["reason"] for each in negatives] == [None, "outdated"]


async def test_in_a_group_only_admins_watch_and_stop_watching(server: StandIn, bot: Bot) -> None:
    server.admins = {ADMIN}
    (refused,) = await server.say("/watch 库伦旗水稻", chat_id=GROUP, user_id=MEMBER)
    assert "管理员" in refused.text
    (done,) = await server.say("/watch 库伦旗水稻", chat_id=GROUP, user_id=ADMIN)
    assert "告诉您" in done.text
    n_before = len(server.sent)
    assert await server.tap(done, "不再关注", user_id=MEMBER) == ["只有管理员能改这里的订阅和设置。"]
    assert len(server.sent) == n_before
    (gone,) = await server.press(done, "不再关注", user_id=ADMIN)
    assert "不再关注" in gone.text
    (unclear,) = await server.say("/watch 朝阳区财政收入", chat_id=GROUP, user_id=ADMIN)
    (chosen,) = await server.press(unclear, "北京市 › 朝阳区", user_id=ADMIN)
    assert "朝阳区财政收入" in chosen.text
    (how,) = await server.say("/watch", chat_id=GROUP, user_id=ADMIN)
    assert "请回复一句话" in how.text
    (counting,) = await server.say("/watch 哪个旗水稻种植面积最大", chat_id=GROUP, user_id=ADMIN)
    assert "没法关注" in counting.text


async def test_standing_questions_are_exported_imported_and_forgotten_with_the_rest(
    server: StandIn,
    bot: Bot,
    tmp_path: Path,
) -> None:
    chat = 3300
    await server.say("关注库伦旗水稻种植面积", chat_id=chat)
    await server.say("/export", chat_id=chat)
    _, data = server.documents[-1]
    assert json.loads(data)["standing"] == [{"question": "库伦旗水稻种植面积", "regions": ["150524"]}]
    (ask,) = await server.say("/forget", chat_id=chat)
    await server.press(ask, "全部删除")
    engine = open_chats(f"sqlite:///{tmp_path / 'home' / 'chats.db'}")
    assert (StandingQuestionStore(engine).of_chat(chat), SubscriptionStore(engine).get(chat)) == ([], None)
    (back,) = await server.send_file("yunwen.json", data, chat_id=chat)
    assert "关注的问题 1 个" in back.text
    (privacy,) = await server.say("/privacy", chat_id=chat)
    assert "关注的问题" in privacy.text
    assert "👎" in privacy.text


@pytest.mark.soak
async def test_kills_floods_blocks_and_lost_answers_lose_no_answer_to_a_standing_question(
    server: StandIn,
    seeded: Path,
    tmp_path: Path,
) -> None:
    chats, n_kills, chance = range(1000, 1120), 3, random.Random(7)
    shutil.copytree(seeded, tmp_path / "home")
    questions = StandingQuestionStore(open_chats(f"sqlite:///{tmp_path / 'home' / 'chats.db'}"))
    now = datetime.now(UTC)
    for chat_id in chats:
        questions.put(chat_id, StandingQuery("库伦旗玉米种植面积", ("150524",)), now, now)
    publish(tmp_path, "a.txt", PAGE.format(day="2022-07-02", place="库伦旗", what="玉米", n=70))
    dropped: list[int] = []

    def chaos(chat_id: int) -> str | None:
        if chat_id % 40 == 0:
            return "forbidden"
        number = chance.random()
        if number < 0.03:
            return "flood"
        if number < 0.06:
            dropped.append(chat_id)
            return "drop"
        return None

    server.chaos = chaos
    senders = Senders(server, tmp_path)
    for _ in range(n_kills):
        process, n_before = senders.start(), len(server.sent)
        await senders.kill_after(process, n_before + 20)
    process = senders.start()
    output, _ = await asyncio.to_thread(process.communicate, timeout=HANG_SECONDS)
    assert process.returncode == 0
    received = Counter(each.chat_id for each in server.sent)
    reachable = [chat_id for chat_id in chats if chat_id % 40]
    doubles = sum(n - 1 for n in received.values())
    print(
        f"{len(reachable)} chats, {len(dropped)} answers lost, {doubles} doubles, last: {output.decode().strip()}"
    )
    assert sorted(received) == reachable
    assert doubles <= len(dropped) + n_kills
    assert "Traceback" not in senders.log.read_text(encoding="utf-8")
