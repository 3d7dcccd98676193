"""Roundups taken apart: 国内联播快讯, 简讯, 一周要闻, 各地动态, ● ◆ ■ lists, 【地名】 items: each item an article of its own.

Items are told by headings of their own in a piece whose title says that it is a roundup, by bullets that each hold a
whole sentence, or by places in brackets. A list within a report (measures, steps, prices) stays in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.reading.articles.headings import MAX_TITLE_CHARS, is_place, split_place
from retrieval.reading.articles.paragraphs import Line, is_finished
from retrieval.types import SpanKind

Lines = Sequence[tuple[Line, SpanKind]]

_ROUNDUP = re.compile(
    r"[【\[]?[\u3400-\u9fff·]{0,10}(?:联播快讯|快讯|简讯|短讯|要闻|要闻速览|要闻速递|速览|速递|各地动态|动态|新闻集锦|集锦|荟萃|新闻扫描|早班车|"
    r"早知道|新闻早报|早报|晚报|简报|一句话新闻|微新闻|看点|播报|汇总|一周回顾|新闻联播)[】\]]?"
    r"\s*(?:[（(|｜].{0,16}|[\d年月日期.\-—至到第]{2,16})?"
)
_BULLET = re.compile(r"[●◆■★◎►➤☆◇]\s*(?=\S)")
_INLINE = re.compile(r"(?=[●◆■★►➤])")
_BRACKETED = re.compile(r"[【\[〔]\s*([\u3400-\u9fff·]{2,12})\s*[】\]〕]\s*(?=\S)")
_NUMBERED = re.compile(r"(?:\d{1,2}\s*[.、．]\s*(?!\d)|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]\s*)(?=\S)")
_LEAST_ITEMS = 2
_LEAST_UNTITLED = 3
"""Items of a piece whose title does not say what it is."""
_LEAST_CHARS = 20
"""A shorter line behind a bullet is an entry of a list."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a roundup."""

    lines: Lines
    title: str | None = None
    """Its own heading; None where it has none."""
    place: str | None = None
    """The place that it is printed under."""


def is_roundup(title: str | None) -> bool:
    """Whether a title says that what stands below are several pieces: 国内联播快讯, 简讯, 通辽动态."""
    return title is not None and bool(_ROUNDUP.fullmatch(title.strip()))


def split_items(title: str | None, lines: Lines) -> list[Item]:
    """Return a roundup's items, in order, what stands before the first as an item without a heading; [] for no roundup."""
    if len(lines) == 1:
        lines = _broken_up(lines[0])
    titled = is_roundup(title)
    least = _LEAST_ITEMS if titled else _LEAST_UNTITLED
    for marks in (_bulleted(lines), _placed(lines), _numbered(lines) if titled else {}):
        if len(marks) >= least:
            return _cut(lines, marks)
    headings = _headed(lines) if titled else {}
    return _cut(lines, headings) if len(headings) >= _LEAST_ITEMS else []


def _broken_up(only: tuple[Line, SpanKind]) -> Lines:
    """The lines of a text that was set without any: each bullet begins one."""
    line, kind = only
    parts = [part for part in _INLINE.split(line.text) if part.strip()]
    if sum(_is_item(part) for part in parts) < _LEAST_UNTITLED:
        parts = _at_places(line.text)
    return [(replace(line, text=part.strip()), kind) for part in parts] if len(parts) > 1 else [only]


def _at_places(text: str) -> list[str]:
    starts = [match.start() for match in _BRACKETED.finditer(text) if is_place(match[1])]
    if len(starts) < _LEAST_UNTITLED:
        return [text]
    edges = [*([0] if starts[0] else []), *starts, len(text)]
    return [
        text[first:last] for first, last in zip(edges, edges[1:], strict=False) if text[first:last].strip()
    ]


def _is_item(text: str) -> bool:
    match = _BULLET.match(text)
    return match is not None and len(text) >= _LEAST_CHARS and "。" in text


def _bulleted(lines: Lines) -> dict[int, Item]:
    """Lines that begin with a bullet and hold a sentence, or are short above one; by their numbers."""
    found: dict[int, Item] = {}
    for at, (line, kind) in enumerate(lines):
        match = _BULLET.match(line.text) if kind is SpanKind.BODY else None
        if match is None:
            continue
        rest = line.text[match.end() :]
        if _is_item(line.text):
            found[at] = Item([(replace(line, text=rest), kind)])
        elif _is_heading(rest) and _is_text(lines, at + 1):
            found[at] = _headed_item(rest)
    return found


def _placed(lines: Lines) -> dict[int, Item]:
    """Lines that begin with a place in brackets: 【库伦旗】…."""
    found: dict[int, Item] = {}
    for at, (line, kind) in enumerate(lines):
        match = _BRACKETED.match(line.text) if kind is SpanKind.BODY else None
        if match and is_place(match[1]) and len(line.text) - match.end() >= _LEAST_CHARS // 2:
            rest = replace(line, text=line.text[match.end() :])
            found[at] = Item([(rest, kind)], place=match[1])
    return found


def _numbered(lines: Lines) -> dict[int, Item]:
    found: dict[int, Item] = {}
    for at, (line, kind) in enumerate(lines):
        match = _NUMBERED.match(line.text) if kind is SpanKind.BODY else None
        if match is None:
            continue
        rest = line.text[match.end() :]
        if _is_heading(rest) and _is_text(lines, at + 1):
            found[at] = _headed_item(rest)
        elif len(rest) >= _LEAST_CHARS and "。" in rest:
            found[at] = Item([(replace(line, text=rest), kind)])
    return found


def _headed(lines: Lines) -> dict[int, Item]:
    """Short lines without a full stop above whole sentences."""
    return {
        at: _headed_item(line.text)
        for at, (line, kind) in enumerate(lines)
        if kind is SpanKind.BODY and _is_heading(line.text) and _is_text(lines, at + 1)
    }


def _headed_item(heading: str) -> Item:
    place, title = split_place(heading.strip())
    return Item([], title=title, place=place)


def _is_heading(text: str) -> bool:
    return (
        4 <= len(text) <= MAX_TITLE_CHARS
        and not is_finished(text)
        and "。" not in text
        and not text.endswith("，")
    )


def _is_text(lines: Lines, at: int) -> bool:
    """Whether a line is there and is more than another heading."""
    return (
        at < len(lines)
        and lines[at][1] is SpanKind.BODY
        and (is_finished(lines[at][0].text) or len(lines[at][0].text) > MAX_TITLE_CHARS)
    )


def _cut(lines: Lines, marks: dict[int, Item]) -> list[Item]:
    """The lines cut where items begin."""
    starts = sorted(marks)
    items = [Item(lines[: starts[0]])] if starts[0] else []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        items.append(replace(marks[start], lines=[*marks[start].lines, *lines[start + 1 : end]]))
    return items
