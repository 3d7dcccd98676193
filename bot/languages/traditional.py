"""繁體中文, made of 简体中文 by OpenCC; what it says otherwise is put right by hand."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from opencc import OpenCC

_T = TypeVar("_T")
_CORRECTIONS = (
    ("简体中文", "繁體中文"),
    ("簡體中文", "繁體中文"),
    ("訊息", "消息"),
    ("查詢", "查找"),
    ("關鍵詞", "關鍵字"),
    ("遮蔽", "封鎖"),
    ("天后", "天後"),
    ("“", "「"),
    ("”", "」"),
)
"""What OpenCC writes, and what is said instead, in this order."""


def to_traditional(simplified: _T, **said: str) -> _T:
    """Return a table in 繁體中文 with the words of Taiwan; `said` are fields that say something else."""
    converter = OpenCC("s2twp")

    def convert(text: str) -> str:
        text = converter.convert(text)
        for written, meant in _CORRECTIONS:
            text = text.replace(written, meant)
        return text

    def convert_all(value: _T) -> _T:
        if isinstance(value, str):
            return convert(value)  # type: ignore[return-value]
        if isinstance(value, tuple):
            return tuple(map(convert_all, value))  # type: ignore[return-value]
        if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{each.name: convert_all(getattr(value, each.name)) for each in fields(value)}
            )
        return value

    converted = convert_all(simplified)
    return replace(converted, **said) if said else converted  # type: ignore[type-var]
