"""Whether everything is as it should be: each finding says ok, warning or broken, and what to do. Prints no secret."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from importlib.util import find_spec
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from bot.operations.findings import Finding, State
from bot.operations.findings import broken as _broken
from bot.operations.findings import ok as _ok
from bot.operations.findings import warning as _warning
from bot.operations.manifest import DATABASES
from bot.operations.paper_findings import check_papers
from bot.settings import Settings
from embeddings import DEFAULT_MODEL, NEAR_ENOUGH, EncoderError, check_prepared, probe
from retrieval import (
    EncoderMismatch,
    RetrievalError,
    StoreError,
    check_sqlite,
    count_rows,
    engine_of,
    index_status,
    open_engine,
    read_revision,
    reading_from,
)

_SECONDS = 10.0
_SKEW_WARNING, _SKEW_BROKEN = 5.0, 60.0
_LOW_BYTES, _NO_BYTES = 2_000_000_000, 200_000_000
_BEHIND = 10_000
_ZONES = {"Asia/Shanghai": 8, "Asia/Urumqi": 6}
"""Hours ahead of UTC."""


Check = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings) -> list[Finding]:
    """All findings. Nothing is changed; a check that fails in an unforeseen way is a finding too."""
    found: list[Finding] = []
    for check in CHECKS:
        try:
            found.extend(check(settings))
        except Exception as error:  # a doctor names what it could not look at, and looks at the rest
            name = check.__name__.lstrip("_").removeprefix("check_")
            found.append(Finding(name, State.BROKEN, f"could not be looked at ({type(error).__name__})"))
    return found


# ------------------------------------------------------------------------------------------------ the machine


def _check_versions(_settings: Settings) -> Iterator[Finding]:
    told = f"yunwen {version('yunwen')}, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"
    supported = SpecifierSet(metadata("yunwen")["Requires-Python"])
    if not supported.contains(sys.version.split()[0], prereleases=True):
        yield _broken("versions", f"{told}: use Python {supported}")
        return
    told += "" if find_spec("torch") else ", without torch"
    wrong = list(_wrong_versions())
    if wrong:
        yield _broken("versions", f"{told}; {', '.join(wrong)}: install again from the lock files")
    else:
        yield _ok("versions", told)


def _wrong_versions() -> Iterator[str]:
    for line in requires("yunwen") or []:
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(wanted.name)
        except PackageNotFoundError:
            if (
                wanted.name == "torch"
            ):  # left out where only builds with CUDA were found; a model that needs it says so
                continue
            yield f"{wanted.name} is missing"
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            yield f"{wanted.name} is {found}, not {wanted.specifier}"


def _check_zones(_settings: Settings) -> Iterator[Finding]:
    for name, hours in _ZONES.items():
        try:
            offset = datetime(2026, 1, 1, tzinfo=ZoneInfo(name)).utcoffset()
        except ZoneInfoNotFoundError:
            yield _broken("zones", f"{name} is not known: install the package tzdata")
            return
        if offset is None or offset.total_seconds() != hours * 3600:
            yield _broken("zones", f"{name} is not {hours} hours ahead of UTC: update the time zone data")
            return
    yield _ok("zones", ", ".join(f"{name} +{hours}" for name, hours in _ZONES.items()))


def _check_folders(settings: Settings) -> Iterator[Finding]:
    for path in (settings.home, settings.cache):
        there = next(each for each in (path, *path.parents) if each.exists())
        try:
            with tempfile.TemporaryFile(dir=there):
                pass
        except OSError as error:
            yield _broken("folders", f"{path}: cannot be written ({error.strerror}): make it writable")
            continue
        free = shutil.disk_usage(there).free
        state = State.BROKEN if free < _NO_BYTES else State.WARNING if free < _LOW_BYTES else State.OK
        advice = "" if state is State.OK else ": free some disk space"
        yield Finding("folders", state, f"{path}: writable, {free / 1e9:.1f} GB free{advice}")
    for folder in settings.page_folders:
        if not os.access(folder, os.R_OK | os.X_OK):
            yield _broken(
                "folders", f"{folder}: is in YUNWEN_PAGES and cannot be read: make it, then restart the bot"
            )


def _check_access(settings: Settings) -> Iterator[Finding]:
    """Homes that older versions made could be read by every user of the machine."""
    home = settings.home
    if not home.exists():
        return
    is_open = [
        path for path in (home, *home.glob("*")) if path.lstat().st_mode & 0o077 and not path.is_symlink()
    ]
    if home in is_open:
        told = f"{home}: other users of this machine can look into it: run `chmod -R go= {home}`"
        yield _warning("access", told)
    elif is_open:
        yield _warning(
            "access",
            f"{is_open[0]}: would be open to other users if its folder were: run `chmod -R go= {home}`",
        )
    else:
        yield _ok("access", f"{home}: only this user can look into it")


# --------------------------------------------------------------------------------------------------- the data


def _check_databases(settings: Settings) -> Iterator[Finding]:
    addresses = (settings.database, settings.chats_database or settings.database)
    for database, address in zip(DATABASES, addresses, strict=True):
        if address is not None:
            yield _asked(database.name, address.get_secret_value())
            continue
        path = settings.home / database.name
        if not path.is_file():
            yield _warning("database", f"{path}: is not there yet: it is made by `yunwen ingest` or the bot")
            continue
        try:
            problems = check_sqlite(path)
            revision = read_revision(path, database.version_table)
            counts = count_rows(path, database.tables)
        except StoreError as error:
            yield _broken("database", str(error))
            continue
        told = f"{path}: {path.stat().st_size:,} bytes, revision {revision}, " + ", ".join(
            f"{n} {table}" for table, n in counts.items()
        )
        if problems:
            yield _broken("database", f"{path}: is damaged ({problems[0]}): restore a backup")
        elif revision is not None and revision > database.head:
            yield _broken("database", f"{told}: a newer yunwen made it: upgrade yunwen")
        elif revision != database.head:
            yield _warning(
                "database", f"{told}: is brought to {database.head} at the next start: back it up first"
            )
        else:
            yield _ok("database", told)


def _asked(name: str, url: str) -> Finding:
    """Whether the server that has what would be in this file answers."""
    try:
        engine = open_engine(url)
        with reading_from(engine) as connection:
            connection.exec_driver_sql("SELECT 1")
        engine.dispose()
    except RetrievalError as error:
        return _broken("database", str(error))
    return _ok("database", f"{engine.url.render_as_string()}: answers (in place of {name})")


def _is_current(settings: Settings) -> bool:
    """Whether the articles' database can be opened without bringing it up to date."""
    articles = DATABASES[0]
    path = settings.home / articles.name
    try:
        return path.is_file() and read_revision(path, articles.version_table) == articles.head
    except StoreError:
        return False


