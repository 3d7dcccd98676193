"""Markdown and stray HTML in a page's lines: marks, not text."""

from __future__ import annotations

import re
from html import unescape

_MARKED = re.compile(r"[<&*_\[`~]")
_CODE = re.compile(r"<\s*(?:script|style|iframe|svg|form|input)\b", re.IGNORECASE)
"""A line with such is about markup, or an attack: it is shown as it is written."""
_BREAK = re.compile(
    r"<\s*(?:br\s*/?|/?\s*(?:p|div|li|ul|ol|tr|table|h[1-6]|section|article|blockquote))(?:\s+[^<>]{0,300}=[^<>]{0,300})?/?\s*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"<\s*/\s*t[dh]\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"<\s*/?\s*(?:strong|b|em|i|u|span|font|a|img|td|th|thead|tbody|sup|sub|small|center|figure|figcaption|video|audio|o:p)"
    r"(?:\s+[^<>]{0,300}=[^<>]{0,500})?/?\s*>|<!--.{0,500}?-->",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"!\[[^\]\n]{0,200}\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)")
_LINK = re.compile(
    r"\[([^\[\]\n]{1,300})\]\((?:https?:|/|\.|#|mailto:|www\.)[^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)"
)
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)(.{1,500}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![*\w])")
_ENTITY = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|emsp|ensp|#\d{2,6}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)


def plain_lines(line: str) -> list[str]:
    """Return the lines of text that a line of a page holds, without marks; an image is nothing, a link its words."""
    if not _MARKED.search(line) or _CODE.search(line):
        return [line]
    text = _CELL.sub(" ", _IMAGE.sub("", line))
    parts = _BREAK.split(text)
    return (
        [_plain(part) for part in parts]
        if len(parts) == 1
        else [plain for part in parts if (plain := _plain(part)).strip()]
    )


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", _TAG.sub("", text))
    text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", text))
    return _ENTITY.sub(lambda match: unescape(match.group()), text)
