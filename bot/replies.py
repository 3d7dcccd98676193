"""Answers and articles as messages: HTML that Telegram accepts, in the words of a language's table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import PurePath

from bot.languages import Texts
from bot.splitting import MESSAGE_UNITS, split_text, utf16_length
from retrieval import Answer, DateBasis, Evidence, Hit, Outcome, Passage, StoredArticle, Wanted

_MOST_ENTITIES = 90
"""Telegram formats at most 100 stretches of a message."""
_LINE_CHARS = 60
"""Characters of a further hit's sentence in its one line."""
_QUESTION_CHARS = 40
"""Characters of a question that are said back."""
PARTS_AT_ONCE = 5
"""Messages that one press of 全文 sends."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message; `data` has at most 64 bytes."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A message to send: HTML, or plain text, and rows of buttons."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    is_html: bool = True


def apology(texts: Texts, code: str) -> str:
    """What a person sees when something failed; the operator finds the code in the log."""
    return texts.apology.format(code=escape(code))


def welcome(texts: Texts, samples: Sequence[tuple[str, str]]) -> Reply:
    """The greeting with sample questions: (question, article id)."""
    return _with_samples(texts, texts.welcome, samples)


def help_text(texts: Texts, samples: Sequence[tuple[str, str]]) -> Reply:
    """What can be asked and what the buttons do."""
    return _with_samples(texts, texts.help, samples)


def _with_samples(texts: Texts, html: str, samples: Sequence[tuple[str, str]]) -> Reply:
    if not samples:
        return Reply(html)
    buttons = tuple((Button(question, f"sample:{article_id}"),) for question, article_id in samples)
    return Reply(f"{html}\n\n{texts.try_these}", buttons)


def sample_question(article: StoredArticle) -> str:
    """An article's place and title: a question that it answers."""
    title = (
        article.title
        if not article.place or article.place in article.title
        else article.place + article.title
    )
    return title[:40]


def render_answer(answer: Answer, answer_id: str, texts: Texts) -> Reply:
    """The message for an answer; hits of near and none are never presented as the answer."""
    reason = escape(render_reason(answer, texts) or "")
    if answer.outcome is Outcome.WHICH_PLACE:
        rows = tuple((Button(each.path, f"place:{answer_id}:{each.code}"),) for each in answer.candidates)
        return Reply(reason, rows)
    if answer.outcome is Outcome.FOUND and answer.hits:
        html = render_hit(answer.hits[0], texts)
        further = answer.hits[1:]
        shown = answer.hits[:1]
    else:
        html = reason
        further, shown = answer.hits, ()
        if answer.candidates:
            names = texts.list_comma.join(escape(each.name) for each in answer.candidates)
            html += "\n" + texts.did_you_mean.format(names=names)
    lines = [_one_line(hit, texts) for hit in further[: max(2, len(answer.differing) - 1)]]
    if lines:
        heading = texts.see_also if shown else texts.near_heading
        if answer.differing:
            heading = texts.differing_heading
        html += f"\n\n{heading}\n" + "\n".join(lines)
    meant = tuple((Button(each.name, f"place:{answer_id}:{each.code}"),) for each in answer.candidates)
    return Reply(html, (*meant, *_answer_buttons(answer, answer_id, texts)))


def render_reason(answer: Answer, texts: Texts) -> str | None:
    """One sentence, as plain text, on why nothing is presented as the answer; None where something is."""
    if answer.outcome is Outcome.FOUND:
        return None
    if answer.outcome is Outcome.WHICH_PLACE:
        return texts.which_meaning.format(name=answer.candidates[0].text if answer.candidates else "")
    if answer.wanted is None:
        return texts.nothing_to_look_for
    if answer.outcome is Outcome.NEEDS_COUNTING:
        return texts.counting_with_hits if answer.hits else texts.counting_without_hits
    if answer.outcome is Outcome.NONE or not answer.hits:
        return texts.nothing_found.format(question=_shortened(answer.wanted.question, _QUESTION_CHARS))
    first = answer.hits[0].article
    place = next((region.name for region in first.regions), first.place)
    issued = texts.say_day(first.date) if first.date else ""
    where = texts.comma.join(part for part in (place, issued) if part)
    return texts.near_found.format(
        wanted=_say_wanted(answer.wanted, texts), title=first.title, where=texts.in_parenthesis(where)
    )


def _say_wanted(wanted: Wanted, texts: Texts) -> str:
    """What was asked for in a few words: its place, time and topic."""
    where = texts.list_comma.join(wanted.places) + "".join(wanted.times)
    if where and wanted.topic:
        return texts.wanted_of.format(where=where, topic=wanted.topic)
    return where or wanted.topic or texts.wanted_answer


def _shortened(text: str, n_characters: int) -> str:
    return text if len(text) <= n_characters else text[: n_characters - 1] + "…"


