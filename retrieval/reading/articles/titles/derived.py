"""Titles that are made where none is stated or it says nothing: of a headline in the text, else of the clause that tells the news."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.reading.articles.dateline import parse_dateline
from retrieval.reading.articles.headings import is_place
from retrieval.reading.articles.headlines import (
    begins_labelled,
    headline_end,
    later_end,
    likely_end,
    printed_title,
)
from retrieval.reading.articles.titles.beginnings import (
    LEAD,
    MIN_CLAUSE_CHARS,
    SPEECH,
    after_background,
    after_lead,
    after_speech,
)
from retrieval.reading.articles.titles.stated import TIME_ONLY, says_something, tidy_title
from retrieval.text.expressions import compiled_late
from retrieval.types import Span, SpanKind

MAX_CHARS = 60
"""From here on clauses are left out of a derived title."""
_LONGEST_WHOLE = 80
"""The longest single clause that stays whole: cut within, it would not say what happens."""
_GOES_FURTHER, _SHORT = 44, 24
"""A title goes on with the clause behind a short one, or behind one that only names an occasion, up to so many characters."""
_LONGEST_PRINTED = 64
MOST_READ = 400
_TOPIC = compiled_late(
    r"题[：:]\s*(?P<title>[^。\n]{8,60}?)\s*(?=作者[ \u3000：:]|[\u3400-\u9fff]{0,6}记者[ \u3000：:]|(?:新华社|中新社|本报)记者|[“\n])"
)
"""What agencies set behind a dateline: 题：草原上的夜校 作者 …."""
_SETTING = compiled_late(
    r"(?:在|随着|为(?!期)|受|由于|鉴于|当[^年日地前天事选]|自从|自(?!治|主|然|动|来)|通过|围绕|针对|根据|按照|截至|面对|虽|尽管|经过|据|从|距离?(?!今)|作为|对于|至于|除了|关于|自今年|继|走过|走进|越过|沿着|伴着|伴随|历经|时隔|带着|怀着|迎着|踏着).*"
    r"|(?:近年|今年|去年|每年|每到|每逢|这几年|最近)(?:.{0,12}|.*(?:来|期间|时|后|起|末|初|底))"
    r"|[^“”]{2,60}(?:之际|期间|以来|以后|之后|之前|时节|季节|时分|影响|开始|起|时|上|内|里|后|一事|来看|方面|背景下|基础上|过程中|研究中|过后|来说|而言)"
    r"|.{2,40}(?:俱乐部|广场|会|馆|厅|室|场|店|院|园)[内里]|[^，]{0,12}(?:如果|假如|倘若).*|(?:\d{1,2}日)?(?:正值|恰逢|时值|适逢).*|.{2,16}(?:到来|来临|将至|临近)"
    r"|[^，]{0,10}(?:\d{1,2}日|\d{1,2}月|\d{4}年)(?:晚上?|[上下]午|早上?|凌晨|夜间)?(?:\d{1,2}[点时](?:\d{1,2}分)?许?)?"
    r"|[^，]{0,6}未来[\d一二两三几]+[天日周月年](?:[（(][^）)]*[)）])?|预计.{0,30}(?:日|白天|夜间|午后)"
    r"|(?:[\u3400-\u9fff]{2,8}(?:省|市|区|县|旗|盟|州)){1,3}[\u3400-\u9fff]{0,16}(?:村|镇|乡|街道|社区|小区|嘎查|苏木)"
    r"|.{2,60}(?:宣布|公布|表示|显示|介绍|获悉|了解到|发布|通报|透露|指出|称|披露|发现|认为|强调|(?<![小传据学])说|提醒[^，：]{0,10}|告诉[^，：]{0,12}记者|解释|坦言|直言|回应|承认|证实|看到|通知|评论|统计|消息|发文|注意到|监测到|撰文|写道|说道|(?:网站?|报|社|台|媒体|公司(?:[（(][^）)]*[)）])?)(?:\d{1,2}月)?(?:\d{1,2}日)?报道|接到?(?:[^，]{0,10}的)?(?:报警|报案|举报|求助)(?:电话)?|(?:媒体|专家|人士|机构|网友)[^，]{0,6}分析|分析师[^，]{0,4}预计|爆料|听说|发通告|发公告|发通报"
    r"|(?:发布|印发|下发|发出|发表|出台)[^，：“《]{0,10}(?:公告|通告|通报|消息|提示|数据|声明|通知)|(?:举行|召开)[^，]{0,8}发布会|接受[^，]{0,12}采访|由[^，]{2,24}(?:主办|承办))"
    r"|[^，]{0,10}由[^，]{2,40}(?:主办|承办|指导|执导|主演|编剧|出品|监制|制作|支持|协办)|应[^，]{2,30}邀请|以(?!色列|军|方|及|来)[^的]*"
    r"|(?:\d{4}年|\d{1,2}月|\d{1,2}日|今年|去年).{0,4}[的]?(?:春天|夏天|秋天|冬天|暑假|寒假|春季|夏季|秋季|冬季|春节|国庆)"
    r"|[^，]{0,20}在?(?:过去|最近)\s?[\d一二三四五六七八九十两几]+\s?(?:个月|年|天|周)(?:间|来|里|内|中|以来)?"
    r"|[^，：“]{0,14}(?<![原是])因(?![素此特])[^，被获遭了致死]{2,30}|[^，]{2,40}使用[^，]{2,16}火箭|[^，]{2,40}告诉[^，]{2,24}|[^，]{2,30}召集[^，]{2,40}"
    r"|[^，]{0,6}面向[^，]{2,20}用户|[^，]{2,20}(?:一个|主要|首要)[^，]{2,6}是|一[列辆艘架][^，了]{2,24}[车机船]|[^，]{2,20}(?:联合|会同)[^，]{2,40}(?:大学|公司|单位|部门)"
    r"|.*之所以.*|.{2,60}一事|经[^，]{2,30}(?:批准|同意|研究|审理|审议|核实|调查)|[^，]{2,24}为(?:了|进一步|深入|切实|更好|全面|贯彻|推动|推进|迎接|庆祝|加强|提升|落实|保障)[^，]*|.*作为[^，]{2,8}|[^，]{2,16}经过[^，]*|[^，]{2,24}(?:立足|发挥|聚焦|结合|围绕|紧扣)[^，]{0,8}|[^，]{2,20}(?<!获)通过(?![了《验审]|.{0,8}验收)[^，]*|[^，]{2,40}(?:联手|携手|联合|共同)"
)
"""A clause that only says where, when or why, or who says so."""
_WITHOUT_SUBJECT = compiled_late(
    r"(?:进一步|全面|切实|不断|着力|坚持|培养|提升|提高|加强|营造|丰富|增强|强化|促进|弘扬|引导|激发|落实|保障|维护|普及|推进|深化|展示|传承|打造|构建|优化|完善|防范|减少|改善|满足|充分|消除|确保|做好|筑牢|压实|规范|践行|立足|聚焦|结合|紧扣|有效|缩短|形成|把|使|倡导|增进|凝聚|激励|发挥|提供|深入|拓宽)[^，]*"
)
"""加强管理，, behind 为…，: what for, and not who."""
_NAME_ONLY = compiled_late(
    r"[^“”]{4,40}(?:队|局|厅|公司|集团|委员会|协会|组委会|服务中心|大会|博览会|论坛|大赛|锦标赛|联赛|展览|艺术节|文化节|运动会|仪式)"
)
_POST_ONLY = compiled_late(
    r"[^“”的，]{2,40}(?:书记|主任|[局厅院校行市县区旗镇部社所站会]长|司令员|董事长|经理|委员|主席)"
)
"""某旗原党组书记，: whose post is told before the name."""
_DOES = compiled_late(
    r"[是了将已被把获开举召办启发布推出建签揭亮落入选当夺超破创遭死伤救捐达增减升降涨跌迎完成立正登走进打抓查捕判罚送受做搞种养卖买住过来到去吃喝用给让有没为曝抗毁溺亡撞塌坠失寻返访谈赔诉审能可要应称认不]"
)
"""A character with which a clause may say that something happens."""
_HAS_DONE = compiled_late(
    r"(?<![为除])了|(?:举办|参加|赢得|夺得|发布|公布|发出|下发|印发|召开|举行|启动|开展|签署|成立|任命|批准|通过|推出|出台)(?![的会]|[^，]{0,30}的$)"
)
"""That something is done, and not what does it: 发布…, and not 发布的…."""
_OCCASION = compiled_late(
    r"[^，]*(?:召开|举行|举办|召集|组织|接受|来到|前往|走进|联合|携手|为)[^，]*(?<![发])(?:会|会议|仪式|大会|活动|采访|考察|调研|大学|公司|企业|单位|文字)|在[^，]*，[^，]*|[^，]{0,24}(?:开车|驾车|骑车|去|到|在)[^，]{2,16}(?:自驾游?|旅游|游玩|露营|散步|打工|聚餐|夜游)"
)
"""What somebody meets for or is on the way to, before what comes of it."""
_HEADLESS = compiled_late(
    r"其(?!中|他|实)|透露|推出|预计其|称|将[于在对]|被|带领|宣布|挫败|涉嫌|启动实施|获得|赢得|导致|造成|完成|开展|提出|发布|公布了|进入"
)
"""What a clause begins with whose subject stands in the one before it."""
_DECIDES = compiled_late(r"(?:宣布|传达|通报|公布|研究)[^，]*(?:决定|通知|情况|精神|事项)")
"""宣布上级决定，: what was decided is told behind it."""
_OF_ANOTHER = compiled_late(
    "其(?!父|母|妻|夫|丈夫|家|子女|儿|女)|若|如果|以(?!色列)|由(?!此)|[他她它这]|因|并称|随着"
)
"""What a clause begins with that tells no result."""
_LISTED = compiled_late(
    r"(?:[^，、。《》]{2,24}、){2,}[^，、。《》]{2,20}?等?(?=[\d一二三四五六七八九十两]{1,3}(?:个?部门|个省|省[份区市]|家?单位|地[^区]|个?城市))"
)
"""Who or where, one by one, before how many they are."""
_CONCEDES, _HOWEVER = compiled_late("尽管|虽然|虽"), compiled_late("但|却|仍|可是|不过|依然|还是")
_DEPENDS = compiled_late(
    r"以(?!色列)|旨在|比|将(?!军|台)|并|从而|导致|显示|要求|明确|请|包括|是|即|甚至|还|宣告|邀请|推动|为|其中"
)
"""What a clause begins with that says more of the one before it."""
_OF_A_THING = compiled_late(r"(?:.*的)(?P<thing>[^的，]{1,16})")
_EVENT = compiled_late(
    r".*(?:发生|出现|上演|传出|传来|流传|引发|遭遇|经历|目睹)[^，。]{0,6}(?:一|两|多|数)[起件幕则场桩宗](?:[令让使]人[^，。]{2,10}的?|离奇的?|特殊的?|感人的?|奇葩的?|严重的?|重大的?|突发的?|有趣的?|不幸的?|罕见的?)?(?:事件|事情|事|一幕|消息|视频|故事|案件|事故|案|意外|悲剧|奇事)"
)
"""That something happened, without what."""
_HELD_BY = compiled_late(r"[^，。“]*?(?:主办|承办|举办|组织|组成|参与|发起|承建|建设|制作|出品)的")
"""Who holds what is told of: left out where it is too long."""
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


def title_of(text: str, spans: Sequence[Span], *, goes_further: bool = False) -> str:
    """A title for an article without one: what stands behind 原标题 or as a headline before its report, else the clause that tells.

    An item's or a brief's is a clause; another's `goes_further`, with what comes of it.
    """
    is_labelled = False
    for span in spans:
        if span.kind is SpanKind.BOILERPLATE:
            if printed := _printed_title(text[span.start :]):
                return printed
            is_labelled |= begins_labelled(text[span.start : span.end])
        if span.kind is SpanKind.BODY:
            break
    report = "\n".join(text[span.start : span.end] for span in _report(text, spans)).lstrip()
    if is_labelled:  # the title runs on into its report, and nothing shows where
        later = later_end(report)
        if later is not None and later <= _LONGEST_PRINTED:
            return tidy_title(report[:later])
        told = _told(report[: likely_end(report) or MOST_READ], goes_further=False)
        # its first words are the title's, whatever they run on into
        ends = [clause.end for clause in _clauses(report[:MOST_READ]) if clause.end >= MIN_CLAUSE_CHARS]
        first = report[: ends[0]] if ends else ""
        is_told = report.startswith(told[:MIN_CLAUSE_CHARS]) or not may_be_headline(first)
        return told if is_told else _shorten(first)
    topic = _TOPIC.match(report)
    return topic["title"] if topic else derive_title(report, goes_further=goes_further)


def _report(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """The body's spans, without a first one that is a photo's caption: one sentence, and its credit behind it."""
    for at, span in enumerate(spans):
        if span.kind is SpanKind.BODY:
            behind = spans[at + 1 : at + 3]
            is_caption = (
                len(spans) > at + 2
                and behind[0].kind is SpanKind.CAPTION
                and behind[1].kind in (SpanKind.BODY, SpanKind.DATELINE, SpanKind.CAPTION)
                and all(each.kind is SpanKind.BOILERPLATE for each in spans[:at])
                # a caption of its own says itself what it shows
                and not any(
                    re.search("[。！？].", text[each.start : each.end].strip()) for each in (span, behind[0])
                )
            )
            if not is_caption:
                yield span


def _printed_title(text: str) -> str | None:
    """The title that a text begins with, behind 原标题 or before a dateline."""
    original = None if text.startswith("广告") else printed_title(text)
    title = tidy_title(original) if original else ""
    return title if MIN_CLAUSE_CHARS <= len(title) <= _LONGEST_PRINTED and says_something(title) else None


def derive_title(text: str, *, goes_further: bool = False) -> str:
    """Return a title made of the clause of `text` that tells the news, at most 80 characters, as printed there.

    A dateline is passed over, a headline that stands before the report is the title, and passed over are a slogan, what somebody is
    quoted with before it is said where and who, what day it is, and what was long ago. Punctuation inside quotation marks
    ends no clause. A clause of fewer than 8 characters, or one that only says where, when or why or who says so, or names
    something without saying what it does, is taken together with the next, or left out where both would be too long. A
    longer one is cut where a clause, a quotation or a word ends, and … stands for the rest. Where it `goes_further`, a short one, or
    one that only names an occasion, goes on with what comes of it.
    """
    dateline = parse_dateline(text)
    report = (text[dateline.end :] if dateline else text)[:MOST_READ].lstrip("，,、。：: \n\u3000\u00a0”")
    end = headline_end(report)
    if end is not None and may_be_headline(report[:end]):
        return _shorten(tidy_title(report[:end].strip(_CLAUSE_END + " \u3000")))
    report = after_background(report)
    report = after_background(after_speech(after_lead(report)).lstrip("，,、。：: \n"))
    return _told(report, goes_further=goes_further)


def may_be_headline(said: str) -> bool:
    """Whether what stands before a report tells something: no name, no time or reason, nobody's words."""
    return (
        says_something(said)
        and not _is_name(said)
        and not LEAD.fullmatch(f"{said}，")
        and not any(form.fullmatch(said) for form in (_SETTING, SPEECH))
        and (len(said) > _LONGEST_NAME or _DOES.search(said) is not None)
    )


