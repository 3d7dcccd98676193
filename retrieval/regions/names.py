"""What divisions are called in running text, and which of these names are also words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from retrieval.regions.gazetteer import Division, Gazetteer


class Kind(IntEnum):
    """What sort of name it is, the surest first."""

    FULL = 1
    COMPOSITE = 2
    """A parent's name and a child's short one: 北京丰台."""
    ALIAS = 3
    SHORT = 4
    TOWNSHIP = 5
    STOP = 6
    """No place at all: swallows the place name in it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the divisions it may mean."""

    text: str
    kind: Kind
    codes: tuple[str, ...]


WORDS = frozenset(
    "青山 新城 红山 松山 东胜 兴和 兴安 东河 回民 玉泉 海南 正蓝 镶黄 白云 元宝山 化德 新华 和平 合作 公安 山阴".split()
)
"""Short names that are also words or people's names: they need an ancestor before them or their full name nearby."""

WEAK = frozenset(
    "阿盟 清水河 商都 临河 白旗 巴市 鄂市 二连 科尔沁 库伦 乌达 五原 固阳 林西 凉城 丰镇 鄂温克 鄂伦春".split()
)
"""Home names that mean other things elsewhere (阿盟 the Arab League, 商都 Zhengzhou): in an article they need another
division of the home province in it."""

FAR_WORDS = frozenset(
    "来宾 大同 长治 安康 中山 大理 海东 海西 海北 海南 安顺 平凉 黄山 黄石 文山 保山 东方 吉安 江门 金华 永州 德州 昌都 鞍山 "
    "普洱 白山 三明 宁德 百色 通化 资阳 崇左 玉树 山南 临夏 清远 阳江 南平 平顶山 中卫 博尔塔拉 黄南 果洛 迪庆 怒江 红河 "
    "双鸭山 铁岭 七台河 伊春 黑河 巴中 广安 自贡 内江 安庆 宿州 池州 亳州 朝阳".split()
)
"""Other provinces' prefectures whose short names are words, rivers, hills or people's names."""

_STOP = (
    "青海湖 大兴安岭 小兴安岭 北京时间 北京烤鸭 上海合作组织 城区 郊区 矿区 市区 县城 城关 河北梆子 山东快书 云南白药 中山装 "
    "中山路 中山公园 人民公安 新华社 新华网 新华书店 和平年代 合作市场 呼伦湖 贝尔湖 东方红 安康杯 大同小异 "
    "长治久安 世界大同 延安精神 红山文化 青山绿水 绿水青山 包头鱼 上海庙 "
    "阿里巴巴 阿里云 阿里资产 阿里拍卖 海南航空 西安事变 南京大屠杀 武汉会战".split()
)


def build_names(gazetteer: Gazetteer, home: str) -> dict[str, Name]:
    """Every name worth looking for, by its text. `home` is the code of the paper's own province.

    Full names of provinces, prefectures and counties; short names of provinces, prefectures and the home
    province's counties, but for one that means a province (海南 is not 乌海's 海南区); its townships; aliases;
    composites; and phrases that are no places.
    """
    found: dict[str, dict[Kind, list[str]]] = {}

    def add(text: str, kind: Kind, code: str) -> None:
        if len(text) >= 2:
            codes = found.setdefault(text, {}).setdefault(kind, [])
            if code not in codes:
                codes.append(code)

    provinces = {division.short_name for division in gazetteer if division.level == 1}
    for division in gazetteer:
        is_home = gazetteer.is_within(division.code, home)
        if division.level == 4:
            add(division.name, Kind.TOWNSHIP, division.code)
            continue
        add(division.name, Kind.FULL, division.code)
        if division.level <= 2 or (is_home and division.short_name not in provinces):
            add(division.short_name, Kind.SHORT, division.code)
        if division.level == 3:
            for composite in _composites(gazetteer, division):
                add(composite, Kind.COMPOSITE, division.code)
    for alias in gazetteer.aliases:
        add(alias.name, Kind.ALIAS, alias.code)
    names = {text: _merge(text, kinds) for text, kinds in found.items()}
    names |= {phrase: Name(phrase, Kind.STOP, ()) for phrase in _STOP}
    return names


def _composites(gazetteer: Gazetteer, division: Division) -> list[str]:
    short = division.short_name
    parent = gazetteer.get(division.parent or "")
    if parent is None or len(short) < 2 or short == division.name:
        return []
    return [parent.short_name + short, parent.name + short, parent.short_name + division.name]


def _merge(text: str, kinds: dict[Kind, list[str]]) -> Name:
    """One name of the surest kind; short names and aliases of one text mean all their divisions."""
    surest = min(kinds)
    if surest in (Kind.FULL, Kind.COMPOSITE, Kind.TOWNSHIP):
        return Name(text, surest, tuple(kinds[surest]))
    codes = dict.fromkeys(code for kind in sorted(kinds) for code in kinds[kind] if kind is not Kind.TOWNSHIP)
    return Name(text, surest, tuple(codes))
