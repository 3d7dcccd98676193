"""What stands at a report's beginning before its news: when it was and who says so, what somebody says, what was long ago."""

from __future__ import annotations

import re

from retrieval.reading.articles.dateline import NAMED_OUTLETS
from retrieval.reading.articles.titles.stated import TIME_ONLY
from retrieval.text.expressions import compiled_late

MIN_CLAUSE_CHARS = 8
"""A shorter first clause (连日来, 前不久) says nothing alone; the derived title goes on to the next."""
_LEAST_BEHIND = 12
"""Characters of a report behind what is passed over."""
_MOST_PASSED = 3
"""Sentences at a report's beginning that may be passed over."""
_PRONOUN = r"(?:该|此|这(?![几两][天年])|那|其|他|她|它|我们|咱|你|双方|两人|本次|当事|对方)"
_SELF = r"(?:该|其|他|她|它|我们|双方|公司|本次|自己|此次|这)"
LEAD = compiled_late(
    r"(?:(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s+)?\d{1,2}[:：]\d{2}(?:[:：/]\d{2}(?:[:：]\d{2})?)?\s*"
    rf"|(?:{NAMED_OUTLETS})?(?:{TIME_ONLY.pattern})[，,。]\s*|(?:警情|情况|案情|协查)?(?:通报|通告|公告|通知)\s*(?=(?:19|20)\d\d年|\d{{1,2}}月\d)|(?:近日|日前|昨日|昨天|近期|连日来)(?=[\u3400-\u9fff])"
    r"|(?:编者按|核心提示|内容提要|摘要|导\s*[语读]|原委|起因|提要|快讯|综合消息|重要公告|重要通知|温馨提示|[\u3400-\u9fff]{2,4}消息)(?:[：:]|(?<=[语读告知])(?!称))\s*"
    r"|记者[^，,。：:]{0,24}?(?:了解到|获悉|得知)[，,：:]\s*(?![该我])"
    rf"|(?:{NAMED_OUTLETS}|[A-Za-z]{{2,8}}之家)(?:[（(][^（）()\n]{{2,24}}[)）])?(?:记者)?(?:(?:\d{{1,2}}月)?\d{{1,2}}日)?(?:从[^，,。：:]{{2,40}})?(?:获悉|了解到|得知|注意到)[，,：:]\s*"
    r"|【[A-Za-z\u3400-\u9fff]{2,8}(?:新闻|快讯|消息|资讯|讯)】\s*|图\d?[：:]\s*|[—－-]{2,}\s*|今天是\d{1,2}月\d{1,2}日[^。]{2,24}。\s*"
    r"|(?:今年|(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日(?:至(?:\d{1,2}月)?\d{1,2}日)?[，,]?是[^，,。]{2,24}(?:日|周|月|节)[”」]?[，,。]\s*(?!来|意|也|更|这|而|同时|今年|本[次届周]|活动|主题)"
    rf"|[^，,。：:“”]{{2,14}}(?:表示|指出|透露|介绍说?)[，,：:]\s*(?!.{{0,12}}?{_SELF}|[将已会要不正愿拟]|希望|支持|反对|决定|计划|[\u3400-\u9fff]{{2}}了|预计其|推出)"
    r"|(?:根据|据)[^，,。]{2,24}(?:数据|统计)[，,]\s*"
    r"|据[^，,。]{2,24}(?:消息|报道|通报|通告|公告|发布|介绍|显示|公众号|公号|官网|网站|微博)[，,：:]\s*"
    rf"|有(?:网友|市民|群众|读者)[^，,。：:]{{0,16}}(?:爆料|反映|反馈|投诉|咨询)称?[，,：:]\s*(?!{_SELF})"
    r"|综合[^，。]{2,30}(?:报道|消息)[，,]\s*|据[^，,。：:]{2,12}(?:新闻|网|报|社|电视台)[，,：:]\s*"
    r"|[\u3400-\u9fff]{2,8}(?:[日晚晨时]报|网|社|电视台|客户端)\s*\d{1,2}\s*月\s*\d{1,2}\s*日[，,]\s*"
    r"|(?:[^，,。：:“”\n]{0,20}?(?<![举申上汇通填呈警预情海简电捷])(?:网站?|报|社|台|广播公司|媒体|杂志|周刊)|[《“][^》”\n]{2,12}[》”])(?:[（(][^（）()\n]{2,16}[)）])?"
    r"(?:(?:\d{1,2}月)?\d{1,2}日|近日|当日)?(?:援引[^，。]{2,16})?(?:报道|消息|分析)(?:称|说|指出)?[，,：:]\s*"
    r"|来源[：:]\S{2,12}\s+"
    r"|(?:但是|尤其是|不过|而且|因此|所以|此外|同时|与此同时|另外|然而|并且|值得一提的是|据了解|据悉|其中|事实上)[，,]?"
    r"|尊敬的[^：:，。]{2,12}[：:])+"
)
"""What says when, or who says so, or how it goes on from what stood before, before what is said."""
_BACK_THEN = compiled_late(
    r"(?:去年|前年|[\d一二三四五六七八九十百两几半多]+个?(?:多月|月|年|天|周|星期)(?:多)?前|早在|曾经|此前|当年|上个?月)"
)
_NOW = compiled_late(
    r"(?:今年|今天|今日|昨天|昨日|近日|日前|目前|如今|现在|最近|眼下|本周|一周前|当天|在今天|\d{1,2}月\d{1,2}日|\d{1,2}日)"
)
_LATELY = compiled_late(
    r"(?:当前|目前|眼下|近年来|一直以来|长期以来|近段时间|暑期|暑假|夏季|盛夏|入夏|立秋|随着|众所周知|每年|每到)"
)
_DAY_OF_NEWS = compiled_late(
    r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日[，,上下早晚]|(?:近日|日前|今天|昨天|昨日|今日)[，,]"
)
"""What has been so for a while, and the day that the news behind it is of."""
_OCCASION = compiled_late(
    r"(?:今年|今天|今日|昨天|昨日|明天|\d{1,2}月\d{1,2}日|当前)?[，,]?(?:正?值|正?是|恰逢|迎来|即将迎来)[^，。]{2,30}(?:周年|节|日子|纪念日|季节|时节|之年|[^假今明生节]日|之际)"
)
"""What day or year it is, before what is told of it."""
_MID_STORY = compiled_late(
    rf"(?:{_PRONOUN}(?!地|州|旗|县|市)|对此|因为|于是|原来|而(?=[\u3400-\u9fff])|但|就在|尤其|然后|随后|之后|接着|后来|(?:最终|结果)[，,])"
)
"""What goes on from something that stood before: the text begins in the middle."""
_SLOGAN = compiled_late(r"(?:[\u3400-\u9fff]{4}[，,、 ]){1,3}[\u3400-\u9fff]{4}[。！]")
"""拼搏奋进，逐梦北疆。 says nothing of what it stands before."""
_OF_WORDS = ("的", "是", "等", "成", "为", "登", "引", "一")
SPEECH = compiled_late(r"(?:(?:“[^”\n]*”|「[^」\n]*」)[，,。、]?)+")
_SPEAKER = compiled_late(r"[^。！？“\n]{2,60}(?:说|道|表示|介绍|感慨|回忆|指出|强调)[。！]")
_SENTENCE = compiled_late(r"(?:“[^“”\n]*”|[^。！？!?\n“])*[。！？!?\n]?[”’]?")


