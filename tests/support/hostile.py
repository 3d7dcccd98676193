"""A folder of files that no reader can read, and of files damaged at random, for the tests of this folder."""

import io
import json
import os
import random
import re
import socket
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from forms import BODY, make_docx, make_html, make_item, make_rss, make_zip
from pdfs import make_pdf, set_column

PAGE = "## 甲旗 牧草丰收\n\n今年以来，牧草面积达到5万亩。\n"
GOOD = {
    "docx": make_docx(("甲旗 牧草丰收", "Heading 1"), *((part, None) for part in BODY)),
    "pdf": make_pdf([[(50, 780, 24, "甲旗 牧草丰收"), *set_column("".join(BODY), 50, 700, width=40)]]),
    "zip": make_zip({"a.txt": PAGE, "b.txt": PAGE * 20}),
    "html": make_html().encode(),
    "xml": make_rss(*(make_item(number, BODY[0]) for number in range(3))).encode(),
    "json": json.dumps([{"title": "甲旗", "text": part} for part in BODY]).encode(),
    "txt": PAGE.encode(),
}
SUFFIXES = ("txt", "md", "jsonl", "json", "html", "htm", "docx", "pdf", "xml", "rss", "atom", "zip")
_NO_FORM = {
    "empty": b"",
    "blank": b" \n\t\r\n  \n",
    "nulls": bytes(5000),
    "binary": random.Random(1).randbytes(5000).replace(b"<", b"\x01"),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "cyrillic": ("Привет мир " * 50).encode("cp1251"),
    "halfutf16": b"\xff\xfe\x00\xd8\x00",
    "elf": b"\x7fELF" + bytes(3000),
    "gzip": b"\x1f\x8b\x08\x00" + random.Random(2).randbytes(300),
}


def bad_files() -> Iterator[tuple[str, bytes]]:
    """Names and bytes of which none gives an article."""
    for what, data in _NO_FORM.items():
        for suffix in SUFFIXES:
            yield f"{what}.{suffix}", data
    for suffix in ("docx", "zip"):
        for part in range(1, 10):
            yield f"cut{part}.{suffix}", GOOD[suffix][: len(GOOD[suffix]) * part // 10]
    yield from _bad_zips()
    yield from _bad_texts()
    yield from _bad_documents()


def _bad_zips() -> Iterator[tuple[str, bytes]]:
    bomb = make_zip({"a.txt": bytes(15_000_000)})
    yield "bomb.zip", bomb
    yield "bombs.zip", make_zip({f"{number}.txt": bytes(15_000_000) for number in range(5)})
    yield "nested.zip", make_zip({"b.zip": make_zip({"c.zip": GOOD["zip"]})})
    at = bomb.index(b"PK\x01\x02")
    yield "lying.zip", bomb[: at + 24] + struct.pack("<I", 100) + bomb[at + 28 :]
    yield "secret.zip", bomb[: at + 8] + b"\x01" + bomb[at + 9 :]
    yield "escape.zip", make_zip({"../../evil.txt": PAGE, "/etc/evil.txt": PAGE, "C:\\evil.txt": PAGE})
    yield "strange.zip", make_zip({"a\nb.txt": PAGE, "b\x1b[31m.txt": PAGE})
    yield "many.zip", make_zip({f"{number}.txt": b"" for number in range(20_001)})
    yield "tar.zip", make_zip({"a.tar.gz": b"x", "b.7z": b"x"})
    yield "inner.zip", make_zip({f"cut.{suffix}": b"\x00broken" for suffix in SUFFIXES})


def _bad_texts() -> Iterator[tuple[str, bytes]]:
    yield "headings.txt", "## 【要闻】\n\n## 标题\n".encode()
    yield "huge.txt", b"x" * 20_000_001
    yield "huge.html", make_html((BODY[0] * 200_000,)).encode()[:30_000_000]
    yield "tags.html", b"<p>" * 300_000
    yield "links.html", "<html><body><nav><a href='/'>首页</a></nav></body></html>".encode()
    yield "script.html", b"<script>" + b"var a=1;" * 1000
    for suffix in ("json", "jsonl"):
        yield f"deep.{suffix}", b"[" * 100_000 + b"]" * 100_000
        yield f"deepdict.{suffix}", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
        yield f"number.{suffix}", b"9" * 10_000
        yield f"scalar.{suffix}", b"3"
        yield f"notext.{suffix}", b'{"title": "x"}'
        yield f"listtext.{suffix}", b'{"text": ["x"]}'
        yield f"surrogate.{suffix}", b'{"text": "\\ud800 half"}'
        yield f"cut.{suffix}", '{"text": "今年'.encode()
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield (
        "laughs.xml",
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]><rss>&l9;</rss>'.encode(),
    )
    outside = b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item>&a;</item></channel></rss>'
    yield "outside.rss", outside
    yield "none.atom", b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>'
    yield "deep.xml", b"<a>" * 200_000
    yield "address.xml", b"http://127.0.0.1:9/feed"
    yield "path.rss", b"/etc/passwd"