def _told(report: str, *, goes_further: bool) -> str:
    """The first clauses of a report that say what happens, and what comes of it where it `goes_further`."""
    clauses: list[_Clause] = []
    following = _clauses(report)
    for clause in following:
        clauses.append(clause)
        said = report[clause.start : clause.end].strip()
        is_call = clause.mark in ("！", "!", "？", "?") and clause.end - clauses[0].start <= _LONGEST_CALL
        is_name = _is_name(said) or _is_called(said, clause.mark) or _POST_ONLY.fullmatch(said)
        is_what = report.startswith(
            ("是", "就是", "便是", "即", "又称", "也就是", "位于", "地处", "坐落", "因为", "因", "原因"),
            clause.end + 1,
        )
        is_list = clause.mark == "…" and said.count("、") > 1
        is_conceded = (
            bool(_CONCEDES.match(report, clauses[0].start)) and not _HOWEVER.match(said) and len(clauses) < 4
        )
        leads_on = (
            is_list
            or (is_conceded and clause.mark in _GOES_ON)
            or (clause.mark in _GOES_ON and (is_name or is_what or _says_too_little(said)))
        )
        if not (is_call or leads_on or _EVENT.fullmatch(said)):
            break
    if not clauses:
        return _shorten(report)
    while goes_further and (result := next(following, None)) and _tells_result(report, clauses, result):
        clauses.append(result)
    *before, last = clauses
    while before and last.end - before[0].start > MAX_CHARS and last.end - before[0].end > MIN_CLAUSE_CHARS:
        said = report[before[0].start : before[0].end]
        is_said = _is_called(said, before[0].mark) and not _SETTING.fullmatch(said)
        is_whole = last.end - before[0].start <= _LONGEST_WHOLE
        if is_said or _is_name(said) or (is_whole and _HEADLESS.match(report, last.start)):
            break
        if _DEPENDS.match(report, last.start) and not _SETTING.fullmatch(said) and len(before) == 1:
            return _shorten(said)
        before.pop(0)
    while before and _hangs_on(report[before[0].start : before[0].end], before[0].start):
        before.pop(0)
    told = report[(before[0] if before else last).start : last.end]
    lead = LEAD.match(told)
    at = lead.end() if lead and not told.startswith("是", lead.end()) else 0
    return _shorten(told[at:] if len(told) - at >= MIN_CLAUSE_CHARS else told)


