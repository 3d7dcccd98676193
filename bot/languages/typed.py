"""Long messages as people type them: several questions, one question in several lines, an article passed on."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.languages import keywords
from bot.languages.intents import is_courtesy

_ARTICLE_CHARS, _FORWARDED_CHARS = 300, 80
"""Characters from which a message is no question any more but something to be read: typed or pasted, and forwarded."""
_AT_MOST = 3
"""Questions of one message that are answered in turn."""
_ASKED_CHARS = 80
"""Of a line beside an article that asks something."""
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])\s*")
_NUMBER = re.compile(rf"\A\s*(?:{keywords.LIST_NUMBERS})\s*")
_BEHIND_QUESTION = re.compile(rf"(?<=[{keywords.QUESTION_MARKS}])\s*")
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff，。：；、])\s+(?=[\u3400-\u9fff])")


_PUT_RIGHT = re.compile(
    r"(?:(?:不对|不是|不不|错了|搞错了|弄错了|[我你]?(?:说|打|写|听|搞)错了|no|not that)[呀啊了吧]?[\s，,。.!！、]*)?"
    r"(?:我(?:要|想)?(?:说|问|指|找|查)的?(?:可)?是|我是(?:说|问|指)|我的意思是|应该是|i meant?|i was asking about)"
    r"[\s，,：:]*(?P<meant>.+)",
    re.IGNORECASE,
)
_NOT_THIS_BUT = re.compile(
    r"(?:[^\s，,。不]{1,6}(?:说|问|要|指)的)?不是(?P<other>[^\s，,。]{2,10})[\s，,]*(?:而)?是(?P<meant>[^\s，,。]{2,12})[。.!！]?"
)
_TIME = re.compile(r"\d{4}年?|\d{1,2}月|[今去前明]年|上?上?个?(?:月|周|季度|星期)|今天|昨天")
_MEANT_END = re.compile(r"(?:的|呢|啊|呀|吧|[\s。.!！?？])+$")


def put_right(text: str, stands_alone: Callable[[str], bool], is_place: Callable[[str], bool]) -> str:
    """Return what is asked by a message that puts the one before right: 不对我说的是商都县 asks 那商都县呢. Others stay."""
    found = _PUT_RIGHT.fullmatch(text.strip())
    if found is None:
        found = _NOT_THIS_BUT.fullmatch(text.strip())
        if found is None or not (_TIME.match(found["meant"]) or is_place(_MEANT_END.sub("", found["meant"]))):
            return text
    meant = _MEANT_END.sub("", found["meant"])
    if not meant:
        return text
    return found["meant"] if stands_alone(meant) and not is_place(meant) else f"那{meant}呢"


def split_questions(text: str, stands_alone: Callable[[str], bool]) -> list[str]:
    """The questions of a message, up to three; a message of more, or whose lines say nothing by themselves, is one.

    Numbers before lines are no part of the questions, nor is a line above them that only announces them.
    """
    lines = [
        line
        for line in (_NUMBER.sub("", each, 1) for each in text.splitlines())
        if any(map(str.isalnum, line))
    ]
    lines = [line for line in lines if not is_courtesy(line)] or lines
    if len(lines) > 1:
        alone = [stands_alone(line) for line in lines]
        if alone[0] is False and all(alone[1:]) and lines[0].rstrip().endswith((":", "：")):
            lines = lines[1:]
        elif not all(alone):
            lines = [_joined(lines)]
    parts: list[str] = []
    for part in (each for line in lines for each in _BEHIND_QUESTION.split(line)):
        if not any(map(str.isalnum, part)):
            continue
        if parts and not (part.endswith(tuple(keywords.QUESTION_MARKS)) or stands_alone(part)):
            parts[-1] += part  # 呼和浩特有什么事故？要最近的
        else:
            parts.append(part)
    if 1 < len(parts) <= _AT_MOST:
        return parts
    return [_joined(lines) if lines else text]


_OF_PICTURE = re.compile(
    "(?:请问)?(?:这|那|图[里中上片]|照片|认识|看看这)|(?:what|who|where) (?:is|are|was) (?:this|that|these)",
    re.I,
)


def is_of_picture(caption: str) -> bool:
    """Whether the words below a picture ask what is to be seen in it: 这是哪的羊."""
    return _OF_PICTURE.match(caption.strip()) is not None


def _joined(lines: list[str]) -> str:
    """Lines as one sentence; between Chinese characters a line's end is nothing."""
    return _BETWEEN.sub("", " ".join(line.strip() for line in lines))


def question_in(text: str, *, is_forwarded: bool = False) -> str | None:
    """Return what a message asks, which may stand above or below an article; None for an article that is passed on alone.

    What is forwarded has no words of who forwards it; it asks only where all of it is a question.
    """
    if len(text) < (_FORWARDED_CHARS if is_forwarded else _ARTICLE_CHARS):
        return text
    marks = tuple(keywords.QUESTION_MARKS)
    if is_forwarded:
        return text if len(text) < _ARTICLE_CHARS and text.rstrip().endswith(marks) else None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = [each for each in _SENTENCE_END.split(lines[-1]) if each]
    for said in (lines[-1], lines[0], last[-1]):
        if len(said) <= _ASKED_CHARS and said.endswith(marks):
            return said
    return None
