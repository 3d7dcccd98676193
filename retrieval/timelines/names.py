"""Names by which articles hang together: of matters (平陆运河, 神舟十八号), of people, of companies, schools and the like.

They are found in the text by what stands around them, so that nothing has to be learned or loaded. A matter's name says what
it is about; a person or a company may be in the papers for many things, so those alone never decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class NameKind(StrEnum):
    """What a name is the name of."""

    MATTER = "matter"
    """A project, an event, a work, a document."""
    PERSON = "person"
    ORGANISATION = "organisation"
    """A company, a school, a hospital, a club; offices of the state and papers are none."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name, folded."""

    text: str
    kind: NameKind


_LEAST_OF = 2
"""Characters that a name has before what says its sort: 平陆 of 平陆运河."""
_QUOTED = re.compile(
    "(《[^》]{3,24}(?:条例|法|意见|规划|方案|宣言|办法|决定|纲要|公约|协定|公报)》)"
    "|台风(“[^”]{2,6}”)|(“[^”]{2,14}”)(?:号|工程|项目|行动|计划|飞船|卫星|探测器|台风|案|事件|事故|峰会|论坛)"
)
"""Documents, and what is named in quotation marks with its sort; slogans are in such marks too."""
_NUMBERED = re.compile("[一二三四五六七八九十0-9]+号")
_NAMED = re.compile(
    "(?P<of>[一-鿿a-z0-9]{1,12}?)(?P<sort>[一二三四五六七八九十0-9]+号|高铁|铁路(?![人客局])|高速公路|大桥|隧道|水库|水利枢纽|水电站|核电站?|电站|运河|机场|卫星(?!通讯社|新闻|社|电视|图|发射)|飞船"
    "|大飞机|地震|亚运会|奥运会|冬奥会|世博会|博览会|进博会|服贸会|广交会|消博会|链博会|运动会|全运会|大运会|峰会|遗址|油田|气田|煤矿|灌区|自由贸易港|示范区|国家公园|通道|管道|线路)"
)
"""What names a matter: something with what says its sort."""

_GENERIC_OF = re.compile(
    "(?:大型|中型|小型|新建|改扩?建|重点|首个|首条|首座|变速|抽水|蓄能|储能|水力|火力|风力|光伏|太阳能|潮汐|跨海|跨江|过江|海底|山岭|穿江|城际|市域|沿江|沿海|露天|数字|绿色|智能|智慧|国家|国际|世界|全国|大学生"
    "|长征|快舟|重载|货运|客运|普速|既有|青少年|冬季|夏季|通信|遥感|导航|气象|商业|试验|实验|民用|通用|支线|天然气|原油|成品油|输油|输气|输水|创新|先行|综合|高质量|发展|一体化|陆海|绿色)+"
)
"""What many things of a sort are called."""
_SURNAME = (
    "(?:欧阳|上官|司马|诸葛|东方|皇甫|尉迟|慕容|令狐|司徒|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
    "雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来苟褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺])"
)
_ROLE = (
    "犯罪嫌疑人|嫌疑人|被告人|被告|罪犯|主犯|受害人|被害人|遇难者|失踪者|肇事司机|司机|驾驶员|男子|女子|村民|居民|牧民|市民|农民|种植户|养殖户|老人|女孩|男孩|学生|同学|青年|战士|烈士|英雄|"
    "民警|辅警|消防员|医生|护士|教师|老师|选手|运动员|球员|教练员?|主教练|队长|冠军|导演|编剧|主演|演员|歌手|作家|画家|艺术家|传承人|创始人|董事长|总经理|法定代表人|实际控制人|"
    "教授|院士|研究员|工程师|航天员|宇航员|机长|船长|原书记|原市长|原局长|原主任|原副[一-鿿]{1,4}|党组书记|党委书记|董事|总裁|行长|院长|校长"
)
_PERSON = re.compile(
    f"(?:{_ROLE})(?P<name>{_SURNAME}[一-鿿]{{1,2}})(?=[、，,。；;（(“”：:\\s]|等|因|在|的|被|和|与|及|说|称|表示|介绍|告诉|接受|涉嫌|严重|获|以|向|将|用|是|为|从|已|对)"
)
_ACCUSED = re.compile(
    f"(?:^|[、，,。；;：:\\s])(?P<name>{_SURNAME}[一-鿿]{{1,2}})(?=（[男女]，|（化名|被(?:逮捕|开除|判|查|提起公诉|双开)|涉嫌|严重违纪|受贿|案(?:一审|二审|宣判|开庭))"
)
_LISTED = re.compile(f"[、和与](?P<name>{_SURNAME}[一-鿿]{{1,2}})(?=[、，,。；;（(和与]|等)")
"""Behind the first of several: 嫌疑人王某甲、冯某乙、赵某丙等人."""
_NO_PERSON = re.compile("[某等人们的了在和与及为是有被不这那其]|先生|女士|同志|老师|主任|书记|局长|师傅")
_ORGANISATION = re.compile(
    "(?:股份有限公司|有限责任公司|有限公司|集团公司|分公司|集团|合作社|公司|研究院|研究所|实验室|大学|学院|中学|小学|学校|幼儿园|医院|养殖场|农场|牧场|林场|钢厂|电厂|化工厂|工厂|酒店|宾馆|商场"
    "|俱乐部|剧团|剧院|乐团|博物馆|动物园|基金会|(?<!协)商会|协会|小区|大厦|车队)"
)
_LONGEST_ORGANISATION, _MOST_WORDS = 24, 7
_LEFT_OF_NAME = re.compile(
    "^(?:[的在由对向和与被为到从经据位于是将把让给跟及或以了过着而但并使有该本此这那其某各每家个名所]|记者|来自|前往|走进|联合|通过|以及|包括|经营|成立|注册|进入|关于|涉案|一家|多家|相关|有关|部分|当地|全国|我国|中国|国内|省|市|区|县|旗|镇|乡|月|日|年|据|受|因|至|今天|昨天|今年|去年|目前|截至|预计|首次|首个|首条)$"
)