def _tells_result(report: str, clauses: list[_Clause], result: _Clause) -> bool:
    """Whether a clause says what comes of what a title would end with, and there is room for it."""
    first, last = clauses[0].start, clauses[-1]
    told, said = report[first : last.end].strip(), report[result.start : result.end].strip()
    leads_on = len(clauses) > 1 and _DECIDES.fullmatch(report, last.start, last.end) is not None
    is_short = len(told) < _SHORT or _OCCASION.fullmatch(told) is not None
    return (
        last.mark in ("，", ",")
        and (leads_on or (is_short and len(said) >= MIN_CLAUSE_CHARS - 2))
        and result.end - first <= (MAX_CHARS if leads_on else _GOES_FURTHER)
        and (leads_on or _DOES.search(said) is not None)
        and not _OF_ANOTHER.match(said)
        and not any(form.fullmatch(said) for form in (_SETTING, TIME_ONLY, _EVENT))
    )


def _hangs_on(clause: str, start: int) -> bool:
    """Whether a clause only goes on from one before it."""
    return bool(_WITHOUT_SUBJECT.fullmatch(clause) or (start and _DEPENDS.match(clause)))


def _is_name(said: str) -> bool:
    """Whether a clause is a name and no more: 第三届草原博览会, and not 甲旗召开了庆祝大会."""
    return _NAME_ONLY.fullmatch(said) is not None and not _HAS_DONE.search(said)


