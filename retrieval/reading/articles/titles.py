"""Titles as records and sites state them, and those that are made where none is stated or it says nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.reading.articles.dateline import parse_dateline
from retrieval.reading.articles.furniture import original_title
from retrieval.reading.articles.headings import derive_title
from retrieval.types import Span, SpanKind

_LABEL = re.compile(r"^\s*[（(\[【［]?(?:原标题|原题|来源标题|标题|题目|题)\s*[：:]\s*")
_EDITORS = re.compile(r"\s*[（(\[【［](?:责任编辑|责编|编辑|来源|记者)[：:][^）)\]】］]{0,40}[）)\]】］]\s*$")
_DATELINE = re.compile(
    r"[\u3400-\u9fff]{2,8}(?:报|网|社)(?:[-—－][\u3400-\u9fff]{2,6}网)?讯\s*(?:[（(].*)?$|"
    r"(?:据|本文转[自载][^；。]{2,20}；)?(?:新华社|中新社|中新网|中国新闻网|人民网|央视网|本报|本网)[\u3400-\u9fff·]{0,8}\d{1,2}月\d{1,2}日(?:专?电|讯|消息)?.{0,20}$"
)
_TIME_ONLY = re.compile(
    r"(?:[\d〇零一二三四五六七八九十两]++\s*+(?:世纪|年|月份?|日|号|时|点|分|周|天|季度)?|(?:星期|周)[一二三四五六日天]|[上下]午|上半年|下半年|"
    r"[今昨前明去本上当][天日年月周晚早晨]|近日|日前|近期|最近|连日来|目前|凌晨|清晨|晚间?|中午|至|到|起|和|及|、|[-—－~～:：/.．（）()\s]|"
    r"据(?:悉|了解|介绍|报道)|记者获悉|期间|前后|当地时间|北京时间|当前|眼下|许|左右)++"
)
_BYLINE = re.compile(
    r"\s*(?:[\u3400-\u9fff]{2,8}(?:新闻|日报|晚报|晨报|时报|商报|都市报|网|社|电视台|客户端))?(?:首席|实习|全媒体|融媒体)?"
    r"(?:记者|通讯员)[ \u3000]+[\u3400-\u9fff·]{2,4}(?:[ \u3000、]+[\u3400-\u9fff·]{2,4}){0,6}$"
    r"|(?!优秀|资深|最美|知名|著名|青年|摄影)[\u3400-\u9fff]{2}(?:新闻|日报|晚报|晨报|时报|商报|都市报|电视台|客户端)(?:首席|实习|全媒体|融媒体)?记者$"
)
"""Behind a title: who wrote what runs on from it."""
_LEAD = re.compile(
    r"(?:(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s+)?\d{1,2}[:：]\d{2}(?:[:：/]\d{2}(?:[:：]\d{2})?)?\s*"
    rf"|(?:{_TIME_ONLY.pattern})[，,。]\s*|编者按[：:]\s*|(?:近日|日前|昨日|昨天|近期|连日来)(?=[\u3400-\u9fff])"
    r"|记者[^，,。：:]{0,24}?(?:了解到|获悉|得知)[，,]\s*|[^，,。：:“”]{2,14}(?:表示|指出|透露|介绍说?)[，,：:]\s*"
    r"|(?:根据|据)[^，,。]{2,24}(?:数据|统计)[，,]\s*"
    r"|据[^，,。]{2,24}(?:消息|报道|通报|通告|公告|发布|介绍|显示|公众号|公号|官网|网站|微博)[，,：:]\s*"
    r"|[\u3400-\u9fffA-Za-z]{2,8}\s*\d{1,2}\s*月\s*\d{1,2}\s*日(?:消息|讯|电)[，,：:]\s*"
    r"|[\u3400-\u9fff]{0,10}?(?:记者|通讯员)[ \u3000\u00a0]*[\u3400-\u9fff·、/／ \u3000\u00a0]{2,40}?"
    r"(?:(?:\d{1,2}月\d{1,2}日)?报道[：:]?\s*|(?=\d{1,2}月\d|\d{1,2}日|近日|日前|连日来|今[年天日]|昨[天日]))"
    r"|(?:[\u3400-\u9fff]{2,4}(?:记者|编辑)[：:]\s*[\u3400-\u9fff]{2,3}\s*)+(?=\d|近日|日前)"
    r"|据[^，,。：:]{2,12}(?:新闻|网|报|社|电视台)[，,：:]\s*"
    r"|来源[：:]\S{2,12}\s+|[\u3400-\u9fff]{2,8}(?:网|报|社|台)?讯\s*[（(][^）)]{2,40}[）)]\s*)+"
)
"""What says when, or who says so, before what is said."""
_TOPIC = re.compile(
    r"题[：:]\s*(?P<title>[^。\n]{8,60}?)\s*(?=作者[ \u3000：:]|[\u3400-\u9fff]{0,6}记者[ \u3000：:]|[“\n])"
)
"""What agencies set behind a dateline: 题：草原上的夜校 作者 …."""


def says_something(title: str) -> bool:
    """Whether a stated title is one: 7月27日至28日 and 2024-09-29 are dates, …… nothing at all."""
    letters = re.sub(r"[\W_]", "", title)
    return len(letters) >= 2 and not _TIME_ONLY.fullmatch(title.strip()) and not letters.isdigit()


def tidy_title(title: str) -> str:
    """A stated title without 原标题：, editors' names and a dateline behind it, said once where it was said twice."""
    tidy = _EDITORS.sub("", _LABEL.sub("", title)).strip()
    byline = _BYLINE.search(tidy)
    if byline and byline.start() >= 8:
        tidy = tidy[: byline.start()].strip()
    dateline = _DATELINE.search(tidy)
    if dateline and dateline.start() >= 8:
        tidy = tidy[: dateline.start()].strip()
    half = len(tidy) // 2
    if half >= 4:
        if tidy[:half] == tidy[half:]:
            return tidy[:half].strip()
        # 标题(观察)标题: what is said again begins as the whole does
        again = tidy.find(tidy[:8], 8) if len(tidy) >= 16 else -1
        if again > 0 and tidy[again:].startswith(tidy[:again][: len(tidy) - again]):
            tidy = tidy[:again].strip()
    return tidy or title


def whole_title(title: str, text: str) -> str:
    """The title as the text itself repeats it behind 原标题, where what is stated is only the beginning of that."""
    original = original_title(text)
    is_whole = (
        original is not None and len(original) > len(title) and original.startswith(title.rstrip("|｜ :："))
    )
    return original if original and is_whole else title


def title_of(text: str, spans: Sequence[Span]) -> str:
    """A title for an article without one: what stands behind 原标题, else its first clause that tells more than a time."""
    for span in spans:
        if span.kind is SpanKind.BOILERPLATE and (original := original_title(text[span.start :])):
            return original
        if span.kind is SpanKind.BODY:
            break
    body = next((span.start for span in spans if span.kind is SpanKind.BODY), 0)
    report = text[body:]
    dateline = parse_dateline(report)
    report = report[dateline.end :] if dateline else report
    topic = _TOPIC.match(report)
    if topic:
        return topic["title"]
    lead = _LEAD.match(report)
    # 7月1日，是开馆十周年: the day itself is what is told of
    is_led = lead is not None and "\n" not in lead.group() and report[lead.end() : lead.end() + 1] != "是"
    if lead and is_led and len(report) > lead.end() + 8:
        report = report[lead.end() :]
    return derive_title(report)
