"""New articles to the stories of a digest: copies grouped, one key sentence each, found by division.

The data's way: articles of a window -> stories in the order of the division tree -> those that a
subscription's divisions and keywords choose. A window's stories are built once and chosen from many times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache

from retrieval.answer_types import Evidence
from retrieval.answering.stories import primary_region
from retrieval.regions import Gazetteer
from retrieval.store.store import Store
from retrieval.text.dates import resolve_relative
from retrieval.text.figures import find_figures
from retrieval.text.news import is_telling, strip_labels, telling_start
from retrieval.text.sentences import split_sentences
from retrieval.text.tokenization import fold
from retrieval.types import Article, Span, SpanKind, StoredArticle

_EARLY = 0.02
"""What a sentence loses for each one before it: news says the main thing first."""
_FIGURE = 0.15
"""What a sentence gains by holding a figure."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What one subscription asks for: a division's articles, less some, with and without words."""

    code: str
    with_descendants: bool = True
    excluded: tuple[str, ...] = ()
    """Codes within `code` whose articles are left out."""
    must: tuple[str, ...] = ()
    """Words of which an article has at least one; () asks for none."""
    must_not: tuple[str, ...] = ()
    """Words of which an article has none."""


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One story: its best article, the sentence that tells it, and where else it stands."""

    code: str
    """The division it is filed under; "" where no article names one."""
    article: StoredArticle
    known_at: datetime
    """When the first article that told it became known, perhaps one not among these; aware."""
    sentence: Evidence
    also: tuple[StoredArticle, ...] = ()

    @property
    def line(self) -> str:
        """What names the story: its title, or its sentence where the title is only how an article begins."""
        title = strip_labels(self.article.title)
        return " ".join(self.sentence.text.split()) if self.article.title_is_derived else title


@dataclass(frozen=True)
class EditionStory:
    """One story where it is filed; what takes long to work out of its words is so when somebody asks for it."""

    code: str
    codes: frozenset[str]
    """The divisions it is filed under, with all their ancestors."""
    articles: tuple[StoredArticle, ...]
    """Those that tell it, the longest first."""
    known_at: datetime
    """When the first article that told it became known; aware."""

    @cached_property
    def item(self) -> DigestItem:
        """The story as digests and pages show it."""
        best, *also = self.articles
        return DigestItem(self.code, best, self.known_at, key_sentence(best), tuple(also))

    @cached_property
    def folded(self) -> str:
        """Title and text, for keywords."""
        best = self.articles[0]
        return fold(f"{best.title}\n{best.text}")


@dataclass(frozen=True, slots=True)
class Edition:
    """The stories of one window, in the order of the division tree, within a division the newest first."""

    stories: tuple[EditionStory, ...]
    _by_code: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def find(self, choices: Iterable[Choice]) -> list[EditionStory]:
        """The stories that any of the choices asks for, each once."""
        numbers = {number for choice in choices for number in self._chosen(choice)}
        return [self.stories[number] for number in sorted(numbers)]

    def choose(self, choices: Iterable[Choice], since: datetime | None = None) -> list[DigestItem]:
        """The same as a digest shows them, of what became known after `since`."""
        return [each.item for each in self.find(choices) if since is None or each.known_at > since]

    def _chosen(self, choice: Choice) -> Iterable[int]:
        for number in self._by_code.get(choice.code, ()):
            story = self.stories[number]
            if not choice.with_descendants and story.code != choice.code:
                continue
            if any(code in story.codes for code in choice.excluded):
                continue
            if choice.must and not any(fold(word) in story.folded for word in choice.must):
                continue
            if any(fold(word) in story.folded for word in choice.must_not):
                continue
            yield number


def edition_since(store: Store, gazetteer: Gazetteer, since: datetime, until: datetime) -> Edition:
    """The stories of what became known after `since`, up to and with `until` (aware)."""
    return build_edition(gazetteer, store.articles_known(since, until))


def edition_dated(store: Store, gazetteer: Gazetteer, day: date, code: str | None = None) -> Edition:
    """The stories of one issue date; with a code at least those that are filed under it or any within it."""
    return build_edition(gazetteer, store.articles_dated(day, code))


def edition_between(
    store: Store, gazetteer: Gazetteer, first: date, last: date, code: str | None = None
) -> Edition:
    """The stories of the issue dates from one day to another, both included; with a code at least those filed within it."""
    return build_edition(gazetteer, store.articles_between(first, last, code))


def build_edition(gazetteer: Gazetteer, articles: Sequence[tuple[StoredArticle, datetime]]) -> Edition:
    """The stories of some articles, each with when its story became known."""
    filed = _filed(articles)
    stories = [
        _story(gazetteer, code, group)
        for code in sorted(filed)
        for group in _newest_first(filed[code].values())
    ]
    by_code: dict[str, list[int]] = {}
    for number, story in enumerate(stories):
        for code in story.codes:
            by_code.setdefault(code, []).append(number)
    return Edition(tuple(stories), {code: tuple(numbers) for code, numbers in by_code.items()})


def _filed(
    articles: Sequence[tuple[StoredArticle, datetime]],
) -> dict[str, dict[str, list[tuple[StoredArticle, datetime]]]]:
    """Articles by division and story; one that is about no division is filed under the first it names."""
    filed: dict[str, dict[str, list[tuple[StoredArticle, datetime]]]] = {}
    for article, known_at in articles:
        named = min((region.code for region in article.regions), default="")
        stories = filed.setdefault(primary_region(article) or named, {})
        stories.setdefault(article.story, []).append((article, known_at))
    return filed


def _newest_first(
    groups: Iterable[list[tuple[StoredArticle, datetime]]],
) -> list[list[tuple[StoredArticle, datetime]]]:
    return sorted(groups, key=lambda group: group[0][1], reverse=True)


def _story(gazetteer: Gazetteer, code: str, group: list[tuple[StoredArticle, datetime]]) -> EditionStory:
    ordered = sorted((article for article, _ in group), key=lambda each: -len(each.text))
    codes = {code, *(division.code for division in gazetteer.ancestors(code))} if code else set()
    return EditionStory(code, frozenset(codes), tuple(ordered), known_at=group[0][1])


def key_sentence(article: Article) -> Evidence:
    """The sentence that tells an article's news: near its title's words, early, with a figure where there is one.

    Labels before it, the title said again and who reports are left out; credits, dates and weather are no news.
    """
    return _key_sentence(article.title, article.title_is_derived, article.text, article.spans, article.date)


@lru_cache(maxsize=4096)
def _key_sentence(
    title: str, title_is_derived: bool, text: str, spans: tuple[Span, ...], issued: date | None
) -> Evidence:
    """The same of an article's parts; lists and digests ask for the same articles again and again."""
    sentences = [
        sentence
        for span in spans
        if span.kind is SpanKind.BODY
        for sentence in split_sentences(text, span.start, span.end)
    ] or [(0, len(text))]
    named = "" if title_is_derived else title
    wanted = _bigrams(named)
    sentences = [(start + telling_start(text[start:end], named), end) for start, end in sentences]
    telling = [(start, end) for start, end in sentences if is_telling(text[start:end])]
    sentences = telling or sentences

    start, end = sentences[0]
    # without a title of its own an article is named by how it begins: there it says who and where
    if not title_is_derived:
        start, end = _telling_most(text, sentences, wanted)
    said = text[start:end]
    return Evidence(
        text=said,
        start=start,
        end=end,
        figures=find_figures(text, start, end),
        resolved=resolve_relative(said, issued) if issued else (),
    )


def _telling_most(text: str, sentences: Sequence[tuple[int, int]], wanted: frozenset[str]) -> tuple[int, int]:
    """The sentence with most of what is wanted, early, with a figure; the first of those alike.

    A figure is looked for only where it would decide, as that takes longer than all the rest.
    """

    def without_figure(number: int) -> float:
        shared = len(wanted & _bigrams(text[slice(*sentences[number])])) / len(wanted) if wanted else 0.0
        return shared - _EARLY * number

    scores = {number: without_figure(number) for number in range(len(sentences))}
    best, most = 0, float("-inf")
    for number in sorted(scores, key=lambda each: (-scores[each], each)):
        if scores[number] + _FIGURE < most:
            break
        score = scores[number] + (_FIGURE if find_figures(text[slice(*sentences[number])]) else 0.0)
        if (score, -number) > (most, -best):
            best, most = number, score
    return sentences[best]


def _bigrams(text: str) -> frozenset[str]:
    letters = "".join(character for character in fold(text) if character.isalnum())
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))
