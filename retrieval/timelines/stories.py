"""A story's course: earlier and later articles on the same matter, each with its one new sentence, oldest first.

Two articles are on one matter if a rare name in the title of the one stands in the title or opening of the other: of a project, an
event or a work (平陆运河, 神舟十五号, “杜苏芮”). Copies are left out, and what tells nothing new.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.index.base import PassageIndex
from retrieval.regions import Gazetteer
from retrieval.store.copies import are_copies, shingles
from retrieval.store.store import Store
from retrieval.text.sentences import split_sentences
from retrieval.text.tokenization import Tokenizer, fold
from retrieval.types import Article, ArticleRegion, RegionRole, SpanKind, StoredArticle

DEPTH = 120
"""Passages looked at."""
MOST = 20
"""Articles of a course."""
_OPENING = 120
"""Characters of an article's text that say what it is about."""
_LEAST_CHARS = 12
_RARE, _FEW = 6.0, 12
"""The inverse document frequency of a name's rarest pair of characters, from which it may name a matter; in a small library that of
a pair in so many passages."""
_LEAST_OF = 2
"""Characters that a name has before what says its sort: 平陆 of 平陆运河."""
_COLUMN = re.compile("【[^】]*】")
_QUOTED = re.compile(
    "(《[^》]{3,24}(?:条例|法|意见|规划|方案|宣言|办法|决定|纲要|公约|协定|公报)》)"
    "|台风(“[^”]{2,6}”)|(“[^”]{2,14}”)(?:号|工程|项目|行动|计划|飞船|卫星|探测器|台风|案|事件|事故|峰会|论坛)"
)
"""Documents, and what is named in quotation marks with its sort; slogans are in such marks too."""
_RETURNING = ("会", "论坛")
_SEASON = 200
"""Days around a meeting in which it is told of."""
_NUMBERED = re.compile("[一二三四五六七八九十0-9]+号")
_EDITION = re.compile("第[0-9一二三四五六七八九十百]+[届次]")
_NAMED = re.compile(
    "(?P<of>[一-鿿a-z0-9]{1,12}?)(?P<sort>[一二三四五六七八九十0-9]+号|高铁|铁路(?![人客局])|高速公路|大桥|隧道|水库|水利枢纽|水电站|核电站?|电站|运河|机场|卫星|飞船"
    "|大飞机|台风|地震|亚运会|奥运会|冬奥会|世博会|博览会|进博会|服贸会|广交会|消博会|链博会|运动会|全运会|大运会|峰会|遗址|油田|气田|煤矿|灌区|自由贸易港|示范区|国家公园|通道|管道|线路)"
)
"""What names a matter: something with what says its sort."""
_KNOWN = 0.5
"""Of a sentence's stretches of four characters, what was said before at most where it is new."""


@dataclass(frozen=True, slots=True)
class Step:
    """One article of a story's course."""

    article: StoredArticle
    sentence: tuple[int, int]
    """What it says that none before it has said."""
    shared: tuple[str, ...]
    """What it has in common with the article that was asked about."""

    @property
    def sentence_text(self) -> str:
        """The sentence as it was printed."""
        return self.article.text[slice(*self.sentence)]


@dataclass(frozen=True, slots=True)
class Course:
    """A story: the articles on one matter, the oldest first, with the one that was asked about among them."""

    of: StoredArticle
    steps: tuple[Step, ...]
    took_ms: float

    @property
    def is_shown(self) -> bool:
        """Whether there is more than the article itself."""
        return len(self.steps) > 1


def follow(
    store: Store, index: PassageIndex, tokenizer: Tokenizer, gazetteer: Gazetteer, article: StoredArticle
) -> Course:
    """The course of the story that an article is part of. Raises StoreError if the database fails."""
    started = time.perf_counter()
    title = fold(_COLUMN.sub("", article.title))
    rare = min(_RARE, math.log(1 + index.n_passages / _FEW))
    names = _names(title, tokenizer, _worths(index, tokenizer, title), rare)
    terms = list(dict.fromkeys(term for name in names for term in tokenizer.terms(name)))
    found = [each.passage_id for each in index.search_sparse(terms, DEPTH)] if terms else []
    ids = {each.article_id for each in store.candidate_texts(found)} - {article.id}
    near: list[tuple[int, StoredArticle, tuple[str, ...]]] = []
    for other in store.articles(ids).values():
        shared = tuple(name for name in names if name in _head(other))
        if (
            shared
            and _is_of_then(article, other, shared)
            and _is_one(title, other)
            and not _is_elsewhere(gazetteer, article, other)
        ):
            near.append((sum(map(len, shared)), other, shared))
    near.sort(key=lambda each: (-each[0], each[1].id))
    chosen: list[tuple[StoredArticle, tuple[str, ...]]] = [
        (article, ()),
        *((other, names) for _, other, names in near[: MOST - 1]),
    ]
    steps = _steps(chosen)
    return Course(article, tuple(steps), (time.perf_counter() - started) * 1000)