def _check_index(settings: Settings) -> Iterator[Finding]:
    is_shared = engine_of(settings.index_address).is_shared
    if not is_shared and (settings.database is not None or not _is_current(settings)):
        return
    from bot.composition import open_store

    try:
        status = index_status(settings.index_address, open_store(settings))
    except RetrievalError as error:
        yield _broken("index", str(error))
        return
    size = ""
    if not is_shared:
        if not settings.snapshot.is_file():
            yield _warning("index", f"{settings.snapshot}: none saved: it is built at the next start")
            return
        size = f", {settings.snapshot.stat().st_size:,} bytes"
    where = f"{settings.index_url}: " if is_shared else ""
    found = f"{where}{status.kind}, {status.n_passages} passages{size}, {status.behind} changes behind"
    if status.behind > _BEHIND:
        late = "run `yunwen ingest` on a folder once to bring it up to date"
        yield _warning("index", f"{found}: {late if is_shared else f'starting takes longer: {late}'}")
    else:
        yield _ok("index", found)


def _check_model(settings: Settings) -> Iterator[Finding]:
    from bot.composition import open_settings_encoder, open_store
    from bot.progress import TerminalProgress

    try:
        if settings.model == DEFAULT_MODEL and not check_prepared(settings.cache / "models"):
            yield _warning(
                "model", f"{settings.model}: is prepared at the first start, which takes half a minute"
            )
            return
        with TerminalProgress() as progress:
            encoder = open_settings_encoder(settings, progress)
        cosine = probe(encoder)
        if _is_current(settings) and (store := open_store(settings)).encoder:
            store.check_encoder(encoder)
    except (EncoderError, EncoderMismatch) as error:
        yield _broken("model", str(error))
        return
    if cosine is not None and cosine < NEAR_ENOUGH:
        yield _broken(
            "model",
            f"{encoder.name}: gives other vectors than it should ({cosine:.3f}): remove {settings.cache}",
        )
        return
    told = "" if cosine is None else f", {cosine:.3f} to the vector it should give"
    yield _ok("model", f"{encoder.name}, {encoder.dimension} dimensions{told}")


