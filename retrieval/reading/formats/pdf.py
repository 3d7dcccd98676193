"""A PDF with a text layer -> the lines of a newspaper page, which the page's own rules then read."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from retrieval.errors import ReadingError
from retrieval.reading.formats.page import parse_page
from retrieval.types import Page

MAX_PDF_BYTES = 100_000_000
"""With its pictures."""
_SCRIPT = Path(__file__).with_name("pdf_text.py")
MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 30
"""What reading one PDF may take; a page of a newspaper takes a tenth of a second."""


def read_pdf(data: bytes, path: Path, *, sha256: str) -> Page:
    """Return the page that a PDF's bytes are; its columns are read one after the other.

    Raises ReadingError if it is damaged, encrypted, has no text layer, too many pages, needs too much
    memory or time, or holds no article.
    """
    lines = _extract(data, path)
    year = date.today().year  # noqa: DTZ011 (a year suffices)
    return parse_page("\n".join(lines), path, sha256=sha256, encoding="pdf", latest_year=year)


def _extract(data: bytes, path: Path) -> list[str]:
    if b"%PDF-" not in data[:1024]:
        raise ReadingError(path, "is no PDF, whatever its name says: fetch or export it again")
    try:
        # -P: the script's own folder has modules named like the standard library's
        done = subprocess.run(
            [sys.executable, "-P", str(_SCRIPT), str(MEMORY_BYTES), str(CPU_SECONDS)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=4 * CPU_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReadingError(
            path, f"the PDF takes more than {4 * CPU_SECONDS} seconds to read: split it"
        ) from None
    except OSError as error:
        raise ReadingError(path, f"no process could be started to read the PDF ({error.strerror})") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        reason = f"reading the PDF needs too much memory or time, or crashes (exit {done.returncode})"
        raise ReadingError(path, f"{reason}: export it again, or split it") from None
    if "error" in answer:
        raise ReadingError(path, answer["error"])
    return [str(line) for line in answer["lines"]]
