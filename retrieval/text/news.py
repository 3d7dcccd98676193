"""Which sentences tell news: not labels, credits, dates that stand alone, weather, or what every page carries."""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.text.tokenization import fold

_REMEMBERED = 4096
"""Lines whose judgement is kept: every chat's digest asks for the same ones."""
_LEAST_LETTERS = 10
"""Letters and digits of a sentence that says something."""
_LABEL = re.compile(r"\s*(?:(?:原标题|原题|标题|摘要|导读|提要|编者按)\s*[:：]\s*|【[^】]{1,20}】\s*)")
_LEAD = re.compile(
    r"\s*[^,，。；;：:！？“”]{0,24}?(?:(?:\d{1,2}\s*月)?\s*\d{1,2}\s*日\s*)?(?:讯|电|消息|获悉)"
    r"(?:\s*[（(](?:[^）)]{0,12}(?:记者|通讯员|编辑)|编辑)[^）)]{0,30}[）)])?(?:[,，:：]\s*|\s+)"
)
"""Who reports, from where and when: 本报通辽6月30日电, 某某网 8 月 15 日消息，."""
_LATELY = re.compile(r"\s*(?:近日|日前|近期|最近|目前|连日来|前不久|近段时间以来|据悉|据了解)[,，]\s*")
_CREDIT = re.compile(
    r"责任?编辑|责编|编辑[:：]|校对[:：]|审核[:：]|监制[:：]|来源[:：]|转自[:：]|图源|供图|作者[:：]|文[/／]|图[/／]|记者[:：]"
    r"|版权|转载|免责声明|扫码|二维码|点击|订阅我们|关注我们|公众号|客户端下载|原标题"
)
_DATE_ALONE = re.compile(r"[\s\d年月日/\-.:：时分点()（）星期一二三四五六七八九十上下午,，、]*[。.]?")
_SKY = re.compile(r"晴|多云|阴|阵雨|小雨|中雨|大雨|小雪|中雪|雷阵雨|降水过程|降雨量|强对流")
_AIR = re.compile(r"气温|℃|[°º]C|\d级|风力|偏[东南西北]风|未来.{1,4}天|今天(?:白天|夜间)|有.{0,3}[雨雪]|毫米")
_ROUTINE = re.compile(
    r"天气预报|气象预报|天气实况|空气质量日报|股票行情|收盘|基金净值|开奖|导读|本报讯息|目录|值班表|讣告|遗失声明|更正声明|招聘启事|"
    r"拍卖公告|注销公告|广告|招标公告|中标公示|今日提示|版面导航"
)


def strip_labels(text: str) -> str:
    """Return a title or sentence without what labels it: 原标题：, 【…】."""
    while (label := _LABEL.match(text)) and label.end() < len(text):
        text = text[label.end() :]
    return text.lstrip()


def telling_start(text: str, title: str) -> int:
    """Return where a sentence begins to tell: behind its labels, its title said again, and who reports."""
    start = len(text) - len(strip_labels(text))
    bare = strip_labels(title).strip()
    if bare and text.startswith(bare, start) and _letters(text[start + len(bare) :]) >= _LEAST_LETTERS:
        start += len(bare)
    for lead in (_LEAD, _LATELY):
        found = lead.match(text, start)
        if found and _letters(text[found.end() :]) >= _LEAST_LETTERS:
            start = found.end()
    return start + len(text[start:]) - len(text[start:].lstrip(" ，,。：:"))


@lru_cache(maxsize=_REMEMBERED)
def is_telling(sentence: str) -> bool:
    """Whether a sentence tells something: no credit, date alone, weather, speech or question, and not a few words."""
    if _letters(sentence) < _LEAST_LETTERS or _DATE_ALONE.fullmatch(sentence.strip()):
        return False
    is_speech = sentence.lstrip()[:1] in '“"「' or sentence.rstrip('”」" ')[-1:] in "？?"
    return not is_speech and not _CREDIT.search(sentence) and not is_weather(sentence)


def is_weather(sentence: str) -> bool:
    """Whether a sentence is a forecast's: what the sky does, and how warm or windy it is."""
    return bool(_SKY.search(sentence) and _AIR.search(sentence))


@lru_cache(maxsize=_REMEMBERED)
def is_routine(title: str) -> bool:
    """Whether a title is of what comes every day: forecasts, quotations, notices."""
    return bool(_ROUTINE.search(title) or is_weather(title))


def likeness(one: str, other: str) -> float:
    """0 to 1: the share of letter pairs that two texts have in common, figures apart."""
    first, second = letter_pairs(one), letter_pairs(other)
    return len(first & second) / len(first | second) if first and second else float(one == other)


@lru_cache(maxsize=_REMEMBERED)
def letter_pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters of a text, without figures and marks."""
    letters = "".join(each for each in fold(text) if each.isalpha())
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
