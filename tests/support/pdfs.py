"""PDFs written by hand, for the tests of this folder: text at given places, no font within."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Placed: TypeAlias = tuple[float, float, float, str]
"""x, y, size, text; y grows upwards, a page is 595 by 842."""


def make_pdf(pages: Iterable[Sequence[Placed]]) -> bytes:
    """A PDF in a Chinese font that the reader must know (Adobe-GB1)."""
    objects: list[bytes] = [b"", b""]
    font = _add(
        objects,
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [4 0 R] >>",
    )
    _add(
        objects,
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
    )
    _add(
        objects,
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
    )
    kids = []
    for placed in pages:
        content = b"\n".join(_show(*each) for each in placed)
        stream = _add(objects, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        kids.append(
            _add(
                objects,
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
                b" /Resources << /Font << /F1 %d 0 R >> >> >>" % (stream, font),
            )
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    return _written(objects)


def set_column(text: str, x: float, top: float, *, width: int, size: float = 10) -> list[Placed]:
    """Text set in a column of so many letters, from the top down."""
    rows = [text[at : at + width] for at in range(0, len(text), width)]
    return [(x, top - 1.6 * size * number, size, row) for number, row in enumerate(rows)]


def _show(x: float, y: float, size: float, text: str) -> bytes:
    return b"BT /F1 %.1f Tf 1 0 0 1 %.1f %.1f Tm <%s> Tj ET" % (
        size,
        x,
        y,
        text.encode("utf-16-be").hex().encode(),
    )


def _add(objects: list[bytes], body: bytes) -> int:
    objects.append(body)
    return len(objects)


def _written(objects: Sequence[bytes]) -> bytes:
    data = b"%PDF-1.5\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            len(data),
        )
    )
