"""Answers and articles as messages: HTML that Telegram accepts, in the words of a language's table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import PurePath

from bot.languages import Texts
from bot.messages.links import Links, tap
from bot.messages.reply import Button, Reply
from bot.messages.splitting import MESSAGE_UNITS, split_text, utf16_length
from retrieval import Answer, DateBasis, Evidence, Hit, Outcome, Passage, StoredArticle, Wanted

_MOST_BOLD = 70
"""Of a message, whose links and quotation are formatted too: Telegram formats at most 100 stretches."""
_MOST_FURTHER = 7
"""Further hits in a line each."""
MORE_PER_PAGE = 4
"""Hits on a page of 更多."""
_TITLE_CHARS = 80
_EVIDENCE_CHARS = 500
_LINE_CHARS = 60
"""Characters of a further hit's sentence in its one line."""
_QUESTION_CHARS = 40
"""Characters of a question that are said back."""
_QUOTE = re.compile(r"\n\n<blockquote expandable>.*?</blockquote>", re.DOTALL)
PARTS_AT_ONCE = 5
"""Messages that one press of 全文 sends."""


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


def render_answer(answer: Answer, answer_id: str, texts: Texts, links: Links) -> Reply:
    """The message for an answer; hits of near and none are never presented as the answer."""
    if answer.outcome is Outcome.WHICH_PLACE:
        rows = tuple((Button(each.path, f"place:{answer_id}:{each.code}"),) for each in answer.candidates)
        return Reply(escape(render_reason(answer, texts) or ""), rows)
    if answer.outcome is Outcome.FOUND and answer.hits:
        html = render_hit(answer.hits[0], texts, links)
        further = _further_lines(answer.hits[1:], answer, texts, links)
        if further:
            heading = texts.differing_heading if answer.differing else texts.see_also
            html += f"\n\n{heading}\n{further}"
    else:
        html = render_nearby(answer, texts, links)
    meant = tuple((Button(each.name, f"place:{answer_id}:{each.code}"),) for each in answer.candidates)
    return Reply(html, (*meant, *_answer_buttons(answer, answer_id, texts)))


def render_nearby(answer: Answer, texts: Texts, links: Links) -> str:
    """That nothing is presented as the answer, what may have been meant, and what comes near, marked as such."""
    html = escape(render_reason(answer, texts) or "")
    if answer.candidates:
        names = texts.list_comma.join(escape(each.name) for each in answer.candidates)
        html += "\n" + texts.did_you_mean.format(names=names)
    further = _further_lines(answer.hits, answer, texts, links)
    return f"{html}\n\n{texts.near_heading}\n{further}" if further else html


def _further_lines(hits: Sequence[Hit], answer: Answer, texts: Texts, links: Links) -> str:
    n_lines = min(max(2, len(answer.differing) - 1), _MOST_FURTHER)
    return "\n".join(_one_line(hit, texts, links) for hit in hits[:n_lines])


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
        return texts.nothing_found.format(question=shorten(answer.wanted.question, _QUESTION_CHARS))
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


def shorten(text: str, n_characters: int) -> str:
    """The text, or its beginning with … so that it has no more than so many characters."""
    return text if len(text) <= n_characters else text[: n_characters - 1] + "…"


