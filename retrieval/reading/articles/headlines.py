"""A headline that stands in the same text as its report: behind 原标题, or run together with what it stands before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from retrieval.reading.articles.dateline import NAMED_OUTLETS, parse_dateline
from retrieval.text.expressions import compiled_late

LONGEST_HEADLINE = 80
SHORTEST_HEADLINE = 8
_LEAST_BEHIND = 12
"""Characters of a report behind what is taken for its headline."""
_LABEL = compiled_late(r"\s*(?:原标题|原题|来源标题)\s*[：:]\s*")
SECTION_LABEL = compiled_late(r"(?:事[故件情]经过|案发经过|基本案情|案情(?:简介|回顾))[：:]\s*")
"""What stands over the first section of a report and runs into it."""
_WIDE_BLANK = compiled_late(r"\s{4,}")
_BLANK = compiled_late(r"[ \u3000\u00a0\u2002\u2003]{2,}")
_TIME_OF_DAY = r"(?:[上下中]午|早[晨上]?|晚[上间]?|凌晨|清晨|傍晚|深夜|\d{1,2}[时点](?:\d{1,2}分)?许?)"
_BEGINS = compiled_late(
    rf"(?:据)?(?:{NAMED_OUTLETS}|(?:内蒙古|黑龙江|[\u3400-\u9fff]{{2}})(?:日报|晚报|晨报|时报|都市报|新闻网?))(?:(?:·[\u3400-\u9fff]{{2,4}})?客户端)?"
    r"(?:[\u3400-\u9fff·]{0,8}?(?:\d{1,2}月\d{1,2}日)?(?:专?电|讯|消息|综合|报道)"
    r"|(?:首席|见习|实习)?(?:记者|通讯员)(?=[ \u3000\u00a0]|[\u3400-\u9fff]{2,4}(?:[ \u3000、]|[\u3400-\u9fff]{2,8}[，,]))"
    r"|\s*[|｜]\s*(?:记者|作者))"
    rf"|{SECTION_LABEL.pattern}"
    r"|[\u3400-\u9fff]{2}(?:网|[日晚晨时商]?报|社|新闻|在线)讯\s*(?=[（(：:])|(?:图片)?来源[：:]|[\u3400-\u9fff]{2,3}(?:记者|编辑)[：:]|(?<!了)截至(?:19|20)\d\d年"
    rf"|(?<![月\d])\d{{1,2}}日{_TIME_OF_DAY}?[，,]|(?:(?:19|20)\d\d年)?\d{{1,2}}月(?:\d{{1,2}}日(?:至\d{{1,2}}日)?{_TIME_OF_DAY}?)?[，,]"
    r"|(?<![成作认称视变转因行])为(?:了?(?:进一步|深入|切实|更好地?|全面|认真|扎实|贯彻|推动|推进|有效|迎接|庆祝|丰富|加强|提升|提高|营造|确保|保障|落实|帮助|方便|解决|做好|规范|充分|探索|弘扬|保持|积极|关心|预防|维护|倡导|强化|大力|传承|促进|增强|激发|引导|普及|防范|缓解|满足|优化|巩固|拓展|深化|持续|应对|响应|助力))|综合[^，。]{2,30}(?:报道|消息)[，,]|[\u3400-\u9fff]{2,4}(?:网|报|社)(?:综合)?报道\s"
    r"|(?:近日|日前|昨日|昨天|今日|今天|连日来|近年来|近期|今年以来|最近)[，,]|记者[\d从\u3400-\u9fff]{0,20}?(?:获悉|了解到)"
    r"|(?<![根证数依收占论单票])据[\u3400-\u9fff“”《》]{2,14}(?:\d{1,2}月)?\d{1,2}日(?:援引|报道|消息)|随着(?=[\u3400-\u9fff])|本文转自\s*[：:【]|[A-Za-z]{2,12}(?:之家)?\s?\d{1,2}\s?月\s?\d{1,2}\s?日(?:消息|讯)|(?<=[！？!?…”）)】])\d{1,2}月\d{1,2}日消息[，,]|[（(][\u3400-\u9fff]{2,6}(?:网|社|报)讯[）)]|有媒体报道|北京时间\d{1,2}月\d{1,2}日|(?<=[！？!?…”）)])当地时间\d|[【\[][\u3400-\u9fff]{2,8}(?:网|[日晚时]?报|社)[^】\]\n]{0,24}[】\]]|尊敬的|(?<=[！？!?…”）)])据[^，。]{2,20}(?:报道|消息|通报)[，,]"
)
"""What a report begins with behind a headline that runs into it."""
_SETS_OUT = compiled_late(
    r"(?:当地时间[^，。]{2,14}|自[^，。]{2,24}以来|受[^，。]{2,24}影响|由于[^，。]{2,40}|在[^，。]{2,30}之际|当[^，。]{4,30}[时际后]|(?<![根证数依收占论单票])据[\u3400-\u9fff]{2,14}(?:消息|通报|报道|介绍|统计|了解|悉))[，,]"
    r"|(?:智通财经|企查查|天眼查|每经|格隆汇|乐居财经|[A-Za-z]{2,8})(?i:APP)\s*(?:讯|获悉|显示|消息|注意到|了解到)"
    r"|(?:众所周知|炎炎夏日|说起)[，,\u3400-\u9fff]|\d{1,2}月\d{1,2}日?(?:至|-|—)\d{1,2}日[，,]"
)
"""A clause that says when or why, and that a report begins with, and who has it from where: they stand within no labelled headline."""
_YEAR_BEHIND = compiled_late(rf"(?:19|20)\d\d年\d|{NAMED_OUTLETS}")
"""A day with its year, or an agency, begins anew, also behind 获刑11年."""
_SENTENCES = compiled_late(r"[。；;]|[！？!?]”|，$|(?:，.*){3}")
"""What no headline holds, but the beginning of a report does."""
_ENDS_OPEN = tuple(
    "于在到至自从截止是定为期对及和与或、，,：:；—-“‘《（(【的将把被由以其该年月第每给赴回入进访往"
)
"""What no headline ends with: a day behind it belongs to it."""
_SPEECH = compiled_late(r"(?<=[\u3400-\u9fffA-Za-z0-9”！？…])“[^“”\n]{5,160}?[。！？!?…～~]”")
_SAYS = (
    "说",
    "道",
    "称",
    "：",
    ":",
    "，",
    ",",
    "喊",
    "问",
    "答",
    "的",
    "是",
    "叫",
    "为",
    "写着",
    "句",
    "了",
    "一个",
    "表示",
)
_ORIGINAL_IN = compiled_late(
    rf"(?![\u3400-\u9fff]{{0,4}}来源|稿件|本文|转自|摘要|发稿)(?P<title>[^。；;，,\n（(“][^。；;\n]{{7,59}}?)\s*+(?=(?:据)?(?:{NAMED_OUTLETS}|光明日报)"
    r"[\u3400-\u9fff·]{0,8}?(?:\d{1,2}月\d{1,2}日(?:专?电|讯|消息)|讯)[ \u3000\u00a0]*[（(]"
    r"|(?<=[\s])[\u3400-\u9fff]{2,8}(?:网|报|社|新闻|在线)讯[ \u3000\u00a0]*[（(]"
    r"|[【\[][\u3400-\u9fff]{2,8}(?:网|[日晚时]?报|社)[^】\]\n。，]{0,6}(?:报道|讯|消息|记者)[^】\]\n。，]{0,30}[】\]])"
)
"""A title that runs into its dateline. Only outlets that are known by name end it, or one behind a blank: any other's begins nobody
knows where."""
_CLAUSE = compiled_late("[，,：:！!？?]")
_CALLS = compiled_late("[^，,：:。！？!?；;]{4,20}[！？!?](?!”)")
_LEAST_CLAUSE, _MOST_CLAUSES = 4, 4
_SAYS_WHO = compiled_late(r"(?:[省市区县旗州盟部局厅院报网社]|客户端|新闻|时间)$")
"""Who or where a report begins with may stand before its day: 某市29日晚, 某部近日."""
_PROVINCES = "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
_BEGINS_LATER = compiled_late(
    rf"(?:(?:19|20)\d\d年)?\d{{1,2}}月(?:\d{{1,2}}日)?(?![起前后份底]|中旬|开)|(?<!\d)\d{{1,2}}日(?:，|晚|上午|下午|凌晨)|(?:19|20)\d\d年"
    r"|近日|日前|前不久|前几天|前段时间|今年(?!以来)|昨[天日晚]|今[天日](?!起)|最近|目前|现今|如今(?=[\u3400-\u9fff]{4})|上世纪|连日来|周[一二三四五六日](?=[，公])|秋高气爽|骄阳"
    rf"|(?<![根证数依收占论单票考])据(?=[\u3400-\u9fff“《])|根据(?=[\u3400-\u9fff])|随着|作为(?=[\u3400-\u9fff])|听说|在(?:北京|当地)时间|(?:{NAMED_OUTLETS}|[\u3400-\u9fff]{{2}}网)(?:\d|讯|消息|记者|获悉)"
    rf"|一(?:名|位|则|周)(?=[\u3400-\u9fff\d])|(?:{_PROVINCES})省(?=[\u3400-\u9fff]{{2,5}}[市州县])|“[^“”\n]{{5,80}}?[。！？!?…～~，]”"
)
"""What a report may begin with behind a later clause of a headline that runs into it."""
_AGAIN, _AGAIN_UNLABELLED = 4, 6
"""Characters of a headline's beginning with which its report begins again."""
_STOPS = compiled_late("[。；;]")
"""What no headline goes on behind."""
_LONGEST_BEGINNING, _LONGEST_SPEECH = 40, 200
_DAY_BEFORE = compiled_late(r"(?:(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日|近日|日前)[，,]?$")
_REMEMBERED = 32
"""Texts whose headline's end is kept: it is asked for by who makes parts, titles and whole titles."""
_MANY_AGAIN = 8
_LED_IN = compiled_late(r"(?:据|自|当|在|随着|作为|听说|近日|日前)[\u3400-\u9fff]{0,9}$")
_PAIRS = ("“”", "‘’", "《》", "（）", "()", "【】", "「」")


