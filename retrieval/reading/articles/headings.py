"""Headings of a page: sections, titles, the place printed with a title."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TITLE_CHARS = 40
"""Longest line that an unmarked title may be."""

_HEADING = re.compile(r"(#{1,6})[ \t\u3000]*(?=\S)(.*?)[ \t\u3000]*#*")
_SECTION = re.compile(r"[【〖]([^【】〖〗]{1,20})[】〗]")
_PLACE = re.compile(
    r"[\u3400-\u9fff·]{1,8}(?:省|市|区|县|旗|盟|州|镇|乡|村|苏木|街道|嘎查)"
    r"|[\u3400-\u9fff·]{2,16}(?:自治区|自治州|自治县|自治旗)"
)
_COMMON_NOUN = re.compile(
    r"(?:.*(?:小区|社区|园区|景区|校区|厂区|片区|灾区|山区|牧区|农区|街区|战区|军区|禁区|误区|专区|示范区|试验区|城市|都市|超市"
    r"|门市|夜市|股市|楼市|集市|上市|国旗|党旗|红旗|锦旗|战旗|升旗|军旗|旗县|神州|家乡|故乡|城乡|返乡|下乡|还乡|老乡|水乡|乡村|农村"
    r"|山村|进村|驻村|入村|乡镇|村镇|结盟|联盟|加盟|同盟))"
    r"|.?(?:城区|市区|县区|郊区|矿区|林区|辖区|地区|库区)"
    r"|[全我各本这那该某两多](?:省|市|区|县|旗|盟|州|镇|乡|村|旗县|苏木|街道|嘎查)"
)
_TITLE_PLACE = re.compile(r"([\u3400-\u9fff·]{2,18})(?:[ \t\u3000]+|[：:][ \t\u3000]*)(\S.*)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line with #'s before it."""

    level: int
    """1 to 6."""
    text: str


def parse_heading(line: str) -> Heading | None:
    """Return the heading that a line with leading #'s is, or None."""
    match = _HEADING.fullmatch(line)
    return Heading(len(match[1]), match[2]) if match else None


def parse_section(line: str) -> str | None:
    """Return the name in a line that is nothing but 【栏目】, with or without #'s, or None."""
    heading = parse_heading(line)
    match = _SECTION.fullmatch(heading.text if heading else line)
    return match[1].strip() if match else None


def is_place(word: str) -> bool:
    """Whether a word has the form of a division's name: 库伦旗, 霍林郭勒市; not 小区, 城市, 全县."""
    return bool(_PLACE.fullmatch(word)) and not _COMMON_NOUN.fullmatch(word)


def split_place(title: str) -> tuple[str | None, str]:
    """Return the place a title begins with and the rest: `库伦旗 水稻…` -> (库伦旗, 水稻…).

    The place ends at the first blank or colon; later blanks belong to the title.
    """
    match = _TITLE_PLACE.fullmatch(title)
    if match and is_place(match[1]):
        return match[1], match[2]
    return None, title
