"""Headings of a page: sections, titles, the place printed with a title, titles derived from a first clause."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.reading.articles.dateline import parse_dateline

MAX_TITLE_CHARS = 40
"""Longest derived title, and longest line that an unmarked title may be."""
MIN_CLAUSE_CHARS = 8
"""A shorter first clause (连日来, 前不久) says nothing alone; the derived title goes on to the next."""

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

_SETTING = re.compile(
    r"(?:在|随着|为|受|由于|当|自从?|通过|围绕|针对|根据|按照|截至|面对|虽|尽管|经过|据|从|近年|今年|去年|每年|每到|每逢|这几年|最近).*"
    r"|[^“”]{2,30}(?:之际|期间|以来|以后|之后|之前|时节|季节|时分|影响|开始|起|时)"
    r"|[^“”]{2,24}(?:宣布|公布|表示|显示|介绍|获悉|发布|通报|透露|指出|称)"
    r"|(?:\d{4}年|\d{1,2}月|\d{1,2}日|今年|去年).{0,4}[的]?(?:春天|夏天|秋天|冬天|暑假|寒假|春季|夏季|秋季|冬季|春节|国庆)"
)
_TIME = re.compile(r"近日|日前|近期|[今昨当]天|[今昨当]日|[\d年月份日时上下午至-]+")
_CLAUSE_END = "，,。；;：:！!？?…\n"
_OPENING, _CLOSING = "“‘《〈（(「『【", "”’》〉）)」』】"


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


def derive_title(text: str) -> str:
    """Return a title made of the first clause of `text`, at most 40 characters, as printed there.

    A dateline is passed over; punctuation inside quotation marks ends no clause; a first clause of fewer
    than 8 characters, or one that only says where, when or why, is taken together with the next, or left out where
    both would be too long. A longer one is cut where a quotation or a word ends.
    """
    dateline = parse_dateline(text)
    body = text[dateline.end :] if dateline else text
    depth = begin = 0
    for at, char in enumerate(body):
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(0, depth - 1)
        elif char == "\n" or (char in _CLAUSE_END and depth == 0 and at >= MIN_CLAUSE_CHARS):
            if _is_inside_number(body, at):
                continue
            if char in "，," and (_is_setting(body[:at]) if begin == 0 else _TIME.fullmatch(body, begin, at)):
                begin = at + 1
                continue
            is_left_out = begin and at > MAX_TITLE_CHARS and at - begin >= MIN_CLAUSE_CHARS
            return _shorten(body[begin:at] if is_left_out else body[:at])
    return _shorten(body)


def _is_setting(clause: str) -> bool:
    """Whether a clause only says where, when or why: 在甲旗乙村, 为保障供水, 受台风影响."""
    return bool(_SETTING.fullmatch(clause)) or is_place(clause)


def _is_inside_number(text: str, at: int) -> bool:
    return text[at] in ",:" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def _shorten(clause: str) -> str:
    clause = clause.strip().rstrip("。！!？?")
    if len(clause) <= MAX_TITLE_CHARS:
        return clause
    kept = clause[:MAX_TITLE_CHARS]
    ends = [match.end() for match in re.finditer(r"[”’》）)、 ]|的", kept)]
    opened = max(kept.rfind(mark) for mark in _OPENING)
    closed = max(kept.rfind(mark) for mark in _CLOSING)
    if opened > closed and opened >= MAX_TITLE_CHARS // 2:
        return kept[:opened].rstrip(" 、")
    if ends and ends[-1] >= MAX_TITLE_CHARS // 2:
        return kept[: ends[-1]].rstrip(" 、的")
    if clause[MAX_TITLE_CHARS].isascii():
        return re.sub(r"[0-9A-Za-z.%]+$", "", kept) or kept
    return kept
