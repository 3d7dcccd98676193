"""An issue as chapters of stories, and its chapters as Telegram's HTML: shown at once, or folded by division."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from bot.languages import Texts
from bot.messages.links import Links, tap
from bot.messages.splitting import MESSAGE_UNITS, shorten, utf16_length
from retrieval import DigestItem, Gazetteer, is_telling, likeness, strip_labels

SENTENCE_CHARS = 160
"""Of a story's sentence where it has a line of its own."""
_MOST_ENTITIES = 90
"""Telegram formats at most 100 stretches of a message."""
_TOP_CHARS = 46
"""Of a sentence of a story that comes first."""
_TITLE_UNITS, SOURCE_UNITS, _LINE_CHARS = 80, 60, 54
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


@dataclass(frozen=True, slots=True)
class Chapter:
    """Stories that stand together, in groups with a name each."""

    title: str
    """"" for none; HTML."""
    groups: tuple[tuple[str, tuple[DigestItem, ...]], ...]
    is_folded: bool = True
    has_sentences: bool = True
    """Whether those that are not folded are told with a sentence."""


@dataclass(frozen=True, slots=True)
class Issue:
    """What an issue says, apart from how it is shown."""

    head: str
    """Its name and day, and what all its stories have in common; HTML."""
    chapters: tuple[Chapter, ...]
    common: Common
    day: date


def chapter(
    title: str,
    groups: Sequence[tuple[str, Sequence[DigestItem]]],
    *,
    is_folded: bool = True,
    has_sentences: bool = True,
) -> Chapter:
    """Return a chapter of the groups that have a story."""
    own = tuple((name, tuple(items)) for name, items in groups if items)
    return Chapter(title, own, is_folded, has_sentences)


def lay_out(issue: Issue, gazetteer: Gazetteer, links: Links, texts: Texts) -> list[str]:
    """Return an issue as the HTML of messages; no story is cut apart."""
    blocks: list[tuple[str, int]] = []
    for each in issue.chapters:
        if each.is_folded:
            blocks += _folded(each, issue, links, texts)
            continue
        blocks += [(f"\n<b>{each.title}</b>", 1)] if each.title else []
        blocks += [
            _top_story(item, gazetteer, links, texts, has_sentence=each.has_sentences)
            for _, items in each.groups
            for item in items
        ]
    return pack(issue.head, blocks)


def _top_story(
    item: DigestItem, gazetteer: Gazetteer, links: Links, texts: Texts, *, has_sentence: bool
) -> tuple[str, int]:
    """A story that comes first: its title to tap, its place, and a sentence with a figure that the title has not."""
    sentence = sentence_of(item, _TOP_CHARS) if has_sentence and item.sentence.figures else ""
    place = place_beside(item, sentence, gazetteer, texts)
    told = f"• <b>{title_to_tap(item, links)}</b>{place}{also_told(item, texts)}"
    return told + (f"\n{sentence}" if sentence else ""), 4


def place_beside(item: DigestItem, sentence: str, gazetteer: Gazetteer, texts: Texts) -> str:
    """A story's place in parentheses where neither its title nor its sentence names it; HTML."""
    name = gazetteer.path_name(item.code).rpartition(" › ")[2] if item.code else ""
    return "" if not name or name in item.line + sentence else escape(texts.in_parenthesis(name))


def _folded(told: Chapter, issue: Issue, links: Links, texts: Texts) -> list[tuple[str, int]]:
    """Stories below the names of their groups, in a quotation that unfolds; in several where one grows too long."""
    lines: list[tuple[str, int]] = []
    for name, items in told.groups:
        heading = group_heading(name, items, issue.common, issue.day, texts)
        lines += [(heading, 1)] if heading else []
        lines += [(f"· {title_to_tap(each, links)}{also_told(each, texts)}", 1) for each in items]
    blocks: list[tuple[str, int]] = []
    while lines:
        n_taken, n_units = 1, utf16_length(lines[0][0])
        while n_taken < len(lines) and n_units + utf16_length(lines[n_taken][0]) < _FOLDED_UNITS:
            n_units += utf16_length(lines[n_taken][0]) + 1
            n_taken += 1
        quoted = "\n".join(line for line, _ in lines[:n_taken])
        above = f"\n<b>{told.title}</b>\n" if told.title else "\n"
        blocks.append((f"{above}<blockquote expandable>{quoted}</blockquote>", n_taken + 2))
        lines = lines[n_taken:]
    return blocks


def group_heading(name: str, items: Sequence[DigestItem], common: Common, day: date, texts: Texts) -> str:
    """A group's name with the days and the one paper that its stories are of, said once for all."""
    papers = {each.article.source for each in items if each.article.source}
    paper = papers.pop() if len(papers) == 1 else None
    parts = [shorten(paper, SOURCE_UNITS)] if paper and paper != common.paper else []
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
    return tap(links.article(item.article.id), story_name(item))


def story_name(item: DigestItem) -> str:
    """What names the story."""
    line = _clause(item.line, _LINE_CHARS) if item.article.title_is_derived else item.line
    return shorten(line.strip() or item.article.title, _TITLE_UNITS)


def also_told(item: DigestItem, texts: Texts) -> str:
    """In how many more reports a story stands, in parentheses; "" for none."""
    return texts.in_parenthesis(texts.also_told.format(n=len(item.also))) if item.also else ""


def sentence_of(item: DigestItem, n_chars: int) -> str:
    """The story's sentence, its first figure in bold; "" where it tells nothing, or no more than the title."""
    text = " ".join(item.sentence.text.split())
    if item.article.title_is_derived or not is_telling(text):
        return ""
    if likeness(text, strip_labels(item.article.title)) >= _SAYS_MORE:
        return ""
    return with_figure(item, n_chars)


def with_figure(item: DigestItem, n_chars: int) -> str:
    """The story's sentence of at most so many characters, its first figure in bold."""
    evidence = item.sentence
    text = " ".join(evidence.text.split())
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
