"""A question that asks for news to its stories: recognised, placed and dated, listed page by page."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from retrieval.answer_types import Answer, Browsed, Hit, Outcome, Timings, Turn
from retrieval.answering.query import clean
from retrieval.answering.understanding import Asked, Understanding, named_stretches
from retrieval.browsing.english import in_chinese
from retrieval.browsing.listing import Story, Within, list_stories, newest_day
from retrieval.browsing.messages import BROWSE, Messages
from retrieval.browsing.wishes import LONGEST, Wish, recognise
from retrieval.editions import key_sentence
from retrieval.store.store import Store
from retrieval.text.colloquial import as_written
from retrieval.text.tokenization import Tokenizer, fold
from retrieval.types import Filter, Passage, SpanKind, StoredArticle

_DEPTH = 1000
"""Passages that are looked at for a topic."""
_COUNTY_DIGITS = 6
_SURE_OF_TOPIC = 0.7
"""How likely news of something must be asked for: what tells of something is most often a question about it."""

SearchWords = Callable[[Sequence[str], int, Filter], list[int]]
"""Ids of the passages that share most with some terms, among those that pass a filter."""


class Browser:
    """Lists stories for questions that ask for them. Synchronous; safe for several threads."""

    def __init__(
        self,
        store: Store,
        understanding: Understanding,
        tokenizer: Tokenizer,
        search: SearchWords,
        messages: Messages,
    ) -> None:
        """`search` finds the passages of a topic; `messages` tells that a text asks for news in whatever words."""
        self._store = store
        self._understanding = understanding
        self._tokenizer = tokenizer
        self._search = search
        self._messages = messages

    def browse(
        self,
        question: str,
        today: date,
        *,
        k: int,
        region: str | None = None,
        previous: Turn | None = None,
        first: int = 0,
    ) -> Answer | None:
        """Up to `k` stories that a question asks for, behind the `first` before; None if it asks for none.

        Also None where nothing is known of its topic: then it is a question like any other.
        """
        started = time.perf_counter()
        question = clean(question)
        if len(question) > LONGEST:
            return None
        asked, wish = self._wish(question, today, region, previous)
        if wish is None:
            return None
        if asked.is_unclear:
            return self._which_place(question, asked)
        days = tuple((each.first, each.last) for each in asked.query.periods)
        within = Within(asked.regions, days, today)
        if wish.topic:
            ids = self._about(wish.topic, asked.regions)
            if ids:
                within = replace(within, ids=ids)
            elif wish.is_meant and (asked.regions or days):
                wish = replace(wish, topic="")
            else:
                return None
        answer = self._listed(question, asked, wish, within, k, first)
        return replace(answer, timings=Timings(0.0, 0.0, (time.perf_counter() - started) * 1000))

    def told(self, article: StoredArticle) -> Answer:
        """An article that was shown as the answer that the talk goes on from."""
        return Answer(
            question=article.title,
            outcome=Outcome.BROWSE,
            as_of=article.date,
            hits=self._hits([Story(article, ())], 0),
            turn=Turn(article.title, tuple(each.code for each in article.regions if each.role == "primary")),
            browsed=Browsed(),
            timings=Timings(0.0, 0.0, 0.0),
        )

    # ------------------------------------------------------------------------------------- understanding

    def _wish(
        self, question: str, today: date, region: str | None, previous: Turn | None
    ) -> tuple[Asked, Wish | None]:
        understood = self._understanding.corrected(in_plain_words(question), region)
        asked = self._understanding.understand(understood, today, region, None)
        wish = wish_of(asked) or meant_wish(question, asked, self._messages)
        if previous is None:
            return asked, wish
        if wish is not None and wish.is_bare and _goes_on(asked):
            wish = None
        if wish is None:  # 那赤峰呢 behind 通辽有什么新闻
            behind = self._understanding.understand(understood, today, region, previous)
            is_other = behind.query.question != asked.query.question
            return behind, wish_of(behind) if is_other else None
        is_of_nothing = not (asked.regions or asked.query.periods or wish.topic or asked.is_unclear)
        if is_of_nothing and previous.regions:  # 最新消息 behind an answer about a place
            asked = replace(asked, regions=previous.regions)
        return asked, wish

    def _which_place(self, question: str, asked: Asked) -> Answer:
        return Answer(
            question=question,
            outcome=Outcome.WHICH_PLACE,
            as_of=None,
            hits=(),
            candidates=self._understanding.choices(asked),
            wanted=self._understanding.wanted(asked),
            timings=Timings(0.0, 0.0, 0.0),
        )

    def _about(self, topic: str, regions: Sequence[str]) -> frozenset[str]:
        """Articles of which one passage, with its head, has all of a topic's words."""
        terms = list(dict.fromkeys(self._tokenizer.terms(topic)))
        words = [word for word in self._tokenizer.cut(topic) if len(word) > 1] or [topic]
        only_primary = all(len(code) <= _COUNTY_DIGITS for code in regions)
        where = Filter(regions=tuple(regions), primary_only=bool(regions) and only_primary)
        passages = self._store.candidate_texts(self._search(terms, _DEPTH, where))
        return frozenset(
            each.article_id
            for each in passages
            if all(word in each.head or word in each.folded for word in words)
        )

    # ------------------------------------------------------------------------------------------- listing

    def _listed(self, question: str, asked: Asked, wish: Wish, within: Within, k: int, first: int) -> Answer:
        newest = newest_day(self._store, within)
        of_all = newest_day(self._store, Within((), (), within.today))
        days = within.days
        is_ahead = all(of_all is not None and first > of_all and last >= within.today for first, last in days)
        is_of_newest = False
        if newest is None and within.days:
            newest = newest_day(self._store, replace(within, days=()))
            is_of_newest = newest is not None
            within = replace(within, days=((newest, newest),)) if newest else within
        stories, has_more = list_stories(self._store, within, k, first)
        hits = self._hits(stories, first)
        return Answer(
            question=question,
            outcome=Outcome.BROWSE,
            as_of=hits[0].article.date if hits else None,
            hits=hits,
            turn=Turn(asked.query.question, asked.regions),
            wanted=replace(self._understanding.wanted(asked), topic=wish.topic),
            browsed=Browsed(
                region=within.codes[0] if len(within.codes) == 1 else None,
                follow=self._understanding.place_to_follow(within.codes),
                days=days,
                has_more=has_more,
                newest=newest,
                library_newest=of_all,
                is_of_newest=is_of_newest,
                is_yet_to_come=bool(days) and is_ahead,
                asks_author=wish.asks_author,
                wider=self._wider(within) if not hits and newest is None else None,
            ),
            timings=Timings(0.0, 0.0, 0.0),
        )

    def _wider(self, within: Within) -> str | None:
        """The nearest division around the one place asked for that has stories."""
        around = self._understanding.around(within.codes[0]) if len(within.codes) == 1 else ()
        has_some = (
            division.name
            for division in around
            if newest_day(self._store, Within((division.code,), (), within.today)) is not None
        )
        return next(has_some, None)

    def _hits(self, stories: Sequence[Story], first: int) -> tuple[Hit, ...]:
        passages = self._store.passages_of([each.article.id for each in stories])
        hits = []
        for rank, story in enumerate(stories, start=first + 1):
            article, sentence = story.article, key_sentence(story.article)
            found = passages.get(article.id, ())
            holding = [each for each in found if each.start <= sentence.start and sentence.end <= each.end]
            passage = next(iter([*holding, *found]), None) or Passage(
                id=0,
                article_id=article.id,
                kind=SpanKind.BODY,
                start=0,
                end=len(article.text),
                text=article.text,
            )
            hits.append(
                Hit(
                    rank=rank,
                    score=1.0,
                    article=article,
                    passage=passage,
                    evidence=(sentence,),
                    also=story.also,
                )
            )
        return tuple(hits)