def printed_title_end(paragraph: str, start: int = 0) -> int:
    """Return where a title ends that is printed at `start` behind 原标题 or before a dateline; `start` where none is."""
    label = _LABEL.match(paragraph, start)
    if label:
        return _labelled_end(paragraph, label.end())
    run_in = _ORIGINAL_IN.match(paragraph, start)
    return run_in.end() if run_in else start


def printed_title(text: str) -> str | None:
    """Return the title that a text begins with behind 原标题 or before a dateline, where its end shows."""
    run_in = _ORIGINAL_IN.match(text)
    return original_title(text) or (run_in["title"].strip() if run_in else None)


def original_title(text: str) -> str | None:
    """Return the title behind a label 原标题, where its end shows."""
    label = _LABEL.match(text)
    if label is None:
        return None
    title = _WIDE_BLANK.split(text[label.end() : _labelled_end(text, label.end())].strip())[0]
    half = len(title) // 2
    title = title[:half] if half and title[:half] == title[half:] else title
    return title if SHORTEST_HEADLINE <= len(title) <= LONGEST_HEADLINE else None


def begins_labelled(text: str) -> bool:
    """Whether a label 原标题 begins a text."""
    return _LABEL.match(text) is not None


def headline_end(text: str) -> int | None:
    """Return where a headline ends that a text begins with and that nothing labels, or None.

    It stands on a line of its own or before a wide blank, or its report shows where it begins: with a day, with 近日, or what
    somebody says, or with the headline's own first words.
    """
    line, _, below = text.partition("\n")
    if len(below) >= _LEAST_BEHIND and _is_headline(line) and len(line) <= LONGEST_HEADLINE:
        return len(line)
    blank = _BLANK.search(line, SHORTEST_HEADLINE, LONGEST_HEADLINE)
    ends = [blank.start()] if blank else []
    return _first_end(line, [*ends, *_shown_ends(line, _AGAIN_UNLABELLED)])


