"""A passage to the sentences that answer, with their figures, where words matched and what 今年 means there."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from embeddings import AnswerSpan, Reading
from retrieval.answer_types import Evidence, Figure
from retrieval.answering.query import Query
from retrieval.text.dates import resolve_relative, told_periods
from retrieval.text.figures import Kind, find_figures, kind_counted, kind_of, units_of
from retrieval.text.sentences import split_sentences
from retrieval.text.tokenization import fold
from retrieval.types import Article, Passage, SpanKind

_LIST_LIMIT = 3
"""Neighbouring sentences that a question for several things may be answered with."""
_PARTS = 6
"""Parts of a list across an article that are shown."""
_LIST_PART, _LONGEST_PART = re.compile(r"[^，,。；;：:、！？“”\s]+$"), 14
"""The part of a list before a mark, and how long it may be: 共造成3人死亡 before 、3人受伤."""
_UNSURE = 0.4
"""By how much the best sentence has to be better than the next for that to be left out."""
_SPAN_WORTH, _LEAST_SPAN = 0.2, -10.0
"""What a logit of the span is worth beside the words of a sentence, and the least that is counted."""
_HEAD_CHARS = 16
"""What counts as a paragraph's beginning."""

_PERSON = re.compile(
    r"(?:书记|主任|局长|院长|校长|董事长|总经理|经理|负责人|主席|市长|县长|旗长|区长|镇长|村民|居民|牧民|教授|院士|老人|记者|队长|"
    r"站长|所长|会长|秘书长|部长|厅长|司长|总理|总统|主持人|导演|教练|运动员|选手|队员|医生|护士|老师|专家)[一-鿿·]{2,4}"
    r"|[一-鿿·]{2,4}(?:说|表示|介绍|告诉|认为|指出|强调|坦言|感慨)"
)
_PLACE = re.compile(
    r"在[一-鿿“”A-Za-z0-9]{2,24}(?:举行|召开|开展|举办|开幕|启动|成立|发生|落户|建成|揭牌|[市县旗区镇乡村馆厅场园矿校院店站路街])"
)
_CLAUSE = re.compile(r"(?:[^，,；;。]|(?<=\d),(?=\d))+")
_LIST = re.compile(r"、|；|;|[一二三四五六]是|第[一二三四五六]|分别|包括|以及|其中")

_PATTERNS = {Kind.PERSON: _PERSON, Kind.PLACE: _PLACE, Kind.LIST: _LIST}
"""Kinds of thing that are no figure, and how a text shows that it holds one."""


@dataclass(frozen=True, slots=True)
class TermWeights:
    """What each search term of a question is worth: its inverse document frequency, above 0."""

    idf: Mapping[str, float]
    topic: frozenset[str]
    """Terms that neither name a place nor a time."""
    words: Mapping[str, float]
    """The topic's words with their inverse document frequencies."""

    def coverage(self, folded: str) -> float:
        """The share, 0 to 1, of the terms' worth that stands in a folded text."""
        return _share(self.idf, folded, self.idf)

    def topic_coverage(self, folded: str) -> float:
        """The same for the topic's terms alone; of all terms if the question has no topic."""
        return _share(self.topic or self.idf, folded, self.idf)


def _share(terms: Iterable[str], folded: str, idf: Mapping[str, float]) -> float:
    total = found = 0.0
    for term in terms:  # one plain loop: this is called for every feature of every candidate
        worth = idf[term]
        total += worth
        if term in folded:
            found += worth
    return found / total if total else 0.0


def weigh(query: Query, frequencies: Mapping[str, int], n_passages: int) -> TermWeights:
    """The query's terms weighed by rarity: ln(1 + (N - n + 0.5) / (n + 0.5)), as in BM25."""

    def idf(term: str) -> float:
        n = min(frequencies.get(term, 0), n_passages)
        return math.log(1 + (n_passages - n + 0.5) / (n + 0.5))

    terms = {term: idf(term) for term in query.terms}
    topic = frozenset(term for term in query.topic_terms if term in terms)
    return TermWeights(terms, topic, {word: idf(word) for word in query.topic_words})