def _answer_buttons(answer: Answer, answer_id: str, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    if not answer.hits:
        return ()
    is_found = answer.outcome is Outcome.FOUND
    row = [Button(texts.full_button, f"full:{answer.hits[0].article.id}:0")] if is_found else []
    first = 1 if is_found else 0
    row += [
        Button(texts.hit_button.format(rank=hit.rank), f"hit:{answer_id}:{hit.rank}")
        for hit in answer.hits[first : first + 2]
    ]
    row.append(Button(texts.more_button, f"more:{answer_id}"))
    place = next((each for each in answer.hits[0].article.regions if each.role == "primary"), None)
    if is_found and place is not None:
        subscribe = Button(texts.subscribe_button.format(place=place.name), f"s:{place.code}")
        return tuple(row), (subscribe,)
    return (tuple(row),)


def render_hit(hit: Hit, texts: Texts) -> str:
    """Evidence first, then the source, then the passage in a quotation that unfolds."""
    return render_found(hit.article, hit.passage, hit.evidence, texts, also=hit.also)


def render_found(
    article: StoredArticle,
    passage: Passage,
    evidence: Sequence[Evidence],
    texts: Texts,
    also: Sequence[StoredArticle] = (),
) -> str:
    """The same of an article, a passage and evidence. The passage is left out where it does not fit."""
    head = "\n".join(_bold_matches(article.text, each) for each in evidence)
    resolved = dict(pair for each in evidence for pair in each.resolved)
    if resolved:
        words = texts.comma.join(
            texts.resolved_word.format(word=escape(word), meaning=escape(meaning))
            for word, meaning in resolved.items()
        )
        head += f"\n<i>{texts.resolved_note.format(words=words)}</i>"
    source = render_source(article, texts)
    if also:
        sources = texts.semicolon.join(escape(source_name(each)) for each in also)
        source += "\n" + texts.same_story.format(n=len(also), sources=sources)
    quote = f"<blockquote expandable>{escape(passage.text)}</blockquote>"
    plain = utf16_length(head) + utf16_length(source) + utf16_length(passage.text)
    html = f"{head}\n\n{source}"
    return f"{html}\n\n{quote}" if plain + 8 <= MESSAGE_UNITS else html


def _bold_matches(text: str, evidence: Evidence) -> str:
    pieces: list[str] = []
    at = evidence.start
    for start, end in evidence.matched[:_MOST_ENTITIES]:
        pieces += [escape(text[at:start]), f"<b>{escape(text[start:end])}</b>"]
        at = end
    return "".join([*pieces, escape(text[at : evidence.end])])


def render_source(article: StoredArticle, texts: Texts) -> str:
    """Title, section, place, date and who wrote it."""
    parts = [
        article.section,
        place_of(article),
        as_of(article.date, article.date_basis, texts),
        article.source,
    ]
    line = " · ".join(escape(part) for part in parts if part)
    title = f"<b>{escape(article.title)}</b>"
    if article.url and article.url.startswith(("http://", "https://")):
        title = f'<a href="{escape(article.url)}">{escape(article.title)}</a>'
    by = article.byline or article.credit
    return "\n".join(part for part in (title, line, escape(by) if by else "") if part)


def place_of(article: StoredArticle) -> str | None:
    """The name of the place that an article is about, or None."""
    return next((each.name for each in article.regions if each.role == "primary"), article.place)


def source_name(article: StoredArticle) -> str:
    """The newspaper and day of an article, or its page's file name."""
    day = f"{article.date:%Y-%m-%d}" if article.date else ""
    return " ".join(part for part in (article.source, day) if part) or PurePath(article.page).name


def as_of(issued: date | None, basis: DateBasis, texts: Texts) -> str:
    """截至 with the issue date, and a word where it was worked out."""
    if issued is None:
        return texts.date_unknown
    inferred = texts.date_inferred if basis is DateBasis.INFERRED else ""
    return texts.as_of.format(day=texts.say_day(issued)) + inferred


def _one_line(hit: Hit, texts: Texts) -> str:
    sentence = _shortened(" ".join(hit.evidence[0].text.split()), _LINE_CHARS)
    where = texts.comma.join(
        part
        for part in (place_of(hit.article), f"{hit.article.date:%Y-%m-%d}" if hit.article.date else None)
        if part
    )
    return texts.further_line.format(
        rank=hit.rank,
        title=escape(hit.article.title),
        where=escape(texts.in_parenthesis(where)),
        sentence=escape(sentence),
    )


def render_full(article: StoredArticle, first: int, texts: Texts) -> list[Reply]:
    """The whole article from part `first` on, at most PARTS_AT_ONCE messages; the last has a button for the rest."""
    source = render_source(article, texts)
    head_units = utf16_length(article.title) + utf16_length(source) + 2
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
