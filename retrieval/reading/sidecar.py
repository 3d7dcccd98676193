"""What an editor wrote beside a page: `<page file name>.meta.toml` corrects metadata, never the text.

date = 2022-06-30
source = "草原报"
region = "库伦旗"            # name or code

[[article]]
title = "水稻丰收"           # which article
region = "150524"
byline = "本报记者 张三"
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from retrieval.text.dates import starting_day
from retrieval.types import Article, DateBasis, Page, Skipped

SUFFIX = ".meta.toml"
MAX_SIDECAR_BYTES = 100_000

_OF_PAGE = frozenset({"date", "source", "url", "region"})
_OF_ARTICLE = _OF_PAGE | {"place", "section", "byline", "credit"}
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class SidecarError(ValueError):
    """The sidecar cannot be used; `line` is 1-based, None for the whole."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Correction:
    """What is set for the articles of this title."""

    title: str
    values: Mapping[str, Any]
    line: int | None


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is set for the whole page, and for single articles."""

    values: Mapping[str, Any]
    corrections: tuple[Correction, ...] = ()


def sidecar_path(page: Path) -> Path:
    """Return where the page's sidecar lies if it has one."""
    return page.with_name(page.name + SUFFIX)


def parse_sidecar(data: bytes) -> Sidecar:
    """Return what a sidecar's bytes say; raises SidecarError, with the line where it can be told."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        table = tomllib.loads(text)
    except UnicodeDecodeError:
        raise SidecarError("is not UTF-8: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        match = _AT_LINE.search(str(error))
        reason = f"is not TOML ({_AT_LINE.sub('', str(error)).strip()})"
        raise SidecarError(reason, int(match[1]) if match else None) from None
    except (RecursionError, ValueError) as error:
        raise SidecarError(f"is not TOML ({error})") from None
    lines = text.split("\n")
    articles = table.pop("article", [])
    if not isinstance(articles, list) or not all(isinstance(each, dict) for each in articles):
        raise SidecarError(
            "article must be a table of its own: write [[article]]", _line_of(lines, "article")
        )
    starts = [at for at, line in enumerate(lines) if line.strip().replace(" ", "").startswith("[[article]]")]
    top = lines[: starts[0]] if starts else lines
    corrections = []
    for number, each in enumerate(articles):
        start = starts[number] if number < len(starts) else 0
        corrections.append(_correction(each, lines[start:], start))
    return Sidecar(_checked(table, _OF_PAGE, top, 0), tuple(corrections))


def apply_sidecar(page: Page, sidecar: Sidecar, path: Path) -> Page:
    """Return the page with a sidecar's corrections; one that fits no article is named in `skipped`.

    An article's own correction wins over the page's. `path` is the sidecar's, for what is skipped.
    """
    own: dict[int, dict[str, Any]] = {}
    skipped: list[Skipped] = []
    for each in sidecar.corrections:
        found = [at for at, article in enumerate(page.articles) if _is_titled(article, each.title)]
        if not found:
            skipped.append(Skipped(path, each.line, f"no article of this page is titled “{each.title}”"))
        for at in found:
            own.setdefault(at, {}).update(each.values)
    articles = tuple(
        _corrected(article, {**sidecar.values, **own.get(at, {})}) for at, article in enumerate(page.articles)
    )
    head = {name: value for name, value in sidecar.values.items() if name != "region"}
    if "date" in head:
        head["date_basis"] = DateBasis.SIDECAR
    return replace(page, articles=articles, skipped=(*page.skipped, *skipped), **head)


def _is_titled(article: Article, title: str) -> bool:
    """Whether the title is the article's, with or without the place before it; blanks do not matter."""
    wanted = "".join(title.split())
    own = "".join(article.title.split())
    return wanted in (own, (article.place or "") + own)


def _corrected(article: Article, values: Mapping[str, Any]) -> Article:
    if "date" in values:
        values = {**values, "date_basis": DateBasis.SIDECAR}
    return replace(article, **values) if values else article


def _correction(table: Mapping[str, Any], lines: list[str], start: int) -> Correction:
    title = table.get("title")
    if not isinstance(title, str) or not title.strip():
        raise SidecarError("an [[article]] needs the title of the article that it corrects", start + 1)
    rest = {name: value for name, value in table.items() if name != "title"}
    return Correction(title, _checked(rest, _OF_ARTICLE, lines, start), start + 1)


def _checked(
    table: Mapping[str, Any], known: frozenset[str], lines: list[str], offset: int
) -> dict[str, Any]:
    def line_of(name: str) -> int | None:
        at = _line_of(lines, name)
        return at + offset if at else None

    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in known:
            raise SidecarError(f"“{name}” is not known here: use {', '.join(sorted(known))}", line_of(name))
        values[name] = _date(value, line_of(name)) if name == "date" else _text(name, value, line_of(name))
    return values


def _date(value: object, line: int | None) -> datetime.date:
    text = value.isoformat() if isinstance(value, datetime.date) else value
    found = starting_day(text) if isinstance(text, str) else None
    if found is None:
        raise SidecarError(f"“{value}” is no date: write date = 2022-06-30", line)
    return found


def _text(name: str, value: object, line: int | None) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and name == "region":
        value = str(value)
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise SidecarError(f"{name} must be a text of one line, in quotation marks", line)
    return value.strip()


def _line_of(lines: list[str], name: str) -> int | None:
    return next(_numbers_of(lines, name), None)


def _numbers_of(lines: list[str], name: str) -> Iterator[int]:
    pattern = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[.=]|\s*\[+\s*{re.escape(name)}\b")
    return (number for number, line in enumerate(lines, start=1) if pattern.match(line))
