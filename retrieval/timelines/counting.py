"""Sums that are honest: articles are counted exactly, places are shown side by side, nothing is added up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from retrieval.answer_types import Answer, ArticleCount, Outcome, PlaceSide
from retrieval.answering.query import clean
from retrieval.answering.understanding import Asked, Understanding, named_stretches
from retrieval.store.store import Store

N_LISTED = 100
"""The newest articles that come with a count."""
_MOST_SIDES = 4
_ARTICLES = re.compile("(?:多少|几)(?:篇|条)")
_TELLING = "提到|提及|说到|讲到|谈到|写到|涉及到?"
_COUNTING_WORDS = re.compile(
    rf"(?:一共|总共|合计|共计|共|都|有关|关于|相关|涉及|登|刊登|刊发|发表|发布|发|报道|收录|{_TELLING}|写|有)*(?:了|过|出)?(?:的)?(?:多少|几)(?:篇|条)(?:的)?"
    rf"(?:新闻|报道|文章|消息|稿子|稿件)?|(?:新闻|报道|文章|消息)(?:有)?$|报纸|报上|(?:{_TELLING}|关于|有关)(?:了|过)?"
)
_NO_WORDS = frozenset("有关 关于 相关 新闻 报道 文章 消息 登 刊登 一共 总共 情况 方面 内容".split())
_COMPARED = re.compile(
    r"(?:的)?(?:哪个|哪边|哪里|哪儿|谁|哪家)(?:的)?(?:更)?(?:多|少|大|小|高|低|好)?(?:一?些|一点)?|相比|比较(?:一下)?|对比|相差(?:多少)?|差(?:多少)"
    r"|(?:多|少|大|高|低)(?:多少|几)(?=$|[？?])|[和与跟比](?=\s|$)"
)


def count_articles(
    store: Store, understanding: Understanding, question: str, today: date
) -> ArticleCount | None:
    """How many articles a question asks to count; None where it counts something else, or its place is unclear."""
    question = clean(question)
    if not _ARTICLES.search(question):
        return None
    asked = understanding.understand(_COUNTING_WORDS.sub(" ", question), today, None, None)
    if asked.is_unclear or len(asked.regions) > 1 or len(asked.query.periods) > 1:
        return None
    place = asked.regions[0] if asked.regions else None
    period = asked.query.periods[0] if asked.query.periods else None
    words = tuple(word for word in asked.query.topic_words if word not in _NO_WORDS)
    first, last = (period.first, period.last) if period else (None, None)
    ids = store.articles_holding(place, first, last, words)
    found = store.articles(ids[:N_LISTED])
    newest = tuple(found[each] for each in ids[:N_LISTED] if each in found)
    return ArticleCount(place, first, last, words, len(ids), newest)


def side_by_side(
    understanding: Understanding,
    question: str,
    today: date,
    ask: Callable[[str, str], Answer],
    name_of: Callable[[str], str],
) -> tuple[PlaceSide, ...]:
    """What is told of each place that a question compares; () where it compares none.

    `ask` answers a question about a division's code.
    """
    question = clean(question)
    asked = understanding.understand(question, today, None, None)
    if not 2 <= len(asked.regions) <= _MOST_SIDES or asked.is_unclear:
        return ()
    topic = _topic(question, asked)
    if not topic:
        return ()
    sides = []
    for code in asked.regions:
        name = name_of(code)
        answer = ask(f"{name}{topic}", code)
        is_found = answer.outcome is Outcome.FOUND and bool(answer.hits)
        sides.append(PlaceSide(name, answer.hits[0] if is_found else None))
    return tuple(sides)


def _topic(question: str, asked: Asked) -> str:
    """The question without its places and without what compares: 水稻种植面积."""
    plain = _COMPARED.sub(" ", _without(question, named_stretches(asked.resolution)))
    return "".join(re.sub(r"[和与跟比、，？?\s]+", " ", plain).split())


def _without(question: str, stretches: list[tuple[int, int]]) -> str:
    for start, end in sorted(stretches, reverse=True):
        question = question[:start] + " " + question[end:]
    return " ".join(question.split())
