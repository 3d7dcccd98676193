"""A week's issue as messages: what is new, what goes on from weeks before, the figures, the rest folded by division."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.languages import Texts
from bot.messages.daily.issues import digest_rows, issue_messages
from bot.messages.daily.layout import Common, Issue, by_place, chapter, heading_name
from bot.messages.daily.windows import Window
from bot.messages.links import Links
from bot.messages.reply import Reply
from retrieval import DigestItem, Gazetteer, PlacedItem, Section, find_measured, likeness

SHOWN = 40
"""Stories that a week's issue has before its button for the rest."""
_NEW, _CONTINUING, _FIGURES = 5, 5, 6
_GOES_ON = 0.3
"""Letter pairs that the titles of two stories of a place share which are of one matter."""


def going_on(items: Sequence[DigestItem], before: Sequence[DigestItem]) -> frozenset[str]:
    """Ids of the articles whose matter was told of the same place in the weeks before."""
    told: dict[str, list[str]] = {}
    for each in before:
        told.setdefault(each.code, []).append(each.line)
    return frozenset(
        each.article.id
        for each in items
        if any(likeness(each.line, line) >= _GOES_ON for line in told.get(each.code, ()))
    )


def render_week_issue(
    placed: Sequence[PlacedItem],
    continuing: frozenset[str],
    day: date,
    window: Window,
    gazetteer: Gazetteer,
    links: Links,
    texts: Texts,
    *,
    is_group: bool = False,
    is_rich: bool = False,
) -> list[Reply]:
    """Messages of a week's first SHOWN stories; none stands in two places. With `is_rich` as `render_digest`."""
    shown = placed[:SHOWN]
    news = [each.item for each in shown if each.section in (Section.TOP, Section.PLACES)]
    old = [each for each in news if each.article.id in continuing][:_CONTINUING]
    fresh = [each for each in news if each not in old]
    new = fresh[:_NEW]
    figures = [each for each in fresh[_NEW:] if _has_figure(each)][:_FIGURES]
    rest = [each.item for each in shown if each.item not in (*old, *new, *figures)]
    days = [each.item.article.date for each in shown if each.item.article.date]
    first, last = min(days, default=day), max(days, default=day)
    head = texts.weekly_head.format(first=texts.say_day(first), last=texts.say_short_day(last), n=len(placed))
    chapters = [
        chapter(name, [("", items)], is_folded=False, has_sentences=items is not old)
        for name, items in (
            (texts.week_news, new),
            (texts.week_continuing, old),
            (texts.week_figures, figures),
        )
        if items
    ]
    groups = [(heading_name(code, gazetteer, texts), own) for code, own in by_place(rest)]
    chapters.append(chapter(texts.digest_others.format(n=len(rest)), groups))
    issue = Issue(head, tuple(chapters), Common.of([each.item for each in shown]), day)
    rows = digest_rows(len(placed), SHOWN, day, window, texts, is_group=is_group)
    return issue_messages(issue, rows, gazetteer, links, texts, is_rich=is_rich)


def _has_figure(item: DigestItem) -> bool:
    return bool(find_measured(item.article.text, item.sentence.start, item.sentence.end))
