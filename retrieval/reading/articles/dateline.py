"""Who reported, from where and when: datelines, bylines and closing credits, as newspapers print them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.text.dates import DAY, MONTH, YEAR
from retrieval.text.expressions import compiled_late
from retrieval.text.numbers import whole_number

_HAN = r"\u3400-\u9fff·"
_BLANK = r"[ \t\u3000\u00a0]"
_GAP = rf"{_BLANK}*"
NAMED_OUTLETS = (
    r"本报|本网|本刊|本台|本社|本站|新华社|新华网|中新社|中新网|人民网|央视网|央广网|光明网|中国新闻网|中国网|中国日报网?|参考消息网|海外网|环球网|环球时报|"
    r"国际在线|财联社|澎湃新闻|界面新闻|极目新闻|封面新闻|红星新闻|顶端新闻|大众网|东方网|红网|荆楚网|新京报|中新经纬|中新财经|经济观察网|红星资本局"
)
"""Those that are known by name, so that where they begin is known too."""
_AGENCY = rf"{NAMED_OUTLETS}|[{_HAN}]{{2,8}}?(?:日报|晚报|晨报|时报|商报|都市报|客户端|新闻网)"
OUTLET_ENDS = (
    r"(?:新闻网|(?<![联上电管渔蛛])网|(?<![举申上汇通填呈警预情海简电捷喜回])报|(?<![作行公])社|(?<![平舞柜站象])台|客户端|新闻|融媒体?|在线|"
    r"时刻|财经|见闻|之家|资讯|头条|(?i:app))"
)
"""What the name of a paper, an agency or a site ends with."""
_OUTLET = rf"[{_HAN}A-Za-z0-9—－-]{{1,12}}?{OUTLET_ENDS}(?:[（(][^（）()\n]{{2,16}}[)）])?"
_ROLE_BEFORE = r"(?:(?:首席|实习|见习|特约|全媒体|融媒体?|视频|高级|资深)*(?:记者|通讯员)|实习生|特约撰稿人?|评论员|视频(?:剪辑|拍摄))"
_NAME_CHAR = r"(?!了解|获悉|从|在|采访|看到|发现|走访|近日|日前|随)[\u3400-\u9fff]"
_NAMES = (
    rf"(?:{_NAME_CHAR}{{2,4}}?(?:(?:{_BLANK}|、)+{_NAME_CHAR}{{2,4}}?)*?"
    rf"(?=近日|日前|昨|今[天日年]|据|作?为|随着|受|由|在|以|\d|{_BLANK}*[“《（(，,]|\u00a0|[ \u3000]{{2}}"
    rf"|{_BLANK}?{_ROLE_BEFORE}|(?:作者|编辑|责编|校对)[：:|｜])"
    rf"|{_NAME_CHAR}{{2,3}}(?={_BLANK})|{_NAME_CHAR}{{3}})"
)
"""Names behind a role: two or three characters each, which may run into the report."""
_DAY = rf"(?:(?P<year>{YEAR}){_GAP}年{_GAP})?(?P<month>{MONTH}){_GAP}月{_GAP}(?P<day>{DAY}){_GAP}日?"
_SAID = r"(?:专电|综合电|综合(?=[（(])|电|讯|消息|报道)(?![力话影视子台号费价量商厂息称员])"
_AFTER = rf"{_GAP}(?:[（(][^（）()\n]{{1,60}}[)）])?{_GAP}(?:[：:，,丨|｜]{_GAP})?"
_REPORTER = rf"(?:全媒体|融媒体|见习|实习|首席|特约)*记者{_GAP}[{_HAN} \u3000、]{{2,20}}?{_BLANK}+"
_DATED = compiled_late(
    rf"(?:据)?(?P<agency>{_AGENCY})(?:{_REPORTER})?(?P<place>[{_HAN}]{{0,12}}?){_GAP}{_DAY}{_GAP}{_SAID}{_AFTER}"
)
_OF_AN_OUTLET = compiled_late(
    rf"(?!据)(?:[{_HAN}]{{2,8}}、)?(?P<agency>{_OUTLET}|[{_HAN}]{{2,6}}?(?:科技|体育|娱乐|汽车|教育)(?=讯)){_GAP}(?P<place>[{_HAN}]{{0,8}}?){_GAP}(?:{_DAY}{_GAP}{_SAID}"
    rf"|讯(?![息员号])|(?:专电|电|报道|消息)(?={_BLANK}|[（(：:])|(?<=[网报社台端闻线])消息(?=[，,])"
    rf"|(?=[（(][^（）()\n]{{0,8}}(?:记者|通讯员)[ \u3000]*[\u3400-\u9fff]{{2,4}})){_AFTER}"
)
"""Any that has the form of one: without a day its dateline is known by 讯, or by what stands behind it."""
_UNDATED = compiled_late(
    rf"(?:据)?(?P<agency>{_AGENCY})(?:{_REPORTER})?(?P<place>[{_HAN}]{{0,12}}?)(?:{DAY}日)?"
    rf"(?:专电|电|讯|消息|报道)(?={_BLANK}|[（(：:]){_AFTER}(?:记者{_GAP}[{_HAN}]{{2,4}}报道{_GAP})?"
)
_REPORTED = compiled_late(
    rf"(?P<agency>{_OUTLET}|[{_HAN}]{{0,6}}?){_GAP}{_ROLE_BEFORE}{_GAP}(?:[{_HAN}、]|{_BLANK}){{2,40}}?(?P<place>){_GAP}"
    rf"(?:(?<={_BLANK})[\u3400-\u9fff]{{2,6}}|{_DAY})报道(?:[：:]|{_BLANK})*"
)
"""某网记者张三8月1日报道：, 某网记者 张三 通讯员 李四 某地报道."""
_SOON = "近日|日前|近期|最近|这几天|连日来|今[天日]|昨[天日]"
_DAY_ALONE = rf"{MONTH}{_GAP}月{_GAP}{DAY}{_GAP}日"
_SIGNED = compiled_late(
    rf"(?:(?P<agency>{_OUTLET}){_BLANK}+(?P<place>)(?:{_NAME_CHAR}{{2,4}}{_BLANK}+){{0,4}}(?={_DAY}(?:[，,]|$))"
    rf"|(?:{_NAME_CHAR}{{2,3}}{_BLANK}+)?(?P<agency2>[\u3400-\u9fff]{{0,10}}?)(?:{_GAP}[|｜]{_GAP})?(?:(?:{_ROLE_BEFORE}(?:{_BLANK}+|{_GAP}[|｜：:/／]{_GAP})|(?:[\u3400-\u9fff]{{0,4}}编辑|作者|责编|校对){_GAP}[：:|｜]{_GAP}){_NAMES}{_GAP})+"
    rf"|(?P<agency3>)记者{_NAME_CHAR}{{2,4}}{_BLANK}+"
    rf"|(?P<agency4>)(?:记者|评论员)(?!文章|认为|协会|会|节){_NAME_CHAR}{{2,3}}?(?={_SOON}|{_DAY_ALONE}[，,])"
    rf"|(?P<agency5>{_OUTLET}){_BLANK}+(?:{_OUTLET}{_BLANK}+)?(?:{_NAME_CHAR}{{2,4}}[、 \u3000]+)*"
    rf"(?:{_ROLE_BEFORE}{_GAP}{_NAME_CHAR}{{2,4}}?[、 \u3000]*)+报道[：: \u3000]*"
    rf"|(?P<agency6>{_OUTLET}){_GAP}"
    rf"(?:{_ROLE_BEFORE}{_GAP}{_NAME_CHAR}{{2,4}}?(?:(?:{_BLANK}|、)+{_NAME_CHAR}{{2,4}}?)*?(?:{_BLANK}+(?={_ROLE_BEFORE})|(?={_SOON}|{_DAY_ALONE}[，,])))+)"
)
"""Who wrote it and for whom, where the report goes on behind it: 某财经 张三 8月1日，, 记者 张三近日."""
_NEWS = compiled_late(
    rf"(?P<agency>[{_HAN}A-Za-z0-9]{{0,10}}?)(?<![局厅委部院办府会处所队省市区县旗盟州镇乡村]){_GAP}(?P<place>){_DAY}{_GAP}"
    rf"(?:消息|讯)(?:{_AFTER})(?<=[：:，,丨|｜ \u3000\u00a0）)])"
)
"""Whoever's dated news, unless an office says it: 8 月 15 日消息，."""
_UNDER_BRACKETS = compiled_late(
    rf"[【\[〔（(](?:据)?(?P<agency>{_OUTLET})(?P<place>)[^【】\[\]〔〕。，\n]{{0,12}}?(?:报道|消息|讯|记者)[^【】\[\]〔〕。，\n]{{0,40}}[】\]〕）)]{_GAP}[：:]?{_GAP}"
    rf"|[【\[][{_HAN}A-Za-z0-9]{{2,12}}(?:消息|讯|报道)[】\]]{_GAP}[：:]?{_GAP}"
)
_REPORTERS = compiled_late(rf"(?:{_ROLE_BEFORE}{_GAP}[{_HAN}]{{2,4}}?[、 \u3000]*)+报道[：:]?{_GAP}")
"""Behind a dateline: 记者张三、实习生李四报道：."""
_FORMS = (_DATED, _UNDATED, _OF_AN_OUTLET, _REPORTED, _SIGNED, _NEWS, _UNDER_BRACKETS)

