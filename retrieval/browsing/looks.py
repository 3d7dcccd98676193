"""Questions that look back on a place's week or month: 这个月通辽发生了什么, 上周库伦旗要闻回顾."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from retrieval.answering.query import clean
from retrieval.answering.understanding import Understanding, named_stretches
from retrieval.browsing.wishes import LONGEST, Wish, recognise
from retrieval.text.tokenization import fold

_LOOK = re.compile(
    "(?:都|又|还)?(?:发生|出)(?:过|了)*(?:些|点)?(?:什么|啥|哪些)(?:新|大|重要|重大|的)*(?:事儿?|事情|变化|新闻)?(?:了|呢|吗)*"
    "|(?:的)?(?:新闻|要闻|大事)?(?:回顾|盘点|综述|小结|大事记|周报|月报)|(?:有)?(?:什么|啥|哪些)(?:新|大)?变化"
)


@dataclass(frozen=True, slots=True)
class Look:
    """A stretch of days of one place that is looked back on."""

    region: str
    first: date
    last: date


def recognise_look(
    understanding: Understanding, question: str, today: date, region: str | None = None
) -> Look | None:
    """What a question looks back on; None where it asks something else, or no one place and stretch of days.

    `region`, a division's code, stands for the place where none is named.
    """
    question = clean(question)
    if len(question) > LONGEST or not _LOOK.search(fold(question)):
        return None
    asked = understanding.understand(question, today, None, None)
    regions = asked.regions or ((region,) if region else ())
    if asked.is_unclear or len(regions) != 1 or len(asked.query.periods) != 1:
        return None
    folded = fold(question)
    stretches = named_stretches(asked.resolution)
    periods = [(each.start, each.end) for each in asked.query.periods]
    characters = list(folded)
    for match in _LOOK.finditer(folded):
        characters[match.start() : match.end()] = " " * (match.end() - match.start())
    if recognise("".join(characters), stretches, periods) != Wish(is_bare=True):
        return None
    period = asked.query.periods[0]
    return Look(regions[0], period.first, period.last)
