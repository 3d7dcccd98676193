"""Whose figure a sentence gives: a division's, the whole country's, or that of a part or of another country."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.regions import Resolution
from retrieval.types import StoredArticle


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose figure one is."""

    code: str | None
    """A division's; NATION for the country or no place, None for a part or abroad."""
    is_said: bool
    """Whether its sentence names it, and not only what stands around that."""


NATION = ""
"""Stands for the whole country, or for no place named."""
_NATION = re.compile(
    "(?<![占居于出])(?<!领跑)(?<!领先)(?<!走在)(?<!面向)(?<!销往)(?<!辐射)全国(?![0-9.]+%|第|首|前|平均|领先|最|各地|两会|人大|政协|同类|总量的|推广|复制)|我国|中国(?!农业银行|银行|移动|联通|电信|石油|石化|铁路(?:局|集团)|邮政)|国内(?!外)|我们国家|国家[一-鿿]{1,6}(?:局|委)|国务院|国新办|海关总署|中国人民银行|国铁集团|(?:商务|公安|财政|教育|水利|民政|工信|农业农村|交通运输|工业和信息化|人力资源社会保障|人力资源和社会保障|文化和旅游|自然资源|生态环境|住房城乡建设|科技)部|全社会用电"
)
_PART = re.compile(
    r"[一-鿿]{1,4}(?<!个)(?:嘎查|苏木|(?<![乡农全各贫制政])村(?![民庄集振里级镇旅寨])|(?<![城集木乡])镇(?![化上区企])|(?<![城家下城回返])乡(?![村镇民])|街道|社区|合作社|公司|集团|园区|开发区|示范区|示范点|基地|农场|牧场|景区|(?<![石原])油田|气田|煤矿|口岸|机场|车站|港口?|铁路局|中国邮政)"
)
_ABROAD = re.compile(
    "美国|日本|韩国|德国|法国|英国|意大利|西班牙|俄罗斯|乌克兰|印度|印尼|印度尼西亚|越南|泰国|马来西亚|新加坡|菲律宾|缅甸|柬埔寨|老挝|巴西|阿根廷|智利|秘鲁|墨西哥|加拿大|澳大利亚|新西兰"
    "|土耳其|伊朗|伊拉克|以色列|沙特|埃及|南非|尼日利亚|肯尼亚|荷兰|比利时|瑞士|瑞典|挪威|芬兰|丹麦|波兰|匈牙利|希腊|葡萄牙|哈萨克斯坦|蒙古国|朝鲜|巴基斯坦|阿富汗|欧元区|欧盟|(?:全球|世界)(?!第|首|前|最|各|领先|一流|平均|先进)|东盟|非洲|拉美"
    "|奥地利|捷克|爱尔兰|黎巴嫩|叙利亚|也门|苏丹|加沙|巴勒斯坦|斯里兰卡|孟加拉国|尼泊尔"
)
_OWN = re.compile("全(?:区(?!域)|省(?!级)|市(?!场)|旗|县(?!域)|盟|州)")
"""It is the division told of, though the country was named before: 粮食产量居我国第一位，全区…."""
_BETWEEN = re.compile("中[俄美日韩德法英澳印越泰哈蒙][^一-鿿]*(?:双边|贸易|进出口)")
_MANY = 3
_REGIONS = re.compile(
    "长三角|京津冀|粤港澳|大湾区|东北地区|东北三省|西部地区|东部地区|中部地区|长江经济带|中央企业|央企|本届|广交会|进博会|服贸会|黄河流域|成渝|自贸试验区|自贸港"
)


def place_of_figure(
    article: StoredArticle,
    resolution: Resolution,
    sentence: tuple[int, int],
    at: int,
    *,
    asked_abroad: bool,
    asked: Sequence[str] = (),
) -> Owner:
    """Return whose figure stands at `at`.

    It is the last one named before it in its sentence, else in its paragraph, else the article's own. What `asked` names
    is no part: 港口 where 港口货物吞吐量 is asked for, 长三角 where its trade is.
    """
    text, start = article.text, sentence[0]
    inside = resolution.between(start, at)
    said = text[start:at]
    own = max((match.end() for match in _OWN.finditer(said)), default=-1)
    nation = max((match.end() for match in _NATION.finditer(said, max(own, 0))), default=-1)
    abroad = max((match.end() for match in _ABROAD.finditer(said)), default=-1)
    region = max(
        (match.end() for match in _REGIONS.finditer(said) if match.group() not in "".join(asked)), default=-1
    )
    section = max(said.rfind("；"), said.rfind(";")) + 1
    parts = [
        match.end() for match in _PART.finditer(said, section) if not match.group().endswith(tuple(asked))
    ]
    part = max(parts, default=-1)
    place = max((each.end - start for each in inside), default=-1)
    if asked_abroad and place >= 0:  # 广西对东盟进出口 is 广西's
        abroad = -1
    latest = max(nation, abroad, region, part, place)
    if latest < 0:
        return Owner(_outside(article, resolution, start, asked_abroad=asked_abroad), is_said=False)
    if latest in (abroad, region):
        return Owner(NATION if asked_abroad and abroad == latest else None, is_said=True)
    if place == latest or (place >= 0 and place >= part and place > nation):
        return Owner(inside[-1].code, is_said=True)
    return Owner(NATION if nation == latest else None, is_said=True)


def _outside(article: StoredArticle, resolution: Resolution, start: int, *, asked_abroad: bool) -> str | None:
    """Whose figure it is where its sentence names no place before it."""
    text = article.text
    paragraph = text.rfind("\n", 0, start) + 1
    said = text[paragraph:start]
    nation = max((match.end() for match in _NATION.finditer(said)), default=-1)
    abroad = max((match.end() for match in _ABROAD.finditer(said)), default=-1)
    before = resolution.between(paragraph, start)
    place = max((each.end - paragraph for each in before), default=-1)
    if max(nation, abroad, place) >= 0:
        if place > max(nation, abroad):
            return before[-1].code
        return NATION if nation > abroad or asked_abroad else None
    if resolution.primary and not _is_of_many(resolution):
        return resolution.primary
    title = article.title
    if _ABROAD.search(title) and not _NATION.search(title) and not asked_abroad:
        return None
    return NATION


def _is_of_many(resolution: Resolution) -> bool:
    """Whether an article goes through several provinces, none of which stands over it."""
    provinces = {each.code[:2] for each in resolution.mentions}
    heads = {each.code[:2] for each in resolution.mentions if each.where != "body"}
    return len(provinces) >= _MANY and not heads


def is_abroad(question: str) -> bool:
    """Whether a question is about another country."""
    return _ABROAD.search(question) is not None or _BETWEEN.search(question) is not None
