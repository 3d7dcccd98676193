"""Written numbers and their values: 1亿3000万, 13万2千, 二十三万余, 壹仟零陆拾贰万, 1 200."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {
    digit: value
    for value, digits in enumerate(
        ("零〇○", "一壹", "二两贰貳兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for digit in digits
}
_SCALES = {
    scale: value
    for value, scales in ((10, "十拾"), (100, "百佰"), (1000, "千仟"), (10_000, "万萬"), (10**8, "亿億"))
    for scale in scales
}
_SCALE = "[十百千万亿拾佰仟萬億]"
_FIGURES = r"(?:\d{1,3}(?:[ \u00a0\u2009]\d{3})+(?!\d)|\d+(?:[,，]\d{3})*(?:[.．]\d+)?)"
_NUMERALS = f"{''.join(_DIGITS)}{''.join(_SCALES)}"
_CHINESE = f"[{_NUMERALS}]"
_SOME = "[余多来几]"
"""Behind a number: somewhat more."""

_MANY = "[百千万亿佰仟萬億]"
NUMBER = (
    rf"(?:(?<![\d{_NUMERALS}])(?:{_FIGURES}(?:{_SOME}?{_MANY}+\d+(?:[.．]\d+)?)*(?:{_SOME}?{_MANY}+)?"
    rf"|[几数]?{_CHINESE}+(?:{_SOME}{_SCALE}+)?(?:点{_CHINESE}+)?)|半)"
)
"""A number's pattern, for use in others; it has no groups.

It begins no number within another, so that a long run of digits is looked at once.
"""

NUMBER_BEGINNING = rf"\d{_NUMERALS}几数半"
"""What a number begins with, for use in a class of characters."""

_TOKEN = re.compile(
    rf"(?P<figures>{_FIGURES})|(?P<digits>[{''.join(_DIGITS)}]+)|(?P<scale>{_SCALE})|(?P<point>点)"
)
_VAGUE = re.compile("[几数]")


def number_value(text: str) -> Decimal | None:
    """The value of a number as `NUMBER` matches it, perhaps with 余 or 多; None for a vague one (几十, 三四百).

    A last digit behind a scale counts in tenths of it, as people say it: 五十六万八 is 568000.
    """
    if _VAGUE.match(text):
        return None
    if text == "半":
        return Decimal("0.5")
    total = section = Decimal(0)
    number: Decimal | None = None
    last_scale, is_fraction, is_single = 1, False, False
    for token in _TOKEN.finditer(text):
        word = token.group()
        if token["scale"]:
            scale = _SCALES[word]
            if scale < 10_000:
                section += (Decimal(1) if number is None else number) * scale
            else:
                section += number or 0
                section = section or Decimal(1 if number is None and not total else 0)
                total = (total + section) * scale if scale == 10**8 else total + section * scale
                section = Decimal(0)
            number, last_scale, is_fraction = None, scale, False
        elif token["point"]:
            section, number, is_fraction, last_scale = section + (number or 0), None, True, 1
        elif is_fraction:
            section += Decimal("0." + _as_figures(word))
        else:
            if token["digits"] and is_about(word):
                return None
            number, is_single = Decimal(_as_figures(word)), len(word) == 1
    if number is not None and is_single and last_scale >= 100:
        number = number * last_scale / 10
    return total + section + (number or 0)


def is_about(digits: str) -> bool:
    """Whether two Chinese digits name two numbers, one of which it is: 三四 (百), 一两 (个)."""
    return len(digits) == 2 and 0 < _DIGITS[digits[0]] == _DIGITS[digits[1]] - 1


def whole_number(text: str) -> int:
    """The value of a small whole number: 9, 十二, 两."""
    return int(text) if text.isdecimal() else int(number_value(text) or 0)


def _as_figures(word: str) -> str:
    if word[0] in _DIGITS:
        return "".join(str(_DIGITS[character]) for character in word)
    return re.sub(r"[,，\s]", "", word).replace("．", ".")
