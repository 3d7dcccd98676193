"""The bot as a process against a Bot API that judges by Telegram's own parser and documents, on two days, in each language."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from phrases import SAID
from processes import start
from running_bot import COMMAND, QUESTION, environment
from waiting import HANG_SECONDS

from bot.languages import Language, texts_of

pytestmark = pytest.mark.soak
DAYS = [("2022-06-30", False, True), ("2026-11-24", True, False)]
"""The day of the newest issue, and years later: whether it is later, and whether rich messages are sent."""
PEOPLE = {language: 1000 + 10 * number for number, language in enumerate(Language)}
GROUP = -100700
_UNSEEN = {"getUpdates", "sendChatAction", "getMe", "getChatMember", "setMyCommands", "deleteMyCommands"}
_DRIVE = """
import asyncio, sys
sys.path.insert(0, sys.argv.pop(1))
import tgplus
limit, make = float(sys.argv.pop(1)), tgplus.H.__init__
def patient(lab, *given, **named):
    make(lab, *given, **{**named, "ready_timeout": limit, "timeout": limit})
async def greeted(lab, id, **named):
    mark = len(lab.sim.transcript)
    lab.sim.group(id, **named)
    await lab._after(mark, id)
tgplus.H.__init__, tgplus.H.group = patient, greeted
asyncio.run(tgplus.main())
"""
"""The driver, as patient as these tests are; who makes a group waits until the bot has greeted there."""


class Talk:
    """What a person says in a language, and what has to come."""

    def __init__(self, language: Language, *, is_later: bool) -> None:
        self.words, self.texts, self.ann = SAID[language], texts_of(language), PEOPLE[language]
        newest = "30 June 2022" if language is Language.ENGLISH else "2022年6月30日"
        self.newest = newest if is_later else ""
        self.group = {"chat": GROUP - self.ann, "user": self.ann}
        self.steps: list[dict[str, Any]] = [{"lang": str(language), "user": self.ann}]

    def say(self, text: str, wanted: str = "", **where: object) -> None:
        said = {"say": self.words.get(text, text), "user": self.ann, **where}
        self.steps += [
            said,
            {"expect": {"text": wanted or [], "no_text": ["抱歉，刚才", "Sorry, something"]}},
        ]

    def press(self, label: str, **expected: object) -> None:
        self.steps += [{"press": label, "user": self.ann}, {"expect": expected}]

    def go(self) -> list[dict[str, Any]]:
        """Return the steps of all of it."""
        texts = self.texts
        self.say("/start")
        self.say("news", self.newest)
        self.say("place", "通辽市")
        self.say("more")
        self.say("who", "薛一群")
        self.say("topic")
        self.say(QUESTION, "3万余亩")
        self.press(texts.full_button, text="薛一群")
        self.press(texts.full_button, alert=texts.full_stands_above)
        self.say("thanks", texts.said_thanks)
        self.say("follow-up", "库伦旗")
        self.say("sure", "2022")
        self.say("wrong", "奈曼旗")
        self.say("meant", "3万余亩")
        self.say("not right", texts.said_wrong)
        self.press(texts.why_figure_button, alert=texts.verdict_thanks)
        self.say("unclear", texts.said_unclear)
        self.say("sum")
        self.say("lines", "3万余亩")
        self.say("subscribe", "通辽市")
        self.say("digest")
        self.press(texts.my_subscriptions_button, text="通辽市")
        self.say("weekly", "9:00")
        self.say("subscriptions", "通辽市")
        for command in ("/hour", "/quiet", "/zone", "/place 通辽市"):
            self.say(command)
        chat, bob = self.group["chat"], self.ann + 1
        self.steps += [{"group": {"id": chat, "members": [bob, self.ann], "admins": [bob]}}]
        self.say(f"/ask {QUESTION}", "3万余亩", **self.group)
        self.steps += [{"press": "👍👎", **self.group}]
        # a group speaks the language of its settings, whoever asks
        thanked = texts_of(Language.SIMPLIFIED).said_thanks
        self.say(f"@sim_bot {self.words['thanks']}", thanked, **self.group)
        return self.steps


@pytest.mark.parametrize(("day", "is_later", "is_rich"), DAYS)
def test_people_talk_without_a_violation_one_call_a_question_and_two_a_press(
    shared: Path, seeded: Path, tmp_path: Path, day: str, is_later: bool, is_rich: bool
) -> None:
    driver = shared / "tools" / "telegram" / "tgplus.py"
    if not driver.exists() or shutil.which("faketime") is None:
        pytest.skip("the strict Bot API or faketime is not here")
    pytest.importorskip("tdjson")
    shutil.copytree(seeded, tmp_path / "home")
    people = [{"member": list(PEOPLE.values())}]
    steps = people + [step for language in Language for step in Talk(language, is_later=is_later).go()]
    report = play(driver.parent, tmp_path, steps, day, RICH_MESSAGES=str(is_rich))
    assert (report["failed"], report["error"]) == ([], None)
    summary = report["summary"]
    assert (summary["violations"], summary["refused"], summary["unanswered_callbacks"]) == ([], {}, [])
    assert report["bot"]["tracebacks"] == 0
    assert summary["calls"].get("deleteEphemeralMessage", 0) == is_rich  # it is asked once
    assert ("sendRichMessage" in summary["calls"]) == is_rich
    for step in report["steps"]:
        calls = [each for each in step["calls"] if each not in _UNSEEN]
        allowed = {"say": 1, "press": 2}
        assert all(len(calls) <= n for act, n in allowed.items() if act in step["step"]), step


def play(
    tools: Path, folder: Path, steps: Sequence[dict[str, Any]], day: str, **settings: str
) -> dict[str, Any]:
    """Return what came of a scenario that the bot was driven through, at noon of a day in China."""
    scenario, out = folder / "scenario.json", folder / "out.json"
    scenario.write_text(json.dumps(steps, ensure_ascii=False), encoding="utf-8")
    command = f"faketime -f '@{day} 04:00:00' {' '.join(COMMAND)} bot"
    arguments = [sys.executable, "-c", _DRIVE, str(tools), str(HANG_SECONDS)]
    arguments += [str(scenario), str(out), str(folder / "home"), "--cmd", command]
    env = environment(folder, TZ="UTC", **settings)
    process = start(arguments, env=env, stdout=subprocess.PIPE, encoding="utf-8")
    process.communicate(timeout=10 * HANG_SECONDS)
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report
