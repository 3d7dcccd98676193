"""A number is written in every form that people use, and read back from each with its value and unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer_types import Figure
from retrieval.text.figures import find_figures, value_of

DIGITS = "零一二三四五六七八九"
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
NUMBERS = st.one_of(st.integers(11, 99_999), st.integers(11, 9_999_999_999))


def below_ten_thousand(number: int) -> str:
    """四千零二十: zeros between digits are one 零."""
    written, is_gap = "", False
    for scale, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            written += ("零" if is_gap and written else "") + DIGITS[digit] + word
        is_gap = not digit
    return written


def in_chinese(number: int) -> str:
    written = ""
    for scale, word in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // scale % 10_000
        if part:
            written += ("零" if written and part < 1000 else "") + below_ten_thousand(part) + word
    return written


def forms(number: int) -> list[str]:
    written = [str(number), f"{number:,}", in_chinese(number), in_chinese(number).translate(FORMAL)]
    written += [f"{Decimal(number) / 10_000:f}万", f"{Decimal(number) / 10**8:f}亿"]
    large, rest = divmod(number, 10**8)
    if large and rest and rest % 10_000 == 0:
        written.append(f"{large}亿{rest // 10_000}万")
    tens, rest = divmod(number, 10_000)
    if tens and rest % 1000 == 0 and rest and tens < 10_000:
        written.append(f"{tens}万{rest // 1000}千")
    return written


def only(text: str) -> Figure:
    (figure,) = find_figures(text)
    assert text[figure.start : figure.end] == figure.text
    return figure


def worth(text: str) -> Decimal:
    value = value_of(only(text))
    assert value is not None
    assert value.least == value.most
    return value.least


@given(NUMBERS, st.sampled_from(["元", "亩", "头", "只", "千瓦时", "立方米"]), st.data())
def test_a_number_has_one_value_in_every_form(number: int, unit: str, data: st.DataObject) -> None:
    written = data.draw(st.sampled_from(forms(number)))
    figure = only(f"共{written}{unit}，")
    assert (figure.text, figure.unit) == (written + unit, unit)
    assert worth(f"共{written}{unit}，") == number


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(["百", "千", "万", "亿"]))
def test_a_last_digit_counts_in_tenths_of_the_scale(first: int, last: int, scale: str) -> None:
    size = {"百": 100, "千": 1000, "万": 10_000, "亿": 10**8}[scale]
    assert worth(f"捐{DIGITS[first]}{scale}{DIGITS[last]}元") == first * size + last * size // 10


@given(st.integers(2, 9000), st.integers(1, 900), st.sampled_from(["至", "到", "—", "-", "～"]))
def test_a_range_is_one_figure_with_both_its_ends(least: int, more: int, to: str) -> None:
    most = least + more
    for text, scale in (
        (f"{least}{to}{most}斤", 500),
        (f"{least}斤{to}{most}斤", 500),
        (f"{least}{to}{most}万元", 10_000),
        (f"{least}万{to}{most}万元", 10_000),
    ):
        value = value_of(only(f"每亩{text}，"))
        assert value is not None
        assert (value.least, value.most) == (least * scale, most * scale)


@given(st.decimals(1, 1000, places=2))
def test_a_measure_has_one_value_in_every_unit(number: Decimal) -> None:
    for one, other in (
        (f"{number}公顷", f"{number * 15:f}亩"),
        (f"{number}平方公里", f"{number * 1500:f}亩"),
        (f"{number}平方米", f"{number / 10_000:f}公顷"),
        (f"{number}公里", f"{number * 1000:f}米"),
        (f"{number}吨", f"{number * 2000:f}斤"),
        (f"{number}公斤", f"{number * 2:f}斤"),
        (f"{number}万千瓦", f"{number * 10:f}兆瓦"),
        (f"{number}‰", f"{number / 10:f}%"),
    ):
        assert value_of(only(one)) == value_of(only(other)), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2600头", "两千六百头"),
        ("3.2万亩", "32000亩"),
        ("15公顷", "225亩"),
        ("1亿3000万元", "一亿三千万元"),
        ("13万2千元", "132000元"),
        ("2万3千亩", "2.3万亩"),
        ("1亿2千万元", "1.2亿元"),
        ("壹仟零陆拾贰万元", "1062万元"),
        ("95.5%", "百分之九十五点五"),
        ("三成", "30%"),
        ("二十三万余亩", "23万亩"),
        ("300多万元", "三百多万元"),
        ("1 200万立方米", "1200万立方米"),
        ("五分之四", "80%"),
        ("3至5万亩", "3万—5万亩"),
        ("零下35℃", "-35℃"),
        ("1亿2千万", "1.2亿"),
        ("一亿二千万", "12000万"),
        ("10万—15万", "10万至15万"),
    ],
)
def test_equal_numbers_in_other_dress_are_equal(one: str, other: str) -> None:
    for text in (one, other):
        assert only(text).text == text
    assert value_of(only(one)) == value_of(only(other)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2600头", "2600只"),
        ("3万亩", "3万元"),
        ("35℃", "零下35℃"),
        ("3万元", "3万美元"),
        ("3至5万亩", "5万亩"),
    ],
)
def test_other_things_and_other_numbers_are_not_equal(one: str, other: str) -> None:
    assert value_of(only(one)) != value_of(only(other))


@given(st.integers(1, 99), st.integers(1, 9), st.sampled_from(["", "亩", "元", "。", "，其中"]))
def test_a_number_told_in_large_units_is_a_figure_with_or_without_what_it_counts(
    large: int, small: int, behind: str
) -> None:
    figure = only(f"共{large}亿{small}千万{behind}")
    unit = behind if behind in ("亩", "元") else ""
    assert (figure.text, figure.unit) == (f"{large}亿{small}千万{unit}", unit)
    value = value_of(figure)
    assert value is not None
    assert value.least == large * 10**8 + small * 10**7


@pytest.mark.parametrize(
    "text", ["千万别去", "百万富翁", "就怕万一", "过亿", "三千里外", "数千万", "亿万年前"]
)
def test_large_words_that_count_nothing_are_no_figures(text: str) -> None:
    assert [each.unit for each in find_figures(text) if not each.unit] == []


def test_growth_by_doubling_is_a_figure() -> None:
    assert [(each.text, each.unit) for each in find_figures("产值翻一番，收入翻了两番")] == [
        ("翻一番", "番"),
        ("翻了两番", "番"),
    ]


def test_a_vague_number_has_no_value() -> None:
    assert [value_of(only(text)) for text in ("几百人", "数百人", "三四百人")] == [None, None, None]


@given(st.text("0123,，. 零一二两十百千万亿半几余多点分之至-第翻番℃%亩元头", max_size=40))
def test_any_row_of_numerals_gives_figures_in_order(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert end <= figure.start < figure.end <= len(text)
        value_of(figure)
        end = figure.end
