"""Long messages as people type them: several questions, one question in several lines, an article passed on."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.languages import keywords

ARTICLE_CHARS = 300
"""Characters from which a message is no question any more, but something to be read."""
_AT_MOST = 3
"""Questions of one message that are answered in turn."""
_ASKED_CHARS = 80
"""Of a line beside an article that asks something."""
_NUMBER = re.compile(rf"\s*(?:{keywords.LIST_NUMBERS})\s*")
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff，。：；、])\s+(?=[\u3400-\u9fff])")


def split_questions(text: str, stands_alone: Callable[[str], bool]) -> list[str]:
    """The questions of a message, up to three; a message of more, or whose lines say nothing by themselves, is one.

    Numbers before lines are no part of the questions, nor is a line above them that only announces them.
    """
    lines = [
        line
        for line in (_NUMBER.sub("", each, 1) for each in text.splitlines())
        if any(map(str.isalnum, line))
    ]
    if len(lines) > 1:
        alone = [stands_alone(line) for line in lines]
        if alone[0] is False and all(alone[1:]) and lines[0].rstrip().endswith((":", "：")):
            lines = lines[1:]
        elif not all(alone):
            lines = [_joined(lines)]
    parts = [
        part
        for line in lines
        for part in re.split(rf"(?<=[{keywords.QUESTION_MARKS}])\s*", line)
        if any(map(str.isalnum, part))
    ]
    if 1 < len(parts) <= _AT_MOST:
        return parts
    return [_joined(lines) if lines else text]


def _joined(lines: list[str]) -> str:
    """Lines as one sentence; between Chinese characters a line's end is nothing."""
    return _BETWEEN.sub("", " ".join(line.strip() for line in lines))


def asked_of_article(text: str) -> str | None:
    """What is asked above or below an article that is passed on; None if nothing is."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in (lines[-1], lines[0]) if len(lines) > 1 else ():
        if len(line) <= _ASKED_CHARS and line.endswith(tuple(keywords.QUESTION_MARKS)):
            return line
    return None