def in_plain_words(question: str) -> str:
    """Return a question as it is read here: in Chinese, as it is written rather than spoken."""
    return in_chinese(question) or as_written(fold(question))


def wish_of(asked: Asked) -> Wish | None:
    """Return what a question asks to be listed; None for one that has an answer."""
    return recognise(
        fold(asked.query.question),
        named_stretches(asked.resolution),
        [(each.start, each.end) for each in asked.query.periods],
    )


def meant_wish(question: str, asked: Asked, messages: Messages) -> Wish | None:
    """Return what is to be listed for a question that asks for news in words that no pattern knows; None if it does not."""
    # who holds a post is one person, whatever the other words are like
    if asked.query.post is not None or messages.kind(question) != BROWSE:
        return None
    held = messages.matter(question, BROWSE)
    topic = "".join(word for word in asked.query.topic_words if word in held)
    is_sure = not topic or messages.kind(question, _SURE_OF_TOPIC) == BROWSE
    return Wish(topic, is_meant=True) if is_sure else None


def _goes_on(asked: Asked) -> bool:
    """Whether a place or time alone is said to go on from what was asked before: 那奈曼旗呢, 去年."""
    said = fold(asked.query.question).rstrip("?！!。. ")
    is_time_alone = not (asked.resolution.mentions or asked.resolution.candidates)
    return said.startswith("那") or said.endswith("呢") or is_time_alone