def after_lead(report: str) -> str:
    """A report without what says when and who says so before what is said, and without lines that say no more."""
    line, _, below = report.partition("\n")
    lead = LEAD.match(line)
    # 7月1日，是开馆十周年: the day itself is what is told of
    if lead is None or line.startswith("是", lead.end()):
        return report
    if len(line) > lead.end() + MIN_CLAUSE_CHARS:
        return report[lead.end() :]
    return after_lead(below) if lead.end() == len(line) and len(below) >= _LEAST_BEHIND else report


def after_background(report: str) -> str:
    """A report without the sentences before its news: what day it is, what was long ago, the end of what stood before the text."""
    for _ in range(_MOST_PASSED):
        sentence = _SENTENCE.match(report)
        if sentence is None:
            break
        said, rest = sentence.group().rstrip("。！？!?\n"), report[sentence.end() :].lstrip()
        is_background = (
            _OCCASION.fullmatch(said)
            or (_LATELY.match(said) and _DAY_OF_NEWS.match(rest))
            or (_BACK_THEN.match(said) and _NOW.match(rest))
            or (_MID_STORY.match(said) and not _MID_STORY.match(rest))
        )
        if not is_background or len(rest) < 2 * _LEAST_BEHIND:
            break
        report = after_speech(after_lead(rest))
    return report


def after_speech(report: str) -> str:
    """A report without the slogan, or the words of somebody, that it begins with, if enough stands behind."""
    found = _SLOGAN.match(report)
    if found is None:
        found = SPEECH.match(report)
        if (
            found is None
            or not re.search("[，。！？]", found.group()[:-2])
            or (len(found.group()) < 2 * MIN_CLAUSE_CHARS and not LEAD.match(report, found.end()))
        ):
            return report
    rest = report[found.end() :]
    if rest.startswith(_OF_WORDS):  # “…”的提法
        return report
    speaker = _SPEAKER.match(rest)
    rest = rest[speaker.end() :] if speaker else rest
    lead = LEAD.match(rest)
    rest = rest[lead.end() :] if lead else rest
    if len(rest) < _LEAST_BEHIND:
        return report
    return after_speech(rest) if rest.startswith(("“", "「")) else rest