# --------------------------------------------------------------------------------------------------- Telegram


def _check_telegram(settings: Settings) -> Iterator[Finding]:
    if settings.telegram_token is None:
        yield _warning("token", "TELEGRAM_BOT_TOKEN is not set: `yunwen bot` needs one from @BotFather")
        return
    token = settings.telegram_token.get_secret_value()
    asked = datetime.now(UTC)
    try:
        response = httpx.get(f"{settings.telegram_api}/bot{token}/getMe", timeout=_SECONDS)
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        UnicodeError,
    ) as error:  # the messages have the address, and so the token
        yield _warning(
            "token",
            f"Telegram was not reached ({type(error).__name__}): check the network and TELEGRAM_API_BASE_URL",
        )
        return
    yield _token_finding(response)
    yield from _skew(response, asked)
    if response.status_code == httpx.codes.OK:
        hook = _result(httpx.get(f"{settings.telegram_api}/bot{token}/getWebhookInfo", timeout=_SECONDS))
        yield from _webhook(hook, settings)


def _result(response: httpx.Response) -> dict[str, Any]:
    try:
        result = response.json()["result"]
    except (ValueError, KeyError, TypeError):
        return {}
    return result if isinstance(result, dict) else {}


def _token_finding(response: httpx.Response) -> Finding:
    me = _result(response)
    if response.status_code == httpx.codes.OK and "username" in me:
        return _ok("token", f"@{me['username']} ({me.get('id')})")
    if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND):
        return _broken("token", "Telegram does not know TELEGRAM_BOT_TOKEN: copy it again from @BotFather")
    return _warning(
        "token", f"the Bot API answered with {response.status_code}: try again, check TELEGRAM_API_BASE_URL"
    )


def _skew(response: httpx.Response, asked: datetime) -> Iterator[Finding]:
    """How far this clock is from the server's, whose Date has whole seconds."""
    try:
        theirs = parsedate_to_datetime(response.headers["Date"])
    except (KeyError, ValueError):
        return
    now = datetime.now(UTC)
    behind = (theirs - asked).total_seconds()
    ahead = (now - theirs).total_seconds() - 1
    seconds = max(0.0, -behind - 1, ahead if behind < -1 else 0.0, behind - (now - asked).total_seconds())
    told = f"{seconds:.0f} s from Telegram's" if seconds else "as Telegram's"
    if seconds > _SKEW_BROKEN:
        yield _broken("clock", f"{told}: set this machine's clock (NTP): digests and dates go by it")
    elif seconds > _SKEW_WARNING:
        yield _warning("clock", f"{told}: set this machine's clock (NTP)")
    else:
        yield _ok("clock", told)


def _webhook(hook: dict[str, Any], settings: Settings) -> Iterator[Finding]:
    wanted, registered = getattr(settings, "webhook_url", None), hook.get("url")
    waiting = f"{hook.get('pending_update_count', 0)} updates wait"
    if registered and not wanted:
        yield _warning(
            "webhook",
            f"Telegram sends updates to a webhook, and WEBHOOK_URL is not set: `yunwen bot` takes it away; {waiting}",
        )
    elif wanted and not registered:
        yield _warning(
            "webhook",
            f"WEBHOOK_URL is set, Telegram knows of none: it is registered when the bot starts; {waiting}",
        )
    elif hook.get("last_error_message"):
        yield _warning(
            "webhook", f"Telegram's last try failed ({str(hook['last_error_message'])[:100]}); {waiting}"
        )
    else:
        yield _ok("webhook", f"{'webhook' if registered else 'polling'}; {waiting}")


CHECKS: tuple[Check, ...] = (
    _check_versions,
    _check_zones,
    _check_folders,
    _check_access,
    _check_databases,
    _check_index,
    _check_model,
    check_papers,
    _check_telegram,
)
