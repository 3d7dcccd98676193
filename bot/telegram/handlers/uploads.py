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
from datetime import timedelta
from html import escape
from pathlib import Path

from telegram import Document, Message, Update
from telegram.ext import filters

from bot.errors import BotError
from bot.ingest.lock import IngestRuns
from bot.ingest.uploads import Uploads, safe_name
from bot.ingest.watchers import Ingest
from bot.languages import Texts
from bot.messages.reading_problems import say_problem
from bot.messages.reply import Button, Reply
from bot.messages.splitting import shorten
from bot.telegram.client.files import FileNotGiven, FileTooLarge, fetch_document
from bot.telegram.client.sending import argument_of, edit, send_to
from bot.telegram.context import Context, sender_id
from bot.telegram.handlers.callbacks import acknowledge
from bot.telegram.registration import Handlers
from retrieval import (
    PAGE_SUFFIXES,
    Page,
    ReadingError,
    Report,
    RetrievalError,
    Skipped,
    read_pages,
    sidecar_path,
    today_at_home,
)

_log = logging.getLogger(__name__)

MAX_UPLOAD_BYTES = 20_000_000
"""What a bot may fetch from Telegram."""
_ODDITIES = 8
_TITLE_UNITS = 80
_DAYS_OFFERED = 3
"""Days to choose from for a page that does not say its own."""
_TOKEN, _DAY = re.compile(r"[0-9a-f]{12}"), re.compile(r"20\d\d-[01]\d-[0-3]\d")


