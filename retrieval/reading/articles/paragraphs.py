"""Lines of an article -> its text and the spans that say what each stretch is.

**When a line goes on.** A line is joined to the one before, without a separator, if the earlier one is cut
off in mid-sentence: it does not end in 。！？…；： (closing quotation marks and brackets looked through), and

- it ends in a comma, an enumeration comma or an opening bracket, or the next begins with punctuation that
  cannot begin a line, or
- where the article is set in a narrow column (at least half of its lines are of one width), it is full, or
- elsewhere, it has at least 30 characters or leaves a quotation mark or bracket open.

So sub-headings (一、产业兴旺) and short lines without a full stop stand alone. Never joined: a line that is
indented, one that begins with a numbering (一、 （一） 1.), and two lines whose meeting characters would
make one Latin word of two (there the line break stays). Digits that meet are one number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.reading.articles.captions import captions_end, inner_captions
from retrieval.reading.articles.dateline import find_credit, is_photo_credit, parse_dateline
from retrieval.reading.articles.furniture import head_end, inserted_stretches, tail_start
from retrieval.types import Span, SpanKind

LONG_LINE_CHARS = 30
"""A line this long without a full stop is no sub-heading."""

_WIDEST_COLUMN = 160
_COLUMN_SLACK = 4
_TERMINAL = "。！？!?…；;：:"
_CLOSING = "”’」』）)》〉】"
_OPENING = "“‘「『（(《〈【"
_MUST_GO_ON = tuple("，,、")
_CANNOT_BEGIN = tuple("，,。、；;：:！？!?”’」』）)》〉】%％")
_WRITTEN_BY = re.compile(r"^文\s*[/／:：]\s*")
_NUMBERING = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:、|[.．](?!\d))|[●■◆▲★•]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page that is not blank, without the blanks around it."""

    number: int
    """1-based."""
    text: str
    is_indented: bool = False
    n_blank_before: int = 0


def compose(lines: Sequence[tuple[Line, SpanKind]]) -> tuple[str, tuple[Span, ...]]:
    """Return the article's text and its spans, in order, covering all but the line breaks.

    `lines` come with BODY, CAPTION or BOILERPLATE; only BODY lines are rejoined and looked through for
    datelines and credits.
    """
    # where each line is a paragraph, nothing is rejoined
    is_set = any(not line.is_indented for line, _ in lines)
    width = column_width([line.text for line, kind in lines if kind is SpanKind.BODY]) if is_set else None
    text = ""
    spans: list[Span] = []
    for paragraph, kind in _rejoin(lines, width):
        text += "\n" if text else ""
        start = len(text)
        text += paragraph
        spans += _split(paragraph, start) if kind is SpanKind.BODY else [Span(kind, start, len(text))]
    return text, tuple(spans)


def credit_of(text: str, spans: Sequence[Span]) -> str | None:
    """Return what the last closing credit of a text says, without its parentheses; None where there is none."""
    last = next((span for span in reversed(spans) if span.kind is SpanKind.CREDIT), None)
    # with the sentence's end before it, by which a credit without parentheses is known
    found = find_credit(text[max(0, last.start - 1) : last.end].rstrip()) if last else None
    return _WRITTEN_BY.sub("", found[1]) if found and not is_photo_credit(found[1]) else None


def column_width(lines: Sequence[str]) -> int | None:
    """Return the width, in half-width cells, of the narrow column that lines are set in, or None.

    It is the widest line's, if at least three lines and half of all come within four cells of it.
    """
    widths = [_cells(line) for line in lines]
    widest = max(widths, default=0)
    n_full = sum(width >= widest - _COLUMN_SLACK for width in widths)
    is_column = widest <= _WIDEST_COLUMN and n_full >= 3 and n_full * 2 >= len(widths)
    return widest if is_column else None


