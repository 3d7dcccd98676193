"""Answers and articles as Telegram shows them: HTML that it accepts, within its limits, with buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from bot.languages import Texts
from bot.messages.answers import (
    AnswerMessage,
    NextStep,
    Quote,
    Report,
    Source,
    Step,
    compose_answer,
    compose_report,
    compose_source,
    report_of,
    shorten,
)
from bot.messages.links import Links, tap
from bot.messages.reply import Button, Reply
from bot.messages.splitting import MESSAGE_UNITS, split_text, utf16_length
from retrieval import Answer, Evidence, Hit, Passage, StoredArticle

_MOST_BOLD = 70
"""Of a message, whose links and quotation are formatted too: Telegram formats at most 100 stretches."""
MORE_PER_PAGE = 4
"""Hits on a page of 更多."""
_TITLE_CHARS = 80
_QUOTE_CHARS = 500
_LINE_CHARS = 60
"""Characters of a further report's sentence in its one line."""
_QUOTATION = re.compile(r"\n\n<blockquote expandable>.*?</blockquote>", re.DOTALL)
PARTS_AT_ONCE = 5
"""Messages that one press of 全文 sends."""


def apology(texts: Texts, code: str) -> str:
    """Return what a person sees when something failed; the operator finds the code in the log."""
    return texts.apology.format(code=escape(code))


def welcome(texts: Texts, samples: Sequence[tuple[str, str]]) -> Reply:
    """Return the greeting with sample questions: (question, article id)."""
    return _with_samples(texts, texts.welcome, samples)


def help_text(texts: Texts, samples: Sequence[tuple[str, str]]) -> Reply:
    """Return what can be asked and what the buttons do."""
    return _with_samples(texts, texts.help, samples)


def _with_samples(texts: Texts, html: str, samples: Sequence[tuple[str, str]]) -> Reply:
    if not samples:
        return Reply(html)
    buttons = tuple((Button(question, f"sample:{article_id}"),) for question, article_id in samples)
    return Reply(f"{html}\n\n{texts.try_these}", buttons)


def render_answer(answer: Answer, answer_id: str, texts: Texts, links: Links) -> Reply:
    """Return the message for an answer; what is near is never presented as the answer."""
    said = compose_answer(answer, texts)
    if said.must_choose:
        rows = tuple((Button(each.path, f"place:{answer_id}:{each.code}"),) for each in said.choices)
        return Reply(escape(said.reason or ""), rows)
    if said.found is not None:
        html = render_report(said.found, texts, links)
        html += f"\n\n{_further_lines(said, texts, links)}" if said.further else ""
    else:
        html = render_nearby(said, texts, links)
    meant = tuple((Button(each.name, f"place:{answer_id}:{each.code}"),) for each in said.choices)
    return Reply(html, (*meant, *_button_rows(said.steps, answer_id, texts)))


def render_nearby(said: AnswerMessage, texts: Texts, links: Links) -> str:
    """Return that nothing is presented as the answer, what may have been meant, and what comes near, marked as such."""
    html = escape(said.reason or "")
    if said.choices:
        names = texts.list_comma.join(escape(each.name) for each in said.choices)
        html += "\n" + texts.did_you_mean.format(names=names)
    return f"{html}\n\n{_further_lines(said, texts, links)}" if said.further else html


def _further_lines(said: AnswerMessage, texts: Texts, links: Links) -> str:
    return "\n".join([said.heading or "", *(_one_line(each, texts, links) for each in said.further)])


def _one_line(report: Report, texts: Texts, links: Links) -> str:
    return texts.further_line.format(
        rank=report.rank,
        title=tap(links.article(report.source.article_id), report.source.title),
        where=escape(_place_and_day(report.source, texts)),
        sentence=escape(shorten(" ".join(report.quotes[0].text.split()), _LINE_CHARS)),
    )


def _place_and_day(source: Source, texts: Texts) -> str:
    return texts.in_parenthesis(texts.comma.join(part for part in (source.place, source.day) if part))


