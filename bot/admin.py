"""Handlers for an operator's pages: a file sent in chat, looked at, taken in or thrown away; removing, reading again.

Files wait in `uploads/pending` of the bot's home until a button decides; those taken in lie in `uploads`, whose
pages are in the database. Names come from people: only their harmless characters are kept.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from telegram import Document, Message, Update

from bot.context import Context
from bot.errors import BotError
from bot.locking import IngestRuns
from bot.questions import send_to
from bot.replies import Button, Reply
from bot.watching import Ingest
from retrieval import PAGE_SUFFIXES, Page, ReadingError, Report, RetrievalError, Skipped, read_pages

_log = logging.getLogger(__name__)

MAX_UPLOAD_BYTES = 20_000_000
"""What a bot may fetch from Telegram."""
_ODDITIES = 8
_UNSAFE = re.compile(r"[^\w.\-]+")
_TOKEN = re.compile(r"[0-9a-f]{12}")

NOT_ADMIN = "只有管理员能上传或删除版面。"
BUSY = "正在收录别的内容，请稍后再按一次。"
FAILED = "没有办成，什么都没有改变，可以再试一次。"
EXPIRED = "这个文件已经处理过了，或者已经过期。请重新发送。"
DISCARDED = "已放弃，没有收录。"
WHICH_PAGE = "请写文件名，如 /remove 20220630.txt。已收录的：\n"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where uploads lie and how they are taken in."""

    admins: frozenset[int]
    folder: Path
    watched: tuple[Path, ...]
    ingest: Ingest

    @property
    def pending(self) -> Path:
        """Where files wait for a decision; its name hides it from the ingest."""
        return self.folder / ".pending"

    def is_admin(self, update: Update) -> bool:
        """Whether the numeric id of whoever did this is an admin's."""
        return update.effective_user is not None and update.effective_user.id in self.admins


def safe_name(name: str | None) -> str:
    """A file name of harmless characters that leads nowhere else."""
    bare = _UNSAFE.sub("_", (name or "").replace("\\", "/").rpartition("/")[2]).lstrip(".")
    return bare[-100:] or "page.txt"


async def receive_page(update: Update, context: Context) -> None:
    """Look at a file and ask what to do with it. Size and kind are checked before it is fetched."""
    message, desk = await _admins_message(update, context), context.services.desk
    if message is None or message.document is None:
        return
    problem = _refusal(message.document)
    if problem:
        await send_to(message, Reply(problem))
        return
    token = secrets.token_hex(6)
    path = desk.pending / token / safe_name(message.document.file_name)
    await asyncio.to_thread(path.parent.mkdir, parents=True)
    file = await message.document.get_file()
    await file.download_to_drive(path)
    await send_to(message, await asyncio.to_thread(_preview, context, path, token))


def _refusal(document: Document) -> str | None:
    name = safe_name(document.file_name)
    if Path(name).suffix.lower() not in PAGE_SUFFIXES:
        return "只收这些格式：" + " ".join(sorted(PAGE_SUFFIXES))
    if (document.file_size or 0) > MAX_UPLOAD_BYTES:
        return f"文件超过 {MAX_UPLOAD_BYTES // 1_000_000} MB，请分开发送。"
    return None


def _preview(context: Context, path: Path, token: str) -> Reply:
    try:
        found = list(read_pages(path))
    except ReadingError as error:
        shutil.rmtree(path.parent, ignore_errors=True)
        return Reply(f"读不了这个文件：{error.reason}", is_html=False)
    articles = [article for page in found if isinstance(page, Page) for article in page.articles]
    if not articles:
        shutil.rmtree(path.parent, ignore_errors=True)
        return Reply("这个文件里没有读到文章。")
    places = Counter(filter(None, (context.services.library.primary_name(each) for each in articles)))
    days = Counter(each.date.isoformat() if each.date else "日期不详" for each in articles)
    lines = [
        f"<b>{escape(path.name)}</b>：{len(articles)} 篇",
        "日期：" + "、".join(f"{day}（{n}）" for day, n in days.most_common(5)),
        "地方：" + ("、".join(f"{escape(name)}（{n}）" for name, n in places.most_common(10)) or "没认出"),
        *(f"· {escape(each.title)}" for each in articles[:5]),
        *_oddities(found, articles_without_place=len(articles) - sum(places.values())),
    ]
    (desk := context.services.desk).folder.mkdir(parents=True, exist_ok=True)
    if (desk.folder / path.name).exists():
        lines.append("同名的版面已经有了，收录会换掉它。")
    return Reply("\n".join(lines), ((Button("收录", f"take:{token}"), Button("放弃", f"drop:{token}")),))


