"""The text of a PDF in reading order.

Reading order is a recursive cut: a region is cut into columns where a gap runs through all of it; else at
lines that span it (headlines); else at its rows. A line whose letters are a quarter larger than the body's
is a heading and gets one # for the largest size, more for smaller ones.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MAX_PAGES = 200
MAX_CHARS = 2_000_000

_GUTTER = 0.6
"""Least width of the gap between columns, in letters."""
_SAME_RUN = 0.7
"""Widest gap within a run of text, in letters: justified lines are spaced, a gutter is wider."""
_SPANS = 0.6
_HEADING = 1.25
_LONGEST_HEADING = 60
_PAGE_NUMBER = re.compile(r"[-—–·\s]*\d{1,3}[-—–·\s]*|第\s*\d{1,3}\s*页.{0,8}")
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")
_MAX_UNKNOWN_SHARE = 0.3
_MAX_DEPTH = 60


@dataclass(slots=True)
class Run:
    """Letters that follow each other on one line; y grows upwards, as in the PDF."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float


def extract_lines(data: bytes) -> list[str]:
    """Return the document's lines in reading order; raises ValueError with the reason if there are none."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ValueError("the PDF is encrypted: save it without a password") from None
        raise ValueError(f"is no PDF, or a damaged one ({error}): fetch or export it again") from None
    if len(document) > MAX_PAGES:
        raise ValueError(f"has {len(document)} pages, more than {MAX_PAGES}: split it")
    pages = [_page_runs(document, number) for number in range(len(document))]
    letters = "".join(run.text for runs in pages for run in runs)
    if len("".join(letters.split())) < 2:
        raise ValueError("this PDF has no text layer, only pictures of text: run it through OCR first")
    if len(_UNKNOWN.findall(letters)) > len(letters) * _MAX_UNKNOWN_SHARE:
        raise ValueError("this PDF does not say which characters its letters are: run it through OCR first")
    levels = _heading_levels([run for runs in pages for run in runs])
    return [line for runs in pages for line in (*_page_lines(runs, levels), "")]


# --------------------------------------------------------------------------------------------- letters


def _page_runs(document: Any, number: int) -> list[Run]:
    """The page's runs; a page that cannot be opened has none."""
    import pypdfium2

    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return []
    if text_page.count_chars() > MAX_CHARS:
        raise ValueError(f"page {number + 1} has more than {MAX_CHARS} characters: this is no newspaper")
    runs = _gather(_letters(text_page))
    text_page.close()
    page.close()
    return runs


def _letters(text_page: Any) -> Iterator[Run]:
    from pypdfium2 import raw

    pending = 0
    for at in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, at)
        if 0xD800 <= code < 0xDC00:
            pending = code
            continue
        if 0xDC00 <= code < 0xE000:
            if not pending:
                continue
            code = 0x10000 + ((pending - 0xD800) << 10) + code - 0xDC00
        pending = 0
        if code < 0x20 or code >= 0x110000 or raw.FPDFText_IsGenerated(text_page, at) == 1:
            continue
        x0, y0, x1, y1 = text_page.get_charbox(at, loose=True)
        yield Run(chr(code), x0, y0, x1, y1, max(y1 - y0, 0.1))


def _gather(letters: Iterable[Run]) -> list[Run]:
    """Letters to runs, in the order in which they are drawn."""
    runs: list[Run] = []
    for letter in letters:
        last = runs[-1] if runs else None
        if last is None or not _follows(last, letter):
            if letter.text.strip():
                runs.append(letter)
            continue
        if _needs_blank(last, letter):
            last.text += " "
        last.text += letter.text
        last.x1, last.y0, last.y1 = (
            max(last.x1, letter.x1),
            min(last.y0, letter.y0),
            max(last.y1, letter.y1),
        )
    return runs


def _follows(run: Run, letter: Run) -> bool:
    size = max(run.size, letter.size)
    same_line = abs((run.y0 + run.y1) - (letter.y0 + letter.y1)) / 2 < 0.35 * size
    same_size = min(run.size, letter.size) > 0.8 * size
    return same_line and same_size and -0.6 * size < letter.x0 - run.x1 < _SAME_RUN * size


