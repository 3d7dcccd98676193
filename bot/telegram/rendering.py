"""Answers and articles as Telegram shows them: HTML that it accepts, within its limits, with buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from bot.languages import Texts, keywords
from bot.messages.answers import (
    AnswerMessage,
    Quote,
    Report,
    compose_answer,
    compose_report,
    report_of,
)
from bot.messages.browsing.stories import author_of, render_browse
from bot.messages.keyboards import answer_rows
from bot.messages.links import Links, tap
from bot.messages.reply import Button, Reply, columns
from bot.messages.rich import paragraphs, table
from bot.messages.sources import Source, compose_source
from bot.messages.splitting import MESSAGE_UNITS, plain_text, shorten, split_text, utf16_length
from retrieval import Answer, Evidence, Hit, Outcome, Passage, StoredArticle

_MOST_DATA_BYTES = 64
"""Of a button's data."""
_MOST_BOLD = 70
"""Of a message, whose links and quotation are formatted too: Telegram formats at most 100 stretches."""
MORE_PER_PAGE = 4
"""Hits on a page of 更多."""
# Every part of a message has a bound where it is rendered, in UTF-16 units, so that no record of a paper can make a
# message too long: the longest answer has 1200 + 300 + 700 + 400 + 7 * 200 + 250 of them.
_TITLE_UNITS = 200
_PART_UNITS = 60
"""Of a section, a place, a paper."""
_AUTHOR_UNITS = 100
_QUOTES_UNITS = 1200
"""Of all sentences of a report."""
_BEFORE_UNITS = 60
"""Of a sentence that is cut, what is left before its first stretch in bold."""
_MOST_ALSO = 5
_MOST_RESOLVED = 5
_WORD_UNITS = 25
_HEADING_UNITS = 200
_HEADLINE_UNITS = 130
_LINE_UNITS = 60
"""Of a further report's title, and of its sentence, in their one line."""
_MORE_TITLE_UNITS = 80
_MORE_QUOTE_UNITS = 500
_MOST_CHOICES = 50
"""Places to choose from; a name may mean more towns than a message has buttons."""
_QUOTATION = re.compile(r"\n<blockquote expandable>.*?</blockquote>", re.DOTALL)
PARTS_AT_ONCE = 5
"""Messages that one press of 全文 sends."""


def apology(texts: Texts, code: str) -> str:
    """Return what a person sees when something failed; the operator finds the code in the log."""
    return texts.apology.format(code=escape(code))


def welcome(
    texts: Texts, places: Sequence[tuple[str, str]], samples: Sequence[str], *, asks_place: bool
) -> Reply:
    """Return the greeting: it asks where the person is at home, (code, name) to choose from, and offers questions."""
    rows = list(columns([Button(name, f"r:{code}:0") for code, name in places])) if asks_place else []
    html = texts.welcome
    if asks_place:
        html += f"\n\n{texts.ask_home}"
        rows.append((Button(texts.map_button, "way:map"), Button(texts.other_places_button, "m::0")))
    elif samples:
        html += f"\n\n{texts.try_these}"
    if samples:
        rows += _sample_rows(samples)
    if asks_place:
        rows.append((Button(texts.for_offices_button, "way:office"),))
    return Reply(html, tuple(rows))


def help_text(texts: Texts, samples: Sequence[str]) -> Reply:
    """Return what can be asked and what the buttons do."""
    if not samples:
        return Reply(texts.help)
    return Reply(f"{texts.help}\n\n{texts.try_these}", tuple(_sample_rows(samples)))


def _sample_rows(samples: Sequence[str]) -> list[tuple[Button, ...]]:
    """Return a button for each question that fits one."""
    data = [(each, f"ask:{each.rstrip(keywords.QUESTION_MARKS)}") for each in samples]
    return [(Button(label, each),) for label, each in data if len(each.encode()) <= _MOST_DATA_BYTES]