def find_matters(
    title: str, cut: Callable[[str], list[str]], worth: Mapping[str, float], rare: float
) -> list[Name]:
    """Return names of projects, events and works in a folded title, as rare in the library as `rare`.

    `worth` has the inverse document frequency of each pair of characters.
    """
    quoted = [match[match.lastindex or 0] for match in _QUOTED.finditer(title)]
    found = [name for name in quoted if _rarity(name, worth) >= rare]
    for match in _NAMED.finditer(title):
        words = cut(match["of"])
        for n in range(1, len(words) + 1):
            if _LEFT_OF_NAME.match(words[-n]):
                break
            of = "".join(words[-n:])
            name = of + match["sort"]
            # of 神舟十八号 the number is what is rare
            if _GENERIC_OF.fullmatch(of):
                continue
            is_rare = _rarity(name if _NUMBERED.match(match["sort"]) else of, worth) >= rare
            if len(of) >= _LEAST_OF and is_rare:
                found.append(name)
                break
    return [Name(text, NameKind.MATTER) for text in dict.fromkeys(found)]


def find_actors(
    text: str, cut: Callable[[str], list[str]], worth: Mapping[str, float], rare: float
) -> list[Name]:
    """Return the people and organisations that a folded text names, as rare in the library as `rare`."""
    people = [each for each in _people(text) if _rarity(each, worth) >= rare]
    organisations = [
        name
        for match in _ORGANISATION.finditer(text)
        if (name := _organisation(text, match, cut, worth, rare))
    ]
    return [
        *(Name(each, NameKind.PERSON) for each in dict.fromkeys(people)),
        *(Name(each, NameKind.ORGANISATION) for each in dict.fromkeys(organisations)),
    ]


def _people(text: str) -> Iterator[str]:
    at = 0
    while (found := _next_person(text, at)) is not None:
        yield found["name"]
        at = found.end("name")
        while (found := _LISTED.match(text, at)) is not None and not _NO_PERSON.search(found["name"]):
            yield found["name"]
            at = found.end("name")


def _next_person(text: str, at: int) -> re.Match[str] | None:
    """The next name of a person behind `at`, by what stands before or behind it."""
    found = [
        match
        for pattern in (_PERSON, _ACCUSED)
        for match in pattern.finditer(text, at)
        if not _NO_PERSON.search(match["name"])
    ]
    return min(found, key=lambda match: match.start("name"), default=None)


def _organisation(
    text: str, sort: re.Match[str], cut: Callable[[str], list[str]], worth: Mapping[str, float], rare: float
) -> str | None:
    """The name that ends with a sort of organisation, from where it is rare; None where what stands before it is not."""
    before = re.search(
        r"[一-鿿a-z0-9（）()]*$", text[max(0, sort.start() - _LONGEST_ORGANISATION) : sort.start()]
    )
    words = cut(before.group()) if before else []
    of = ""
    for word in reversed(words[-_MOST_WORDS:]):
        if _LEFT_OF_NAME.match(word):
            return None
        of = word + of
        if len(of) >= _LEAST_OF and of[0] not in "（）()" and _rarity(of, worth) >= rare:
            return of + sort.group()
    return None


def _rarity(text: str, worth: Mapping[str, float]) -> float:
    """How rare a stretch is: its rarest pair, as a name is rarer than its parts."""
    pairs = [text[at : at + 2] for at in range(len(text) - 1)]
    return max((worth.get(pair, 0.0) for pair in pairs), default=worth.get(text, 0.0))