def find_evidence(
    article: Article,
    passage: Passage,
    query: Query,
    weights: TermWeights,
    reading: Reading | None = None,
    parts: Callable[[int, int], Sequence[tuple[int, int]]] = lambda start, end: [(start, end)],
) -> tuple[Evidence, ...]:
    """The sentences that answer, in the article's order: one, two where it is unsure which, or the parts of a list.

    `reading` is what a reranker made of the passage: its span has a say in the sentence, and marks the answer's words
    there. `parts` gives those stretches of a sentence that are about the place asked for: sentences without any are
    chosen only where all are. A caption answers no question for a figure, so it has no figures marked.
    """
    sentences = _sentences(article, passage)
    context = fold(" ".join(part for part in (article.place, article.title) if part))
    about = [parts(start, end) for start, end in sentences]
    if any(about):
        sentences = [sentence for sentence, some in zip(sentences, about, strict=True) if some]
        about = [some for some in about if some]
    spans = [
        _span(reading, passage, some or [sentence]) for sentence, some in zip(sentences, about, strict=True)
    ]
    likeliest = max((span.score for span in spans if span), default=0.0)
    scored = [
        (
            sentence_score(article.text[start:end], context, query, weights)
            + (_SPAN_WORTH * max(_LEAST_SPAN, span.score - likeliest) if span else 0.0),
            -number,
        )
        for number, ((start, end), span) in enumerate(zip(sentences, spans, strict=True))
    ]
    ranked = sorted(scored, reverse=True)
    best = -ranked[0][1]
    chosen = [sentences[best]]
    if query.asks_for is Kind.LIST:
        chosen = _parts(article, sentences[best], weights) or _with_parts(
            article.text, sentences, best, weights
        )
    if len(chosen) == 1 and reading is not None and query.is_told:
        # which of two sentences answers is often unsure
        chosen = sorted(sentences[-number] for score, number in ranked[:2] if score > ranked[0][0] - _UNSURE)
    is_caption = passage.kind is SpanKind.CAPTION
    evidence = tuple(
        build_evidence(article, start, end, query, is_caption=is_caption) for start, end in chosen
    )
    span = spans[best]
    # why and how are told by a sentence: a few words of it are no answer
    if span is None or len(evidence) > 2 or query.asks_for is None:
        return evidence
    assert reading is not None
    if query.asks_for_figure:
        span = _of_kind(article.text, reading, passage, about[best] or [sentences[best]], span, query)
    answer = _with_list(article.text, passage.start + span.start, passage.start + span.end)
    return tuple(
        replace(each, answer=answer) if (each.start, each.end) == sentences[best] else each
        for each in evidence
    )


def _span(reading: Reading | None, passage: Passage, parts: Sequence[tuple[int, int]]) -> AnswerSpan | None:
    """Where the answer is likeliest within parts of the article, by places in the passage."""
    if reading is None:
        return None
    found = [reading.best_span(start - passage.start, end - passage.start) for start, end in parts]
    return max((span for span in found if span), key=lambda span: span.score, default=None)


def _of_kind(
    text: str,
    reading: Reading,
    passage: Passage,
    parts: Sequence[tuple[int, int]],
    span: AnswerSpan,
    query: Query,
) -> AnswerSpan:
    """Return the likeliest answer within one clause that holds a figure such as is asked for; `span` if none does.

    “805.3亿美元，同比增长10.1%” is too much for who asks by how many percent, and “805.3亿美元” is wrong.
    """
    worth: dict[tuple[int, int], float] = {}
    for start, end in parts:
        for each in _CLAUSE.finditer(text[start:end]):
            worth[start + each.start(), start + each.end()] = kind_agreement(
                each[0], query, units_of(each[0])
            )
    first, last = passage.start + span.start, passage.start + span.end
    touched = [each for each in worth if each[0] < last and first < each[1]]
    if len(touched) == 1 and worth[touched[0]]:
        return span
    among = [each for each in touched if worth[each]] or list(worth)
    most = max((worth[each] for each in among), default=0.0)
    chosen = [each for each in among if worth[each] == most] if most else []
    best = _span(reading, passage, chosen) or span
    told = [each for clause in chosen for each in find_figures(text, *clause)]
    if any(passage.start + best.start < each.end and each.start < passage.start + best.end for each in told):
        return best
    # nothing read there: the first figure that agrees is the answer
    agreeing = [each for each in told if kind_agreement(each.text, query, (each.unit,))]
    return next(
        (AnswerSpan(each.start - passage.start, each.end - passage.start, best.score) for each in agreeing),
        best,
    )