def render_answer(
    answer: Answer,
    answer_id: str,
    texts: Texts,
    links: Links,
    *,
    is_group: bool = False,
    has_timeline: bool = False,
    has_story: bool = False,
) -> Reply:
    """Return the message for an answer; what is near is never presented as the answer.

    In a group what its admins alone may press is left out. With `has_timeline` it has a button that shows its figure
    over time, with `has_story` one for its story.
    """
    if answer.outcome is Outcome.BROWSE:
        return render_browse(answer, answer_id, texts, links, is_group=is_group)
    said = compose_answer(answer, texts, has_timeline=has_timeline, has_story=has_story)
    if said.must_choose:
        choices = said.choices[:_MOST_CHOICES]
        rows = tuple((Button(each.path, f"place:{answer_id}:{each.code}"),) for each in choices)
        return Reply(escape(said.reason or ""), rows)
    rich = ""
    if said.found is not None and said.n_differing:
        figures = _differing(said, links, texts)
        lines = "\n".join(
            [
                said.heading or "",
                *(
                    texts.differing_line.format(day=day, figure=figure, title=title)
                    for day, figure, title in figures
                ),
            ]
        )
        html = render_report(said.found, texts, links, f"\n\n{lines}")
        above = f"{render_report(said.found, texts, links)}\n{said.heading or ''}"
        cells = [(day, f"<b>{figure}</b>", title) for day, figure, title in figures]
        rich = paragraphs(above) + table(cells)
    elif said.found is not None:
        further = f"\n\n{_further_lines(said, texts, links)}" if said.further else ""
        html = render_report(said.found, texts, links, further)
    else:
        html = render_nearby(said, texts, links)
    meant = tuple(
        (Button(each.name, f"place:{answer_id}:{each.code}"),) for each in said.choices[:_MOST_CHOICES]
    )
    copied = said.found.copied if said.found else ""
    below = answer_rows(said.steps, answer_id, texts, is_group=is_group, copied=copied)
    return Reply(html, (*meant, *below), rich=rich)


def render_nearby(said: AnswerMessage, texts: Texts, links: Links) -> str:
    """Return that nothing is presented as the answer, what may have been meant, and what comes near, marked as such."""
    html = escape(said.reason or "")
    if said.choices:
        names = texts.list_comma.join(escape(each.name) for each in said.choices[:_MOST_CHOICES])
        html += "\n" + texts.did_you_mean.format(names=names)
    return f"{html}\n\n{_further_lines(said, texts, links)}" if said.further else html


def _further_lines(said: AnswerMessage, texts: Texts, links: Links) -> str:
    """Return further reports, a line each; what they say too where nothing is the answer."""
    lines = [_one_line(each, texts, links, is_quoted=said.found is None) for each in said.further]
    return "\n".join([*([said.heading] if said.heading else []), *lines])


def _differing(said: AnswerMessage, links: Links, texts: Texts) -> list[tuple[str, str, str]]:
    """Return the figures that differ: the day, the figure and the title to tap of each report; the newest is first."""
    reports = [each for each in (said.found, *said.further) if each is not None][: said.n_differing]
    return [
        (
            escape(each.source.day or texts.date_unknown),
            escape(shorten(" ".join(each.figure.split()), _LINE_UNITS)),
            tap(links.article(each.source.article_id), shorten(each.source.title, _LINE_UNITS)),
        )
        for each in reports
    ]


def _one_line(report: Report, texts: Texts, links: Links, *, is_quoted: bool) -> str:
    rank, where = report.rank, escape(_place_and_day(report.source, texts))
    named = report.title if is_quoted else report.source.title
    title = tap(links.article(report.source.article_id), shorten(named, _LINE_UNITS))
    if not is_quoted:
        return texts.see_also_line.format(rank=rank, title=title, where=where)
    sentence = escape(shorten(" ".join(report.quotes[0].text.split()), _LINE_UNITS))
    return texts.further_line.format(rank=rank, title=title, where=where, sentence=sentence)


def _place_and_day(source: Source, texts: Texts) -> str:
    place = shorten(source.place or "", _PART_UNITS)
    return texts.in_parenthesis(texts.comma.join(part for part in (place, source.day) if part))


def add_page_button(reply: Reply, article_id: str, texts: Texts) -> Reply:
    """Return the reply with a button for the newspaper's page that an article stands on."""
    first, *rest = reply.buttons or ((),)
    button = Button(texts.page_button, f"pic:{article_id}")
    return replace(reply, buttons=((*first, button), *rest))


def render_told(
    question: str, question_id: int, answer: Answer, answer_id: str, texts: Texts, links: Links
) -> Reply:
    """Return the message that tells of a standing question's new answer; its quotation is left out where it does not fit."""
    reply = render_answer(answer, answer_id, texts, links)
    heading = f"<b>{texts.told_heading.format(question=escape(shorten(question, _HEADING_UNITS)))}</b>"
    html = f"{heading}\n\n{reply.html}"
    if not _fits(html):
        html = _QUOTATION.sub("", html)
    unwatch = Button(texts.unwatch_button, f"wd:{question_id}")
    buttons = tuple(
        tuple(unwatch if each.data.startswith("w:") else each for each in row) for row in reply.buttons
    )
    return Reply(html, buttons)


