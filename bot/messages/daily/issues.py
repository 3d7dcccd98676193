"""The stories of a digest as messages: a few first in a line each, the rest folded by division."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from bot.languages import Texts
from bot.messages.daily.windows import Window
from bot.messages.links import Links, tap
from bot.messages.reply import Button, Reply
from bot.messages.splitting import MESSAGE_UNITS, shorten, utf16_length
from retrieval import DigestItem, Gazetteer, PlacedItem, Section, is_telling, likeness, strip_labels

SHOWN = 20
"""Stories that a digest has before its button for the rest."""
PER_PAGE = 8
"""Stories of a page that is turned in place."""
_MOST_ENTITIES = 90
"""Telegram formats at most 100 stretches of a message."""
_SENTENCE_CHARS, _TOP_CHARS = 160, 46
"""Of a story's sentence on a page, and of one that comes first."""
_TITLE_UNITS, _SOURCE_UNITS, _LINE_CHARS = 80, 60, 54
_FOLDED_UNITS = 3300
"""Of a quotation with its markup, beside what comes first."""
_SAYS_MORE = 0.45
"""Letter pairs that a sentence and its title share above which it adds nothing."""


@dataclass(frozen=True, slots=True)
class Common:
    """The one day and the one paper that all stories are of; None where they are of several."""

    day: date | None = None
    paper: str | None = None

    @classmethod
    def of(cls, items: Sequence[DigestItem]) -> Common:
        """What some stories have in common."""
        days = {each.article.date for each in items}
        papers = {each.article.source for each in items}
        return cls(days.pop() if len(days) == 1 else None, papers.pop() if len(papers) == 1 else None)


def render_digest(
    placed: Sequence[PlacedItem],
    day: date,
    window: Window,
    gazetteer: Gazetteer,
    links: Links,
    texts: Texts,
    *,
    is_group: bool = False,
) -> list[Reply]:
    """Messages of the first SHOWN stories; none is cut apart. In a group what its admins alone may press is left out."""
    shown = placed[:SHOWN]
    common = Common.of([each.item for each in shown if each.section is not Section.LATE])
    head = texts.digest_head.format(day=texts.say_day(day), n=len(placed))
    said = (
        [texts.digest_of_day.format(day=texts.say_day(common.day))] if common.day not in (None, day) else []
    )
    said += [escape(shorten(common.paper, _SOURCE_UNITS))] if common.paper else []
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
    groups += [(texts.digest_alike, alike)] if alike else []
    groups += [(texts.digest_routine, routine)] if routine else []
    title = texts.digest_others.format(n=len(rest) + len(alike) + len(routine)) if top else ""
    blocks = [top_story(each, gazetteer, links, texts) for each in top]
    blocks += folded(title, groups, common, day, links, texts)
    blocks += folded(texts.digest_late, [("", late)] if late else [], common, day, links, texts)
    parts = [Reply(text) for text in pack(head + "\n", blocks)]
    parts[-1] = Reply(parts[-1].html, digest_rows(len(placed), SHOWN, day, window, texts, is_group=is_group))
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
        heading = f"\n{_heading(heading_name(code, gazetteer, texts), own, Common(), day, texts)}\n"
        for each in own:
            told = title_to_tap(each, links)
            sentence = _sentence(each, _SENTENCE_CHARS)
            blocks.append((f"{heading}· {told}" + (f"\n{sentence}" if sentence else ""), 2 + bool(heading)))
            heading = ""
    return blocks


def top_story(
    item: DigestItem, gazetteer: Gazetteer, links: Links, texts: Texts, *, has_sentence: bool = True
) -> tuple[str, int]:
    """A story that comes first: its title to tap, its place, and a sentence with a figure that the title has not."""
    name = gazetteer.path_name(item.code).rpartition(" › ")[2] if item.code else ""
    sentence = _sentence(item, _TOP_CHARS) if has_sentence and item.sentence.figures else ""
    place = "" if not name or name in item.line + sentence else texts.in_parenthesis(name)
    told = f"• <b>{title_to_tap(item, links)}</b>{escape(place)}{_also(item, texts)}"
    return told + (f"\n{sentence}" if sentence else ""), 4


