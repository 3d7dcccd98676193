"""A story's course: earlier and later articles on the same matter, each with its one new sentence, oldest first.

Two articles are on one matter if a rare name in the title of the one stands in the title or opening of the other: of a project,
an event or a work (平陆运河, 神舟十八号, “杜苏芮”). People and organisations that both name lead to further ones, if the judge
says that they are on it: a person may be in the papers for many things. Copies are left out, and what tells nothing new.
"""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.index.base import PassageIndex
from retrieval.regions import Gazetteer
from retrieval.store.copies import are_copies, shingles
from retrieval.store.store import Store
from retrieval.text.passages import reading_header
from retrieval.text.sentences import split_sentences
from retrieval.text.tokenization import Tokenizer, fold
from retrieval.timelines.names import Name, NameKind, find_actors, find_matters
from retrieval.types import Article, ArticleRegion, RegionRole, SpanKind, StoredArticle

Judge = Callable[[str, Sequence[tuple[str, str]]], Sequence[float]]
"""How surely each passage, given as what stands over it and its text, tells of what a text says, in logits."""

DEPTH = 120
"""Passages looked at."""
MOST = 20
"""Articles of a course."""
_OPENING = 120
"""Characters in which the first sentence stands that says what an article is about; behind it a name may be mere background."""
_LEAD = 400
"""Characters in which the people and organisations are named that an article is about."""
_READ = 160
"""Characters of another article that the judge reads."""
_MOST_READ = 6
_ON_IT = 0.5
"""What the judge has to make of another article at least."""
_MOST_OF_A_NAME = 10
"""Articles that name a person or an organisation, from which that is in the papers for too many things."""
_LEAST_CHARS = 12
_RARE, _FEW = 6.0, 12
"""The inverse document frequency of a name's rarest pair of characters, from which it may name a matter; in a small library that of
a pair in so many passages."""
_COLUMN = re.compile("【[^】]*】")
_RETURNING = ("会", "论坛")
_SEASON = 200
"""Days around a meeting in which it is told of."""
_EDITION = re.compile("第[0-9一二三四五六七八九十百]+[届次]")
_TALKS = re.compile("会见|会谈|会晤|通电话|致信|致电")
"""Talks of statesmen at an event are another matter than the event."""
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
    store: Store,
    index: PassageIndex,
    tokenizer: Tokenizer,
    gazetteer: Gazetteer,
    article: StoredArticle,
    judge: Judge | None = None,
) -> Course:
    """The course of the story that an article is part of. Raises StoreError if the database fails.

    Without a judge people and organisations lead to no further articles.
    """
    started = time.perf_counter()
    search = _Search(store, index, tokenizer, gazetteer, article)
    near = search.by_matter()
    if judge is not None and len(near) < MOST:
        near += search.by_actors(judge, {article.id, *(other.id for other, _ in near)})
    steps = _steps([(article, ()), *near[: MOST - 1]])
    return Course(article, tuple(steps), (time.perf_counter() - started) * 1000)


_Near = tuple[StoredArticle, tuple[str, ...]]
"""Another article with the names that it shares with the one asked about."""


class _Search:
    """Looks for articles on the matter of one."""

    def __init__(
        self,
        store: Store,
        index: PassageIndex,
        tokenizer: Tokenizer,
        gazetteer: Gazetteer,
        article: StoredArticle,
    ) -> None:
        self._store, self._index, self._tokenizer = store, index, tokenizer
        self._gazetteer = gazetteer
        self._article = article
        self._title = fold(_COLUMN.sub("", article.title))
        self._lead = f"{self._title}\n{fold(article.text[:_LEAD])}"
        self._rare = min(_RARE, math.log(1 + index.n_passages / _FEW))

    def by_matter(self) -> list[_Near]:
        """Return the articles that the title's names of matters lead to, those that share most first."""
        names = find_matters(self._title, self._tokenizer.cut, self._worths(self._title), self._rare)
        near: list[tuple[int, StoredArticle, tuple[str, ...]]] = []
        for other in self._holding(names):
            head = _head(other)
            shared = tuple(name.text for name in names if name.text in head)
            if shared and _is_of_then(self._article, other, shared) and self._may_be(other):
                near.append((sum(map(len, shared)), other, shared))
        near.sort(key=lambda each: (-each[0], each[1].id))
        return [(other, shared) for _, other, shared in near]

    def by_actors(self, judge: Judge, known: Iterable[str]) -> list[_Near]:
        """Return the articles that name the same people or organisations and tell of the same, as the judge reads them."""
        names = find_actors(self._lead, self._tokenizer.cut, self._worths(self._lead), self._rare)
        others = {other.id: (other, fold(f"{other.title}\n{other.text}")) for other in self._holding(names)}
        counted = Counter(name for _, text in others.values() for name in names if name.text in text)
        names = [name for name in names if counted[name] <= _MOST_OF_A_NAME]
        near = []
        for other, text in others.values():
            shared = tuple(name.text for name in names if name.text in text)
            if shared and other.id not in known and other.date is not None and self._may_be(other):
                near.append((other, shared))
        near.sort(key=lambda each: (-sum(map(len, each[1])), each[0].id))
        near = near[:_MOST_READ]
        read = judge(self._article.title, [(reading_header(other), other.text[:_READ]) for other, _ in near])
        return [each for each, sure in zip(near, read, strict=True) if sure >= _ON_IT]

    def _holding(self, names: Sequence[Name]) -> list[StoredArticle]:
        """Return other articles that may hold a name."""
        ids: set[str] = set()
        for kind in NameKind:
            texts = [name.text for name in names if name.kind is kind]
            terms = list(dict.fromkeys(term for text in texts for term in self._tokenizer.terms(text)))
            found = [each.passage_id for each in self._index.search_sparse(terms, DEPTH)] if terms else []
            ids |= {each.article_id for each in self._store.candidate_texts(found)}
        found_articles = self._store.articles(ids - {self._article.id})
        return [found_articles[each] for each in sorted(found_articles)]

    def _worths(self, text: str) -> Mapping[str, float]:
        """The inverse document frequency of each pair of characters, and of each run of letters and digits."""
        terms = list(dict.fromkeys(self._tokenizer.terms(text)))
        frequencies, n = self._index.frequencies(terms), self._index.n_passages
        return {term: math.log(1 + n / (1 + frequencies.get(term, 0))) for term in terms}

    def _may_be(self, other: StoredArticle) -> bool:
        if bool(_TALKS.search(self._title)) != bool(_TALKS.search(other.title)):
            return False
        return _is_one(self._title, other) and not _is_elsewhere(self._gazetteer, self._article, other)


def _head(article: Article) -> str:
    """What says what an article is about, folded."""
    opening = article.text[:_OPENING].lstrip().partition("。")[0]
    return fold(f"{_COLUMN.sub('', article.title)}\n{opening}")


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


def _steps(chosen: Sequence[_Near]) -> list[Step]:
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
