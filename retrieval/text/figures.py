"""Numbers with their units, as newspapers write them: 3万余亩, 1100至1200斤, 百分之九十, 零下35℃, 4月29日."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from retrieval.answer_types import Figure
from retrieval.text.dates import DAY, MONTH, YEAR
from retrieval.text.numbers import NUMBER, NUMBER_BEGINNING, number_value


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
    Kind.SHARE: ("个百分点", "%", "％", "‰", "成"),
    Kind.AGE: ("周岁", "岁"),
    Kind.DURATION: ("个小时", "小时", "分钟", "个月", "周年", "天", "秒"),
    Kind.DATE: ("年", "月", "日", "号", "时", "点"),
    Kind.COUNT: tuple(
        "标准箱 标箱 万千瓦 千瓦时 千瓦 兆瓦 公升 摄氏度 处 个 项 家 座 场 次 件 批 辆 头 只 台 条 所 栋 幢 份 起 期 届 倍 种 类 "
        "支 株 棵 套 部 门 间 层 片 块 枚 艘 架 匹 羽 尾 袋 箱 瓶 本 册 篇 幅 张 封 笔 单 宗 例 班 趟 列 级 度 ℃ 盏 "
        "番 眼 口井 根 对 双 组 节 课时 页 字 票 席 村 镇 县 国 站".split()
    ),
}
_KIND_OF_UNIT = {unit: kind for kind, units in _UNITS.items() for unit in units}
_UNIT = "|".join(sorted(map(re.escape, _KIND_OF_UNIT), key=len, reverse=True))
_ABOUT = "(?:[余多来几]|左右)?"
_TO = "[至到—–~～―-]{1,2}"
_LARGE = r"(?=\d[\d.,，．]{0,12}[余多来几]?[万亿萬億]|[一二三四五六七八九十百千两]{1,5}[万亿萬億][零一二三四五六七八九两])"
"""Before a number that is told in 万 or 亿; of those in words alone 一亿二千万, and neither 百万富翁 nor 就怕万一."""
_FIGURE = re.compile(
    rf"(?P<date>(?:{YEAR}年)?{MONTH}月{DAY}[日号]|{YEAR}年{MONTH}月|\d{{4}}年(?!来)"
    r"|(?<!\d)(?:19|20)\d\d([-/.])\d{1,2}\2\d{1,2}(?!\d))"
    rf"|(?P<number>(?:零下|[-−－](?=\d+(?:\.\d+)?(?:℃|摄氏度))(?<![\d℃度].))?{NUMBER})"
    rf"(?:分之(?P<part>{NUMBER})|{_ABOUT}(?:(?P<lower_unit>{_UNIT})?{_TO}(?P<upper>(?:零下)?{NUMBER}){_ABOUT})?"
    rf"(?P<unit>{_UNIT})(?P<tail>左右|以上|以下|以内|多|余)?)"
    rf"|(?P<ordinal>第{NUMBER}(?:{_UNIT})?)"
    r"|(?P<grown>翻(?:了|两|一)?[一两二三四五六七八九\d]?番)"
    rf"|{_LARGE}(?P<large>{NUMBER}){_ABOUT}(?:{_TO}(?P<larger>{NUMBER}){_ABOUT})?(?P<more>左右|以上|以下|以内)?"
)
_BEGINNING = re.compile(rf"[{NUMBER_BEGINNING}第翻\-−－]")
"""What a figure may begin with: most characters begin none, and are passed over ten times as fast."""
_BARE = re.compile(rf"(?=\d){NUMBER}")
_ONE = re.compile("[一两]")
_INDEFINITE_UNITS = {"个", "次", "项", "家", "种", "场", "名", "位", "批", "条", "片", "件", "块", "天", "年", "点", "时",
                     "级", "对", "方", "门", "双", "成", "部", "度", "起", "只", "字", "套", "支", "日", "班", "本", "节", "组",
                     "张", "里", "口", "头", "期", "单", "间", "层", "站", "村", "国", "镇", "县", "户", "类", "处", "人"}  # fmt: skip
"""一个, 一次 and the like count nothing."""


def find_figures(text: str, start: int = 0, end: int | None = None) -> tuple[Figure, ...]:
    """Figures of `text[start:end]`, in order, not overlapping, with offsets in `text`.

    A number counts with its unit (3万余亩), as a share (百分之九十, 60%), as a date (4月29日, 2017年), as an
    ordinal (第三批), and in 万 or 亿 without a unit too (1亿2千万), which is then "". Words like 一个 and 一方面 are no
    figures.
    """
    figures: list[Figure] = []
    for match in _matches(text, start, len(text) if end is None else end):
        unit = match["unit"] or ""
        if unit and match["number"] and _ONE.fullmatch(match["number"]) and unit in _INDEFINITE_UNITS:
            continue
        if match["part"]:
            unit = "%"
        elif match["date"]:
            unit = match["date"][-1] if match["date"][-1] in "年月" else "日"
        elif match["ordinal"]:
            unit = "第"
        elif match["grown"]:
            unit = "番"
        figures.append(Figure(match.group(), match.start(), match.end(), unit))
    return tuple(figures)


def _matches(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    for beginning in _BEGINNING.finditer(text, start, end):
        if beginning.start() >= start and (match := _FIGURE.match(text, beginning.start(), end)):
            start = match.end()
            yield match


@dataclass(frozen=True, slots=True)
class Value:
    """What a figure says, in its family's base unit: 3.2万亩 and 32000亩 are equal."""

    family: str
    """What is told in each other's units: all areas, all sums of one currency; else the unit itself."""
    least: Decimal
    most: Decimal
    """More than `least` for a range alone."""