def render_hit(hit: Hit, texts: Texts, links: Links) -> str:
    """Return a hit's evidence, then its source, then its passage in a quotation that unfolds."""
    return render_report(compose_report(hit, texts), texts, links)


def render_found(
    article: StoredArticle, passage: Passage, evidence: Sequence[Evidence], texts: Texts, links: Links
) -> str:
    """Return the same of an article, a passage and evidence."""
    return render_report(report_of(1, article, passage, evidence, texts), texts, links)


def render_report(report: Report, texts: Texts, links: Links, below: str = "") -> str:
    """Return a report as HTML, with what stands below it; its passage is left out where it does not fit."""
    n_quotes = max(1, len(report.quotes))
    quotes = [_cut(each, _QUOTES_UNITS // n_quotes) for each in report.quotes]
    head = "\n".join(
        (f"\n<i>{texts.quoted_elsewhere}</i>\n" if each.is_elsewhere else "")
        + bold_matches(each, _MOST_BOLD // n_quotes)
        for each in quotes
    )
    if report.headline:
        head = f"<b>{escape(shorten(report.headline, _HEADLINE_UNITS))}</b>\n{head}"
    resolved = dict(pair for each in report.quotes for pair in each.resolved)
    if resolved:
        words = texts.comma.join(
            texts.resolved_word.format(
                word=escape(shorten(word, _WORD_UNITS)), meaning=escape(shorten(meaning, _WORD_UNITS))
            )
            for word, meaning in list(resolved.items())[:_MOST_RESOLVED]
        )
        head += f"\n<i>{texts.resolved_note.format(words=words)}</i>"
    source = _source_line(report, texts, links)
    if report.also:
        named = [shorten(each, _PART_UNITS) for each in report.also[:_MOST_ALSO]]
        names = texts.semicolon.join(map(escape, named))
        source += "\n" + texts.same_story.format(n=len(report.also), sources=names)
    short = f"{head}\n\n{source}{below}"
    if not report.rest:
        return short
    whole = f"{head}\n\n{source}\n<blockquote expandable>{escape(report.rest)}</blockquote>{below}"
    return whole if _fits(whole) else short


def _fits(html: str) -> bool:
    return utf16_length(plain_text(html)) <= MESSAGE_UNITS


def _cut(quote: Quote, n_units: int) -> Quote:
    """Return a quote of at most so many units, with its first stretch in bold in sight."""
    if len(quote.text) <= n_units and utf16_length(quote.text) <= n_units:
        return quote
    first = min((start for start, _ in quote.bold), default=0)
    start = max(0, first - _BEFORE_UNITS) if first > n_units // 2 - _BEFORE_UNITS else 0
    before = "…" if start else ""
    text = before + shorten(quote.text[start:], n_units - len(before))
    shift = len(before) - start
    last = len(text) - text.endswith("…")
    bold = tuple((a + shift, b + shift) for a, b in quote.bold if a >= start and b + shift <= last)
    return replace(quote, text=text, bold=bold)


def bold_matches(quote: Quote, n_most: int = _MOST_BOLD) -> str:
    """Return a quote with what meets the question in bold."""
    pieces: list[str] = []
    at = 0
    for start, end in quote.bold[:n_most]:
        pieces += [escape(quote.text[at:start]), f"<b>{escape(quote.text[start:end])}</b>"]
        at = end
    return "".join([*pieces, escape(quote.text[at:])])


def _source_line(report: Report, texts: Texts, links: Links) -> str:
    """Return where a report stands in one line: title, place, date and paper; the rest is with the full text."""
    source = report.source
    title = tap(links.article(source.article_id), shorten(report.title, _TITLE_UNITS))
    parts = [
        title,
        _place(source, links),
        escape(source.as_of),
        escape(shorten(source.paper or "", _PART_UNITS)),
    ]
    if source.url:
        parts.append(tap(source.url, texts.original))
    return " · ".join(filter(None, parts))


def _place(source: Source, links: Links) -> str:
    named = shorten(source.place or "", _PART_UNITS)
    return tap(links.place(source.place_code), named) if source.place_code else escape(named)


def render_source(source: Source, texts: Texts, links: Links) -> str:
    """Return title and place to tap, section, date and who wrote it; 原文 where the article stands elsewhere too."""
    section, paper = (escape(shorten(each or "", _PART_UNITS)) for each in (source.section, source.paper))
    parts = [section, _place(source, links), escape(source.as_of), paper]
    if source.url:
        parts.append(tap(source.url, texts.original))
    title = f"<b>{tap(links.article(source.article_id), shorten(source.title, _TITLE_UNITS))}</b>"
    author = escape(shorten(source.author or "", _AUTHOR_UNITS))
    lines = (title, " · ".join(filter(None, parts)), author)
    return "\n".join(filter(None, lines))


def render_passed_on(story: StoredArticle | None, texts: Texts, links: Links) -> Reply:
    """Return what is said to an article that somebody passes on: where the library has it, else that it is one."""
    if story is None:
        return Reply(texts.passed_on)
    source = render_source(compose_source(story, texts), texts, links)
    return Reply(
        f"{texts.passed_on_known}\n\n{source}", ((Button(texts.full_button, f"full:{story.id}:0"),),)
    )


def render_where(article: StoredArticle, texts: Texts, links: Links) -> Reply:
    """Return where and when what was said stands, in the paper's own words."""
    source = render_source(compose_source(article, texts), texts, links)
    button = Button(texts.full_button, f"full:{article.id}:0", "primary")
    return Reply(f"{texts.said_source}\n\n{source}", ((button,),))


def render_author(article: StoredArticle, texts: Texts, links: Links) -> Reply:
    """Return who wrote an article."""
    title = tap(links.article(article.id), shorten(article.title, _TITLE_UNITS))
    author = shorten(author_of(article) or texts.author_unknown, _AUTHOR_UNITS)
    return Reply(f"{title}\n{escape(author)}")


def render_more(
    shown: Sequence[Report],
    page: int,
    n_all: int,
    answer_id: str,
    texts: Texts,
    links: Links,
    n_before: int = 0,
) -> Reply:
    """Return a page of an answer's further reports, with buttons that turn to the others in place.

    Numbers go on from the `n_before` reports that the answer itself showed.
    """
    first = page * MORE_PER_PAGE
    numbers = (first + 1 + n_before, first + len(shown) + n_before, n_all + n_before)
    head = texts.more_heading.format(first=numbers[0], last=numbers[1], n=numbers[2])
    blocks = [
        texts.more_line.format(
            rank=each.rank,
            title=tap(links.article(each.source.article_id), shorten(each.title, _MORE_TITLE_UNITS)),
            where=escape(_place_and_day(each.source, texts)),
            sentence=bold_matches(_cut(each.quotes[0], _MORE_QUOTE_UNITS), _MOST_BOLD // MORE_PER_PAGE),
        )
        for each in shown
    ]
    opened = tuple(
        Button(texts.hit_button.format(rank=each.rank), f"hit:{answer_id}:{each.rank}") for each in shown
    )
    return Reply("\n\n".join([head, *blocks]), tuple(filter(None, (opened, _turns(page, n_all, answer_id)))))


def _turns(page: int, n_all: int, answer_id: str) -> tuple[Button, ...]:
    turns = [Button("‹", f"turn:{answer_id}:{page - 1}")] if page else []
    if (page + 1) * MORE_PER_PAGE < n_all:
        turns.append(Button("›", f"turn:{answer_id}:{page + 1}"))
    return tuple(turns)


def render_full(article: StoredArticle, first: int, texts: Texts, links: Links) -> list[Reply]:
    """Return the whole article from part `first` on, at most PARTS_AT_ONCE messages; the last has a button for the rest."""
    source = render_source(compose_source(article, texts), texts, links)
    head_units = utf16_length(source) + 2
    parts = _parts(article, head_units)
    chosen = parts[first : first + PARTS_AT_ONCE]
    replies = [Reply(escape(part)) for part in chosen]
    if replies and first == 0:
        replies[0] = Reply(f"{source}\n\n{replies[0].html}")
    left = len(parts) - first - len(chosen)
    if replies and left > 0:
        button = Button(texts.continue_button.format(n=left), f"full:{article.id}:{first + len(chosen)}")
        replies[-1] = Reply(replies[-1].html, ((button,),))
    return replies


def _parts(article: StoredArticle, head_units: int) -> list[str]:
    """The text in messages, the first with room for the source above it."""
    return split_text(article.text, MESSAGE_UNITS - min(head_units, MESSAGE_UNITS // 2))
