"""Bytes of a page -> its text and the name of its encoding.

Strict decoders are tried in the order UTF-8, UTF-16 (by byte order mark, or when evident without), GB18030,
and a decoder's word is taken only if what it gives reads like Chinese or plain ASCII. Of the encodings that
Chinese pages come in, UTF-8 proves itself by decoding at all; the others accept almost any bytes, which is
why their result is judged.
"""

from __future__ import annotations

import codecs

PLAUSIBLE = 0.6
"""Least share of familiar characters at which a guessed decoding is believed."""

_MAX_CONTROL_SHARE = 0.02
_SAMPLE_CHARS = 50_000
_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)


class UndecodableError(ValueError):
    """The bytes are no text that can be read; the message says what they are and what to do."""


def decode_page(data: bytes) -> tuple[str, str]:
    """Return the text, without a byte order mark, and one of utf-8, utf-8-sig, utf-16-le, utf-16-be, gb18030.

    Raises:
        UndecodableError: the bytes are binary, or in an encoding that is not one of these.
    """
    _refuse_known_binary(data)
    for mark, name, codec in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data, name, codec), name
    if b"\x00" in data:
        return _decode_utf16(data)
    _refuse_control_bytes(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _decode_guessed(data, error)


def familiarity(text: str) -> float:
    """Return the share, 0 to 1, of characters that Chinese pages are made of: ASCII, punctuation, common hanzi.

    Common hanzi are the 3,755 of GB 2312's first level. Real pages score above 0.9, text decoded with the
    wrong encoding below 0.4. White space is not counted; text without anything else scores 0.
    """
    sample = [char for char in text[:_SAMPLE_CHARS] if not char.isspace()]
    return sum(map(_is_familiar, sample)) / len(sample) if sample else 0.0


def _is_familiar(char: str) -> bool:
    if char < "\x80":
        return " " <= char < "\x7f"
    if char in "·×÷—–‘’“”…℃°" or "\u3000" <= char <= "\u303f" or "\uff01" <= char <= "\uffee":
        return True
    try:
        encoded = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and encoded[0] <= 0xD7


def _refuse_known_binary(data: bytes) -> None:
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise UndecodableError(f"this is {what}, not text: export it as plain text first")


def _refuse_control_bytes(data: bytes) -> None:
    controls = sum(data.count(code) for code in (*range(1, 9), *range(14, 27), *range(28, 32), 127))
    if controls > len(data) * _MAX_CONTROL_SHARE:
        raise UndecodableError("this is a binary file, not text: export it as plain text first")


def _decode_marked(data: bytes, name: str, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise UndecodableError(
            f"it begins with the mark of {name} but byte {error.start} is not {name}: "
            f"the file is damaged, fetch it again or save it as UTF-8"
        ) from None


def _decode_utf16(data: bytes) -> tuple[str, str]:
    score, name, text = _best_guess(data, ("utf-16-le", "utf-16-be"))
    if score < PLAUSIBLE:
        raise UndecodableError("this is a binary file, not text: export it as plain text first")
    return text, name


def _decode_guessed(data: bytes, utf8_error: UnicodeDecodeError) -> tuple[str, str]:
    score, name, text = _best_guess(data, ("gb18030", "utf-16-le", "utf-16-be"))
    if score < PLAUSIBLE:
        line = data.count(b"\n", 0, utf8_error.start) + 1
        raise UndecodableError(
            f"line {line} is in no encoding known here (UTF-8, UTF-16, GB18030): save the page as UTF-8"
        )
    return text, name


def _best_guess(data: bytes, codecs_tried: tuple[str, ...]) -> tuple[float, str, str]:
    best = (0.0, "", "")
    for name in codecs_tried:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        score = familiarity(text)
        if score > best[0]:
            best = (score, name, text)
    return best
