"""An issue as one rich message: a heading for each group, a story a line that unfolds."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bot.languages import Texts
from bot.messages.daily.layout import (
    SENTENCE_CHARS,
    SOURCE_UNITS,
    Issue,
    also_told,
    group_heading,
    place_beside,
    story_name,
    with_figure,
)
from bot.messages.links import Links, tap
from bot.messages.rich import fold, heading, paragraphs
from bot.messages.splitting import shorten
from retrieval import DigestItem, Gazetteer, is_telling

_ISSUE, _CHAPTER, _GROUP = 2, 3, 4
"""Sizes of headings; 1 is the largest."""


def lay_out_richly(issue: Issue, gazetteer: Gazetteer, links: Links, texts: Texts) -> Iterator[str]:
    """Yield the parts of an issue. A story that comes first is named with its place; the others stand below theirs."""
    name, _, said = issue.head.strip().partition("\n")
    yield heading(name, _ISSUE)
    yield paragraphs(said)
    for chapter in issue.chapters:
        if chapter.groups and chapter.title:
            yield heading(chapter.title, _CHAPTER)
        for group, items in chapter.groups:
            above = group_heading(group, items, issue.common, issue.day, texts) if chapter.is_folded else ""
            if above:
                yield heading(above, _GROUP)
            for item in items:
                place = "" if chapter.is_folded else place_beside(item, "", gazetteer, texts)
                yield _story(item, place, links, texts)


def _story(item: DigestItem, place: str, links: Links, texts: Texts) -> str:
    """A story's name, which unfolds to the sentence that tells it, where it stands and the way to its full text."""
    article = item.article
    is_told = is_telling(item.sentence.text) and not article.title_is_derived
    day = texts.say_day(article.date) if article.date else ""
    source = [escape(each) for each in (day, shorten(article.source or "", SOURCE_UNITS)) if each]
    below = " · ".join([*source, tap(links.article(article.id), texts.full_button)])
    sentence = with_figure(item, SENTENCE_CHARS) if is_told else ""
    summary = f"{escape(story_name(item))}{place}{also_told(item, texts)}"
    return fold(summary, paragraphs(f"{sentence}\n{below}"))
