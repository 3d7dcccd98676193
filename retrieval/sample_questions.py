"""Articles to questions that they answer, for people who have not asked yet: made from a sentence with a figure."""

from __future__ import annotations

import re

from retrieval.text.figures import find_figures
from retrieval.text.sentences import split_sentences
from retrieval.types import Article, SpanKind

_LEADING = re.compile(
    r"^(?:今年|去年|目前|预计|全年|上半年|全[县旗市区镇]|当地|[我该本][县旗市区]|其中|累计|计划|实现|截至|本次|共|已|将|年|的|以来|一是|二是|三是)+"
)
_TRAILING = re.compile(r"(?:约|超过|超|近|达到?|逾|等|了|共计?|累计|可容纳|各类)+$")
_MEASURED = re.compile(
    r"([一-鿿]{2,14}(?:面积|产量|收入|人数|产值|总投资|里程|总额|存栏|出栏|增加值|销售额|交易额|收购价|亩产|总产))"
    r"(?:已经?)?(?:达到|达|约为|为|超过|突破|约|共计|共)$"
)
_DONE = re.compile(
    r"((?:接待|发放|培训|选派|排查|解答|建成|引进|新增|改造|投放|救助|收购|收储|补播|完成|开展)了?)(?!后)([一-鿿]{2,10})$"
)
_UNITS = frozenset("亩 吨 斤 公斤 人 名 人次 户 套 场 次 份 公里 辆 台 家 座 平方米 头 只".split())
_LEAST_NOUN, _LEAST_OBJECT, _MOST_CHARS = 3, 2, 30


def sample_question(article: Article, place: str) -> str | None:
    """Return a question about the place that a sentence of the article answers with a figure, or None."""
    for span in article.spans:
        if span.kind is not SpanKind.BODY:
            continue
        for start, end in split_sentences(article.text, span.start, span.end):
            for figure in find_figures(article.text, start, end):
                before = re.split(r"[,，、；;：:。“”（）()\s]", article.text[start : figure.start])[-1]
                asked = _asked(before, figure.unit, place)
                if asked and len(question := place + asked) <= _MOST_CHARS:
                    return question
    return None


def _asked(before: str, unit: str, place: str) -> str | None:
    """What is asked of a place, by the words before a figure; the place itself is not said twice."""
    measured = _MEASURED.search(before)
    if measured:
        noun = _LEADING.sub("", measured[1])
        for name in (place, place[:-1]):
            noun = _LEADING.sub("", noun.removeprefix(name))
        return f"{noun}是多少？" if len(noun) >= _LEAST_NOUN else None
    done = _DONE.search(before)
    if done is None or unit not in _UNITS:
        return None
    what = _TRAILING.sub("", done[2])
    return f"{done[1]}{what}多少{unit}？" if len(what) >= _LEAST_OBJECT else None
