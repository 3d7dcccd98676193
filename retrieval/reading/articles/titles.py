"""Titles as records and sites state them, and those that are made where none is stated or it says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.reading.articles.dateline import parse_dateline
from retrieval.reading.articles.furniture import original_title, run_in_title
from retrieval.reading.articles.headings import is_place
from retrieval.text.expressions import compiled_late
from retrieval.types import Span, SpanKind

_LABEL = compiled_late(r"^\s*[（(\[【［]?(?:原标题|原题|来源标题|标题|题目|题)\s*[：:]\s*")
_EDITORS = compiled_late(
    r"\s*[（(\[【［](?:责任编辑|责编|编辑|来源|记者)[：:][^）)\]】］]{0,40}[）)\]】］]\s*$"
)
_DATELINE = compiled_late(
    r"[\u3400-\u9fff]{2,8}(?:报|网|社)(?:[-—－][\u3400-\u9fff]{2,6}网)?讯\s*(?:[（(].*)?$|"
    r"(?:据|本文转[自载][^；。]{2,20}；)?(?:新华社|中新社|中新网|中国新闻网|人民网|央视网|本报|本网)[\u3400-\u9fff·]{0,8}\d{1,2}月\d{1,2}日(?:专?电|讯|消息)?.{0,20}$"
)
_WIDE_BLANK = compiled_late(r"\s{4,}")
_FOLLOW_US = compiled_late(
    r"(?:点击[^！？。]{0,16}?|欢迎|快来)?关注(?:我们|本号|公众号)$|(?:图片|图|文)[/／][\u3400-\u9fff ]{2,24}$"
)
_TIME_ONLY = compiled_late(
    r"(?:[\d〇零一二三四五六七八九十两]++\s*+(?:世纪|年|月份?|日|号|时|点|分|周|天|季度)?|(?:星期|周)[一二三四五六日天]|[上下]午|上半年|下半年|"
    r"[今昨前明去本上当][天日年月周晚早晨]|近日|日前|近期|最近|连日来|目前|凌晨|清晨|晚间?|中午|至|到|起|和|及|、|[-—－~～:：/.．（）()\s]|"
    r"[几数两三]天前|据(?:悉|了解|介绍|报道)|记者获悉|期间|前后|当地时间|北京时间|当前|眼下|许|左右)++"
)
_BYLINE = compiled_late(
    r"\s*(?:[\u3400-\u9fff]{2}都市报)?(?:(?:(?<=\s)[\u3400-\u9fff]{3,8}|[\u3400-\u9fff]{2})"
    r"(?:新闻|日报|晚报|晨报|时报|商报|都市报|网|社|电视台|客户端))?"
    r"(?:(?:首席|实习|全媒体|融媒体)*(?:记者|通讯员|实习生)[ \u3000]+"
    r"[\u3400-\u9fff·]{2,4}?(?:[ \u3000、]+[\u3400-\u9fff·]{2,4}?){0,6})+$"
    r"|(?!优秀|资深|最美|知名|著名|青年|摄影)[\u3400-\u9fff]{2}(?:新闻|日报|晚报|晨报|时报|商报|都市报|电视台|客户端)(?:首席|实习|全媒体|融媒体)?记者$"
)
"""Behind a title: who wrote what runs on from it."""
_NAME = r"(?!了解|获悉|从|在|采访|看到|发现|走访)[\u3400-\u9fff]"
_BLANK = r"[ \u3000\u00a0]"
_NAMED = (
    rf"{_NAME}{{2,3}}?(?:(?:{_BLANK}|、)+{_NAME}{{2,3}}?)*?"
    r"(?=近日|日前|昨|今[天日年]|据|作?为|随着|受|由|在|\d|[“《（(，,\u00a0]|[ \u3000]{2}"
    r"|[\u3400-\u9fff]{0,4}(?:记者|通讯员|实习生)|(?:作者|编辑|责编|校对)[：:|｜])"
    rf"|{_NAME}{{2,3}}(?={_BLANK})|{_NAME}{{3}}"
)
"""Names behind a role: two or three characters each, which may run into the report."""
_LEAD = compiled_late(
    r"(?:(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s+)?\d{1,2}[:：]\d{2}(?:[:：/]\d{2}(?:[:：]\d{2})?)?\s*"
    rf"|(?:{_TIME_ONLY.pattern})[，,。]\s*|(?:近日|日前|昨日|昨天|近期|连日来)(?=[\u3400-\u9fff])"
    r"|(?:编者按|核心提示|内容提要|摘要|导\s*[语读])(?:[：:]|(?<=[语读]))\s*"
    r"|记者[^，,。：:]{0,24}?(?:了解到|获悉|得知)[，,：:]\s*|[^，,。：:“”]{2,14}(?:表示|指出|透露|介绍说?)[，,：:]\s*"
    r"|(?:根据|据)[^，,。]{2,24}(?:数据|统计)[，,]\s*"
    r"|据[^，,。]{2,24}(?:消息|报道|通报|通告|公告|发布|介绍|显示|公众号|公号|官网|网站|微博)[，,：:]\s*"
    r"|有(?:网友|市民|群众|读者)[^，,。：:]{0,16}(?:爆料|反映|反馈|投诉|咨询)称?[，,：:]\s*"
    r"|[\u3400-\u9fffA-Za-z]{0,8}\s*\d{1,2}\s*月\s*\d{1,2}\s*日(?:消息|讯|电)[，,：:]\s*"
    rf"|[\u3400-\u9fff]{{0,10}}?(?:记者|通讯员){_BLANK}*(?:[\u3400-\u9fff·、/／]|{_BLANK}){{2,40}}?"
    rf"(?:\d{{1,2}}月\d{{1,2}}日)?报道(?:[：:]|{_BLANK})*"
    rf"|[\u3400-\u9fff]{{0,8}}?(?:记者|通讯员|实习生)(?:{_BLANK}+|\s*[|｜：:]\s*)(?:{_NAMED})\s*|记者(?:{_NAME}){{2,4}}{_BLANK}+"
    rf"|(?:作者|撰文|编辑|责编|校对)\s*[|｜：:]\s*(?:{_NAMED})\s*"
    r"|据[^，,。：:]{2,12}(?:新闻|网|报|社|电视台)[，,：:]\s*"
    r"|[\u3400-\u9fff]{2,8}(?:[日晚晨时]报|网|社|电视台|客户端)\s*\d{1,2}\s*月\s*\d{1,2}\s*日[，,]\s*"
    r"|来源[：:]\S{2,12}\s+|[\u3400-\u9fff]{2,8}(?:网|报|社|台)?讯\s*[（(][^）)]{2,40}[）)]\s*)+"
)
"""What says when, or who says so, before what is said."""
_TOPIC = compiled_late(
    r"题[：:]\s*(?P<title>[^。\n]{8,60}?)\s*(?=作者[ \u3000：:]|[\u3400-\u9fff]{0,6}记者[ \u3000：:]|[“\n])"
)
"""What agencies set behind a dateline: 题：草原上的夜校 作者 …."""


MAX_CHARS = 48
"""Longest derived title."""
MIN_CLAUSE_CHARS = 8
"""A shorter first clause (连日来, 前不久) says nothing alone; the derived title goes on to the next."""
_LONGEST_PRINTED = 64
_LONGEST_WHOLE = 48
"""A longer one has run into its report."""
_LEAST_BEHIND = 12
"""Characters of a report behind what is passed over."""
_MOST_READ = 400
_SETTING = compiled_late(
    r"(?:在|随着|为(?!期)|受|由于|当|自从|自(?!治|主|然|动|来)|通过|围绕|针对|根据|按照|截至|面对|虽|尽管|经过|据|从).*"
    r"|(?:近年|今年|去年|每年|每到|每逢|这几年|最近)(?:.{0,12}|.*(?:来|期间|时|后|起|末|初|底))"
    r"|[^“”]{2,30}(?:之际|期间|以来|以后|之后|之前|时节|季节|时分|影响|开始|起|时|上|内|里)"
    r"|[^“”]{2,40}(?:宣布|公布|表示|显示|介绍|获悉|了解到|发布|通报|透露|指出|称|披露|发现|认为|强调|(?<![小传据学])说|提醒[^，：]{0,10}|告诉[^，：]{0,12}记者"
    r"|发布[^，：“《]{0,10}(?:公告|通告|通报|消息|提示|数据|声明)|(?:举行|召开)[^，]{0,8}发布会|接受[^，]{0,12}采访|由[^，]{2,24}(?:主办|承办))"
    r"|由[^，]{2,24}(?:主办|承办|指导)"
    r"|(?:\d{4}年|\d{1,2}月|\d{1,2}日|今年|去年).{0,4}[的]?(?:春天|夏天|秋天|冬天|暑假|寒假|春季|夏季|秋季|冬季|春节|国庆)"
)
"""A clause that only says where, when or why, or who says so."""
_NAME_ONLY = compiled_late(r"[^“”]{4,40}(?:队|局|厅|公司|集团|委员会|协会|组委会|服务中心|大会|博览会|论坛)")
_SLOGAN = compiled_late(r"(?:[\u3400-\u9fff]{4}[，,、 ]){1,3}[\u3400-\u9fff]{4}[。！]")
"""拼搏奋进，逐梦北疆。 says nothing of what it stands before."""
_SPEECH = compiled_late(r"(?:(?:“[^”\n]*”|「[^」\n]*」)[，,。、]?)+")
_SPEAKER = compiled_late(r"[^。！？“\n]{2,60}(?:说|道|表示|介绍|感慨|回忆|指出|强调)[。！]")
_CLAUSE_END = "，,。；;：:！!？?…\n"
_GOES_ON = ("，", ",", "：", ":", "；", ";")
_LONGEST_NAME = 16
"""甲旗人民法院：……, who or what is spoken of."""
_LONGEST_CALL = 12
"""拧紧安全阀！ calls for what is told behind it."""
_OPENING, _CLOSING = "“‘《〈（(「『【", "”’》〉）)」』】"


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    mark: str
    """What it ends with; "" at the text's end."""


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
    is_whole = (
        original is not None and len(original) > len(title) and original.startswith(title.rstrip("|｜ :："))
    )
    return tidy_title(original) if original and is_whole and len(original) <= _LONGEST_WHOLE else title


