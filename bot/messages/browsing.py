"""Stories that were asked for, as values and as a message: a heading, the days, a line for each story."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby

from bot.languages import Texts
from bot.messages.answers import place_of
from bot.messages.links import Links, tap
from bot.messages.reply import Button, Reply
from bot.messages.splitting import shorten
from retrieval import Answer, Browsed, Hit, StoredArticle, Wanted

_TITLE_UNITS, _PART_UNITS, _TOPIC_UNITS, _AUTHOR_UNITS = 80, 30, 40, 100


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One story."""

    rank: int
    article_id: str
    title: str
    place: str | None
    """None where all are of one place, which the heading names."""
    author: str | None
    """Who wrote it, where that was asked for."""
    n_copies: int


@dataclass(frozen=True, slots=True)
class BrowseMessage:
    """All that is said to who asked for news."""

    heading: str
    reason: str | None
    """Why these are not of the time asked for, or why there are none; None where they are what was asked for."""
    days: tuple[tuple[str, tuple[StoryLine, ...]], ...]
    """Stories by issue, the newest first, each under its day in words."""
    region: tuple[str, str] | None
    """Code and name of the place that can be followed."""
    has_more: bool


def compose_browse(answer: Answer, texts: Texts) -> BrowseMessage:
    """Return what is said to who asked for news, in a language."""
    browsed, wanted = _of(answer)
    named = {place_of(hit.article) for hit in answer.hits}
    has_places = len(named) > 1 or not wanted.places
    days = tuple(
        (
            texts.say_day(day) if day else texts.date_unknown,
            tuple(_line(hit, has_places, browsed.asks_author, texts) for hit in hits),
        )
        for day, hits in groupby(answer.hits, key=lambda hit: hit.article.date)
    )
    return BrowseMessage(
        heading=_heading(browsed, wanted, texts),
        reason=explain_browse(answer, texts),
        days=days,
        region=(browsed.region, wanted.places[0]) if browsed.region and wanted.places else None,
        has_more=browsed.has_more,
    )


def explain_browse(answer: Answer, texts: Texts) -> str | None:
    """Return one sentence on why what was asked for is not there; None where it is."""
    browsed, wanted = _of(answer)
    if answer.hits and not browsed.is_of_newest:
        return None
    if browsed.library_newest is None:
        return texts.browse_nothing if not answer.hits else None
    when = _when(browsed, wanted, texts)
    if not answer.hits:
        what = _joined(wanted, when, texts) or texts.browse_newest
        return texts.browse_none.format(what=what, day=texts.say_day(browsed.library_newest))
    newest = texts.say_day(browsed.newest or browsed.library_newest)
    if browsed.is_yet_to_come:
        return texts.browse_not_yet.format(when=when, day=newest)
    return texts.browse_other_day.format(what=_joined(wanted, when, texts), day=newest)


def _of(answer: Answer) -> tuple[Browsed, Wanted]:
    return answer.browsed or Browsed(), answer.wanted or Wanted(answer.question)


def _when(browsed: Browsed, wanted: Wanted, texts: Texts) -> str:
    """The time asked for: 今天 as it was said, a day of some year with its year, as another may have been meant."""
    said = texts.list_comma.join(wanted.times)
    days = {first for first, last in browsed.days if first == last}
    is_dated = any(character.isdigit() for character in said)
    return texts.say_day(days.pop()) if len(days) == len(browsed.days) == 1 and is_dated else said


def _joined(wanted: Wanted, when: str, texts: Texts) -> str:
    where = texts.list_comma.join(wanted.places) + (" " if wanted.places and when else "") + when
    topic = shorten(wanted.topic, _TOPIC_UNITS)
    return texts.wanted_of.format(where=where, topic=topic) if where and topic else where or topic


def _heading(browsed: Browsed, wanted: Wanted, texts: Texts) -> str:
    topic = texts.browse_topic.format(topic=shorten(wanted.topic, _TOPIC_UNITS)) if wanted.topic else ""
    when = "" if browsed.is_of_newest else _when(browsed, wanted, texts)
    parts = [texts.list_comma.join(wanted.places), when, topic]
    return " · ".join(filter(None, parts)) or texts.browse_newest


def _line(hit: Hit, has_place: bool, asks_author: bool, texts: Texts) -> StoryLine:
    article = hit.article
    author = author_of(article) or texts.author_unknown
    return StoryLine(
        rank=hit.rank,
        article_id=article.id,
        title=article.title,
        place=place_of(article) if has_place else None,
        author=author if asks_author else None,
        n_copies=len(hit.also),
    )


def author_of(article: StoredArticle) -> str:
    """Who wrote an article, and for which paper, as far as it says so."""
    parts = (article.source, article.byline, article.credit)
    return " · ".join(dict.fromkeys(part for part in parts if part))


def render_browse(answer: Answer, answer_id: str, texts: Texts, links: Links) -> Reply:
    """The stories with their days as Telegram's HTML, and buttons for those that follow and for having them every day."""
    said = compose_browse(answer, texts)
    blocks = [f"<b>{escape(said.heading)}</b>"]
    if said.reason:
        blocks[0] += f"\n{escape(said.reason)}"
    for day, lines in said.days:
        blocks.append(
            "\n".join([f"<i>{escape(day)}</i>", *(_rendered(each, texts, links) for each in lines)])
        )
    row = [Button(texts.more_button, f"more:{answer_id}")] if said.has_more else []
    if said.region is not None:
        code, name = said.region
        row.append(Button(texts.subscribe_button.format(place=name), f"s:{code}"))
    return Reply("\n\n".join(blocks), (tuple(row),) if row else ())


def _rendered(line: StoryLine, texts: Texts, links: Links) -> str:
    also = texts.also_told.format(n=line.n_copies) if line.n_copies else ""
    where = texts.comma.join(part for part in (shorten(line.place or "", _PART_UNITS), also) if part)
    text = texts.place_article.format(
        title=tap(links.article(line.article_id), shorten(line.title, _TITLE_UNITS)),
        where=escape(texts.in_parenthesis(where)),
    )
    if line.author is None:
        return text
    return text + "\n" + texts.browse_author.format(author=escape(shorten(line.author, _AUTHOR_UNITS)))
