"""The stories of a digest as messages: a few first in a line each, the rest folded by division."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape
from itertools import groupby

from bot.languages import Texts
from bot.messages.daily.layout import (
    SENTENCE_CHARS,
    SOURCE_UNITS,
    Common,
    Issue,
    by_place,
    chapter,
    group_heading,
    heading_name,
    lay_out,
    pack,
    sentence_of,
    title_to_tap,
)
from bot.messages.daily.rich_layout import lay_out_richly
from bot.messages.daily.windows import Window
from bot.messages.links import Links
from bot.messages.reply import Button, Reply
from bot.messages.splitting import shorten
from retrieval import DigestItem, Gazetteer, PlacedItem, Section

SHOWN = 20
"""Stories that a digest has before its button for the rest."""
PER_PAGE = 8
"""Stories of a page that is turned in place."""


def render_digest(
    placed: Sequence[PlacedItem],
    day: date,
    window: Window,
    gazetteer: Gazetteer,
    links: Links,
    texts: Texts,
    *,
    is_group: bool = False,
    is_rich: bool = False,
) -> list[Reply]:
    """Messages of the first SHOWN stories; none is cut apart. In a group what its admins alone may press is left out.

    With `is_rich` the first has all of it as one rich message too.
    """
    shown = placed[:SHOWN]
    common = Common.of([each.item for each in shown if each.section is not Section.LATE])
    head = texts.digest_head.format(day=texts.say_day(day), n=len(placed))
    said = (
        [texts.digest_of_day.format(day=texts.say_day(common.day))] if common.day not in (None, day) else []
    )
    said += [escape(shorten(common.paper, SOURCE_UNITS))] if common.paper else []
    if said:
        head += "\n" + " · ".join(said)
    sections = {
        section: [each.item for each in members]
        for section, members in groupby(shown, key=lambda each: each.section)
    }
    top, rest = sections.get(Section.TOP, []), sections.get(Section.PLACES, [])
    alike, late = sections.get(Section.ALIKE, []), sections.get(Section.LATE, [])
    groups = [(heading_name(code, gazetteer, texts), own) for code, own in by_place(rest)]
    routine = sections.get(Section.ROUTINE, [])
    groups += [(texts.digest_alike, alike), (texts.digest_routine, routine)]
    title = texts.digest_others.format(n=len(rest) + len(alike) + len(routine)) if top else ""
    chapters = (
        chapter("", [("", top)], is_folded=False),
        chapter(title, groups),
        chapter(texts.digest_late, [("", late)]),
    )
    rows = digest_rows(len(placed), SHOWN, day, window, texts, is_group=is_group)
    issue = Issue(head + "\n", chapters, common, day)
    return issue_messages(issue, rows, gazetteer, links, texts, is_rich=is_rich)


def issue_messages(
    issue: Issue,
    rows: tuple[tuple[Button, ...], ...],
    gazetteer: Gazetteer,
    links: Links,
    texts: Texts,
    *,
    is_rich: bool,
) -> list[Reply]:
    """Return an issue as messages, the last with its buttons; with `is_rich` the first has all of it as one rich message."""
    parts = [Reply(text) for text in lay_out(issue, gazetteer, links, texts)]
    parts[-1] = replace(parts[-1], buttons=rows)
    if is_rich:
        parts[0] = replace(parts[0], rich="".join(lay_out_richly(issue, gazetteer, links, texts)))
    return parts


def digest_rows(
    n_items: int, n_shown: int, day: date, window: Window, texts: Texts, *, is_group: bool
) -> tuple[tuple[Button, ...], ...]:
    """The buttons below an issue: its rest, what the chat follows, a pause, a verdict."""
    rows: list[tuple[Button, ...]] = []
    if n_items > n_shown:
        rows.append((Button(texts.rest_button.format(n=n_items - n_shown), f"page:{window.data}:{n_shown}"),))
    verdict = Button("👍👎", f"fb:{digest_id(day)}:ask")
    mine = (Button(texts.my_subscriptions_button, "l:new"), Button(texts.pause_button, "p:new"))
    rows.append((verdict,) if is_group else (*mine, verdict))
    return tuple(rows)


def digest_id(day: date) -> str:
    """What a verdict about a day's digest is filed under."""
    return f"d{day:%Y%m%d}"


def render_page(
    placed: Sequence[PlacedItem],
    first: int,
    day: date,
    window: Window,
    gazetteer: Gazetteer,
    links: Links,
    texts: Texts,
) -> Reply:
    """As many stories from `first` on as one message takes, PER_PAGE at most, and buttons to the others."""
    n_shown = PER_PAGE
    while True:
        shown = [each.item for each in placed[first : first + n_shown]]
        head = texts.digest_head.format(day=texts.say_day(day), n=len(placed))
        head += texts.digest_range.format(first=first + 1, last=first + len(shown))
        parts = pack(head, _page_blocks(shown, day, gazetteer, links, texts))
        if len(parts) == 1 or n_shown == 1:
            break
        n_shown -= 1
    turns = [Button("‹", f"leaf:{window.data}:{max(0, first - PER_PAGE)}")] if first else []
    if first + len(shown) < len(placed):
        turns.append(Button("›", f"leaf:{window.data}:{first + len(shown)}"))
    return Reply(parts[0], (tuple(turns),) if turns else ())


def _page_blocks(
    items: Sequence[DigestItem], day: date, gazetteer: Gazetteer, links: Links, texts: Texts
) -> list[tuple[str, int]]:
    """Each story with how many formatted stretches it has, the first of a division below its heading."""
    blocks: list[tuple[str, int]] = []
    for code, own in by_place(items):
        heading = f"\n{group_heading(heading_name(code, gazetteer, texts), own, Common(), day, texts)}\n"
        for each in own:
            told = title_to_tap(each, links)
            sentence = sentence_of(each, SENTENCE_CHARS)
            blocks.append((f"{heading}· {told}" + (f"\n{sentence}" if sentence else ""), 2 + bool(heading)))
            heading = ""
    return blocks
