"""Asking for news in English, put into the Chinese that `wishes` reads: the papers and their places are Chinese.

Only what is wholly understood is taken: one word that is neither known here nor Chinese, and it is no such question.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

_MONTHS = (
    "january february march april may june july august september october november december".split(),
    "jan feb mar apr may jun jul aug sep oct nov dec".split(),
)
_MONTH = "|".join(sorted({name for names in _MONTHS for name in names} | {"sept"}, key=len, reverse=True))
_TIMES = (
    ("today(?:'s)?|this morning|tonight", "今天"),
    ("yesterday(?:'s)?", "昨天"),
    ("(?:in |over |of )?the (?:past|last) (?:week|7 days|seven days)", "最近一周"),
    ("(?:in |over |of )?the (?:past|last) month", "最近一个月"),
    ("this week(?:'s)?", "本周"),
    ("last week(?:'s)?", "上周"),
    ("this month(?:'s)?", "本月"),
    ("last month(?:'s)?", "上个月"),
    ("this year(?:'s)?", "今年"),
    ("last year(?:'s)?", "去年"),
)
_ORDINAL = "(?:st|nd|rd|th)?"
_DAYS = re.compile(
    r"\b(?:on |of |in |for |from )?(?:the )?(?:"
    rf"(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}}){_ORDINAL}\b"
    rf"|(?P<day2>\d{{1,2}}){_ORDINAL} (?:of )?(?P<month2>{_MONTH})\b"
    rf"|(?P<month3>(?:(?<=in )|(?<=of )|(?!mar|may))(?:{_MONTH}))\b"
    r")(?:,? (?P<year>(?:19|20)\d\d))?"
)
_YEAR = re.compile(r"\b(?:in |of |from )?((?:19|20)\d\d)\b")
_SUFFIX = " (?:banner|county|city|district|league)"


def _load_places() -> dict[str, str]:
    """Names of divisions in English texts, and what they are called in Chinese.

    Those whose bare name may well be another place have their kind with them (jining district, wuyuan county).
    """
    with Path(__file__).with_name("english_places.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["division"] for row in csv.DictReader(file)}


_PLACES = _load_places()
_NAMES = re.compile(
    rf"\b(?P<name>{'|'.join(sorted(map(re.escape, _PLACES), key=len, reverse=True))})(?:{_SUFFIX})?\b(?:'s)?"
)
_NAMES_IN_ANY_CASE = re.compile(_NAMES.pattern, re.IGNORECASE)
_HAN = "[\u3400-\u9fff]"
_TOPIC = re.compile(rf"\b(?:about|on|regarding|concerning|covering|covered|related to) (?:the )?({_HAN}+)")
_NEWS = re.compile(
    r"\b(?:news|head ?lines?|stories|reports?|articles|updates?|coverage)\b|"
    r"anything (?:new|happening)\b|something (?:about|on)\b|what(?:'s| is| has)? (?:new|happening|happened|going on)\b"
)
_WHO = re.compile(r"^who (?:has |had )?(?:reported|wrote|covered|published)\b")
_KNOWN = re.compile(
    r"\b(?:what|whats|which|who|is|are|was|were|there|any|some|show|me|give|tell|find|get|list|i|we|you|us|want|like|would|to|see|read|please|"
    r"the|a|an|anything|something|latest|newest|recent|new|top|local|main|big|breaking|in|from|of|on|for|about|at|regarding|concerning|related|all|and|have|has|"
    r"do|got|can|could|more|other|happening|happened|going|out|s|re|city|banner|league|county|lately|recently|now|reported|wrote|covered|"
    r"published|stories|story|news|head ?lines?|reports?|articles?|updates?|coverage|papers?|newspapers?|today|it|this|that)\b|[^\w\s]"
)


def in_chinese(question: str) -> str | None:
    """A question for news in English as one in Chinese; None for what is none."""
    text = " ".join(question.lower().replace("’", "'").split())
    if not re.search("[a-z]{3}", text):
        return None
    rest = text
    times: list[str] = []
    for pattern, chinese in _TIMES:
        rest, n = re.subn(rf"\b(?:{pattern})(?![\w'])", " ", rest)
        times += [chinese] * bool(n)
    rest = _DAYS.sub(lambda found: _kept(times, _day(found)), rest)
    rest = _YEAR.sub(lambda found: _kept(times, f"{found[1]}年"), rest)
    rest = _NAMES.sub(lambda found: _PLACES[found["name"]], rest)
    is_named = re.search(_HAN, rest) is not None
    topic = _TOPIC.search(rest)
    is_author = _WHO.search(text) is not None
    about = topic[1] if topic else ""
    if topic:
        rest = rest[: topic.start()] + " " + rest[topic.end() :]
    places = "".join(re.findall(f"{_HAN}+", rest))
    left = _KNOWN.sub(" ", re.sub(_HAN, " ", rest))
    if re.search(r"\w", left):
        return None
    when = "".join(times)
    if is_author:
        about = about or places
        where = places if about != places else ""
        return f"谁报道了{where}{when}{about}" if about else None
    if _NEWS.search(text):
        return f"{when}{places}有哪些{about}的新闻" if about else f"{when}{places}有什么新闻"
    is_bare = is_named and not re.search(_HAN, text) and not about
    return f"{when}{places}" if is_bare else None


def with_chinese_names(text: str) -> str:
    """Return a text with the English names of divisions in Chinese."""
    return _NAMES_IN_ANY_CASE.sub(lambda found: _PLACES[found["name"].lower()], text)


def places_in(text: str) -> list[str]:
    """The Chinese names of the places that an English text names, in its order."""
    return [_PLACES[found["name"]] for found in _NAMES.finditer(text.lower().replace("’", "'"))]


def _kept(times: list[str], time: str) -> str:
    times.append(time)
    return " "


def _day(found: re.Match[str]) -> str:
    name = found["month"] or found["month2"] or found["month3"]
    month = next(names.index(name[:3]) + 1 for names in _MONTHS[1:] if name[:3] in names)
    day = found["day"] or found["day2"]
    year = f"{found['year']}年" if found["year"] else ""
    return f"{year}{month}月{day}日" if day else f"{year}{month}月"