def title_of(text: str, spans: Sequence[Span]) -> str:
    """A title for an article without one: what stands behind 原标题, else its first clause that tells more than a time."""
    for span in spans:
        if span.kind is SpanKind.BOILERPLATE and (printed := _printed_title(text[span.start :])):
            return printed
        if span.kind is SpanKind.BODY:
            break
    report = "\n".join(text[span.start : span.end] for span in spans if span.kind is SpanKind.BODY).lstrip()
    dateline = parse_dateline(report)
    report = report[dateline.end :] if dateline else report
    topic = _TOPIC.match(report)
    if topic:
        return topic["title"]
    return derive_title(_after_lead(report))


def _after_lead(report: str) -> str:
    """A report without what says when and who says so before what is said, and without lines that say no more."""
    line, _, below = report.partition("\n")
    lead = _LEAD.match(line)
    # 7月1日，是开馆十周年: the day itself is what is told of
    if lead is None or line.startswith("是", lead.end()):
        return report
    if len(line) > lead.end() + MIN_CLAUSE_CHARS:
        return report[lead.end() :]
    return _after_lead(below) if lead.end() == len(line) and len(below) >= _LEAST_BEHIND else report


def _printed_title(text: str) -> str | None:
    """The title that a text begins with, behind 原标题 or before a dateline."""
    original = original_title(text) or run_in_title(text)
    title = tidy_title(original) if original else ""
    return title if MIN_CLAUSE_CHARS <= len(title) <= _LONGEST_PRINTED else None


