"""A question to a query: what to look for, what kind of thing is asked, where, when, and what is beyond us."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.answering.interrogatives import (
    ASKING_WORDS,
    asked_kind,
    asked_per,
    asked_post,
    asked_unit,
    find_post,
    without_sequel,
)
from retrieval.text.dates import Period, find_periods
from retrieval.text.figures import Kind
from retrieval.text.tokenization import Tokenizer, fold

_COUNTING = re.compile(
    r"哪(?:个|些|一个)?(?:旗县|旗|县|区|市|盟|地方|乡镇|镇|村|地区|城市)(?:区)?.{0,12}(?:最多|最少|最大|最小|最高|最低|排第一|第一名)"
    r"|(?:一共|总共|合计|共计|加起来|累计|共)(?:有)?(?:多少|几)(?:篇|条)(?:新闻|报道|文章|消息)?"
    r"|(?:一共|总共|加起来|累计)(?:办|开|举办|召开|发生|出)了?(?:多少|几)(?:场|次|起|届)"
    r"|(?:登|刊|发|报道|发表|收录|写|有)(?:了|过|出)?(?:多少|几)(?:篇|条)|(?:多少|几)篇(?:新闻|报道|文章)?"
    r"|多少(?:篇|条)(?:新闻|报道|文章|消息)|(?:报道|新闻|文章)(?:有)?(?:多少|几)(?:篇|条)"
    r"|(?:各|所有|全部|每个)(?:旗县|盟市|旗|县|区|盟|市|乡镇|地区|个地方).{0,16}(?:一共|总共|合计|加起来|总和|排名|平均|多少)"
    r"|(?:加起来|相加|求和).{0,6}(?:多少|是几)|.{1,20}(?:和|与|跟|比).{1,20}(?:哪个|哪边|谁).{0,8}(?:多|少|大|小|高|低|好)"
    r"|.{1,20}比.{1,20}(?:多|少|大|高|低)(?:多少|几)|排名前[\d一二三四五六七八九十]+|(?:旗县|盟市|旗|县|地区)排名"
)
"""Asks to add up, count or compare across articles."""

_DIVISIONS = re.compile(
    r"(?<!哪)(?:多少|几)个?(?P<counted>旗县市?区?|盟市|旗区?|县区?|盟|乡镇|苏木|地区|地方)(?![级城委长直内])(?=[^的吗呢？?]{2}|[和与])"
)
"""通辽市有几个旗县种水稻 asks to count places over articles; 通辽市有几个旗县 is what an article may say."""
_SUM = re.compile(
    r"(?:一共|总共|合计|共计|合起来|加起来|加在一起|累计|总和|之和|共)[^，。]{0,6}?(?:多少|几)|(?:多少|几).{0,4}(?:总和|之和)"
)

_NEWEST = re.compile(r"最新|最近(?![一两二三四五六七八九十半\d])|近期|新近|刚刚")

_FILLER = re.compile(
    r"请问(?:一下)?|请(?:提供|查询|统计|介绍|说明|列出)(?:一下)?|问一下|想(?:问|知道|了解)(?:一下)?|告诉我|帮我|查(?:一下|询|查)|麻烦|"
    rf"{ASKING_WORDS}|最新(?:消息|情况|进展)?|最近|近期|情况|指的是|是指|分别|包括|一共|总共"
)
_STOP_WORDS = frozenset(
    "的 了 是 在 和 与 或 吗 呢 啊 吧 呀 嘛 么 有 被 把 将 对 为 从 到 及 等 这 那 其 之 也 都 就 个 我 你 他 她 它 们 "
    "我们 你们 他们 请 问 说 要 会 能 可以 一个 这个 那个 关于 以及 还有 进行 目前 现在 一下 达 达到 共 约 名 位 项 场 次 "
    "家 户 亩 批 件 条 所 座 种 年 月 日 天 号 人 岁 里 上 中 下 向 由 以 于".split()
)
_RUN = re.compile(r"[^\W_]+")
_NO_FIGURES = frozenset({None, Kind.PERSON, Kind.PLACE, Kind.LIST})


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for search and judgement."""

    question: str
    """As typed, without control characters and surrounding blanks."""
    runs: tuple[str, ...]
    """What is left of the folded question without interrogatives and function words, in order."""
    terms: tuple[str, ...]
    """Search terms of the runs, each once."""
    topic_runs: tuple[str, ...]
    """The runs without places and times."""
    topic_terms: tuple[str, ...]
    """Those that neither name a place nor a time: what the question is about."""
    topic_words: tuple[str, ...]
    """The topic's words of two and more characters, each once."""
    asks_for: Kind | None
    unit: str | None
    """The unit named behind 多少 or 几."""
    post: re.Pattern[str] | None
    """How a sentence names the post whose holder is asked for."""
    per: re.Pattern[str] | None
    """How a sentence names the unit for which a price is asked: 一斤, of which a total says nothing."""
    periods: tuple[Period, ...]
    wants_newest: bool
    needs_counting: bool
    counted: str | None
    """The kind of place that it asks to count, as a sentence may have counted it already: 旗县."""

    @property
    def asks_for_figure(self) -> bool:
        """Whether a figure or a date answers."""
        return self.asks_for not in _NO_FIGURES

    @property
    def is_told(self) -> bool:
        """Whether what answers is told rather than named: what happened, why, where, by whom, often in several sentences."""
        return not self.asks_for_figure and self.post is None

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be looked for."""
        return not self.terms


def clean(question: str) -> str:
    """The question without control and formatting characters, blanks joined and trimmed."""
    kept = (
        " " if character.isspace() else character
        for character in question
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())


def parse_question(
    question: str, tokenizer: Tokenizer, today: date, places: Sequence[tuple[int, int]] = ()
) -> Query:
    """The query of a cleaned question; `places` are where it names places, which are no topic."""
    matter = without_sequel(question)
    folded = fold(matter or question)
    periods = find_periods(folded, today)
    # nothing but function words: better those than nothing
    runs = content_runs(folded, tokenizer) or tuple(_RUN.findall(folded))
    terms = tuple(dict.fromkeys(term for run in runs for term in tokenizer.terms(run)))
    post = find_post(folded)
    if post is not None:  # 赤峰市长 is 赤峰 and its 市长, not 赤峰市 and a 长
        places = [(start, post.start() if end == post.end() - 1 else end) for start, end in places]
    places_counted = _DIVISIONS.search(folded)
    masked = _mask(folded, [*places, *((period.start, period.end) for period in periods)])
    topic_runs = content_runs(masked, tokenizer)
    return Query(
        question=question,
        runs=runs,
        terms=terms,
        topic_runs=topic_runs,
        topic_terms=tuple(dict.fromkeys(term for run in topic_runs for term in tokenizer.terms(run))),
        topic_words=tuple(
            dict.fromkeys(word for run in topic_runs for word in tokenizer.cut(run) if len(word) > 1)
        ),
        asks_for=asked_kind(folded),
        unit=asked_unit(folded),
        post=asked_post(folded, topic_runs),
        per=asked_per(folded),
        periods=periods,
        wants_newest=bool(matter or _NEWEST.search(folded)),
        needs_counting=bool(_COUNTING.search(folded) or places_counted),
        counted=places_counted["counted"] if places_counted and not _COUNTING.search(folded) else None,
    )


def asks_for_sum(question: str) -> bool:
    """Whether a question asks how much something is in all: of several places no article says it."""
    return bool(_SUM.search(fold(question)))


def content_runs(folded: str, tokenizer: Tokenizer) -> tuple[str, ...]:
    """The folded text's stretches of content words; interrogatives, fillers and function words part them."""
    runs: list[str] = []
    for piece in _RUN.findall(_FILLER.sub(" ", folded)):
        run = ""
        for word in tokenizer.cut(piece):
            if word in _STOP_WORDS:
                runs.append(run)
                run = ""
            else:
                run += word
        runs.append(run)
    return tuple(run for run in runs if run)


def _mask(text: str, stretches: Sequence[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in stretches:
        characters[start:end] = " " * (end - start)
    return "".join(characters)