_ROLE = r"记者|通讯员|实习生|摄影报道|特约撰稿|撰稿|作者|评论员"
_BYLINE_MARK = compiled_late(r"[□■◎◇☐▢][ \t\u3000]*")
_UNMARKED_BYLINE = compiled_late(
    r"(?:本报|本网|本台|[\u3400-\u9fff]{2,8}(?:日报|晚报|社|网))?[ \u3000]*"
    r"(?:(?:全媒体|融媒体|见习|实习|首席|特约|驻[\u3400-\u9fff]{2,4})*(?:记者|通讯员|实习生|特约撰稿人|评论员)[ \u3000:：/／]"
    r"|(?:文|图|摄影|文图|文[/／]图|作者)[ \u3000]*[/／:：])[^。！？；，,]*"
)
_MAX_BYLINE_CHARS = 60

_CREDIT_AT_END = compiled_late(r"[（(]([^（）()\n]{2,60})[)）]$")
_PHOTO_CREDIT = compiled_late(
    r"(?:(?:本文)?(?:图片|照片|视频|图)[均都]?(?:来源|由)?[：:]?)?(?:受访者|当事人|采访对象|[^\s、，,：:/／|]{2,16}?)(?:本人)?(?:供图|提供|图)"
)
_CREDIT_WORDS = compiled_late(
    rf"{_ROLE}|文\s*[/／]|[/／]\s*文|融媒|报道组|宣传部|供稿|供图|采写|来源|日报|晚报|晨报|电视台|广播|新华社|新华网|中新社|据.{{2,12}}[报网社]"
)
_NAME = r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{5,9}|[\u3400-\u9fff]{1,8}·[\u3400-\u9fff·]{1,12}"
_NAMES_ONLY = compiled_late(rf"(?:{_NAME})(?:[ \u3000、,，]+(?:{_NAME})){{0,7}}")
_NO_NAMES = compiled_late(
    r"下转.*|上接.*|详见.*|参见.*|见.{0,4}图|全?文?完|未完.*|待续|略|下同|同上|试行|暂行|资料图.?|资料照片|图片.*"
    r"|编者.*|注.*|.*化名|有删.*|节选.*|选自.*|[上下左右题]图|[左右中前后][一二三四五六七八九十排].*|.{0,6}版"
)
_SENTENCE_END = "。！？!?…”’」』；;)）"
_LONGEST_CREDIT = 70
_ROLE_BEFORE_NAMES = compiled_late(r"(?:记者|通讯员|实习生|特约撰稿)[ \u3000:：/／]*")
_EDITORS_BEHIND = compiled_late(r"(?:责任)?编辑|责编|校对|[一二三初复终]审|审[核校]|监制")
_NO_CREDIT = compiled_late(r"[。！？!?，,；;…（）()“”\n]")
_FIRST_NAME = compiled_late(
    rf"(?!了解|获悉|从|在|采访|看到|发现|表示|提问|来到|注意|协会|手记|观察|调查|梳理|走访|探访)(?:{_NAME})"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline at the head of a paragraph; what it does not say is None."""

    place: str | None
    month: int | None
    day: int | None
    agency: str
    end: int
    """Where the report itself begins: after the reporters' parentheses and blanks."""
    year: int | None = None


def parse_dateline(text: str) -> Dateline | None:
    """Return the dateline that `text` begins with, or None.

    Read are `本报通辽6月30日电`, `新华社北京2022年6月29日电（记者 …）`, `本报6月30日讯`, `本报讯（记者 …）`,
    `本报记者 … 通辽6月30日电`, `草原网（草原日报网）讯（通讯员 …）`.
    A dateline without a date needs a blank, a colon or parentheses after it,
    which tells 本报讯 from 本报通讯员.
    """
    match = next((each for form in _FORMS if (each := form.match(text))), None)
    if match is None:
        return None
    found = match.groupdict()
    reporters = _REPORTERS.match(text, match.end())
    return Dateline(
        place=found["place"] or None,
        month=_number(found.get("month")),
        day=_number(found.get("day")),
        agency=found["agency"] or found.get("agency2") or found.get("agency5") or found.get("agency6") or "",
        end=reporters.end() if reporters else match.end(),
        year=_number(found.get("year")),
    )


def find_dateline(text: str) -> Dateline | None:
    """Return the first dated dateline anywhere in a text, as one ends it: （新华社北京8月4日电）."""
    match = _DATED.search(text)
    return parse_dateline(text[match.start() :]) if match else None


def parse_byline(line: str) -> str | None:
    """Return the byline that a whole line is, without its □, or None.

    A marked line is a byline while it is at most 60 characters and holds no full stop; an unmarked one must
    begin with a role (`本报记者 …`, `文/图 …`) and hold no sentence punctuation at all.
    """
    if len(line) > _MAX_BYLINE_CHARS:
        return None
    mark = _BYLINE_MARK.match(line)
    if mark:
        names = line[mark.end() :]
        return names if names and not re.search(r"[。！？；]", names) else None
    if _UNMARKED_BYLINE.fullmatch(line) and not line.endswith("摄"):
        return line
    return None


def is_photo_credit(credit: str) -> bool:
    """Whether a credit only says whose the photos are: 受访者供图, which names no author."""
    return _PHOTO_CREDIT.fullmatch(credit.strip()) is not None


def find_credit(paragraph: str) -> tuple[int, str] | None:
    """Return where the closing credit begins and what its parentheses hold, or None.

    A credit ends the paragraph, stands after a finished sentence or alone, and either says a role or an
    organisation (`融媒体记者 …`, `库伦旗融媒体中心`) or is nothing but names (`潘生富 田芳`). Without parentheses it
    stands behind a sentence and each role has names: `草原晚报记者 张三 实习生 李四`.
    """
    match = _CREDIT_AT_END.search(paragraph, max(0, len(paragraph) - _LONGEST_CREDIT))
    if match is None:
        return _find_bare_credit(paragraph)
    before = paragraph[: match.start()].rstrip()
    inside = match[1].strip()
    if before and before[-1] not in _SENTENCE_END:
        return None
    if _NO_NAMES.fullmatch(inside) or re.search(r"[。！？]", inside):
        return None
    if _CREDIT_WORDS.search(inside) or _NAMES_ONLY.fullmatch(inside):
        return match.start(), inside
    return None


def _find_bare_credit(paragraph: str) -> tuple[int, str] | None:
    first = max(0, len(paragraph) - _LONGEST_CREDIT)
    if not _ROLE_BEFORE_NAMES.search(paragraph, first):
        return None
    start = max(paragraph.rfind(mark, first) for mark in _SENTENCE_END) + 1
    if not start or start == len(paragraph):
        return None
    inside = paragraph[start:].strip()
    before, *named = _ROLE_BEFORE_NAMES.split(inside)
    if not named or len(before) > 24 or _NO_CREDIT.search(inside):
        return None
    return (start, _EDITORS_BEHIND.split(inside)[0].strip()) if all(map(_FIRST_NAME.match, named)) else None


def _number(digits: str | None) -> int | None:
    return whole_number(digits) if digits else None