def _needs_blank(before: Run, after: Run) -> bool:
    is_latin = before.text[-1].isascii() and after.text[0].isascii()
    is_open = not before.text[-1].isspace() and not after.text[0].isspace()
    return is_latin and is_open and after.x0 - before.x1 > 0.2 * before.size


# ---------------------------------------------------------------------------------------------- layout


def order_runs(runs: Sequence[Run], depth: int = 0) -> list[list[Run]]:
    """Return the columns of a region in reading order, each a list of runs."""
    columns = _cut_columns(runs) if depth < _MAX_DEPTH else []
    if len(columns) > 1:
        return [column for part in columns for column in order_runs(part, depth + 1)]
    bands = _cut_at_spanners(runs) if depth < _MAX_DEPTH else []
    if len(bands) > 1:
        return [column for part in bands for column in order_runs(part, depth + 1)]
    return [list(runs)] if runs else []


def _cut_columns(runs: Sequence[Run]) -> list[list[Run]]:
    """Parts left and right of every gap that runs through; a part of one line is no column."""
    if len(runs) < 4:
        return []
    gutter = _GUTTER * statistics.median(run.size for run in runs)
    parts: list[list[Run]] = []
    edge = float("-inf")
    for run in sorted(runs, key=lambda each: each.x0):
        if not parts or run.x0 - edge > gutter:
            parts.append([])
        parts[-1].append(run)
        edge = max(edge, run.x1)
    return parts if all(len(_rows(part)) > 1 for part in parts) else []


def _cut_at_spanners(runs: Sequence[Run]) -> list[list[Run]]:
    """Bands between the rows that span the region; rows that span together are one band."""
    left, right = min(run.x0 for run in runs), max(run.x1 for run in runs)
    bands: list[list[Run]] = []
    was_spanning: bool | None = None
    for row in _rows(runs):
        covered = max(run.x1 - run.x0 for run in row)
        size = statistics.median(run.size for run in runs)
        is_large = max(run.size for run in row) > _HEADING * size and len(row) == 1
        spans = covered > _SPANS * (right - left) or is_large
        if spans is not was_spanning:
            bands.append([])
        bands[-1].extend(row)
        was_spanning = spans
    return bands


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs by line, top to bottom, each from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: (-(each.y0 + each.y1), each.x0)):
        first = rows[-1][0] if rows else None
        if first and abs((first.y0 + first.y1) - (run.y0 + run.y1)) / 2 < 0.5 * max(first.size, run.size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda each: each.x0) for row in rows]


# ----------------------------------------------------------------------------------------------- lines


def _heading_levels(runs: Sequence[Run]) -> dict[int, int]:
    """Rounded size -> number of #'s, for sizes well above the body's, which most letters have."""
    letters: Counter[int] = Counter()
    for run in runs:
        letters[round(run.size)] += len(run.text)
    body = letters.most_common(1)[0][0]
    large = sorted((size for size in letters if size >= _HEADING * body), reverse=True)
    return {size: min(level, 6) for level, size in enumerate(large, start=1)}


def _page_lines(runs: Sequence[Run], levels: dict[int, int]) -> list[str]:
    lines = [line for column in order_runs(runs) for line in _column_lines(column, levels)]
    while lines and _PAGE_NUMBER.fullmatch(lines[-1]):
        lines.pop()
    while lines and _PAGE_NUMBER.fullmatch(lines[0]):
        lines.pop(0)
    return lines


def _column_lines(column: Sequence[Run], levels: dict[int, int]) -> Iterator[str]:
    rows = _rows(column)
    left = min(run.x0 for run in column)
    steps = [a[0].y0 - b[0].y0 for a, b in zip(rows, rows[1:], strict=False)]
    usual = statistics.median(steps) if steps else 0.0
    for at, row in enumerate(rows):
        if at and steps[at - 1] > 1.8 * usual > 0:
            yield ""
        text = " ".join(run.text.strip() for run in row)
        level = levels.get(round(row[0].size))
        if level and len(text) <= _LONGEST_HEADING and not text.endswith("。"):
            yield f"{'#' * level} {text}"
        else:
            indent = (row[0].x0 - left) / row[0].size
            yield ("\u3000\u3000" if 1.2 < indent < 4 else "") + text