def folded(
    title: str,
    groups: Sequence[tuple[str, Sequence[DigestItem]]],
    common: Common,
    day: date,
    links: Links,
    texts: Texts,
) -> list[tuple[str, int]]:
    """Stories below the names of their groups, in a quotation that unfolds; in several where one grows too long."""
    lines: list[tuple[str, int]] = []
    for name, items in groups:
        heading = _heading(name, items, common, day, texts)
        lines += [(heading, 1)] if heading else []
        lines += [(f"· {title_to_tap(each, links)}{_also(each, texts)}", 1) for each in items]
    blocks: list[tuple[str, int]] = []
    while lines:
        n_taken, n_units = 1, utf16_length(lines[0][0])
        while n_taken < len(lines) and n_units + utf16_length(lines[n_taken][0]) < _FOLDED_UNITS:
            n_units += utf16_length(lines[n_taken][0]) + 1
            n_taken += 1
        quoted = "\n".join(line for line, _ in lines[:n_taken])
        above = f"\n<b>{title}</b>\n" if title else "\n"
        blocks.append((f"{above}<blockquote expandable>{quoted}</blockquote>", n_taken + 2))
        lines = lines[n_taken:]
    return blocks


def _heading(name: str, items: Sequence[DigestItem], common: Common, day: date, texts: Texts) -> str:
    """A group's name with the days and the one paper that its stories are of, said once for all."""
    papers = {each.article.source for each in items if each.article.source}
    paper = papers.pop() if len(papers) == 1 else None
    parts = [shorten(paper, _SOURCE_UNITS)] if paper and paper != common.paper else []
    days = sorted({each.article.date for each in items if each.article.date})
    if days and days not in ([common.day], [day]):
        said = [_short_day(each, day, texts) for each in (days[0], days[-1])]
        parts.insert(0, said[0] if len(days) == 1 else texts.day_range.format(first=said[0], last=said[1]))
    return " · ".join([f"<b>{escape(name)}</b>" if name else "", *map(escape, parts)]).removeprefix(" · ")


def _short_day(each: date, day: date, texts: Texts) -> str:
    """A day without its year where that is the issue's."""
    return texts.say_short_day(each) if each.year == day.year else texts.say_day(each)


def by_place(items: Sequence[DigestItem]) -> list[tuple[str, list[DigestItem]]]:
    """Stories by division, in their order."""
    return [(code, list(some)) for code, some in groupby(items, key=lambda each: each.code)]


def heading_name(code: str, gazetteer: Gazetteer, texts: Texts) -> str:
    """A division with what it lies in, below its province."""
    if not code:
        return texts.elsewhere
    return gazetteer.path_name(code).partition(" › ")[2] or gazetteer.path_name(code)


def title_to_tap(item: DigestItem, links: Links) -> str:
    """What names the story, to tap."""
    line = _clause(item.line, _LINE_CHARS) if item.article.title_is_derived else item.line
    named = shorten(line.strip() or item.article.title, _TITLE_UNITS)
    return tap(links.article(item.article.id), named)


def _also(item: DigestItem, texts: Texts) -> str:
    return texts.in_parenthesis(texts.also_told.format(n=len(item.also))) if item.also else ""


def _sentence(item: DigestItem, n_chars: int) -> str:
    """The story's sentence, its first figure in bold; "" where it tells nothing, or no more than the title."""
    evidence = item.sentence
    text = " ".join(evidence.text.split())
    if item.article.title_is_derived or not is_telling(text):
        return ""
    if likeness(text, strip_labels(item.article.title)) >= _SAYS_MORE:
        return ""
    text = _clause(text, n_chars)
    figure = next((each for each in evidence.figures if re.search(r"\d", each.text)), None)
    if figure is None or (at := text.find(figure.text)) < 0:
        return escape(text)
    end = at + len(figure.text)
    return f"{escape(text[:at])}<b>{escape(text[at:end])}</b>{escape(text[end:])}"


def _clause(text: str, n_chars: int) -> str:
    """A text of at most so many characters, cut where a clause ends if one does."""
    if len(text) <= n_chars:
        return text
    cut = max(text.rfind(mark, 0, n_chars) for mark in "，,；;、。：:")
    return text[: cut if cut > n_chars // 2 else n_chars - 1] + "…"


def pack(head: str, blocks: Sequence[tuple[str, int]]) -> list[str]:
    """The blocks in as few messages as their length and formatting allow; the first begins with `head`."""
    parts: list[str] = []
    text, n_entities = head, 1
    for block, n_own in blocks:
        # markup counts here too, so a part is shorter than it might be and never too long
        if (
            utf16_length(text) + utf16_length(block) + 1 > MESSAGE_UNITS
            or n_entities + n_own > _MOST_ENTITIES
        ):
            parts.append(text)
            text, n_entities = block.lstrip("\n"), n_own
        else:
            text, n_entities = f"{text}\n{block}", n_entities + n_own
    return [*parts, text]
