"""What is said of how something went on, in each language: a place's month, its map."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTexts:
    """What is said of how something went on, in one language."""

    which_month: str
    timeline_narrowed: str
    """Where all figures are of something narrower: narrowed, indicator."""
    map_caption: str


SIMPLIFIED_COURSES = CourseTexts(
    timeline_narrowed="报上没有整个“{indicator}”的数字，列出的都限于“{narrowed}”。",
    which_month="请在 /month 后面写一个地名，如 /month 通辽市，或 /month 通辽市 2022-06。",
    map_caption="颜色越深，登的消息越多；方块只示意方位，数字是名次：",
)
ENGLISH_COURSES = CourseTexts(
    timeline_narrowed="The papers give no figure of “{indicator}” as a whole; those listed are of “{narrowed}” alone.",
    which_month="Write a place behind /month, such as /month 通辽市, or /month 通辽市 2022-06.",
    map_caption="The darker, the more stories; tiles show roughly where a place lies, numbers its rank:",
)
