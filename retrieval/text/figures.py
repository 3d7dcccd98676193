"""Numbers with their units, as newspapers write them: 3万余亩, 11000人次, 百分之九十, 4月29日."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from retrieval.types import Figure


class Kind(StrEnum):
    """What a question asks for and a sentence holds."""

    AREA = "area"
    LENGTH = "length"
    MASS = "mass"
    VOLUME = "volume"
    MONEY = "money"
    PEOPLE = "people"
    COUNT = "count"
    SHARE = "share"
    AGE = "age"
    DURATION = "duration"
    DATE = "date"
    ORDINAL = "ordinal"
    PERSON = "person"
    PLACE = "place"
    LIST = "list"


_UNITS: dict[Kind, tuple[str, ...]] = {
    Kind.AREA: ("平方公里", "平方千米", "平方米", "公顷", "㎡", "亩"),
    Kind.LENGTH: ("公里", "千米", "厘米", "毫米", "海里", "米", "里"),
    Kind.MASS: ("公斤", "千克", "毫克", "斤", "吨", "克"),
    Kind.VOLUME: ("立方米", "毫升", "升", "方"),
    Kind.MONEY: ("美元", "欧元", "日元", "港元", "元", "块钱"),
    Kind.PEOPLE: ("人次", "人", "名", "位", "户", "口"),
    Kind.SHARE: ("个百分点", "%", "％", "成"),
    Kind.AGE: ("周岁", "岁"),
    Kind.DURATION: ("个小时", "小时", "分钟", "个月", "周年", "天", "秒"),
    Kind.DATE: ("年", "月", "日", "号", "时", "点"),
    Kind.COUNT: tuple(
        "万千瓦 千瓦时 千瓦 兆瓦 公升 摄氏度 处 个 项 家 座 场 次 件 批 辆 头 只 台 条 所 栋 幢 份 起 期 届 倍 种 类 "
        "支 株 棵 套 部 门 间 层 片 块 枚 艘 架 匹 羽 尾 袋 箱 瓶 本 册 篇 幅 张 封 笔 单 宗 例 班 趟 列 级 度 ℃ 盏 "
        "眼 口井 根 对 双 组 节 课时 页 字 票 席 村 镇 县 国 站".split()
    ),
}
_KIND_OF_UNIT = {unit: kind for kind, units in _UNITS.items() for unit in units}
_UNIT = "|".join(sorted(map(re.escape, _KIND_OF_UNIT), key=len, reverse=True))
_CHINESE = "[一二两三四五六七八九十百千万亿零〇半]"
_NUMBER = rf"(?:\d+(?:[,，]\d{{3}})*(?:[.．]\d+)?[百千万亿]*|{_CHINESE}+(?:点{_CHINESE}+)?)"
_FIGURE = re.compile(
    rf"(?P<share>百分之{_NUMBER})"
    rf"|(?P<date>(?:\d{{4}}年)?(?:\d{{1,2}}月)\d{{1,2}}[日号]|\d{{4}}年\d{{1,2}}月|\d{{4}}年(?!来))"
    rf"|(?P<ordinal>第{_NUMBER}(?:{_UNIT})?)"
    rf"|(?P<number>{_NUMBER}(?:[余多来几]|左右)?)(?P<unit>{_UNIT})(?P<tail>左右|以上|以下|以内|多|余)?"
)
_BARE = re.compile(r"\d+(?:[,，]\d{3})*(?:[.．]\d+)?[百千万亿]*[余多]?")
_ONE = re.compile("[一两]")
_INDEFINITE_UNITS = {"个", "次", "项", "家", "种", "场", "名", "位", "批", "条", "片", "件", "块", "天", "年", "点", "时",
                     "级", "对", "方", "门", "双", "成", "部", "度", "起", "只", "字", "套", "支", "日", "班", "本", "节", "组",
                     "张", "里", "口", "头", "期", "单", "间", "层", "站", "村", "国", "镇", "县", "户", "类", "处", "人"}  # fmt: skip
"""一个, 一次 and the like count nothing."""


def find_figures(text: str, start: int = 0, end: int | None = None) -> tuple[Figure, ...]:
    """Figures of `text[start:end]`, in order, not overlapping, with offsets in `text`.

    A number counts with its unit (3万余亩), as a share (百分之九十, 60%), as a date (4月29日, 2017年) or as an
    ordinal (第三批). Words like 一个 and 一方面 are no figures.
    """
    figures: list[Figure] = []
    for match in _FIGURE.finditer(text, start, len(text) if end is None else end):
        unit = match["unit"] or ""
        if match["number"] and _ONE.fullmatch(match["number"]) and unit in _INDEFINITE_UNITS:
            continue
        if match["share"]:
            unit = "%"
        elif match["date"]:
            unit = "日" if match["date"][-1] in "日号" else match["date"][-1]
        elif match["ordinal"]:
            unit = "第"
        figures.append(Figure(match.group(), match.start(), match.end(), unit))
    return tuple(figures)


def units_of(text: str) -> tuple[str, ...]:
    """The units of a text's figures, each once, in order of appearance."""
    return tuple(dict.fromkeys(figure.unit for figure in find_figures(text)))


def kind_of(figure: Figure) -> Kind:
    """What sort of thing a figure counts."""
    return kind_counted(figure.unit)


def kind_counted(unit: str) -> Kind:
    """What sort of thing a figure of this unit counts."""
    return Kind.ORDINAL if unit == "第" else _KIND_OF_UNIT.get(unit, Kind.COUNT)


def kind_of_unit(unit: str) -> Kind | None:
    """What sort of thing a unit counts; None for what is no unit."""
    return _KIND_OF_UNIT.get(unit)


def bare_numbers(text: str) -> set[str]:
    """The numbers of a text without their units: two texts that tell the same story share them."""
    return {match.group().rstrip("余多") for match in _BARE.finditer(text)}


def units() -> Iterable[str]:
    """All known units, the longest first."""
    return sorted(_KIND_OF_UNIT, key=len, reverse=True)