def derive_title(text: str) -> str:
    """Return a title made of the first clause of `text` that tells something, at most 48 characters, as printed there.

    A dateline is passed over, and so are a slogan and what somebody is quoted with before it is said where and who.
    Punctuation inside quotation marks ends no clause. A clause of fewer than 8 characters, or one that only says where,
    when or why or who says so, is taken together with the next, or left out where both would be too long. A longer one is
    cut where a quotation or a word ends, and … stands for the rest.
    """
    dateline = parse_dateline(text)
    report = _after_speech((text[dateline.end :] if dateline else text)[:_MOST_READ].lstrip("，,、。：: \n"))
    clauses: list[_Clause] = []
    for clause in _clauses(report):
        clauses.append(clause)
        said = report[clause.start : clause.end].strip()
        is_call = clause.mark in ("！", "!", "？", "?") and clause.end - clauses[0].start <= _LONGEST_CALL
        is_name = _NAME_ONLY.fullmatch(said) or (clause.mark in ("：", ":") and len(said) <= _LONGEST_NAME)
        leads_on = clause.mark in _GOES_ON and (is_name or _leads_on(said))
        if not (is_call or leads_on):
            break
    if not clauses:
        return _shorten(report)
    *before, last = clauses
    while before and last.end - before[0].start > MAX_CHARS and last.end - before[0].end > MIN_CLAUSE_CHARS:
        said = report[before[0].start : before[0].end]
        is_said = (
            before[0].mark in ("：", ":") and len(said) <= _LONGEST_NAME and not _SETTING.fullmatch(said)
        )
        if is_said or _NAME_ONLY.fullmatch(said):
            break
        before.pop(0)
    return _shorten(report[(before[0] if before else last).start : last.end])