_MEASURES = {
    unit: (family, Decimal(worth))
    for family, worths in {
        "亩": "亩 1 公顷 15 平方公里 1500 平方千米 1500 平方米 0.0015 ㎡ 0.0015",
        "米": "米 1 里 500 公里 1000 千米 1000 厘米 0.01 毫米 0.001 海里 1852",
        "克": "克 1 斤 500 公斤 1000 千克 1000 毫克 0.001 吨 1000000",
        "立方米": "立方米 1 方 1 升 0.001 公升 0.001 毫升 0.000001",
        "元": "元 1 块钱 1",
        "人": "人 1 名 1 位 1 口 1",
        "棵": "棵 1 株 1",
        "%": "% 1 ％ 1 ‰ 0.1 成 10",
        "岁": "岁 1 周岁 1",
        "标箱": "标箱 1 标准箱 1",
        "小时": "小时 1 个小时 1",
        "千瓦": "千瓦 1 万千瓦 10000 兆瓦 1000",
        "℃": "℃ 1 摄氏度 1",
        "日": "日 1 号 1",
        "时": "时 1 点 1",
    }.items()
    for unit, worth in zip(worths.split()[::2], worths.split()[1::2], strict=True)
}
"""The units that are told in each other, with their worth in the first of them."""


def unit_worth(unit: str) -> Decimal:
    """What one of a unit is in its family's base unit: 15 of 公顷, as a 公顷 is 15亩."""
    return _MEASURES.get(unit, (unit, Decimal(1)))[1]


_MINUS = re.compile("^(?:零下|[-−－])")
_SCALED = re.compile("[百千万亿佰仟萬億]+$")


def value_of(figure: Figure) -> Value | None:
    """The value of a figure; None for a vague number (数百人), an ordinal and a date."""
    match = _FIGURE.fullmatch(figure.text)
    if match is None or match["ordinal"] or match["date"]:
        return None
    if match["part"]:
        return _share(match["number"], match["part"])
    if match["grown"]:
        times = number_value(re.sub("[翻番了]", "", match["grown"]) or "一")
        return None if times is None else Value("番", times, times)
    lower, upper = match["number"] or match["large"], match["upper"] or match["larger"]
    if upper and not match["lower_unit"] and not _SCALED.search(lower) and (scale := _SCALED.search(upper)):
        lower += scale.group()  # 3至5万亩 is 3万 to 5万
    least = _measured(lower, match["lower_unit"] or match["unit"] or "")
    most = _measured(upper, match["unit"] or "") if upper else least
    if least is None or most is None:
        return None
    return Value(_MEASURES.get(figure.unit, (figure.unit, 1))[0], min(least, most), max(least, most))


def _measured(amount: str, unit: str) -> Decimal | None:
    number = _MINUS.sub("", amount)
    value = number_value(number)
    if value is None:
        return None
    value *= _MEASURES.get(unit, (unit, Decimal(1)))[1]
    return value if number == amount else -value


def _share(whole: str, part: str) -> Value | None:
    """Of 百分之九十 or 三分之二, in percent."""
    number, parts = number_value(part), number_value(whole)
    if number is None or not parts:
        return None
    return Value("%", number * 100 / parts, number * 100 / parts)


def units_of(text: str) -> tuple[str, ...]:
    """The units of a text's figures, each once, in order of appearance."""
    return tuple(dict.fromkeys(figure.unit for figure in find_figures(text) if figure.unit))


def kind_of(figure: Figure) -> Kind:
    """What sort of thing a figure counts."""
    return kind_counted(figure.unit)


def kind_counted(unit: str) -> Kind:
    """What sort of thing a figure of this unit counts."""
    return Kind.ORDINAL if unit == "第" else _KIND_OF_UNIT.get(unit, Kind.COUNT)


def kind_of_unit(unit: str) -> Kind | None:
    """What sort of thing a unit counts; None for what is no unit."""
    return _KIND_OF_UNIT.get(unit)


def numbers_told(text: str) -> frozenset[Decimal]:
    """The values of a text's numbers in figures: two texts that tell the same story share them."""
    return frozenset(
        value for match in _BARE.finditer(text) if (value := number_value(match.group())) is not None
    )


def units() -> Iterable[str]:
    """All known units, the longest first."""
    return sorted(_KIND_OF_UNIT, key=len, reverse=True)
