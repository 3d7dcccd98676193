import io
from xml.etree import ElementTree

import pytest
from courses import point, timeline
from PIL import Image

from bot.languages import DEFAULT, Language, texts_of
from bot.messages.courses.charts import HEIGHT, WIDTH, draw_png, draw_svg, lay_out
from bot.messages.courses.timelines import compose_timeline, say_time
from bot.messages.links import Links
from bot.messages.splitting import MESSAGE_UNITS, plain_text, utf16_length
from bot.telegram.handlers.courses.timelines import MOST_LINES, render_timeline
from retrieval import PointKind

TEXTS = texts_of(DEFAULT)
LINKS = Links("yunwen_bot")


def test_each_line_has_its_time_its_value_and_what_it_is() -> None:
    said = compose_timeline(
        timeline(
            point(2021, "2.6"),
            point(2022, "3", bound=1),
            point(2023, "1.5", PointKind.CUMULATIVE, months=(1, 6)),
            point(2024, "3.6", PointKind.PLANNED, is_from_text=False),
        ),
        "库伦旗",
        TEXTS,
    )
    assert said.heading == "库伦旗水稻种植面积：4 个数字（万亩）"
    assert [(line.time, line.value, line.note) for line in said.lines] == [
        ("2021", "2.6万亩", ""),
        ("2022", "≥3万亩", ""),
        ("2023-01～2023-06", "1.5万亩", "累计"),
        ("2024", "3.6万亩", "计划，据刊期"),
    ]
    assert said.notes == ()
    assert all(line.quote.text[slice(*line.quote.figures[0])].endswith("万亩") for line in said.lines)


def test_figures_of_one_time_that_differ_are_marked() -> None:
    said = compose_timeline(timeline(point(2024, "3.4"), point(2024, "3.5")), None, TEXTS)
    assert [line.differs for line in said.lines] == [True, True]
    assert said.notes == (TEXTS.timeline_differs,)


def test_nothing_found_is_said_in_words() -> None:
    assert (
        compose_timeline(timeline(), "库伦旗", TEXTS).heading
        == "报上没有能按时间列出的“库伦旗水稻种植面积”的数字。"
    )


def test_a_single_month_is_said_as_such() -> None:
    assert say_time(point(2024, "1", months=(6, 6))) == "2024-06"


@pytest.mark.parametrize("language", list(Language))
def test_a_long_list_fits_into_a_message_and_ends_with_the_latest(language: Language) -> None:
    texts = texts_of(language)
    said = compose_timeline(timeline(*(point(year, "2" * 40) for year in range(1960, 2020))), "库伦旗", texts)
    reply = render_timeline(said, texts, LINKS)
    plain = plain_text(reply.html)
    assert utf16_length(plain) <= MESSAGE_UNITS
    assert str(60 - MOST_LINES) in plain
    assert "2019 " in plain
    assert "<种植>" in plain  # escaped in the HTML


def test_a_picture_joins_neighbours_of_one_kind_and_leaves_gaps() -> None:
    chart = lay_out(
        timeline(
            point(2018, "2"),
            point(2019, "2.2"),
            point(2022, "3"),  # two years are missing before it
            point(2023, "3.1"),
            point(2023, "4", PointKind.PLANNED),
            point(2024, "3.4"),
            point(2024, "3.5"),  # differs: neither is joined
        )
    )
    assert chart.joined == ((0, 1), (2, 3))
    assert [mark.kind for mark in chart.marks].count(PointKind.PLANNED) == 1
    heights = {mark.label: mark.y for mark in chart.marks if mark.label}
    assert heights["2"] > heights["4"]


def test_a_point_of_long_before_does_not_press_the_others_together() -> None:
    chart = lay_out(timeline(point(1949, "1"), point(2023, "3"), point(2024, "4")))
    assert len(chart.marks) == 2


def test_pictures_are_whole_and_of_their_size() -> None:
    course = timeline(
        point(2023, "3"), point(2024, "4", PointKind.FORECAST), point(2025, "5", PointKind.CUMULATIVE)
    )
    with Image.open(io.BytesIO(draw_png(course))) as image:
        assert image.size == (WIDTH, HEIGHT)
        assert len(image.convert("RGB").getcolors(10_000) or []) > 3
    root = ElementTree.fromstring(draw_svg(course))
    assert root.attrib["viewBox"] == f"0 0 {WIDTH} {HEIGHT}"
    with pytest.raises(ValueError, match="no picture"):
        draw_png(timeline())
