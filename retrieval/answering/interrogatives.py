"""What people ask with: each kind of answer with the words that ask for it, plain and colloquial, in one table.

Words that ask (多少, 啥时候, 咋) are never what a question is about; words that tell the kind (面积, 产值) are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.text.figures import Kind, kind_of_unit, units
from retrieval.text.tokenization import fold

_WHAT = "(?:什么|啥|何)"
_WHICH = "(?:哪一?)"


@dataclass(frozen=True, slots=True)
class _Asking:
    """Words that ask for a kind of answer."""

    kind: Kind | None
    """None: for no kind that a sentence could be told to hold (为啥)."""
    words: str
    """A pattern of words that only ask."""
    topic: str = ""
    """A pattern of words that tell the kind and are what the question is about."""


_TABLE = (
    _Asking(Kind.ORDINAL, "第几"),
    _Asking(Kind.AGE, "几岁|多大(?:岁数|年纪|年龄|了)|岁数|年纪|年龄"),
    _Asking(
        Kind.DATE,
        rf"{_WHAT}(?:时[候间]|日子|年(?:[份月])?(?![度级轻])|月份)|多会儿?|多咱|几时|哪[一几]?(?:年|天|月|日|号)|几月|几号|几点|(?:礼拜|星期|周)几",
        "日期|截止(?:时间|日期)",
    ),
    _Asking(
        Kind.SHARE,
        "百分之(?:几|多少)",
        r"比例|占比|比重|覆盖度|[多少增减]了多少|[^效]率(?:是|达|有|为)?(?:多少|几|$)|百分比|(?:增长|涨了?|降了?|增速)(?:了)?(?:多少|几|$)|增速|增幅|降幅|同比",
    ),
    _Asking(
        Kind.MONEY,
        rf"多少?(?:块)?钱|几(?:块|毛)钱|多少元|{_WHAT}价|(?<=[挣赚赔罚花亏欠捐骗])了?多少(?=$|[?了])|(?<=卖)多少$|(?:怎么|咋)卖的?$",
        "票价|价格|单价|房价|金额|资金|投资|产值|收入|财政|成本|工资|奖金|补贴|贷款|罚款|[Gg][Dd][Pp]|生产总值|利润",
    ),
    _Asking(Kind.AREA, "多大(?:地方|一?块地)", "面积|多少(?:万)?亩"),
    _Asking(Kind.DURATION, "多久|多长时间"),
    _Asking(Kind.MASS, "多重", "亩产|产量|重量|多少斤|多少吨|吞吐量|(?:打|产)了?多少$"),
    _Asking(Kind.LENGTH, "多[长远高深宽快]", "里程|全长|长度|海拔|高度"),
    _Asking(Kind.PEOPLE, "几口人?|(?:多少|几)(?:个)?(?:人|名|户|位)", "人数|人口|人次|(?:伤亡|死|伤)了?多少"),
    _Asking(Kind.PERSON, rf"谁|{_WHICH}位|{_WHAT}人|叫{_WHAT}(?:名字?)?", "名字|姓名"),
    _Asking(
        Kind.PLACE,
        rf"在?哪[里儿]|哪块儿?|{_WHAT}地方|何[处地]|在哪(?![些几个年天月])",
        "地点|地址|哪个(?:地方|城市|国家|省|市|县|旗|区|镇|村|煤矿|学校|医院|公园|广场|馆)",
    ),
    _Asking(
        Kind.LIST,
        rf"哪些|哪几(?:[个家所座种项])?|些啥|都?有{_WHAT}",
        "包括|分别(?:是|有|为)|都有|内容有|方式|措施|举措|条件",
    ),
    _Asking(
        None,
        rf"为{_WHAT}|{_WHAT}原因|凭啥|(?:咋|怎么)(?:回事|样|办|整|就|了)?|怎样|如何|是不是|是否|多大|有没有|能不能|可不可以"
        rf"|{_WHAT}样?|哪[个位一年天月家所座种]?",
    ),
    _Asking(
        Kind.COUNT,
        "多少|几(?=[个名位家项次场户亩批年月天件岁种条所座人头只辆公里块斤])",
        "几[^乎何]|数量|个数|规模",
    ),
)

_POST = re.compile(
    r"(?:(?P<whose>社区|苏木|嘎查|[盟市旗县区乡镇村])(?:党?(?:工?委|总?支部?))?)?书记|[盟市旗县区乡镇村]长(?![江期大远])"
)
_PARTY_HEADS = {
    **dict.fromkeys(("乡", "镇", "苏木"), "(?:党(?:工)?|[乡镇])委书记"),
    **dict.fromkeys(("村", "嘎查", "社区"), "(?:支部|总支|党委|社区|村|嘎查)书记|村支书"),
}
"""What 书记 of a place is called in full, by the place's kind; of any other it is _OF_A_COUNTY."""
_OF_A_COUNTY = "[盟市旗县区]委书记"
_HOW_MANY = re.compile("(?<![第哪])(?:多少|几)")  # 哪几个 asks which
_UNIT = re.compile(rf"(?:万|亿)?(?:个(?=人(?!次)))?(?P<unit>{'|'.join(map(re.escape, units()))})")
_KINDS = tuple(
    (re.compile(pattern), each.kind)
    for patterns in (
        [(each, each.words) for each in _TABLE if each.kind is not Kind.COUNT],
        # 哪几个市去拉投资 asks for no money: what words ask for goes before what they are about, but for a bare 多少
        [(each, each.topic) for each in _TABLE],
        [(each, each.words) for each in _TABLE if each.kind is Kind.COUNT],
    )
    for each, pattern in patterns
    if pattern and each.kind is not None
)

