"""What a question is answered with: an answer, or a story's course or a look back in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.languages import Texts
from bot.messages.weeks import WeekMessage, find_look
from retrieval import Answer, Course, Library, Outcome


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, with what is shown in its place, if anything is."""

    answer: Answer
    course: Course | None = None
    """The story that the question asks for (后来怎么样了)."""
    look: WeekMessage | None = None
    """The week or month that the question looks back on, in place of a list of stories."""


def respond(
    library: Library,
    question: str,
    texts: Texts,
    ask: Callable[[], Answer],
    *,
    k: int = 5,
    today: date | None = None,
    region: str | None = None,
    home: str | None = None,
) -> Response:
    """Return what a question is answered with; `ask` gives the answer where it asks for no story.

    A look back at no place named is one at `home`; a story may have gone on anywhere.
    """
    told = library.sequel(question, k=k, today=today, region=region)
    if told is not None:
        return Response(told[0], course=told[1])
    answer = ask()
    is_browsing = answer.outcome is Outcome.BROWSE
    where = region or home
    look = find_look(library, question, texts, today=today, region=where) if is_browsing else None
    return Response(answer, look=look)