def stated_end(text: str, title: str) -> int | None:
    """Return where a stated title ends that is printed again at a text's beginning, with what more of it stands there, or None.

    None too where nothing shows where the report begins: what is stated may be cut in the middle of a sentence.
    """
    if not text.startswith(title):
        return None
    line = text[: 2 * LONGEST_HEADLINE].partition("\n")[0]
    if parse_dateline(text[len(title) :].lstrip()):
        return len(title)
    fitting = (
        end
        for end in _shown_ends(line, _AGAIN)
        if len(title) <= end <= len(line) - _LEAST_BEHIND
        and not _SENTENCES.search(line[:end])
        and not line.endswith(("日", "月", "至", "-", "—"), 0, end)
    )
    return min(fitting, default=None)


def later_end(text: str) -> int | None:
    """Return where a labelled headline of several clauses likely ends: where behind its first a report may begin, or None.

    近日, 一名…, a day or 据… stand within a headline's first clause too, and seldom in a later one.
    """
    text = text[: 2 * LONGEST_HEADLINE].partition("\n")[0]
    first = _CLAUSE.search(text, SHORTEST_HEADLINE)
    stop = _STOPS.search(text, SHORTEST_HEADLINE)
    if first is None:
        return None
    last = min(LONGEST_HEADLINE, stop.start() if stop else len(text))
    for begins in _BEGINS_LATER.finditer(text, first.end(), last + 1):
        said = text[: begins.start()].rstrip()
        clause = re.split("[，,：:！!？?…~～.]", said)[-1]
        is_ended = said.endswith(("！", "？", "!", "?", "”", "…", "～", "~")) or len(clause) >= (
            _LEAST_CLAUSE if begins[0] == "据" else _LEAST_CLAUSE + 2
        )
        is_open = (said.endswith(_ENDS_OPEN) and not said.endswith(("年", "月"))) or (
            _SAYS_WHO.search(said) is not None and not begins[0].startswith(("“", "据"))
        )
        if is_ended and not is_open and _is_balanced(said) and said.count("，") <= _MOST_CLAUSES:
            return len(said)
    ends = (
        _CALLS.match(text, first.end()) if first[0] in "，,：:" else None
    )  # a headline's clause ends in ！, and seldom a report's first
    return ends.end() if ends and _is_balanced(text[: ends.end()]) else None