def sentence_score(sentence: str, context: str, query: Query, weights: TermWeights) -> float:
    """How well a sentence answers: words it covers, alone and with its title, and the kind of thing asked.

    The weights are the best of a few tried on news20k's and cmrc2018's answers (docs/ranking.md).
    """
    folded = fold(sentence)
    score = weights.topic_coverage(folded) + 0.5 * weights.coverage(folded + context)
    units = units_of(sentence) if query.asks_for or query.unit else ()
    return score + 0.5 * kind_agreement(sentence, query, units) + 0.3 * (query.unit in units)


def kind_agreement(sentence: str, query: Query, units: Collection[str]) -> float:
    """0 to 1: whether the sentence, with figures of these units, holds what is asked for; 1 for the very unit, 0.8 for the kind."""
    kind = query.asks_for
    if kind is None:
        return 0.0
    if kind in _PATTERNS:
        return 1.0 if _PATTERNS[kind].search(sentence) else 0.0
    if query.unit and any(query.unit in unit or unit in query.unit for unit in units):
        return 1.0
    if query.unit == "天" and "日" in units:  # 拘留10日, which may be a day of the month
        return 0.5
    if kind is Kind.COUNT:
        kinds = {kind_counted(unit) for unit in units}
        if query.unit and not kinds & {Kind.COUNT, Kind.PEOPLE}:  # 几个 asks for no length
            return 0.3 if kinds - {Kind.DATE} else 0.0
        return 0.8 if kinds - {Kind.DATE} else 0.0
    worth = 1.0 if kind is Kind.DATE else 0.8
    return worth if any(kind_counted(unit) is kind for unit in units) else 0.0


_STRICT = frozenset(
    {Kind.MONEY, Kind.AREA, Kind.MASS, Kind.LENGTH, Kind.VOLUME, Kind.AGE, Kind.DURATION, Kind.LIST}
)
"""Kinds with units of their own, and lists: whoever asks for one is not answered with a figure of another, or with none."""


_CLASSES = (
    frozenset("头 只 匹 峰 口 羽 条".split()),
    frozenset("辆 台 架 列 艘".split()),
    frozenset("针 剂 次".split()),
    frozenset("米 公里 千米 里 厘米".split()),
)
"""Units that count one kind of thing: many head of cattle are not told by a number of vehicles."""
_NO_COUNT = frozenset({Kind.DATE, Kind.SHARE, Kind.ORDINAL})
_NUMBER = re.compile("[0-9一二两三四五六七八九十百千万亿]")
_TIME = re.compile(
    r"[\d一二三四五六七八九十两]\s*(?:[年月日号点时天周]|小时|分钟?|:\d)|周[一二三四五六日天末]|星期|礼拜|[春夏秋冬][季天]|[上中下]旬|节[日假前后]"
    r"|凌晨|清晨|早[上晨间]|[上中下]午|傍晚|晚[上间]|夜[里间]|[当次翌每全][天日晚]|[月年][初中底末]|[每全]年|暑[期假]|寒假"
)
"""Words that tell a time."""
_ANY_DAY = date(2000, 6, 15)
"""Of an issue, where it only matters whether a time is told at all."""


def can_answer(sentence: str, query: Query) -> bool:
    """Whether a sentence holds what nothing else can stand for: a figure, one of the unit asked for, a time, a list, the post."""
    if query.per is not None and query.per.search(sentence) is None:
        return False
    kind = query.asks_for
    if kind in _STRICT:
        return kind_agreement(sentence, query, units_of(sentence)) > 0
    if kind is Kind.DATE:
        return bool(_TIME.search(sentence) or told_periods(fold(sentence), _ANY_DAY))
    if kind is Kind.PEOPLE:
        told = units_of(sentence)
        return any(map(_counts, told)) or (not told and bool(_NUMBER.search(sentence)))
    if kind is Kind.COUNT:
        if query.unit and not _is_of_its_class(query.unit, units_of(sentence)):
            return False
        figures = [kind_of(each) for each in find_figures(sentence)]
        # numbers that are no figures (95580, 五屏) count; dates and shares do not
        return any(each not in _NO_COUNT for each in figures) or (
            not figures and bool(_NUMBER.search(sentence))
        )
    return query.post is None or query.post.search(sentence) is not None


def _counts(unit: str) -> bool:
    return kind_counted(unit) in (Kind.COUNT, Kind.PEOPLE)


def _is_of_its_class(unit: str, told: Collection[str]) -> bool:
    """Whether a unit told may count what the unit asked for does; most count anything."""
    its_own = next((each for each in _CLASSES if unit in each), None)
    if its_own is not None:
        return any(each in its_own for each in told)
    return not told or any(map(_counts, told))