def _head(article: Article) -> str:
    """What says what an article is about, folded."""
    return fold(f"{_COLUMN.sub('', article.title)}\n{article.text[:_OPENING]}")


def _worths(index: PassageIndex, tokenizer: Tokenizer, head: str) -> Mapping[str, float]:
    """The inverse document frequency of each pair of characters, and of each run of letters and digits."""
    terms = list(dict.fromkeys(tokenizer.terms(head)))
    frequencies, n = index.frequencies(terms), index.n_passages
    return {term: math.log(1 + n / (1 + frequencies.get(term, 0))) for term in terms}


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _rarity(text: str, worth: Mapping[str, float]) -> float:
    """How rare a stretch is: its rarest pair, as a name is rarer than its parts."""
    return max((worth.get(pair, 0.0) for pair in _pairs(text)), default=worth.get(text, 0.0))


def _names(title: str, tokenizer: Tokenizer, worth: Mapping[str, float], rare: float) -> list[str]:
    """Names of projects, events and works in a title, as rare in the library as `rare`."""
    quoted = [match[match.lastindex or 0] for match in _QUOTED.finditer(title)]
    found = [name for name in quoted if _rarity(name, worth) >= rare]
    for match in _NAMED.finditer(title):
        words = tokenizer.cut(match["of"])
        for n in range(1, len(words) + 1):
            of = "".join(words[-n:])
            name = of + match["sort"]
            # of 神舟十八号 the number is what is rare
            is_rare = _rarity(name if _NUMBERED.match(match["sort"]) else of, worth) >= rare
            if len(of) >= _LEAST_OF and is_rare:
                found.append(name)
                break
    return list(dict.fromkeys(found))


def _is_of_then(one: StoredArticle, other: StoredArticle, names: Sequence[str]) -> bool:
    """Whether another article may be of the same meeting: a fair or a summit comes again the next year."""
    if other.date is None or one.date is None:
        return False
    return (
        not all(name.endswith(_RETURNING) for name in names) or abs((one.date - other.date).days) <= _SEASON
    )


def _is_one(title: str, other: StoredArticle) -> bool:
    """Whether another article may be of the same edition: the fifth fair is not the third."""
    editions, others = set(_EDITION.findall(title)), set(_EDITION.findall(_head(other)))
    return not editions or not others or bool(editions & others)


def _is_elsewhere(gazetteer: Gazetteer, one: StoredArticle, other: StoredArticle) -> bool:
    """Whether two articles are about divisions neither of which lies in the other."""
    first, second = _primary(one.regions), _primary(other.regions)
    if first is None or second is None:
        return False
    return not (gazetteer.is_within(first, second) or gazetteer.is_within(second, first))


def _primary(regions: Sequence[ArticleRegion]) -> str | None:
    return next((each.code for each in regions if each.role is RegionRole.PRIMARY), None)


def _steps(chosen: Sequence[tuple[StoredArticle, tuple[str, ...]]]) -> list[Step]:
    """The articles that say something new, the oldest first; of copies the first."""
    steps: list[Step] = []
    said: set[str] = set()
    kept: list[StoredArticle] = []
    asked = chosen[0][0]
    for article, names in sorted(chosen, key=lambda each: (each[0].date or date.max, each[0].id)):
        is_copy = any(article.story == each.story or are_copies(article.text, each.text) for each in kept)
        if is_copy and article is not asked:
            continue
        sentence = _new_sentence(article, names or (fold(asked.title),), said)
        if sentence is None and article is not asked:
            continue
        sentence = sentence or _sentences(article)[0]
        steps.append(Step(article, sentence, names))
        kept.append(article)
        said |= shingles(article.text)
    return steps


def _sentences(article: Article) -> list[tuple[int, int]]:
    return [
        sentence
        for span in article.spans
        if span.kind is SpanKind.BODY
        for sentence in split_sentences(article.text, span.start, span.end)
    ] or [(0, len(article.text))]


def _new_sentence(article: Article, names: Sequence[str], said: set[str]) -> tuple[int, int] | None:
    """The first sentence about the matter of which most was not said before, else the first new one; None if all was."""
    new = []
    for start, end in _sentences(article):
        own = shingles(article.text[start:end])
        if len(own & said) <= _KNOWN * len(own) and end - start >= _LEAST_CHARS:
            new.append((start, end))
    about = [each for each in new if any(name in fold(article.text[slice(*each)]) for name in names)]
    return next(iter(about or new), None)
