"""What programs ask, answered as documents: the same for the interface over HTTP and for the tools of models."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from bot.documents.composing import Composer, choice_document, status_document
from bot.documents.shapes import (
    AskedDocument,
    ChoiceDocument,
    CountedPlaceDocument,
    DigestDocument,
    FullArticleDocument,
    PlaceDocument,
    SpanDocument,
    StatusDocument,
    StoryDocument,
)
from bot.errors import BotError
from bot.languages import DEFAULT, Language, texts_of
from bot.messages.unasked import ask_typed
from retrieval import (
    Answer,
    Choice,
    DigestItem,
    Hit,
    Library,
    StoredArticle,
    Turn,
    edition_dated,
    key_sentence,
)

MOST_HITS = 20
MOST_STORIES = 50
MOST_ID_CHARS = 64
MOST_AFTER_CHARS = 6_000
_MOST_TURN_CHARS = 1400
"""Of the question that is gone on from: one of the longest, with the topic that it took over."""


class NotThere(BotError):
    """Nothing is at what was named; the message says what to do."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """What a name or code means: one division, or those to choose from."""

    code: str | None
    choices: tuple[ChoiceDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Inquiries:
    """Answers over one library. Synchronous and safe for several threads."""

    library: Library
    composer: Composer
    version: str
    record: Callable[[Answer, str], None] = lambda _answer, _question: None
    """Told of each answer with its question."""

    def ask(
        self,
        question: str,
        *,
        after: str | None = None,
        place: str | None = None,
        language: Language = DEFAULT,
        k: int = 5,
    ) -> AskedDocument:
        """Return the answer to a question, its reason in a language. Raises NotThere as `answer` does."""
        answer, packed = self.answer(question, after=after, place=place, k=k)
        document = self.composer.answer(answer, texts_of(language))
        web = self.composer.web_url
        is_whole = after is None and place is None
        return AskedDocument(
            **dict(document),
            after=packed,
            address=f"{web}/?q={quote(question)}" if web and is_whole else None,
        )

    def answer(
        self, question: str, *, after: str | None = None, place: str | None = None, k: int = 5
    ) -> tuple[Answer, str | None]:
        """Return the answer to a question, with what one that goes on from it is to be given with, or None.

        Raises NotThere if `after` is no answer's or `place` no division's.
        """
        if place is not None:
            self._check(place)
        previous = self._turn(after) if after else None
        answer = ask_typed(self.library, question, k=k, region=place, previous=previous)
        self.record(answer, question)
        turn = answer.turn
        return answer, pack_turn(turn) if turn and len(turn.question) <= _MOST_TURN_CHARS else None

    def search(self, words: str, k: int) -> list[Hit]:
        """Return the best passages for some words, not judged by whether they answer."""
        return self.library.answerer.rank(words, k=k)

    def article(self, article_id: str) -> FullArticleDocument:
        """Return an article with its text. Raises NotThere."""
        article = self.stored(article_id)
        return FullArticleDocument(
            **dict(self.composer.article(article)),
            text=article.text,
            spans=[SpanDocument(kind=each.kind, start=each.start, end=each.end) for each in article.spans],
        )

    def stored(self, article_id: str) -> StoredArticle:
        """Return an article. Raises NotThere."""
        article = self.library.article(article_id)
        if article is None:
            raise NotThere("there is no article of this id: take ids from answers, places and digests")
        return article

    def place(self, code: str, *, n: int = 10, first: int = 0) -> PlaceDocument:
        """Return a division with `n` of its newest stories, without the `first` before. Raises NotThere."""
        self._check(code)
        listing = self.library.listing(code)
        if listing is None:
            raise NotThere("there is no division of this code")
        return PlaceDocument(
            code=code,
            name=self.library.name_of(code),
            articles=listing.n_articles,
            path=listing.path,
            parent=listing.parent,
            children=[
                CountedPlaceDocument(code=child.code, name=child.name, articles=n_articles)
                for child, n_articles in listing.children
            ],
            newest=[self._story(article) for article in self.library.newest_within(code, n, first)],
        )

    def named_place(self, name: str) -> NamedPlace:
        """Return what a place's name or division code means."""
        if self.library.is_division(name):
            return NamedPlace(name)
        found = self.library.find_place(name)
        return NamedPlace(found.code, tuple(choice_document(each) for each in found.choices))

    def digest(self, code: str, day: date) -> DigestDocument:
        """Return the stories of an issue date about a division or any within it. Raises NotThere."""
        items = self.stories(code, day)
        return self.composer.digest(code, self.library.name_of(code), day, items)

    def stories(self, code: str, day: date) -> list[DigestItem]:
        """Return the same as values."""
        self._check(code)
        gazetteer = self.library.resolver.gazetteer
        return edition_dated(self.library.store, gazetteer, day, code).choose([Choice(code)])

    def status(self) -> StatusDocument:
        """Return what is in the store."""
        store = self.library.store
        encoder = store.encoder
        index = self.library.answerer.index_status()
        return status_document(store.counts(), encoder[1] if encoder else None, index, self.version)

    def _story(self, article: StoredArticle) -> StoryDocument:
        return StoryDocument(
            article=self.composer.article(article), sentence=key_sentence(article).text, also=[]
        )

    def _check(self, code: str) -> None:
        if not self.library.is_division(code):
            raise NotThere("there is no division of this code: take codes from answers, or ask with the name")

    def _turn(self, packed: str) -> Turn:
        turn = unpack_turn(packed)
        if turn is None or not all(map(self.library.is_division, turn.regions)):
            raise NotThere("`after` names no answer: give it as an answer gave it, or leave it out")
        return turn


def pack_turn(turn: Turn) -> str:
    """Return what a following question is to be given with.

    It holds what is needed of the question before: nothing is stored, and no word of another's can be had by it.
    """
    packed = json.dumps([turn.question, list(turn.regions)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode("utf-8", "replace")).decode().rstrip("=")


def unpack_turn(packed: str) -> Turn | None:
    """Return what was packed; None if it was something else."""
    try:
        binary = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        question, regions = json.loads(binary.decode("utf-8"))
        question.encode("utf-8")  # JSON may hold halves of characters
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    if not isinstance(question, str) or not isinstance(regions, list) or len(question) > _MOST_TURN_CHARS:
        return None
    if not all(isinstance(each, str) for each in regions):
        return None
    return Turn(question, tuple(regions))
