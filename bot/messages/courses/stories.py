"""A story's course as a message: its articles in a line each, the oldest first."""

from __future__ import annotations

from html import escape

from bot.languages import Texts
from bot.messages.links import Links, tap
from bot.messages.reply import Button, Reply
from bot.messages.splitting import shorten
from retrieval import Course, Step

_TITLE_UNITS, _SENTENCE_UNITS = 50, 110


def render_story(course: Course, answer_id: str, texts: Texts, links: Links) -> Reply:
    """Return the articles in a line each, with a button that has the chat told when there is more."""
    title = escape(shorten(course.of.title, _TITLE_UNITS))
    head = f"<b>{texts.story_heading.format(title=title, n=len(course.steps))}</b>"
    lines = [_line(step, texts, links) for step in course.steps]
    return Reply("\n".join([head, "", *lines]), ((Button(texts.watch_button, f"w:{answer_id}"),),))


def _line(step: Step, texts: Texts, links: Links) -> str:
    article = step.article
    return texts.story_line.format(
        day=f"{article.date:%Y-%m-%d}" if article.date else texts.date_unknown,
        title=tap(links.article(article.id), shorten(article.title, _TITLE_UNITS)),
        sentence=escape(shorten(" ".join(step.sentence_text.split()), _SENTENCE_UNITS)),
    )
