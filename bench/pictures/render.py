"""Take pictures of the bot as a phone shows it: a real bot over the stand-in Bot API, its messages drawn at 390 px.

    python -m bench.pictures.render [--out docs/pictures] [--only NAME ...]

Needs Chromium (/usr/bin/chromium, or CHROMIUM) and fonts for Chinese and emoji: apt-get install chromium
fonts-noto-cjk fonts-noto-color-emoji. The page that is answered from is made
up (page.txt) and gets the day on which this runs; it is beside the seed page, with pages of four years (years.txt). For
each scene there is a light and a dark picture, and what it says as a text; how many screens of 844 px a digest takes is
printed.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import os
import re
import sys
import tempfile
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, async_playwright

ROOT = Path(__file__).parent.parent.parent
sys.path.append(str(ROOT / "tests" / "support"))

from running_bot import Bot, yunwen  # noqa: E402
from stand_in import Sent, StandIn  # noqa: E402

_PAGE = Path(__file__).with_name("page.txt")
_YEARS = Path(__file__).with_name("years.txt")
"""Pages of several years, each of which begins with its date."""
_WIDTH, _HEIGHT, _SCALE = 390, 844, 2
_BARS = 150
"""Pixels of a phone's screen that the conversation does not have."""
_MODELS = {"EMBEDDING_MODEL": "multilingual-e5-small", "RERANKER_MODEL": "judge-6"}
_STYLE = """
:root { --back: #d5e0c9; --mine: #e1fec6; --theirs: #fff; --text: #111; --link: #2678b6; --quote: #eaf3fb;
  --key: rgba(60,100,60,.42); --dim: #6b7280; --line: #4a90d9 }
:root.dark { --back: #0e1621; --mine: #2b5278; --theirs: #182533; --text: #f1f3f5; --link: #6ab3f3; --quote: #1d3347;
  --key: rgba(90,120,150,.35); --dim: #8b98a5; --line: #4a90d9 }
* { box-sizing: border-box }
body { margin: 0; width: 390px; padding: 8px; background: var(--back); color: var(--text);
  font: 16px/1.38 "Noto Sans CJK SC", "Noto Color Emoji", sans-serif }
.row { display: flex; flex-direction: column; align-items: flex-start; margin: 5px 0 }
.row.mine { align-items: flex-end }
.bubble { max-width: 338px; background: var(--theirs); border-radius: 14px; padding: 7px 11px; overflow-wrap: anywhere }
.mine .bubble { background: var(--mine) }
.keys { width: 338px; margin-top: 3px } .keys div { display: flex; gap: 3px; margin-bottom: 3px }
.keys span { flex: 1 1 0; min-width: 0; text-align: center; background: var(--key); color: #fff; border-radius: 8px;
  padding: 9px 4px; font-size: 14px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
img { max-width: 100%; border-radius: 8px }
a { color: var(--link); text-decoration: none }
blockquote { margin: 3px 0; padding: 4px 24px 4px 9px; border-left: 3px solid var(--line); background: var(--quote);
  border-radius: 5px; font-size: 15px; position: relative }
blockquote.folded { max-height: 72px; overflow: hidden }
blockquote.folded::after { content: "⌄"; position: absolute; right: 7px; bottom: 1px; color: var(--line) }
.press { align-self: center; font-size: 12px; color: #fff; background: var(--key); border-radius: 10px; padding: 2px 9px }
.who { font-size: 13px; color: var(--link) } .reply { border-left: 2px solid var(--line); padding-left: 6px;
  font-size: 13px; color: var(--dim); white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
"""


@dataclass
class Chat:
    """A conversation as it happens, to be drawn afterwards."""

    server: StandIn
    id: int
    lines: list[str] = field(default_factory=list)
    shown: dict[int, int] = field(default_factory=dict)
    """Where each of the bot's messages stands among the lines."""

    async def say(self, text: str, who: int | None = None, name: str = "", **more: Any) -> Sent:
        """Write, and draw what comes back. Return the last message."""
        asked = f'<div class="who">{html.escape(name)}</div>' if name else ""
        before = more.get("reply_to")
        asked += _replied_to(before.text.partition("\n")[0]) if before else ""
        self.lines.append(f'<div class="row mine"><div class="bubble">{asked}{html.escape(text)}</div></div>')
        replies = await self.server.say(text, chat_id=self.id, user_id=who, **more)
        for each in replies:
            self.draw(each, f"{name}: {text}" if name else text)
        return replies[-1]

    async def press(self, message: Sent, label: str) -> Sent:
        """Press a button, and draw what comes of it."""
        replies = await self.server.press(message, label)
        if replies[-1].id not in self.shown:
            self.lines.append(f'<div class="row"><div class="press">👆 {html.escape(label)}</div></div>')
        for each in replies:
            self.draw(each)
        return replies[-1]

    def draw(self, sent: Sent, asked: str = "") -> None:
        """Draw a message of the bot's, in its old place where it was changed; `asked` is what it may reply to."""
        body = sent.html if sent.html else html.escape(sent.text)
        if sent.file.startswith(b"\x89PNG"):
            body = f'<img src="data:image/png;base64,{b64encode(sent.file).decode()}"><br>{body}'
        body = body.replace("<blockquote expandable>", '<blockquote class="folded">').replace("\n", "<br>")
        body = re.sub(r"<br>(<blockquote)|(</blockquote>)<br>", r"\1\2", body)
        reply = _replied_to(asked) if sent.reply_to else ""
        rows = (sent.markup or {}).get("inline_keyboard", [])
        keys = "".join(
            "<div>" + "".join(f"<span>{html.escape(key['text'])}</span>" for key in row) + "</div>"
            for row in rows
        )
        keys = f'<div class="keys">{keys}</div>' if keys else ""
        line = f'<div class="row"><div class="bubble" id="m{sent.id}">{reply}{body}</div>{keys}</div>'
        if sent.id in self.shown:
            self.lines[self.shown[sent.id]] = line
        else:
            self.shown[sent.id] = len(self.lines)
            self.lines.append(line)


