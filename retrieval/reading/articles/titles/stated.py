"""Titles as records and sites state them: whether they say something, and what is not theirs."""

from __future__ import annotations

import re

from retrieval.reading.articles.dateline import NAMED_OUTLETS, parse_byline, parse_dateline
from retrieval.reading.articles.headlines import original_title
from retrieval.text.expressions import compiled_late

_LABEL = compiled_late(r"^\s*[（(\[【［]?(?:原标题|原题|来源标题|标题|题目|题)\s*[：:]\s*")
_EDITORS = compiled_late(
    r"\s*[（(\[【［](?:责任编辑|责编|编辑|来源|记者)[：:][^）)\]】］]{0,40}[）)\]】］]\s*$"
)
_DATELINE = compiled_late(
    r"[\u3400-\u9fff]{1,8}(?:报|网|社)(?:[-—－][\u3400-\u9fff]{2,6}网)?讯\s*(?:[（(].*)?$|"
    r"(?:据|本文转[自载][^；。]{2,20}；)?(?:新华社|中新社|中新网|中国新闻网|人民网|央视网|本报|本网)[\u3400-\u9fff·]{0,8}\d{1,2}月\d{1,2}日(?:专?电|讯|消息)?.{0,20}$"
)
_WIDE_BLANK = compiled_late(r"\s{4,}")
_FOLLOW_US = compiled_late(
    r"(?:点击[^！？。]{0,16}?|欢迎|快来)?关注(?:我们|本号|公众号)$|(?:图片|图|文)[/／][\u3400-\u9fff ]{2,24}$"
)
TIME_ONLY = compiled_late(
    r"(?:[\d〇零一二三四五六七八九十两]++\s*+[多余]?(?:世纪|年|月份?|日|号|时|点|分|周|天|季度)?|(?:星期|周)[一二三四五六日天]|[上下]午|上半年|下半年|"
    r"[今昨前明去本上当同][天日年月周晚早晨]|今起|这[几两]天|距今[\d万千]+[多余]?年前?|早些时候|(?<=[时点分])前(?![\u3400-\u9fff])|[早午尾开收]盘|近日|日前|近期|最近|连日来|目前|凌晨|清晨|晚[间上]?|夜间?|白天|午后|傍晚|[上中下]旬|中午|至|到|起|和|及|、|[-—－~～:：/.．（）()\s]|"
    r"[几数两三]天前|据(?:悉|了解|介绍|报道|通报)|记者获悉|期间|前后|左右|(?:当地|北京|[美欧][东西中]|格林尼治)时间|当前|眼下|许|半|左右)++"
)
_BYLINE = compiled_late(
    r"\s*(?:[\u3400-\u9fff]{2}都市报)?(?:(?:(?<=\s)[\u3400-\u9fff]{3,8}|[\u3400-\u9fff]{2})"
    r"(?:新闻|日报|晚报|晨报|时报|商报|都市报|网|社|电视台|客户端))?"
    r"(?:(?:首席|实习|全媒体|融媒体)*(?:记者|通讯员|实习生)[ \u3000]+"
    r"[\u3400-\u9fff·]{2,4}?(?:[ \u3000、]+[\u3400-\u9fff·]{2,4}?){0,6})+$"
    r"|\s*作者[：:]\s*[\u3400-\u9fff]{2,4}$|[\u3400-\u9fff]{2}(?:日报|晚报|晨报|时报|都市报)(?:客户端)?(?:首席|实习|全媒体|融媒体)*记者[\u3400-\u9fff]{2,3}$"
    r"|(?!优秀|资深|最美|知名|著名|青年|摄影)[\u3400-\u9fff]{2}(?:新闻|日报|晚报|晨报|时报|商报|都市报|电视台|客户端)(?:首席|实习|全媒体|融媒体)?记者$"
)
"""Behind a title: who wrote what runs on from it."""
_ROLE = compiled_late(r"[□◎◇☐▢ \u3000]*[\u3400-\u9fff]{0,12}?(?:记者|通讯员|实习生|评论员)[ \u3000:：/／]")
"""What a byline begins with, and a title (图：…, ■…) does not."""
_OUTLET = compiled_late(rf"{NAMED_OUTLETS}|[\u3400-\u9fff]{{2,4}}(?:日报|晚报|晨报|新闻|网)(?=$|\s|记者)")
_OUTLET_BEFORE = compiled_late(rf"^(?:{NAMED_OUTLETS})(?=[\u3400-\u9fff]{{0,6}}(?:时间|[\d周昨今]))")
"""Whose news of a day it is: 某社当地时间周二."""
_LONGEST_WHOLE = 48
"""A longer one has run into its report."""


def says_something(title: str) -> bool:
    """Whether a title is one: 7月27日至28日 is a date, 本报某地8月14日讯 a dateline, 本报记者 张三 a byline, …… nothing."""
    said = title.strip()
    if _ROLE.match(said) and parse_byline(said):
        return False
    dateline = parse_dateline(said)
    said = said[dateline.end :] if dateline else said
    letters = re.sub(r"[\W_]", "", said)
    said = _OUTLET_BEFORE.sub("", said)
    return len(letters) >= 2 and not TIME_ONLY.fullmatch(said) and not letters.isdigit()


def tidy_title(title: str) -> str:
    """A stated title without 原标题：, editors' names and a dateline behind it, said once where it was said twice."""
    tidy = _EDITORS.sub("", _LABEL.sub("", title)).strip()
    byline = _BYLINE.search(tidy)
    if byline and byline.start() >= 8:
        tidy = tidy[: byline.start()].strip()
    dateline = _DATELINE.search(tidy)
    if dateline and dateline.start() >= 8:
        tidy = tidy[: dateline.start()].strip()
    tidy = _FOLLOW_US.sub("", _WIDE_BLANK.split(tidy)[0]).strip()
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
    if original and title.startswith(original) and _OUTLET.match(title, len(original)):
        return tidy_title(original)  # with the outlet's name of the dateline that it runs into
    is_whole = (
        original is not None and len(original) > len(title) and original.startswith(title.rstrip("|｜ :："))
    )
    return tidy_title(original) if original and is_whole and len(original) <= _LONGEST_WHOLE else title