def _is_called(said: str, mark: str) -> bool:
    """Whether a clause is who or what is spoken of: 甲旗人民法院：, and not 牧草丰收了：."""
    return (
        mark in ("：", ":")
        and len(said) <= _LONGEST_NAME
        and not (len(said) >= MIN_CLAUSE_CHARS and _DOES.search(said))
    )


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


def _says_too_little(clause: str) -> bool:
    """Whether a clause says too little alone: a few characters, a time, where or when or why, who says so, a name."""
    thing = _OF_A_THING.fullmatch(clause)
    return (
        len(clause) < MIN_CLAUSE_CHARS
        or bool(
            TIME_ONLY.fullmatch(clause) or _SETTING.fullmatch(clause) or _WITHOUT_SUBJECT.fullmatch(clause)
        )
        or (thing is not None and not _DOES.search(thing["thing"]) and not _HAS_DONE.search(clause))
        or is_place(clause)
    )


def _is_inside_number(text: str, at: int) -> bool:
    return text[at] in ",:：" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def _shorten(clause: str) -> str:
    clause = clause.strip().rstrip("。！!？?")
    if len(clause) > MAX_CHARS:
        held = _HELD_BY.match(clause)
        rest = clause[held.end() :] if held else ""
        clause = rest if len(rest) >= MIN_CLAUSE_CHARS * 2 and _DOES.search(rest) else clause
    listed = _LISTED.match(clause) if len(clause) > MAX_CHARS else None
    clause = clause[listed.end() :] if listed else clause
    if len(clause) <= _LONGEST_WHOLE:
        return clause
    ends = [match.start() for match in re.finditer("[，；！？ ]", clause[:MAX_CHARS])]
    if ends and ends[-1] >= MIN_CLAUSE_CHARS * 2 and _is_closed(clause[: ends[-1]]):
        return clause[: ends[-1]]
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


def _is_closed(said: str) -> bool:
    return sum(said.count(mark) for mark in _OPENING) == sum(said.count(mark) for mark in _CLOSING)
