"""A newspaper page to its articles. The rules, in the order they apply, are in docs/reading.md."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from retrieval.errors import ReadingError
from retrieval.reading.articles.captions import is_boilerplate, is_caption, is_furniture, may_be_caption
from retrieval.reading.articles.dateline import Dateline, parse_byline, parse_dateline
from retrieval.reading.articles.dates import choose_date, day_alone, infer_date
from retrieval.reading.articles.front_matter import FrontMatter, parse_front_matter
from retrieval.reading.articles.headings import (
    MAX_TITLE_CHARS,
    is_place,
    parse_heading,
    parse_section,
    split_place,
)
from retrieval.reading.articles.markup import plain_lines
from retrieval.reading.articles.paragraphs import Line, compose, credit_of
from retrieval.reading.articles.roundups import is_roundup, split_items
from retrieval.reading.articles.titles.derived import title_of
from retrieval.reading.articles.titles.stated import says_something
from retrieval.text.dates import find_day
from retrieval.types import Article, ArticleKind, DateBasis, Page, Skipped, SpanKind

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK = " \t\u3000\u00a0\ufeff\x0b\x0c"
_BULLET = re.compile(r"([●◆▲★■•◎○])[ \t\u3000]*(?=\S)")
_SURE_BULLET = "●"
_MIN_BRIEF_CHARS = 20
"""A shorter line behind a bullet is an item of a list."""
_NUMBERING = re.compile(r"[一二三四五六七八九十\d]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]")
_PUNCTUATION = re.compile(r"[。！？；!?;]")
_PHOTO_GAP = 2
"""Blank lines more than usual that a photograph leaves."""


@dataclass(slots=True)
class _Draft:
    """An article while its lines are gathered."""

    section: str | None
    kind: ArticleKind = ArticleKind.ARTICLE
    title: str | None = None
    place: str | None = None
    byline: str | None = None
    heading_level: int = 0
    lines: list[tuple[Line, SpanKind]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    @property
    def has_body(self) -> bool:
        return any(kind is SpanKind.BODY for _, kind in self.lines)


def parse_page(text: str, path: Path, *, sha256: str, encoding: str, latest_year: int | None = None) -> Page:
    """Return the page that a text is.

    Raises ReadingError if it is empty or holds no article. `latest_year` bounds an inferred issue date;
    None means this year.
    """
    raw = _LINE_END.split(text)
    matter = parse_front_matter(raw)
    lines = list(_lines(raw, matter.n_lines))
    if not lines:
        raise ReadingError(path, "the page is empty: nothing to read in it")
    drafts, skipped = _Reader(lines, path).read()
    if not drafts:
        raise ReadingError(path, "no article in it: only headings", lines[0].number)
    latest_year = latest_year or date.today().year  # noqa: DTZ011 (a year suffices)
    issued, basis = choose_date(
        matter.date, find_day(path.stem), infer_date(text, _datelines(lines), latest_year)
    )
    return Page(
        path=path,
        sha256=sha256,
        encoding=encoding,
        date=issued,
        date_basis=basis,
        source=matter.source,
        url=matter.url,
        articles=tuple(each for draft in drafts for each in _finish(draft, matter, issued, basis)),
        skipped=(*_bad_date(path, matter), *skipped),
    )


def _bad_date(path: Path, matter: FrontMatter) -> Iterator[Skipped]:
    if matter.bad_date:
        line, value = matter.bad_date
        yield Skipped(path, line, f"“{value}” is no date: write it as 2022-06-30")


def _lines(raw: Sequence[str], n_passed_over: int) -> Iterator[Line]:
    n_blank = 0
    for number, printed in enumerate(raw[n_passed_over:], start=n_passed_over + 1):
        for text in plain_lines(printed):
            bare = text.strip().strip(_BLANK)
            if not bare:
                n_blank += 1
                continue
            # one blank may be the column's; two half-width or one full-width begin a paragraph
            is_indented = text.startswith(("\u3000", "  ", "\t"))
            yield Line(number, bare, is_indented, n_blank)
            n_blank = 0


def _datelines(lines: Sequence[Line]) -> Iterator[Dateline]:
    for line in lines:
        found = parse_dateline(line.text)
        if found:
            yield found


class _Reader:
    """Goes through the lines once, opening and closing articles."""

    def __init__(self, lines: Sequence[Line], path: Path) -> None:
        self._lines = lines
        self._path = path
        self._section: str | None = None
        self._current: _Draft | None = None
        self._loose: list[Line] = []
        """Lines below a section or a finished brief that no title has claimed yet."""
        self._drafts: list[_Draft] = []
        self._skipped: list[Skipped] = []
        self._is_marked = any(parse_heading(line.text) for line in lines)
        bullets = Counter(
            match[1] for line in lines if (match := _BULLET.match(line.text)) and "。" in line.text
        )
        self._bullets = {mark for mark, n in bullets.items() if n > 1 or mark == _SURE_BULLET}
        gaps = [line.n_blank_before for line in lines[1:]]
        self._usual_gap = statistics.median(gaps) if gaps else 0

    def read(self) -> tuple[list[_Draft], list[Skipped]]:
        """All articles in order, and what could not be made one."""
        for at, line in enumerate(self._lines):
            self._take(at, line)
        self._close()
        self._flush_loose()
        return self._drafts, self._skipped

    def _take(self, at: int, line: Line) -> None:
        section = parse_section(line.text)
        heading = parse_heading(line.text)
        if section is not None:
            self._close()
            self._flush_loose()
            self._section = section
        elif heading is not None:
            self._open(line, heading.text, heading.level)
        elif self._is_brief(line):
            self._open_brief(line)
        elif not self._is_marked and self._is_bare_title(at, line):
            self._open(line, line.text, 0)
        elif self._current is None:
            self._loose.append(line)
        else:
            self._add(at, line)

    # ------------------------------------------------------------------------------ opening and closing

    def _open(self, line: Line, text: str, level: int) -> None:
        current = self._current
        if current is not None and current.title is not None and not current.lines and current.heading_level:
            if (
                level > current.heading_level and not current.byline
            ):  # a page's or column's name above its articles
                self._section, self._current = current.title, None
            elif not current.byline:  # a title of two lines
                current.title = f"{current.title} {text}"
                current.numbers.append(line.number)
                return
        self._close()
        place, title = split_place(text)
        draft = _Draft(self._section, title=title, place=place, heading_level=level)
        self._claim_loose(draft)
        draft.numbers.append(line.number)
        self._current = draft

    def _open_brief(self, line: Line) -> None:
        self._close()
        self._flush_loose()
        match = _BULLET.match(line.text)
        text = line.text[match.end() :] if match else line.text
        draft = _Draft(self._section, kind=ArticleKind.BRIEF)
        draft.lines.append((Line(line.number, text, line.is_indented, line.n_blank_before), SpanKind.BODY))
        draft.numbers.append(line.number)
        self._current = draft

    def _claim_loose(self, draft: _Draft) -> None:
        """What stands between a section and a title is the article's photo and byline, if it is short."""
        if not all(may_be_caption(line.text) for line in self._loose):
            self._flush_loose()
        for line in self._loose:
            byline = parse_byline(line.text)
            if byline and not draft.byline:
                draft.byline = byline
            else:
                draft.lines.append((line, SpanKind.CAPTION))
            draft.numbers.append(line.number)
        self._loose = []

    def _flush_loose(self) -> None:
        """Lines that no title claims are an article without one."""
        if not self._loose:
            return
        draft = _Draft(self._section)
        for line in self._loose:
            byline = parse_byline(line.text)
            if byline and not draft.byline:
                draft.byline = byline
            else:
                kind = SpanKind.BOILERPLATE if is_boilerplate(line.text) else SpanKind.BODY
                draft.lines.append((line, kind))
            draft.numbers.append(line.number)
        self._loose = []
        if draft.lines and not draft.has_body:
            words = " ".join([*(line.text for line, _ in draft.lines), *filter(None, [draft.byline])])
            reason = f"editors' words that belong to no article: “{words}”"
            self._skipped.append(Skipped(self._path, draft.numbers[0], reason))
            return
        self._keep(draft)

    def _close(self) -> None:
        if self._current is not None:
            self._keep(self._current)
            self._current = None

    def _keep(self, draft: _Draft) -> None:
        if draft.lines and any(is_furniture(head) for head in (draft.title, draft.section) if head):
            head = draft.title or draft.section
            self._skipped.append(
                Skipped(self._path, draft.numbers[0], f"“{head}” is the page's own, no article")
            )
        elif draft.lines:
            self._drafts.append(draft)
        else:
            head = " ".join(part for part in (draft.place, draft.title, draft.byline) if part)
            reason = f"no text under “{head}”: nothing to keep of it"
            self._skipped.append(Skipped(self._path, draft.numbers[0], reason))

    # ------------------------------------------------------------------------------------------- lines

    def _add(self, at: int, line: Line) -> None:
        draft = self._current
        if draft is None:
            return
        draft.numbers.append(line.number)
        byline = None if draft.byline else parse_byline(line.text)
        if byline:
            draft.byline = byline
        elif not draft.has_body and draft.place is None and is_place(line.text):
            draft.place = line.text
        elif is_boilerplate(line.text) or (not draft.has_body and day_alone(line.text)):
            draft.lines.append((line, SpanKind.BOILERPLATE))
        elif is_caption(line.text) or self._is_behind_a_photo(at, line, draft):
            draft.lines.append((line, SpanKind.CAPTION))
        else:
            draft.lines.append((line, SpanKind.BODY))

    def _is_behind_a_photo(self, at: int, line: Line, draft: _Draft) -> bool:
        """A short line at an article's end, after the gap that a photograph leaves."""
        if (
            line.n_blank_before < self._usual_gap + _PHOTO_GAP
            or not draft.has_body
            or not may_be_caption(line.text)
        ):
            return False
        following = self._lines[at + 1].text if at + 1 < len(self._lines) else "#"
        ends = following == "#" or parse_heading(following) is not None or bool(parse_section(following))
        return ends and parse_dateline(line.text) is None

    def _is_brief(self, line: Line) -> bool:
        match = _BULLET.match(line.text)
        if match is None or match[1] not in self._bullets:
            return False
        return len(line.text) >= _MIN_BRIEF_CHARS and "。" in line.text

    def _is_bare_title(self, at: int, line: Line) -> bool:
        """A title in a page without #'s: a short line without punctuation above what begins a report."""
        text = line.text
        if (
            len(text) > MAX_TITLE_CHARS
            or line.is_indented
            or _PUNCTUATION.search(text)
            or text.endswith(("，", ",", "、", "：", ":"))
        ):
            return False
        if (
            parse_byline(text)
            or is_caption(text)
            or is_boilerplate(text)
            or is_place(text)
            or _NUMBERING.match(text)
        ):
            return False
        following = [
            each
            for each in self._lines[at + 1 : at + 3]
            if not is_place(each.text) and day_alone(each.text) is None
        ]
        if not following:
            return False
        below = following[0]
        begins = bool(parse_byline(below.text) or parse_dateline(below.text) or below.is_indented)
        is_first = at == 0 and len(below.text) > MAX_TITLE_CHARS
        stands_alone = at == 0 or line.n_blank_before > 0
        return stands_alone and (begins or is_first)


