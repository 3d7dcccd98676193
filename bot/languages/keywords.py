"""Words that people type and the bot understands, in any of its languages and whichever it speaks."""

from __future__ import annotations

EXCEPT_WORDS = frozenset({"除", "除了", "except"})
WITH_WORDS = frozenset({"含", "with"})
WITHOUT_WORDS = frozenset({"不含", "不要", "without"})
"""Marks of a subscription: 通辽市 除 开鲁县 含 水稻 不含 玉米."""
GLUED_MARKS = "除了|除|不含|不要|含"
"""A pattern of those that stand close to a word, 通辽市除奈曼旗, the longer ones first."""
EXCEPT_ENDINGS = "之外|以外|外"
"""A pattern of what may close what is left out: 除奈曼旗以外."""
AND_WORDS = "[和与跟及]"
"""A pattern of what stands between places that are named together."""
SEPARATORS = "，、,"
"""What parts words beside blanks."""

ALL_WORDS = frozenset({"全部", "all"})
NONE_WORDS = frozenset({"无", "無", "off", "关", "關"})
HOUR_ENDINGS = ("点", "點", ":00", "：00")
WEEKDAYS = tuple(
    rf"(?:每个?|每個)?(?:周|週|星期|礼拜|禮拜)(?:{day})|(?:every |on )?{name}(?:day|s?day|nesday|rsday|urday)?s?\b"
    for day, name in zip(
        ("一", "二", "三", "四", "五", "六", "[日天]"),
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        strict=True,
    )
)
"""Patterns of the days of the week, Monday first."""
DAILY = r"每天|每日|天天|(?:every ?day|daily)\b"
RANGE_MARKS = ("－", "–", "到", "至")
"""Between two hours, beside a hyphen."""

FULL_WORDS = ("全文", "full text", "full")
"""In the terminal, before a number."""
LEAVE_WORDS = frozenset({"退出", "exit", "quit", "q"})
TYPED_COMMANDS = ("全文", "更多", "帮助", "退出", "full", "more", "help", "quit")
"""What a terminal offers to complete."""
QUESTION_MARKS = "？?"
LIST_NUMBERS = r"[(（]?\d{1,2}(?:[、．)）]|\.(?!\d))|[①-⑩]|[一二三四五]、|[-·•*]"
"""A pattern of what stands before the questions of a list."""