def _button_rows(steps: Sequence[NextStep], answer_id: str, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """Return buttons for what one can do next: to read on, to be told more, to judge the answer."""
    rows: list[list[Button]] = [[], [], []]
    for each in steps:
        if each.step is Step.FULL:
            rows[0].append(Button(texts.full_button, f"full:{each.target}:0"))
        elif each.step is Step.HIT:
            label = texts.hit_button.format(rank=each.target)
            rows[0].append(Button(label, f"hit:{answer_id}:{each.target}"))
        elif each.step is Step.MORE:
            rows[0].append(Button(texts.more_button, f"more:{answer_id}"))
        elif each.step is Step.SUBSCRIBE:
            rows[1].append(Button(texts.subscribe_button.format(place=each.name), f"s:{each.target}"))
        elif each.step is Step.WATCH:
            rows[1].append(Button(texts.watch_button, f"w:{answer_id}"))
        else:
            rows[2] += verdict_row(answer_id)
    return tuple(tuple(row) for row in rows if row)


def verdict_row(answer_id: str) -> tuple[Button, ...]:
    """Return 👍 and 👎 for an answer."""
    return (Button("👍", f"fb:{answer_id}:good"), Button("👎", f"fb:{answer_id}:bad"))


def render_told(
    question: str, question_id: int, answer: Answer, answer_id: str, texts: Texts, links: Links
) -> Reply:
    """Return the message that tells of a standing question's new answer; its quotation is left out where it does not fit."""
    reply = render_answer(answer, answer_id, texts, links)
    heading = f"<b>{texts.told_heading.format(question=escape(question))}</b>"
    html = f"{heading}\n\n{reply.html}"
    if utf16_length(html) > MESSAGE_UNITS:
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


def render_report(report: Report, texts: Texts, links: Links) -> str:
    """Return a report as HTML; its passage is left out where it does not fit."""
    head = "\n".join(bold_matches(each, _MOST_BOLD // len(report.quotes)) for each in report.quotes)
    resolved = dict(pair for each in report.quotes for pair in each.resolved)
    if resolved:
        words = texts.comma.join(
            texts.resolved_word.format(word=escape(word), meaning=escape(meaning))
            for word, meaning in resolved.items()
        )
        head += f"\n<i>{texts.resolved_note.format(words=words)}</i>"
    source = render_source(report.source, texts, links)
    if report.also:
        names = texts.semicolon.join(map(escape, report.also))
        source += "\n" + texts.same_story.format(n=len(report.also), sources=names)
    quote = f"<blockquote expandable>{escape(report.passage)}</blockquote>"
    plain = utf16_length(head) + utf16_length(source) + utf16_length(report.passage)
    html = f"{head}\n\n{source}"
    return f"{html}\n\n{quote}" if plain + 8 <= MESSAGE_UNITS else html


def bold_matches(quote: Quote, n_most: int = _MOST_BOLD) -> str:
    """Return a quote with what meets the question in bold."""
    pieces: list[str] = []
    at = 0
    for start, end in quote.bold[:n_most]:
        pieces += [escape(quote.text[at:start]), f"<b>{escape(quote.text[start:end])}</b>"]
        at = end
    return "".join([*pieces, escape(quote.text[at:])])


def render_source(source: Source, texts: Texts, links: Links) -> str:
    """Return title and place to tap, section, date and who wrote it; 原文 where the article stands elsewhere too."""
    place = (
        tap(links.place(source.place_code), source.place or "")
        if source.place_code
        else escape(source.place or "")
    )
    parts = [escape(source.section or ""), place, escape(source.as_of), escape(source.paper or "")]
    if source.url:
        parts.append(tap(source.url, texts.original))
    title = f"<b>{tap(links.article(source.article_id), source.title)}</b>"
    lines = (title, " · ".join(filter(None, parts)), escape(source.author or ""))
    return "\n".join(filter(None, lines))


def render_more(
    shown: Sequence[Report], page: int, n_all: int, answer_id: str, texts: Texts, links: Links
) -> Reply:
    """Return a page of an answer's further reports, with buttons that turn to the others in place."""
    first = page * MORE_PER_PAGE
    head = texts.more_heading.format(first=first + 1, last=first + len(shown), n=n_all)
    blocks = [
        texts.more_line.format(
            rank=each.rank,
            title=tap(links.article(each.source.article_id), shorten(each.source.title, _TITLE_CHARS)),
            where=escape(_place_and_day(each.source, texts)),
            sentence=_bounded(each.quotes[0]),
        )
        for each in shown
    ]
    opened = tuple(
        Button(texts.hit_button.format(rank=each.rank), f"hit:{answer_id}:{each.rank}") for each in shown
    )
    return Reply("\n\n".join([head, *blocks]), tuple(filter(None, (opened, _turns(page, n_all, answer_id)))))


def _bounded(quote: Quote) -> str:
    """Return a quote with what meets the question in bold; a very long one without, and cut."""
    if len(quote.text) > _QUOTE_CHARS:
        return escape(shorten(quote.text, _QUOTE_CHARS))
    return bold_matches(quote, _MOST_BOLD // MORE_PER_PAGE)


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