async def receive_page(update: Update, context: Context) -> None:
    """Look at a file and ask what to do with it. Size and kind are checked before it is fetched."""
    message, uploads = await _admins_message(update, context), context.services.uploads
    if message is None or message.document is None:
        return
    problem = _refusal(message.document, context.texts)
    if problem:
        await send_to(message, Reply(problem))
        return
    try:
        data = await fetch_document(message.document, MAX_UPLOAD_BYTES)
    except FileTooLarge:
        await send_to(message, Reply(context.texts.upload_too_large.format(n=MAX_UPLOAD_BYTES // 1_000_000)))
        return
    except FileNotGiven:
        await send_to(message, Reply(context.texts.file_not_given))
        return
    token = secrets.token_hex(6)
    name, now = safe_name(message.document.file_name), context.services.clock()
    path = await asyncio.to_thread(uploads.keep_waiting, token, name, data, now)
    await send_to(message, await context.run_slowly(_preview, context, path, token))


def _refusal(document: Document, texts: Texts) -> str | None:
    if Path(safe_name(document.file_name)).suffix.lower() not in PAGE_SUFFIXES:
        return texts.only_formats.format(formats=" ".join(sorted(PAGE_SUFFIXES)))
    return None


def _preview(context: Context, path: Path, token: str) -> Reply:
    texts = context.texts
    try:
        found = list(read_pages(path, context.services.uploads.limits))
    except ReadingError as error:
        shutil.rmtree(path.parent, ignore_errors=True)
        return Reply(texts.upload_unread.format(reason=say_problem(error.reason, texts)), is_html=False)
    articles = [article for page in found if isinstance(page, Page) for article in page.articles]
    if not articles:
        shutil.rmtree(path.parent, ignore_errors=True)
        return Reply(texts.upload_empty)
    places = Counter(filter(None, (context.services.library.primary_name(each) for each in articles)))
    days = Counter(each.date.isoformat() if each.date else texts.date_unknown for each in articles)
    lines = [
        texts.upload_articles.format(name=escape(path.name), n=len(articles)),
        texts.upload_dates.format(dates=_counted(days, 5, texts)),
        texts.upload_places.format(places=_counted(places, 10, texts) or texts.place_unrecognised),
        *(f"· {escape(shorten(each.title, _TITLE_UNITS))}" for each in articles[:5]),
        *_oddities(found, len(articles) - sum(places.values()), texts),
    ]
    (uploads := context.services.uploads).folder.mkdir(parents=True, exist_ok=True)
    if (uploads.folder / path.name).exists():
        lines.append(texts.upload_replaces)
    rows: list[tuple[Button, ...]] = [
        (Button(texts.take_button, f"take:{token}"), Button(texts.discard_button, f"drop:{token}"))
    ]
    if any(each.date is None for each in articles):
        lines += ["", texts.ask_page_date]
        offered = [today_at_home() - timedelta(days=n) for n in range(_DAYS_OFFERED)]
        rows.insert(0, tuple(Button(texts.say_short_day(day), f"take:{token}:{day}") for day in offered))
    return Reply("\n".join(lines), tuple(rows))


def _counted(counter: Counter[str], most: int, texts: Texts) -> str:
    return texts.list_comma.join(
        texts.counted.format(name=escape(name), n=n) for name, n in counter.most_common(most)
    )


def _oddities(found: Sequence[Page | Skipped], n_without_place: int, texts: Texts) -> list[str]:
    skipped = [each for each in found if isinstance(each, Skipped)]
    skipped += [each for page in found if isinstance(page, Page) for each in page.skipped]
    lines = [_oddity(each, texts) for each in skipped[:_ODDITIES]]
    if len(skipped) > _ODDITIES:
        lines.append(texts.odd_more.format(n=len(skipped) - _ODDITIES))
    if n_without_place:
        lines.append(texts.odd_no_place.format(n=n_without_place))
    return lines


def _oddity(each: Skipped, texts: Texts) -> str:
    name = escape(shorten(each.path.name, _TITLE_UNITS))
    reason = escape(say_problem(each.reason, texts))
    if each.line is None:
        return texts.odd_file.format(name=name, reason=reason)
    return texts.odd_line.format(name=name, line=each.line, reason=reason)


async def decide(update: Update, context: Context) -> None:
    """Take a waiting file in, or throw it away."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return
    message, uploads = query.message, context.services.uploads
    if not uploads.is_admin(sender_id(update)):
        await acknowledge(query, context.texts.only_operators)
        return
    if uploads.ingest is None:
        await acknowledge(query, context.texts.ingested_elsewhere)
        return
    action, _, rest = (query.data or "").partition(":")
    await acknowledge(query, context.texts.ingesting if action == "take" else None)
    token, _, day = rest.partition(":")
    waiting = next(iter((uploads.pending / token).glob("*")), None) if _TOKEN.fullmatch(token) else None
    if waiting is None or (day and not _DAY.fullmatch(day)):
        await send_to(message, Reply(context.texts.upload_expired))
        return
    if action == "drop":
        await asyncio.to_thread(shutil.rmtree, waiting.parent)
        told, is_done = context.texts.upload_discarded, True
    else:
        told, is_done = await context.run_slowly(_take, uploads, uploads.ingest, waiting, day, context.texts)
    if is_done:  # the preview stays, its buttons go
        await edit(message, Reply(f"{escape(message.text or '')}\n\n{told}"))
    else:
        await send_to(message, Reply(told))


def _take(uploads: Uploads, ingest: Ingest, waiting: Path, day: str, texts: Texts) -> tuple[str, bool]:
    """Take a waiting file in, of the day that was chosen, if one was. Return what became of it, and whether it is done."""
    target = uploads.folder / waiting.name
    beside = sidecar_path(target)
    before = {path: path.read_bytes() if path.exists() else None for path in (target, beside)}
    waiting.replace(target)
    if day:
        beside.write_text(f"date = {day}\n", encoding="utf-8")
    try:
        report = ingest([uploads.folder])
    except (BotError, RetrievalError) as error:
        target.replace(waiting)  # it waits on, as if the button had not been pressed
        for path, content in before.items():
            if content is not None:
                path.write_bytes(content)
            else:
                path.unlink(missing_ok=True)
        return _failed(error, texts), False
    shutil.rmtree(waiting.parent, ignore_errors=True)
    return _told(report, texts), True


async def remove(update: Update, context: Context) -> None:
    """Remove an uploaded page with all its articles."""
    message, uploads = await _admins_message(update, context), context.services.uploads
    if message is None or uploads.ingest is None:
        return
    name = argument_of(message)
    await send_to(message, await context.run_slowly(_remove, uploads, uploads.ingest, name, context.texts))


def _remove(uploads: Uploads, ingest: Ingest, name: str, texts: Texts) -> Reply:
    path = uploads.folder / safe_name(name)
    if not name or not path.is_file():
        pages = (each for each in uploads.folder.glob("*") if each.is_file())
        names = sorted(each.name for each in pages if each.suffix.lower() in PAGE_SUFFIXES)
        return Reply(texts.remove_which.format(names=escape("\n".join(names[-30:])) or texts.none_yet))
    aside = uploads.pending / secrets.token_hex(6) / path.name
    aside.parent.mkdir(parents=True)
    path.replace(aside)
    try:
        report = ingest([uploads.folder])
    except (BotError, RetrievalError) as error:
        aside.replace(path)  # as if nothing had been asked
        return Reply(_failed(error, texts))
    sidecar_path(path).unlink(missing_ok=True)
    shutil.rmtree(aside.parent, ignore_errors=True)
    return Reply(_told(report, texts))


async def reread(update: Update, context: Context) -> None:
    """Read the uploads and the watched folders again; what is unchanged costs a hash."""
    message, uploads = await _admins_message(update, context), context.services.uploads
    if message is None or uploads.ingest is None:
        return
    try:
        report = await context.run_slowly(uploads.ingest, [uploads.folder, *uploads.watched])
    except (BotError, RetrievalError) as error:
        await send_to(message, Reply(_failed(error, context.texts)))
    else:
        await send_to(message, Reply(_told(report, context.texts)))


async def _admins_message(update: Update, context: Context) -> Message | None:
    """The message, if it is an admin's and pages are taken in here; else it is told why nothing comes of it."""
    message, uploads = update.effective_message, context.services.uploads
    if message is None:
        return None
    if not uploads.is_admin(sender_id(update)):
        await send_to(message, Reply(context.texts.only_operators))
        return None
    if uploads.ingest is None:
        await send_to(message, Reply(context.texts.ingested_elsewhere))
        return None
    return message


def _failed(error: Exception, texts: Texts) -> str:
    """What an admin is told of an ingest that failed; the log has the trace."""
    if isinstance(error, IngestRuns):
        return texts.ingest_busy
    code = secrets.token_hex(3)
    _log.error("error %s: an admin's ingest failed", code, exc_info=error)
    return texts.ingest_failed.format(code=code)


def _told(report: Report, texts: Texts) -> str:
    told = texts.ingested.format(
        new=report.new,
        changed=report.changed,
        removed=report.removed,
        unchanged=report.unchanged,
        articles=report.articles,
    )
    return "\n".join([told, *(_oddity(each, texts) for each in report.skipped[:_ODDITIES])])


HANDLERS = Handlers(
    commands={"remove": remove, "reread": reread},
    buttons={"take": decide, "drop": decide},
    messages=((filters.Document.ALL & ~filters.ANIMATION & filters.ChatType.PRIVATE, receive_page),),
)
