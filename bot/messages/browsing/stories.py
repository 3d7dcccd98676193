"""Stories that were asked for, as values and as a message: a heading, the days, a line for each story."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby

from bot.languages import Texts
from bot.messages.browsing.words import browse_heading, browsed_of, explain_browse
from bot.messages.links import Links, tap
from bot.messages.reply import Button, Reply
from bot.messages.sources import place_of
from bot.messages.splitting import shorten
from retrieval import Answer, Hit, StoredArticle

_TITLE_UNITS, _PART_UNITS, _AUTHOR_UNITS = 80, 30, 100


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
    follow: tuple[str, str] | None
    """Code and name of the place that can be followed."""
    wider: str | None
    """Name of the place around it whose news can be had, where it has none."""
    has_more: bool


def compose_browse(answer: Answer, texts: Texts) -> BrowseMessage:
    """Return what is said to who asked for news, in a language."""
    browsed, wanted = browsed_of(answer)
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
        heading=browse_heading(answer, texts),
        reason=explain_browse(answer, texts),
        days=days,
        follow=browsed.follow,
        wider=browsed.wider,
        has_more=browsed.has_more,
    )


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


def render_browse(
    answer: Answer, answer_id: str, texts: Texts, links: Links, *, is_group: bool = False
) -> Reply:
    """The stories with their days as Telegram's HTML, and buttons for those that follow and for having them every day.

    In a group what its admins alone may press is left out.
    """
    said = compose_browse(answer, texts)
    blocks = [f"<b>{escape(said.heading)}</b>"]
    if said.reason:
        blocks[0] += f"\n{escape(said.reason)}"
    n_stories = sum(len(lines) for _, lines in said.days)
    if len(said.days) > 2 and 2 * len(said.days) > n_stories:  # headings would be half of it
        blocks.append(
            "\n".join(_rendered(each, texts, links, day) for day, lines in said.days for each in lines)
        )
    else:
        for day, lines in said.days:
            told = [_rendered(each, texts, links) for each in lines]
            blocks.append("\n".join([f"<i>{escape(day)}</i>", *told]))
    row = [Button(texts.more_button, f"more:{answer_id}")] if said.has_more else []
    if said.wider is not None:
        row.append(Button(texts.news_of_button.format(place=said.wider), f"ask:{said.wider}"))
    if said.follow is not None and not is_group:
        code, name = said.follow
        row.append(Button(texts.subscribe_button.format(place=name), f"s:{code}"))
    return Reply("\n\n".join(blocks), (tuple(row),) if row else ())


def _rendered(line: StoryLine, texts: Texts, links: Links, day: str = "") -> str:
    also = texts.also_told.format(n=line.n_copies) if line.n_copies else ""
    where = texts.comma.join(part for part in (shorten(line.place or "", _PART_UNITS), day, also) if part)
    text = texts.place_article.format(
        title=tap(links.article(line.article_id), shorten(line.title, _TITLE_UNITS)),
        where=escape(texts.in_parenthesis(where)),
    )
    if line.author is None:
        return text
    return text + "\n" + texts.browse_author.format(author=escape(shorten(line.author, _AUTHOR_UNITS)))