def _finish(draft: _Draft, matter: FrontMatter, issued: date | None, basis: DateBasis) -> Iterator[Article]:
    """The article that a draft is, or those of a roundup."""
    items = split_items(draft.title, draft.lines) if draft.kind is ArticleKind.ARTICLE else []
    if not items:
        yield _article(draft, matter, issued, basis)
    for item in items:
        part = _Draft(
            draft.title if is_roundup(draft.title) else draft.section,
            ArticleKind.BRIEF,
            item.title,
            item.place,
        )
        part.lines, part.byline = list(item.lines), draft.byline
        part.numbers = [line.number for line, _ in item.lines]
        yield _article(part, matter, issued, basis)


def _article(draft: _Draft, matter: FrontMatter, issued: date | None, basis: DateBasis) -> Article:
    heading = draft.title if draft.title and says_something(draft.title) else None
    lines = draft.lines
    if draft.title and heading is None:  # a date is no title: kept, never searched
        lines = [(Line(min(draft.numbers), draft.title, is_indented=True), SpanKind.BOILERPLATE), *lines]
    text, spans = compose(lines)
    return Article(
        title=heading or title_of(text, spans),
        title_is_derived=heading is None,
        place=draft.place,
        section=draft.section,
        kind=draft.kind,
        date=issued,
        date_basis=basis,
        byline=draft.byline,
        credit=credit_of(text, spans),
        source=matter.source,
        url=matter.url,
        text=text,
        spans=spans,
        lines=(min(draft.numbers), max(draft.numbers)),
    )