def _oddities(found: Sequence[Page | Skipped], articles_without_place: int) -> list[str]:
    skipped = [each for each in found if isinstance(each, Skipped)]
    skipped += [each for page in found if isinstance(page, Page) for each in page.skipped]
    lines = [
        f"⚠ {escape(each.path.name)} 第 {each.line} 行：{escape(each.reason)}" for each in skipped[:_ODDITIES]
    ]
    if len(skipped) > _ODDITIES:
        lines.append(f"⚠ 还有 {len(skipped) - _ODDITIES} 处读不了")
    if articles_without_place:
        lines.append(f"⚠ {articles_without_place} 篇没认出是哪里的")
    return lines


async def decide(update: Update, context: Context) -> None:
    """Take a waiting file in, or throw it away."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return
    message, desk = query.message, context.services.desk
    if not desk.is_admin(update):
        await query.answer(NOT_ADMIN)
        return
    await query.answer()
    action, _, token = (query.data or "").partition(":")
    waiting = next(iter((desk.pending / token).glob("*")), None) if _TOKEN.fullmatch(token) else None
    if waiting is None:
        await send_to(message, Reply(EXPIRED))
    elif action == "drop":
        await asyncio.to_thread(shutil.rmtree, waiting.parent)
        await send_to(message, Reply(DISCARDED))
    else:
        await send_to(message, await asyncio.to_thread(_take, desk, waiting))


def _take(desk: Desk, waiting: Path) -> Reply:
    target = desk.folder / waiting.name
    before = target.read_bytes() if target.exists() else None
    waiting.replace(target)
    try:
        report = desk.ingest([desk.folder])
    except (BotError, RetrievalError) as error:
        target.replace(waiting)  # it waits on, as if the button had not been pressed
        if before is not None:
            target.write_bytes(before)
        return _failed(error)
    shutil.rmtree(waiting.parent, ignore_errors=True)
    return Reply(_told(report))


async def remove(update: Update, context: Context) -> None:
    """Remove an uploaded page with all its articles."""
    message, desk = await _admins_message(update, context), context.services.desk
    if message is None:
        return
    name = (message.text or "").partition(" ")[2].strip()
    await send_to(message, await asyncio.to_thread(_remove, desk, name))


def _remove(desk: Desk, name: str) -> Reply:
    path = desk.folder / safe_name(name)
    if not name or not path.is_file():
        names = sorted(each.name for each in desk.folder.glob("*") if each.is_file())
        return Reply(escape(WHICH_PAGE + ("\n".join(names[-30:]) or "（还没有）")))
    aside = desk.pending / secrets.token_hex(6) / path.name
    aside.parent.mkdir(parents=True)
    path.replace(aside)
    try:
        report = desk.ingest([desk.folder])
    except (BotError, RetrievalError) as error:
        aside.replace(path)  # as if nothing had been asked
        return _failed(error)
    shutil.rmtree(aside.parent, ignore_errors=True)
    return Reply(_told(report))


async def reread(update: Update, context: Context) -> None:
    """Read the uploads and the watched folders again; what is unchanged costs a hash."""
    message, desk = await _admins_message(update, context), context.services.desk
    if message is None:
        return
    try:
        report = await asyncio.to_thread(desk.ingest, [desk.folder, *desk.watched])
    except (BotError, RetrievalError) as error:
        await send_to(message, _failed(error))
    else:
        await send_to(message, Reply(_told(report)))


async def _admins_message(update: Update, context: Context) -> Message | None:
    """The message, if it is an admin's; anyone else is told that it takes one."""
    message = update.effective_message
    if message is not None and not context.services.desk.is_admin(update):
        await send_to(message, Reply(NOT_ADMIN))
        return None
    return message


def _failed(error: Exception) -> Reply:
    """What an admin is told of an ingest that failed; the log has the trace."""
    if isinstance(error, IngestRuns):
        return Reply(BUSY)
    code = secrets.token_hex(3)
    _log.error("error %s: an admin's ingest failed", code, exc_info=error)
    return Reply(f"{FAILED}（编号 {code}）")


def _told(report: Report) -> str:
    told = f"好了：新 {report.new} 版，换 {report.changed} 版，删 {report.removed} 版，不变 {report.unchanged} 版；"
    told += f"共 {report.articles} 篇。"
    skipped = [f"⚠ {escape(each.path.name)}：{escape(each.reason)}" for each in report.skipped[:_ODDITIES]]
    return "\n".join([told, *skipped])
