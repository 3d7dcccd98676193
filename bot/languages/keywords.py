"""Words that people type and the bot understands, in any of its languages and whichever it speaks."""

from __future__ import annotations

EXCEPT_WORDS = frozenset({"除", "除了", "except"})
WITH_WORDS = frozenset({"含", "with"})
WITHOUT_WORDS = frozenset({"不含", "without"})
"""Marks of a subscription: 通辽市 除 开鲁县 含 水稻 不含 玉米."""
SEPARATORS = "，、,"
"""What parts words beside blanks."""

ALL_WORDS = frozenset({"全部", "all"})
NONE_WORDS = frozenset({"无", "無", "off", "关", "關"})
HOUR_ENDINGS = ("点", "點", ":00", "：00")
RANGE_MARKS = ("－", "–", "到", "至")
"""Between two hours, beside a hyphen."""

FULL_WORDS = frozenset({"全文", "full text", "full"})
MORE_WORDS = frozenset({"更多", "还有吗", "还有呢", "還有嗎", "還有呢", "more"})
HELP_WORDS = frozenset({"帮助", "幫助", "help", "?", "？"})
LEAVE_WORDS = frozenset({"退出", "exit", "quit", "q"})
TYPED_COMMANDS = ("全文", "更多", "帮助", "退出", "full", "more", "help", "quit")
"""What a terminal offers to complete, of the words above."""
SENTENCE_ENDS = "？?。！!"
QUESTION_MARKS = "？?"
