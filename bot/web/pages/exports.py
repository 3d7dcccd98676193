"""A list to take along: as CSV, Excel or Word, with sentence, source, date and address in every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime

import docx
import xlsxwriter
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.messages.answers import compose_answer
from bot.web.pages.asking import find_given
from bot.web.pages.given import restore
from bot.web.pages.places import find_place, newest_of, parse_day
from bot.web.pages.rendering import View
from bot.web.pages.stories import Row, row_of_item, row_of_report, rows_of, stories_dated
from bot.web.parts import Parts

ROUTER = APIRouter(include_in_schema=False)
_MOST_ROWS = 200
_WIDTHS = (40, 70, 14, 12, 24, 40, 40)
"""Of Excel's columns, in characters."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""
_UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
Line = tuple[str, ...]


@ROUTER.get("/q/{answer_id}/list.{form}")
async def of_answer(request: Request, parts: Parts, answer_id: str, form: str) -> Response:
    """Return the articles of an answer."""
    view = View.of(request)

    def make() -> Response:
        answer = restore(find_given(parts, answer_id), parts.library)
        said = compose_answer(answer, view.texts, n_further=_MOST_ROWS)
        reports = [said.found, *said.further] if said.found else said.further
        return export(view, form, answer.question, [row_of_report(each) for each in reports])

    return await parts.run_slowly(make)


@ROUTER.get("/r/{word}/list.{form}")
async def of_place(request: Request, parts: Parts, word: str, form: str) -> Response:
    """Return the newest articles of a place."""
    view = View.of(request)
    place = find_place(parts, word, view.web.everywhere)

    def make() -> Response:
        rows = rows_of(newest_of(parts, place.code, _MOST_ROWS, 0), view.texts)
        return export(view, form, place.name, rows)

    return await parts.run_slowly(make)


@ROUTER.get("/d/{word}/{day}/list.{form}")
async def of_day(request: Request, parts: Parts, word: str, day: str, form: str) -> Response:
    """Return the stories of a day."""
    view = View.of(request)
    place, dated = find_place(parts, word, view.web.everywhere), parse_day(day)

    def make() -> Response:
        stories = stories_dated(parts, dated, place.code)[:_MOST_ROWS]
        rows = [row_of_item(each.item, view.texts) for each in stories]
        return export(view, form, f"{place.name} {day}", rows)

    return await parts.run_slowly(make)


def export(view: View, form: str, title: str, rows: Sequence[Row]) -> Response:
    """Return a list as a file. Raises 404 for a form that there is not."""
    if form not in _FORMS:
        raise HTTPException(404)
    media_type, write = _FORMS[form]
    lines = [_line(view, each) for each in rows]
    content = write(_clean(title), view.web.columns, lines)
    headers = {
        "Content-Disposition": f'attachment; filename="yunwen.{form}"',
        "Cache-Control": "private, max-age=60",
        "X-Robots-Tag": "noindex",
    }
    return Response(content, media_type=media_type, headers=headers)


def _line(view: View, row: Row) -> Line:
    day = row.day.isoformat() if row.day else ""
    address = view.address(f"/a/{row.article_id}")
    return tuple(
        map(
            _clean,
            (row.title, " ".join(row.sentence.split()), row.place, day, row.paper, address, row.url or ""),
        )
    )


def _clean(text: str) -> str:
    return text.translate(_UNPRINTABLE)


def write_csv(_title: str, columns: Sequence[str], lines: Sequence[Line]) -> bytes:
    """Return a table as CSV that spreadsheets open as UTF-8 and in which nothing is computed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for line in lines:
        writer.writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in line)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(title: str, columns: Sequence[str], lines: Sequence[Line]) -> bytes:
    """Return a table as an Excel workbook; texts are texts, addresses can be clicked."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": datetime(2022, 1, 1)})  # noqa: DTZ001
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        link = book.add_format({"font_color": "blue", "underline": 1, "valign": "top"})
        for column, (name, width) in enumerate(zip(columns, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        for row, line in enumerate(lines, start=1):
            for column, cell in enumerate(line):
                is_link = cell.startswith(("http://", "https://")) and column >= len(columns) - 2
                if not is_link or sheet.write_url(row, column, cell, link, cell) != 0:
                    sheet.write_string(row, column, cell[:32767], text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(lines), len(columns) - 1)
    return out.getvalue()


def write_docx(title: str, columns: Sequence[str], lines: Sequence[Line]) -> bytes:
    """Return a table as a Word document: a paragraph with its sentence and source for each row."""
    document = docx.Document()
    document.core_properties.author = ""
    document.add_heading(title, 1)
    for name, sentence, place, day, paper, address, original in lines:
        document.add_heading(name, 2)
        if sentence:
            document.add_paragraph(sentence, style="Quote")
        document.add_paragraph(" · ".join(filter(None, (place, day, paper))))
        for label, target in ((columns[-2], address), (columns[-1], original)):
            if target:
                _add_link(document.add_paragraph(f"{label}: "), target)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_link(paragraph: Paragraph, address: str) -> None:
    """Add an address that can be clicked."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = address
    run.append(text)
    link.append(run)
    paragraph._p.append(link)


_FORMS: dict[str, tuple[str, Callable[[str, Sequence[str], Sequence[Line]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", write_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_docx),
}