def _bad_documents() -> Iterator[tuple[str, bytes]]:
    yield "nothing.pdf", make_pdf([[]])
    yield "long.pdf", make_pdf([[(50, 700, 10, "字")]] * 201)
    yield "head.pdf", b"%PDF-1.7\n%%EOF"
    yield "noise.pdf", b"%PDF-1.7\n" + random.Random(3).randbytes(50_000)
    packer = zlib.compressobj(9)
    show = b"<" + "字".encode("utf-16-be").hex().encode() * 200 + b"> Tj\n"
    packed = packer.compress(b"BT /F1 10 Tf\n")
    packed += b"".join(packer.compress(show * 1000) for _ in range(400)) + packer.flush()
    plain = make_pdf([[(50, 700, 10, "字")]])
    start = plain.index(b"<< /Length")
    end = plain.index(b"endstream", start) + len(b"endstream")
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    yield "bomb.pdf", plain[:start] + stream + plain[end:]
    yield "nopart.docx", make_zip({"[Content_Types].xml": "<Types/>"})
    yield "text.docx", make_zip({"a.txt": PAGE})
    entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    for name, change in (
        ("entities", {"word/document.xml": entities}),
        ("broken", {"word/document.xml": b"<w:document"}),
        ("swollen", {"word/document.xml": b" " * 40_000_000}),
        ("types", {"[Content_Types].xml": b"<broken"}),
    ):
        yield f"{name}.docx", _changed(GOOD["docx"], change)
    yield "old.docx", b"\xd0\xcf\x11\xe0" + bytes(4000)


def _changed(data: bytes, change: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return make_zip({**{name: archive.read(name) for name in archive.namelist()}, **change})


def damaged_files() -> Iterator[tuple[str, bytes]]:
    """Good files with bytes changed, or cut: some can still be read, in whole or in part."""
    chance = random.Random(7)
    for suffix, data in GOOD.items():
        for number in range(6):
            changed = bytearray(data)
            for _ in range(chance.choice((1, 5, 50))):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            yield f"damaged{number}.{suffix}", bytes(changed)
        yield f"half.{suffix}", data[: len(data) // 2]
    yield "nulls in text.txt", PAGE.encode().replace(b"\n", b"\n\x00")
    yield "line.txt", ("甲旗牧草面积达到5万亩，" * 20_000).encode()
    yield "brackets.txt", "（".encode() * 100_000
    yield "bullets.txt", "●\n".encode() * 20_000
    yield "hashes.txt", b"# \n#####\n" * 20_000 + PAGE.encode()
    yield "deep.html", b"<div>" * 50_000 + BODY[0].encode()


def make_odd_entries(folder: Path) -> list[str]:
    """What is in a folder but is no regular file, or has no proper name; the names under which it is listed."""
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "pipe.pdf")
    (folder / "loop1.txt").symlink_to(folder / "loop2.txt")
    (folder / "loop2.txt").symlink_to(folder / "loop1.txt")
    (folder / "self").symlink_to(folder)
    (folder / "dangling.txt").symlink_to(folder / "nowhere.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as sock:
        here = os.open(".", os.O_RDONLY)
        try:
            os.chdir(folder)  # a socket's path must be short
            sock.bind("socket.txt")
        finally:
            os.fchdir(here)
            os.close(here)
    (folder / "two\nlines.txt").write_text(PAGE, encoding="utf-8")
    (folder / "bell\x07.txt").write_text(PAGE, encoding="utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xb2\xdd.txt")).write_text(PAGE, encoding="utf-8")
    named = [
        "pipe.txt",
        "pipe.pdf",
        "loop1.txt",
        "loop2.txt",
        "self",
        "dangling.txt",
        "zero.txt",
        "socket.txt",
    ]
    return [*named, "two\\nlines.txt", "bell\\x07.txt", "\\udcb2\\udcdd.txt"]


def table_of(cell: str, *, below: int = 0) -> bytes:
    """A Word document with a table whose first row has this property; the rows below continue it."""
    data = make_docx((BODY[0], None), rows=((BODY[1],),))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    xml = members["word/document.xml"].decode()
    row = re.search(r"<w:tr>.*</w:tr>", xml, re.DOTALL)
    assert row is not None
    changed = "".join(
        row[0].replace("<w:tcPr>", f"<w:tcPr>{each}") for each in (cell, *["<w:vMerge/>"] * below)
    )
    members["word/document.xml"] = xml.replace(row[0], changed).encode()
    return make_zip(members)


COSTLY: dict[str, bytes] = {
    "wide.docx": table_of('<w:gridSpan w:val="300000000"/>'),
    "tall.docx": table_of('<w:vMerge w:val="restart"/>', below=3000),
    "comments.xml": b'<rss version="2.0"><channel><title>x</title><item><title>a</title><description><![CDATA['
    + b"<!--" * 60_000
    + b"]]></description></item></channel></rss>",
}
"""Small files on which a reader would work for minutes, or take gigabytes."""