def _after_speech(report: str) -> str:
    """A report without the slogan, or the words of somebody, that it begins with, if enough stands behind."""
    found = _SLOGAN.match(report)
    if found is None:
        found = _SPEECH.match(report)
        if (
            found is None
            or not re.search("[，。！？]", found.group()[:-2])
            or len(found.group()) < 2 * MIN_CLAUSE_CHARS
        ):
            return report
    rest = report[found.end() :]
    speaker = _SPEAKER.match(rest)
    rest = rest[speaker.end() :] if speaker else rest
    lead = _LEAD.match(rest)
    rest = rest[lead.end() :] if lead else rest
    return rest if len(rest) >= _LEAST_BEHIND else report


def _clauses(text: str) -> Iterator[_Clause]:
    """Yield the clauses of a text, in order, each without what ends it."""
    depth = begin = 0
    for at, char in enumerate(text):
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(0, depth - 1)
        elif char == "\n" or (char in _CLAUSE_END and depth == 0 and not _is_inside_number(text, at)):
            if text[begin:at].strip():
                yield _Clause(begin, at, char)
            begin = at + 1
            depth = 0
    if text[begin:].strip():
        yield _Clause(begin, len(text), "")


def _leads_on(clause: str) -> bool:
    """Whether a clause says too little alone: a few characters, a time, where or when or why, who says so."""
    return (
        len(clause) < MIN_CLAUSE_CHARS
        or bool(_TIME_ONLY.fullmatch(clause) or _SETTING.fullmatch(clause))
        or is_place(clause)
    )


def _is_inside_number(text: str, at: int) -> bool:
    return text[at] in ",:" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def _shorten(clause: str) -> str:
    clause = clause.strip().rstrip("。！!？?")
    if len(clause) <= MAX_CHARS:
        return clause
    kept = clause[: MAX_CHARS - 1]
    ends = [match.end() for match in re.finditer(r"[”’》）)、， ]|的", kept)]
    opened = max(kept.rfind(mark) for mark in _OPENING)
    closed = max(kept.rfind(mark) for mark in _CLOSING)
    if opened > closed and opened >= MAX_CHARS // 2:
        kept = kept[:opened]
    elif ends and ends[-1] >= MAX_CHARS // 2:
        kept = kept[: ends[-1]]
    elif clause[len(kept)].isascii():
        kept = re.sub(r"[0-9A-Za-z.%]+$", "", kept) or kept
    return kept.rstrip(" 、，的") + "…"