def has_counted(sentence: str, query: Query) -> bool:
    """Whether a sentence tells how many of the places there are that a question asks to count: 86个旗县."""
    if query.counted is None:
        return False
    behind = (sentence[each.end : each.end + len(query.counted)] for each in find_figures(sentence))
    return any(text == query.counted for text in behind)


def build_evidence(
    article: Article, start: int, end: int, query: Query, *, is_caption: bool = False
) -> Evidence:
    """The evidence that `article.text[start:end]` is."""
    text = article.text[start:end]
    figures: tuple[Figure, ...] = () if is_caption else find_figures(article.text, start, end)
    return Evidence(
        text=text,
        start=start,
        end=end,
        figures=figures,
        matched=find_matches(article.text, start, end, query),
        resolved=resolve_relative(text, article.date) if article.date else (),
    )


def find_matches(text: str, start: int, end: int, query: Query) -> tuple[tuple[int, int], ...]:
    """Where the question's words stand in `text[start:end]`: shared stretches of two and more characters."""
    folded = fold(text[start:end])
    stretches: list[tuple[int, int]] = []
    for run in query.runs:
        stretches.extend(_shared_stretches(run, folded))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple((start + first, start + last) for first, last in joined)


def _shared_stretches(run: str, folded: str) -> list[tuple[int, int]]:
    """All places of the longest stretches of a run that stand in the text, each character of it used once."""
    found: list[tuple[int, int]] = []
    position = 0
    while position < len(run):
        length = 0
        while position + length < len(run) and run[position : position + length + 1] in folded:
            length += 1
        if length >= 2 or (length == 1 and len(run) == 1):
            piece = run[position : position + length]
            found.extend((match.start(), match.end()) for match in re.finditer(re.escape(piece), folded))
            position += length
        else:
            position += 1
    return found


def _sentences(article: Article, passage: Passage) -> list[tuple[int, int]]:
    """Whole sentences of the article that the passage touches; a passage may end within a long one.

    They are without a closing quotation mark of what began before them.
    """
    sentences = [
        _without_stray_mark(article.text, *sentence)
        for span in article.spans
        if span.kind is passage.kind and span.start < passage.end and span.end > passage.start
        for sentence in split_sentences(article.text, span.start, span.end)
    ]
    touched = [(start, end) for start, end in sentences if start < passage.end and end > passage.start]
    return touched or [(passage.start, passage.end)]


def _without_stray_mark(text: str, start: int, end: int) -> tuple[int, int]:
    is_stray = text.endswith("”", start, end) and text.count("“", start, end) < text.count("”", start, end)
    return (start, end - 1) if is_stray and end - start > 1 else (start, end)


def _with_list(text: str, start: int, end: int) -> tuple[int, int]:
    """The words of an answer, with the part of a list that stands before them where they begin within it: 、3人受伤."""
    if text.startswith("、", start):
        before = _LIST_PART.search(text, max(0, start - _LONGEST_PART), start)
        return (before.start() if before else start + 1), end
    return start, end


def _parts(article: Article, best: tuple[int, int], weights: TermWeights) -> list[tuple[int, int]]:
    """The best sentence and the parts of a list that the article's paragraphs begin with; [] if they do not.

    A part is the first sentence of a paragraph that repeats the topic's last word in its first clause, as
    重大项目一线…, 信访维稳一线… do for 四个一线.
    """
    if not weights.words:
        return []
    word = list(weights.words)[-1]
    heads = [
        split_sentences(article.text, span.start, span.end)[0]
        for span in article.spans
        if span.kind is SpanKind.BODY and word in fold(article.text[span.start : span.start + _HEAD_CHARS])
    ]
    parts = [head for head in heads if head != best]
    return sorted([best, *parts[:_PARTS]]) if len(parts) > 1 else []


def _with_parts(
    text: str, sentences: Sequence[tuple[int, int]], best: int, weights: TermWeights
) -> list[tuple[int, int]]:
    """The best sentence and those beside it that go on enumerating."""
    chosen = [sentences[best]]
    for start, end in sentences[best + 1 : best + _LIST_LIMIT]:
        if not _LIST.search(text[start:end]) or weights.topic_coverage(fold(text[start:end])) == 0:
            break
        chosen.append((start, end))
    return chosen
