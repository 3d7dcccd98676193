"""Articles that became known, arranged so that most standing questions are told cheaply that none of them answers.

Two tests rule an article out, and neither can rule out one that answers. A hit whose score is found has a word
of the question's topic in its passage, title, place or section (ranking.Model.score is 0 without), so an article
without any of them has none. And its sentence is about a place asked for, which is one that the article names or
its primary one, so an article that names no place within those asked for has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from retrieval.answering.query import Query
from retrieval.regions import Resolver
from retrieval.text.tokenization import fold
from retrieval.types import Passage, StoredArticle


class Arrivals:
    """Articles with when their stories became known, looked up by the words and places that they hold."""

    def __init__(
        self,
        articles: Sequence[tuple[StoredArticle, datetime]],
        passages: Mapping[str, Sequence[Passage]],
        resolver: Resolver,
    ) -> None:
        """`articles` come as `Store.articles_known` gives them, `passages` by article id."""
        self.articles = tuple(article for article, _ in articles)
        self._known_at = tuple(known_at for _, known_at in articles)
        self._passages = passages
        self._texts = tuple(_searched(article) for article in self.articles)
        self._by_code: dict[str, set[int]] = {}
        self._by_bigram: dict[str, set[int]] = {}
        for number, article in enumerate(self.articles):
            for code in _codes(article, resolver):
                self._by_code.setdefault(code, set()).add(number)
            text = self._texts[number]
            for bigram in {text[at : at + 2] for at in range(len(text) - 1)}:
                self._by_bigram.setdefault(bigram, set()).add(number)

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.articles)

    def may_answer(self, query: Query, regions: Sequence[str], since: datetime) -> list[StoredArticle]:
        """Those whose story became known after `since` and that the two tests do not rule out, in order.

        A copy of a story that was known before is no news.
        """
        chosen = self._with_any_word(query.topic_words) if query.topic_words else set(range(len(self)))
        if regions:
            nothing: set[int] = set()
            chosen &= nothing.union(*(self._by_code.get(code, nothing) for code in regions))
        return [self.articles[number] for number in sorted(chosen) if self._known_at[number] > since]

    def passages(self, article: StoredArticle) -> Sequence[Passage]:
        """An article's passages in order."""
        return self._passages.get(article.id, ())

    def _with_any_word(self, words: Iterable[str]) -> set[int]:
        """Articles in which a word of two or more characters stands."""
        found: set[int] = set()
        nothing: set[int] = set()
        for word in words:
            pairs = (self._by_bigram.get(word[at : at + 2], nothing) for at in range(len(word) - 1))
            candidates = set.intersection(*pairs) - found
            found |= {number for number in candidates if word in self._texts[number]}
        return found


def _searched(article: StoredArticle) -> str:
    """All that a passage of the article is searched in, folded as the features fold it."""
    head = " ".join(part for part in (article.place, article.title, article.section) if part)
    return fold(f"{head}\n{article.text}")


def _codes(article: StoredArticle, resolver: Resolver) -> set[str]:
    """The divisions that the article names or is about, with all that they lie in."""
    resolution = resolver.resolve_article(article)
    named = {mention.code for mention in resolution.mentions} | {each.code for each in article.regions}
    named |= {resolution.primary} if resolution.primary else set()
    above = {division.code for code in named for division in resolver.gazetteer.ancestors(code)}
    return named | above