def goes_on(before: Line, after: Line, width: int | None = None, paragraph: str | None = None) -> bool:
    """Whether `after` continues the sentence that `before` breaks off; the rule is the module's first section.

    `paragraph` is what `before` ends, if it is itself joined from several lines.
    """
    if after.is_indented or _NUMBERING.match(after.text) or _makes_one_word(before.text, after.text):
        return False
    if after.text.startswith(_CANNOT_BEGIN):
        return True
    if is_finished(before.text):
        return False
    if before.text.endswith(_MUST_GO_ON) or before.text[-1] in _OPENING:
        return True
    if width is not None:
        return _cells(before.text) >= width - _COLUMN_SLACK
    return len(before.text) >= LONG_LINE_CHARS or _leaves_open(paragraph or before.text)


def is_finished(text: str) -> bool:
    """Whether text ends a sentence, closing quotation marks and brackets looked through."""
    bare = text.rstrip(_CLOSING + " \u3000")
    if not bare:
        return False
    if bare[-1] == ".":
        return bare[-2:-1].isalpha()
    return bare[-1] in _TERMINAL or find_credit(text) is not None


def _rejoin(lines: Iterable[tuple[Line, SpanKind]], width: int | None) -> list[tuple[str, SpanKind]]:
    paragraphs: list[tuple[str, SpanKind]] = []
    last: Line | None = None
    for line, kind in lines:
        if last is not None and kind is SpanKind.BODY and goes_on(last, line, width, paragraphs[-1][0]):
            paragraphs[-1] = (paragraphs[-1][0] + line.text, kind)
        else:
            paragraphs.append((line.text, kind))
        last = line if kind is SpanKind.BODY else None
    return paragraphs


def _split(paragraph: str, offset: int) -> list[Span]:
    """Return the spans of one paragraph: what editors put before it, captions, dateline, body, credit, what they put behind it."""
    first, last = head_end(paragraph), tail_start(paragraph)
    if first >= last:
        return [Span(SpanKind.BOILERPLATE, offset, offset + len(paragraph))]
    begin = first
    if not paragraph.endswith(("：", ":"), 0, first):  # behind a bare label stands a title, and no caption
        first += captions_end(paragraph[first:last])
    report = paragraph[first:last]
    dateline = parse_dateline(report)
    credit = find_credit(report.rstrip())
    body_start = dateline.end if dateline else 0
    body_end = credit[0] if credit and credit[0] >= body_start else len(report)
    stretches = (
        (SpanKind.BOILERPLATE, 0, begin),
        (SpanKind.CAPTION, begin, first),
        (SpanKind.DATELINE, first, first + body_start),
        *_report(paragraph, first + body_start, first + body_end),
        (SpanKind.CREDIT, first + body_end, last),
        (SpanKind.BOILERPLATE, last, len(paragraph)),
    )
    return [Span(kind, offset + start, offset + end) for kind, start, end in stretches if start < end]


def _report(paragraph: str, start: int, end: int) -> Iterator[tuple[SpanKind, int, int]]:
    """Yield a report's stretches, with what runs into it in parts of their own: a player's buttons, photos' captions."""
    parts = [(first, last, SpanKind.BOILERPLATE) for first, last in inserted_stretches(paragraph)]
    parts += [(first, last, SpanKind.CAPTION) for first, last in inner_captions(paragraph)]
    for first, last, kind in sorted(parts):
        if start <= first and last <= end:  # not within what was taken before it
            yield SpanKind.BODY, start, first
            yield kind, first, last
            behind = last + captions_end(paragraph[last:end])
            yield SpanKind.CAPTION, last, behind
            dateline = parse_dateline(paragraph[behind:end])
            start = behind + dateline.end if dateline else behind
            yield SpanKind.DATELINE, behind, start
    yield SpanKind.BODY, start, end


def _makes_one_word(before: str, after: str) -> bool:
    last, first = before[-1], after[0]
    both = last.isascii() and last.isalnum() and first.isascii() and first.isalnum()
    return both and not (last.isdigit() and first.isdigit())


def _leaves_open(text: str) -> bool:
    return sum(text.count(mark) for mark in _OPENING) > sum(text.count(mark) for mark in _CLOSING)


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