def _answer_buttons(answer: Answer, answer_id: str, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """What can be done with an answer: its articles, then to be told more, then to judge it."""
    is_found = answer.outcome is Outcome.FOUND and bool(answer.hits)
    row = [Button(texts.full_button, f"full:{answer.hits[0].article.id}:0")] if is_found else []
    first = 1 if is_found else 0
    row += [
        Button(texts.hit_button.format(rank=hit.rank), f"hit:{answer_id}:{hit.rank}")
        for hit in answer.hits[first : first + 2]
    ]
    if len(answer.hits) > first:
        row.append(Button(texts.more_button, f"more:{answer_id}"))
    following: list[Button] = []
    regions = answer.hits[0].article.regions if is_found else ()
    place = next((each for each in regions if each.role == "primary"), None)
    if place is not None:
        following.append(Button(texts.subscribe_button.format(place=place.name), f"s:{place.code}"))
    if can_be_watched(answer) and not answer.candidates:
        following.append(Button(texts.watch_button, f"w:{answer_id}"))
    rows = (tuple(row), tuple(following), verdict_row(answer_id))
    return tuple(each for each in rows if each)


def can_be_watched(answer: Answer) -> bool:
    """Whether a later article could answer the question."""
    return answer.turn is not None and answer.outcome in (Outcome.FOUND, Outcome.NEAR, Outcome.NONE)


def verdict_row(answer_id: str) -> tuple[Button, ...]:
    """👍 and 👎 for an answer."""
    return (Button("👍", f"fb:{answer_id}:good"), Button("👎", f"fb:{answer_id}:bad"))


def render_told(
    question: str, question_id: int, answer: Answer, answer_id: str, texts: Texts, links: Links
) -> Reply:
    """The message that tells of a standing question's new answer; its quotation is left out where it does not fit."""
    reply = render_answer(answer, answer_id, texts, links)
    heading = f"<b>{texts.told_heading.format(question=escape(question))}</b>"
    html = f"{heading}\n\n{reply.html}"
    if utf16_length(html) > MESSAGE_UNITS:
        html = _QUOTE.sub("", html)
    unwatch = Button(texts.unwatch_button, f"wd:{question_id}")
    buttons = tuple(
        tuple(unwatch if each.data.startswith("w:") else each for each in row) for row in reply.buttons
    )
    return Reply(html, buttons)


def render_hit(hit: Hit, texts: Texts, links: Links) -> str:
    """Evidence first, then the source, then the passage in a quotation that unfolds."""
    return render_found(hit.article, hit.passage, hit.evidence, texts, links, also=hit.also)


def render_found(
    article: StoredArticle,
    passage: Passage,
    evidence: Sequence[Evidence],
    texts: Texts,
    links: Links,
    also: Sequence[StoredArticle] = (),
) -> str:
    """The same of an article, a passage and evidence. The passage is left out where it does not fit."""
    head = "\n".join(bold_matches(article.text, each, _MOST_BOLD // len(evidence)) for each in evidence)
    resolved = dict(pair for each in evidence for pair in each.resolved)
    if resolved:
        words = texts.comma.join(
            texts.resolved_word.format(word=escape(word), meaning=escape(meaning))
            for word, meaning in resolved.items()
        )
        head += f"\n<i>{texts.resolved_note.format(words=words)}</i>"
    source = render_source(article, texts, links)
    if also:
        sources = texts.semicolon.join(escape(source_name(each)) for each in also)
        source += "\n" + texts.same_story.format(n=len(also), sources=sources)
    quote = f"<blockquote expandable>{escape(passage.text)}</blockquote>"
    plain = utf16_length(head) + utf16_length(source) + utf16_length(passage.text)
    html = f"{head}\n\n{source}"
    return f"{html}\n\n{quote}" if plain + 8 <= MESSAGE_UNITS else html


def bold_matches(text: str, evidence: Evidence, n_most: int = _MOST_BOLD) -> str:
    """The evidence as it stands in the article's text, with the question's words in bold."""
    pieces: list[str] = []
    at = evidence.start
    for start, end in evidence.matched[:n_most]:
        pieces += [escape(text[at:start]), f"<b>{escape(text[start:end])}</b>"]
        at = end
    return "".join([*pieces, escape(text[at : evidence.end])])


def render_source(article: StoredArticle, texts: Texts, links: Links) -> str:
    """Title and place to tap, section, date and who wrote it; 原文 where the article stands elsewhere too."""
    region = next((each for each in article.regions if each.role == "primary"), None)
    place = tap(links.place(region.code), region.name) if region else escape(article.place or "")
    dated = escape(as_of(article.date, article.date_basis, texts))
    parts = [escape(article.section or ""), place, dated, escape(article.source or "")]
    if article.url and article.url.startswith(("http://", "https://")):
        parts.append(tap(article.url, texts.original))
    title = f"<b>{tap(links.article(article.id), article.title)}</b>"
    by = article.byline or article.credit
    return "\n".join(part for part in (title, " · ".join(filter(None, parts)), escape(by or "")) if part)


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


def _one_line(hit: Hit, texts: Texts, links: Links) -> str:
    sentence = shorten(" ".join(hit.evidence[0].text.split()), _LINE_CHARS)
    return texts.further_line.format(
        rank=hit.rank,
        title=tap(links.article(hit.article.id), hit.article.title),
        where=escape(place_and_date(hit.article, texts)),
        sentence=escape(sentence),
    )


def place_and_date(article: StoredArticle, texts: Texts) -> str:
    """Where and when, in parentheses, as plain text; "" if neither is known."""
    day = f"{article.date:%Y-%m-%d}" if article.date else None
    return texts.in_parenthesis(texts.comma.join(part for part in (place_of(article), day) if part))


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit of an answer that was sent, read again from the store."""

    rank: int
    article: StoredArticle
    evidence: tuple[Evidence, ...]


def render_more(
    shown: Sequence[Shown], page: int, n_all: int, answer_id: str, texts: Texts, links: Links
) -> Reply:
    """A page of an answer's further hits, and buttons that turn to the others in place."""
    first = page * MORE_PER_PAGE
    head = texts.more_heading.format(first=first + 1, last=first + len(shown), n=n_all)
    blocks = [
        texts.more_line.format(
            rank=each.rank,
            title=tap(links.article(each.article.id), shorten(each.article.title, _TITLE_CHARS)),
            where=escape(place_and_date(each.article, texts)),
            sentence=_shortened_evidence(each),
        )
        for each in shown
    ]
    opened = tuple(
        Button(texts.hit_button.format(rank=each.rank), f"hit:{answer_id}:{each.rank}") for each in shown
    )
    return Reply("\n\n".join([head, *blocks]), tuple(filter(None, (opened, _turns(page, n_all, answer_id)))))


def _shortened_evidence(each: Shown) -> str:
    """The first sentence with its words in bold; a very long one without, and cut."""
    evidence = each.evidence[0]
    text = each.article.text[evidence.start : evidence.end]
    if len(text) > _EVIDENCE_CHARS:
        return escape(shorten(text, _EVIDENCE_CHARS))
    return bold_matches(each.article.text, evidence, _MOST_BOLD // MORE_PER_PAGE)


def _turns(page: int, n_all: int, answer_id: str) -> tuple[Button, ...]:
    turns = [Button("‹", f"turn:{answer_id}:{page - 1}")] if page else []
    if (page + 1) * MORE_PER_PAGE < n_all:
        turns.append(Button("›", f"turn:{answer_id}:{page + 1}"))
    return tuple(turns)


def render_full(article: StoredArticle, first: int, texts: Texts, links: Links) -> list[Reply]:
    """The whole article from part `first` on, at most PARTS_AT_ONCE messages; the last has a button for the rest."""
    source = render_source(article, texts, links)
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