def likely_end(text: str) -> int | None:
    """Return where a labelled headline likely ends in a text of which nothing shows it: its report says again what it says.

    Between what the headline says first and what its report repeats lie most pairs of the same two characters. Where that
    stretch begins is good for a title, not for where the report begins: a word or two of that may stand before it.
    """
    text = text[: 2 * LONGEST_HEADLINE]
    last: dict[str, int] = {}
    among = [0] * (len(text) + 1)
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        if not all("\u3400" <= char <= "\u9fff" for char in pair):
            continue
        if pair in last:
            among[last[pair] + 2] += 1
            among[at + 1] -= 1
        last[pair] = at
    counts = list(accumulate(among))
    most = max(counts[SHORTEST_HEADLINE : LONGEST_HEADLINE - 16], default=0)
    if most < _MANY_AGAIN:
        return None
    end = counts.index(most, SHORTEST_HEADLINE)
    led_in = _LED_IN.search(text[:end])
    return led_in.start() if led_in and led_in.start() >= SHORTEST_HEADLINE else end


@lru_cache(maxsize=_REMEMBERED)
def _labelled_end(text: str, start: int) -> int:
    """Where a title that runs into its report ends: where it has been said twice, or the report shows where it begins."""
    rest = text[start : start + 2 * LONGEST_HEADLINE]
    line_end = rest.find("\n")
    for length in range(min(LONGEST_HEADLINE, len(rest) // 2), SHORTEST_HEADLINE - 1, -1):
        if rest[:length] == rest[length : 2 * length]:
            return start + 2 * length
    blank = _WIDE_BLANK.search(rest, SHORTEST_HEADLINE)
    if blank and rest.startswith(rest[: blank.start()], blank.end()):  # said again behind the blank
        return start + blank.end() + blank.start()
    rest = rest[: blank.end()] if blank else rest
    end = _first_end(
        rest,
        [*_shown_ends(rest, _AGAIN), *(each.start() for each in _SETS_OUT.finditer(rest, SHORTEST_HEADLINE))],
        1,
    )
    if end is not None:
        return start + end
    if blank and not _SENTENCES.search(rest[: blank.start()]):
        return start + blank.end()
    return start + line_end if line_end > 0 else start


def _shown_ends(line: str, again: int) -> Iterator[int]:
    """Where a report may begin behind a headline on the same line, of which it repeats so many characters at least."""
    stop = _STOPS.search(line, SHORTEST_HEADLINE)
    last = min(LONGEST_HEADLINE, stop.start() if stop else len(line))
    for found in _BEGINS.finditer(line, SHORTEST_HEADLINE, last + _LONGEST_BEGINNING):
        if found.start() <= last:
            yield found.start()
    for found in _SPEECH.finditer(line, SHORTEST_HEADLINE, last + _LONGEST_SPEECH):
        if found.start() <= last and not line.endswith(_SAYS, 0, found.start()):
            yield found.start()
    repeated = line.find(line[:again], SHORTEST_HEADLINE, LONGEST_HEADLINE)
    if repeated > 0 and not line[:again].isascii():
        day = _DAY_BEFORE.search(line[:repeated])
        yield day.start() if day else repeated


def _first_end(line: str, ends: list[int] | Iterator[int], least_behind: int = _LEAST_BEHIND) -> int | None:
    fitting = (
        end
        for end in ends
        if len(line) - end >= least_behind
        and (
            _is_headline(line[:end])
            or (_YEAR_BEHIND.match(line, end) and _is_headline(line[:end].rstrip("年月")))
        )
    )
    return min(fitting, default=None)


def _is_headline(said: str) -> bool:
    """Whether what stands before a report may be its headline: no sentence, nothing that leads on, no quotation left open."""
    said = said.rstrip()
    return (
        SHORTEST_HEADLINE <= len(said) <= LONGEST_HEADLINE
        and not _SENTENCES.search(said)
        and not said.endswith((*_ENDS_OPEN, "当地时间", "北京时间", "：前"))
        and _is_balanced(said)
    )


def _is_balanced(said: str) -> bool:
    return all(said.count(pair[0]) == said.count(pair[1]) for pair in _PAIRS)