def _replied_to(text: str) -> str:
    """The line above a message that replies to another."""
    return f'<div class="reply">{html.escape(text)}</div>'


async def _start(chat: Chat) -> None:
    await chat.say("/start")


async def _question(chat: Chat) -> None:
    await chat.say("库伦旗水稻种植面积")
    await chat.say("那奈曼旗呢")


async def _near(chat: Chat) -> None:
    near = await chat.say("奈曼旗水稻种植面积")
    opened = await chat.press(near, "👍👎")
    await chat.press(opened, "👎")


async def _which_place(chat: Chat) -> None:
    await chat.say("朝阳区财政收入")


async def _digest(chat: Chat) -> None:
    await chat.server.say("/subscribe 通辽市", chat_id=chat.id)
    await chat.server.say("/subscribe 库伦旗", chat_id=chat.id)
    await chat.say("/digest")


async def _subscribing(chat: Chat) -> None:
    menu = await chat.say("/subscribe")
    city = await chat.press(menu, next(label for label in menu.buttons if label.startswith("通辽市")))
    await chat.press(city, "订阅通辽市（含下属）")
    await chat.say("/zone")


async def _group(chat: Chat) -> None:
    answer = await chat.say("@yunwen_bot 奈曼旗西瓜亩产多少", who=71, name="其其格")
    await chat.say("那开鲁县红干椒呢", who=72, name="老王", reply_to=answer)


async def _courses(chat: Chat) -> None:
    answer = await chat.say("库伦旗肉牛存栏")
    await chat.press(answer, "📈 历次数字")


async def _story(chat: Chat) -> None:
    await chat.say("青龙湾水库后来怎么样了")


async def _month(chat: Chat) -> None:
    await chat.say("/month 通辽市")


SEED_ALONE = ("question", "near", "which_place")
"""Scenes that are answered from the seed page alone."""
SCENES: dict[str, tuple[int, Callable[[Chat], Awaitable[None]]]] = {
    "start": (9001, _start),
    "question": (9002, _question),
    "near": (9003, _near),
    "which_place": (9004, _which_place),
    "digest": (9005, _digest),
    "subscribing": (9006, _subscribing),
    "group": (-9007, _group),
    "timeline": (9008, _courses),
    "story": (9009, _story),
    "month": (9010, _month),
}


async def _draw(browser: Browser, name: str, chat: Chat, out: Path) -> None:
    for scheme in ("light", "dark"):
        context = await browser.new_context(
            viewport={"width": _WIDTH, "height": 200}, device_scale_factor=_SCALE
        )
        page = await context.new_page()
        head = f'<meta charset="utf-8"><style>{_STYLE}</style>'
        await page.set_content(f'<html class="{scheme}">{head}<body>{"".join(chat.lines)}</body></html>')
        if name == "digest" and scheme == "light":
            height = await page.evaluate(
                "Math.max(...[...document.querySelectorAll('.row')].map(e => e.offsetHeight))"
            )
            print(json.dumps({"digest_px": height, "screens": round(height / (_HEIGHT - _BARS), 2)}))
        shot = await page.screenshot(full_page=True)
        small = Image.open(BytesIO(shot)).convert("RGB").quantize(128)
        if scheme == "light":
            text = await page.evaluate("document.body.innerText")
            (out / f"{name}.txt").write_text(text.strip() + "\n", encoding="utf-8")
        small.save(out / f"{name}-{scheme}.png", optimize=True)
        await context.close()


async def _play(names: list[str], models: dict[str, str], *, with_page: bool) -> dict[str, Chat]:
    """Return the conversations of some scenes, had with a bot of their own."""
    chats: dict[str, Chat] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pages = folder / "pages"
        pages.mkdir()
        if with_page:
            today = datetime.now().astimezone().date()
            (pages / "page.txt").write_text(
                _PAGE.read_text(encoding="utf-8").format(day=today), encoding="utf-8"
            )
            for n, text in enumerate(_YEARS.read_text(encoding="utf-8").split("date: ")[1:]):
                (pages / f"years-{n}.txt").write_text(f"date: {text}", encoding="utf-8")
        settings = models | {"YUNWEN_CACHE": os.environ.get("YUNWEN_CACHE", str(folder / "cache"))}
        await asyncio.to_thread(yunwen, folder, "ingest", "seeds", str(pages), **settings)
        server = StandIn(languages={chat_id: "zh-hans" for chat_id, _ in SCENES.values()})
        await server.start()
        bot = Bot(server, folder, **settings)
        bot.start()
        try:
            for name in names:
                chat_id, act = SCENES[name]
                chats[name] = Chat(server, chat_id)
                await act(chats[name])
        finally:
            await bot.stop()
            await server.stop()
    return chats


async def _run(out: Path, names: list[str], models: dict[str, str]) -> None:
    chats: dict[str, Chat] = {}
    for with_page in (False, True):
        some = [name for name in names if (name not in SEED_ALONE) is with_page]
        chats |= await _play(some, models, with_page=with_page) if some else {}
    async with async_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, chat in chats.items():
            await _draw(browser, name, chat, out)
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--only", nargs="*", choices=list(SCENES), default=list(SCENES))
    parser.add_argument("--hashing", action="store_true", help="answer without the models")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    asyncio.run(_run(options.out, options.only, {} if options.hashing else _MODELS))


if __name__ == "__main__":
    main()