ASKING_WORDS = "|".join(each.words for each in _TABLE)
"""A pattern of all words that only ask, the longer forms first."""


_PER = re.compile(
    "[一每](?P<per>公斤|斤|亩|平|吨|头|只|匹|张|度|升|桶|袋|箱|盒|户)(?:方?米|地|水|电)?[要卖补得给是收]{0,2}(?:多少|多|几块?)(?:钱|元|$)"
)


def asked_per(folded: str) -> re.Pattern[str] | None:
    """Return how a sentence names the unit for which a folded question asks the price (一斤多少钱), or None."""
    found = _PER.search(folded)
    return re.compile(f"[每一/／]{found['per']}") if found else None


def asked_unit(folded: str) -> str | None:
    """Return the unit behind 多少 or 几 in a folded question, or None."""
    asked = _HOW_MANY.split(folded)[-1] if _HOW_MANY.search(folded) else None
    found = _UNIT.match(asked) if asked else None  # 那几个人罚了多少钱 asks for money, not for people
    return found["unit"] if found else None


def find_post(folded: str) -> re.Match[str] | None:
    """Return where a folded question names the post whose holder it asks for, or None."""
    return _POST.search(folded) if asked_kind(folded) is Kind.PERSON else None


def asked_post(folded: str, topic_runs: Sequence[str]) -> re.Pattern[str] | None:
    """Return how a sentence names the post whose holder a folded question asks for, or None.

    旗长 is not a 副旗长, and 库伦旗书记 is the one of its party committee and no village's.
    """
    post = find_post(folded)
    if post is None:
        return None
    said = re.escape(post.group())
    is_alone = tuple(topic_runs) in (("书记",), (post.group(),))
    if post.group().endswith("书记") and (is_alone or post.group() != "书记"):
        said = _PARTY_HEADS.get(post["whose"], _OF_A_COUNTY)
    return re.compile(said if "副" in folded else f"(?<!副){said}")


def asked_kind(folded: str) -> Kind | None:
    """Return the kind of answer that a folded question asks for, or None."""
    unit = asked_unit(folded)
    if unit == "人" or unit is None:
        return next((kind for pattern, kind in _KINDS if pattern.search(folded)), None)
    return kind_of_unit(unit)


_ON = (
    "又|都|是|有|还有|的|怎么?样|咋样?|如何|怎么着|呢|发生了?(?:什么|啥)|(?:什么|啥)(?:情况|结果|进展|消息|报道|动静)|情况|结果|进展|报道|消息|处理|发展"
    "|没有|吗"
)
SEQUEL_WORDS = (
    r"(?:那|那么|这件事儿?|这事儿?|那件事儿?|那事儿?|此事|事情|案子|案件)?(?:的)?(?:"
    rf"(?:后来|后续)(?:{_ON})*|(?:最后|最终)(?:{_ON})+"
    r"|(?:现在|目前|如今|最近|到底)?(?:有|出来?)(?:了)?(?:什么|啥|没有|没)?(?:最新的?|新的?|处理)?(?:结果|下文|进展|后续|说法)(?:了|出来|没有|没|吗|么|呢)*"
    r"|(?:结果|下文)(?:出来?|怎么?样|如何)(?:了|吗|没有|没)+"
    r"|(?:有)?(?:什么|啥)?最新(?:的)?(?:进展|后续)(?:如何|怎么?样|呢|吗)?"
    r"|(?:现在|目前|如今)(?:怎么?样|咋样|如何)了|(?:怎么?样|咋样)了"
    r"|来龙去脉|前因后果|(?:事情|事件)?(?:的)?(?:始末|经过|全过程)"
    r")(?:了|呢|啊|呀|吗)*"
)
"""How people ask how a matter went on, folded; as a whole message it asks of what was told last."""
_ASKS = re.compile(ASKING_WORDS)
_BEHIND = re.compile(rf"(?P<what>.*?)[的，,：:\s]*(?:{SEQUEL_WORDS})[?？!！。.\s]*")


def without_sequel(question: str) -> str | None:
    """Return a question without the words that ask how a matter went on, "" where nothing is left; None where it asks no such."""
    found = _BEHIND.fullmatch(fold(question).strip())
    if found is None or _ASKS.search(found["what"]):
        return None
    start = len(question) - len(question.lstrip())
    return question[start : start + found.end("what")].strip(" ，,的")
