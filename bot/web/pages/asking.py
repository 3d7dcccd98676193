"""`/` with its questions, `/?q=` with an answer, and `/q/ID`, an answer's permanent address."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.chats.answers import WEB_CHAT, GivenAnswer
from bot.chats.feedback import Reason, Verdict
from bot.messages.answers import AnswerMessage, compose_answer
from bot.messages.browsing.stories import compose_browse
from bot.messages.courses import responses
from bot.messages.unasked import ask_typed, hear_meaning, say_unasked, say_unasked_words
from bot.web.pages.given import restore
from bot.web.pages.rendering import View
from bot.web.pages.stories import Row, by_place, row_of, steps_of, stories_dated
from bot.web.parts import Parts, WebParts, visitor_of
from retrieval import HOME_ZONE, Answer, Archive, Outcome, Turn

ROUTER = APIRouter(include_in_schema=False)
N_HITS = 8
"""Asked for with each question."""
_N_FURTHER = 7
_FRONT_STORIES, _FRONT_DAYS = 12, 7
"""On the first page: as many days as it takes to have so many stories, but not more days than these."""
_MOST_OF_A_DAY = 16
_MOST_STORIES = 1000
_SAMPLES = 3
_MOST_FIELDS = 10


@ROUTER.get("/")
async def ask(
    request: Request,
    parts: Parts,
    q: str = "",
    place: str = "",
    after: str = "",
    of: str = "",
    first: Annotated[int, Query(ge=0, le=_MOST_STORIES)] = 0,
) -> Response:
    """Return the answer to a question, or the first page where there is none.

    `place` decides an unclear place, `after` is the answer that the question goes on from, `of` the one whose question
    it is, `first` how many stories of its list were shown.
    """
    view = View.of(request)
    question = q.strip()
    if not any(character.isalnum() for character in question):
        return await parts.run_slowly(partial(_first_page, view, view.texts.no_words if question else ""))
    if said := say_unasked_words(question, view.texts):
        return await parts.run_slowly(partial(_first_page, view, said))
    region = place if parts.library.is_division(place) else None

    def compute() -> tuple[Answer | None, Response]:
        is_typed = not (region or first)
        meant = hear_meaning(question, parts.library.messages) if is_typed else None
        if said := say_unasked(meant, view.texts):
            return None, _first_page(view, said)
        previous = _previous(parts, after, of)
        answer = _stories_behind(parts, of, first) if first else None
        ask = partial(ask_typed, parts.library, question, k=N_HITS, region=region, previous=previous)
        response = (
            responses.Response(answer)
            if answer
            else responses.respond(parts.library, question, view.texts, ask, k=N_HITS, region=region)
        )
        answer_id = parts.answers.keep_answer(WEB_CHAT, response.answer, previous)
        return response.answer, _answer_page(
            view, answer_id, response, token_for(parts, answer_id), first=first
        )

    answer, page = await parts.gate.ask(visitor_of(request), question, compute)
    if answer is not None:
        parts.record(answer, question)
    return page


@ROUTER.get("/q/{answer_id}")
async def given(request: Request, parts: Parts, answer_id: str, token: str = "", said: str = "") -> Response:
    """Return an answer that was given, as it was given."""
    is_own = bool(token) and hmac.compare_digest(token.encode(), token_for(parts, answer_id).encode())

    def make() -> Response:
        found = find_given(parts, answer_id)
        answer = restore(found, parts.library)
        return _answer_page(
            View.of(request),
            answer_id,
            responses.Response(answer),
            token if is_own else "",
            found,
            said if is_own else "",
        )

    return await parts.run_slowly(make)


@ROUTER.post("/q/{answer_id}/verdict")
async def judge(request: Request, parts: Parts, answer_id: str) -> Response:
    """Keep what whoever asked says of the answer; the token proves that the page with the answer was theirs."""
    try:
        form = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:  # more fields than there are
        raise HTTPException(400) from None
    token, said = (form.get(name, [""])[0] for name in ("token", "said"))
    if not hmac.compare_digest(token.encode("utf-8", "replace"), token_for(parts, answer_id).encode()):
        raise HTTPException(403)
    if said in list(Verdict):
        verdict, reason = Verdict(said), None
    elif said in list(Reason):
        verdict, reason = Verdict.BAD, Reason(said)
    else:
        raise HTTPException(400)
    kept = await run_in_threadpool(parts.feedback.judge, WEB_CHAT, answer_id, verdict, reason, parts.clock())
    if not kept:
        raise HTTPException(410)
    address = View.of(request).url(f"/q/{answer_id}", token=token, said=said)
    return RedirectResponse(f"{address}#verdict", 303)


def find_given(parts: WebParts, answer_id: str) -> GivenAnswer:
    """Return an answer given on a page. Raises 410 where there is none: it may have been there."""
    found = parts.answers.given_answer(answer_id, WEB_CHAT) if len(answer_id) == 12 else None
    if found is None:
        raise HTTPException(410)
    return found


def token_for(parts: WebParts, answer_id: str) -> str:
    """Return what lets whoever asked judge the answer."""
    return hmac.new(parts.secret, answer_id.encode(), hashlib.sha256).hexdigest()[:24]


def _previous(parts: WebParts, after: str, of: str) -> Turn | None:
    if of:
        given = parts.answers.given_answer(of[:12], WEB_CHAT)
        return given.previous if given else None
    given = parts.answers.given_answer(after[:12], WEB_CHAT) if after else None
    return given.turn if given else None


def _stories_behind(parts: WebParts, of: str, first: int) -> Answer | None:
    given = parts.answers.given_answer(of[:12], WEB_CHAT)
    return parts.library.browse_on(given.turn, k=N_HITS, first=first) if given and given.turn else None


def _answer_page(
    view: View,
    answer_id: str,
    response: responses.Response,
    token: str,
    given: GivenAnswer | None = None,
    said: str = "",
    first: int = 0,
) -> Response:
    answer, course = response.answer, response.course
    has_timeline, has_story = _courses(view.parts, answer_id, answer)
    message = compose_answer(
        answer, view.texts, n_further=_N_FURTHER, has_timeline=has_timeline, has_story=has_story
    )
    news = compose_browse(answer, view.texts) if answer.outcome is Outcome.BROWSE else None
    if course is not None:  # told in place of the answer that leads to it
        message = replace(message, found=None, further=(), reason=None)
    moment = given.given_at.astimezone(HOME_ZONE) if given and given.given_at else None
    return view.page(
        "answer.html",
        kept="public, max-age=300" if given and not token else "private, max-age=30",
        question=answer.question,
        answer_id=answer_id,
        said=message if news is None else replace(message, found=None, further=(), reason=news.reason),
        news=news,
        days=_by_day(answer, view) if news else [],
        course=course,
        told=steps_of(course, view.texts) if course else [],
        look=response.look,
        first=first,
        summary=news.heading if news else _summary(message),
        token=token,
        verdict=said,
        reasons=_reasons(view),
        asked_at=f"{view.texts.say_day(moment.date())} {moment:%H:%M}" if moment else "",
        steps={each.step.value for each in message.steps},
    )


def _courses(parts: WebParts, answer_id: str, answer: Answer) -> tuple[bool, bool]:
    """Whether the figure of an answer can be followed over time, and its matter through other articles."""
    if answer.outcome is not Outcome.FOUND or not answer.hits:
        return False, False
    library, article = parts.library, answer.hits[0].article
    timeline = parts.memory.get(("timeline", answer_id), lambda: library.timeline_under(answer))
    course = parts.memory.get(("story in titles", article.id), lambda: library.story(article, reads=False))
    return timeline is not None and timeline.is_shown, course.is_shown


def _by_day(answer: Answer, view: View) -> list[tuple[str, list[Row]]]:
    """The stories of a list under their days in words."""
    return [
        (
            view.texts.say_day(day) if day else view.texts.date_unknown,
            [
                row_of(hit.article, view.texts, hit.evidence[0].text if hit.evidence else "", len(hit.also))
                for hit in hits
            ],
        )
        for day, hits in groupby(answer.hits, key=lambda hit: hit.article.date)
    ]


def _reasons(view: View) -> list[tuple[str, str]]:
    t = view.texts
    return [
        (Reason.PLACE, t.why_place_button),
        (Reason.FIGURE, t.why_figure_button),
        (Reason.OUTDATED, t.why_outdated_button),
        (Reason.OTHER, t.why_other_button),
    ]


def _summary(message: AnswerMessage) -> str:
    """What is shown of an answer where its address is passed on."""
    if message.found is not None and message.found.quotes:
        return f"{message.found.quotes[0].text} {message.found.source.as_of}"
    return message.reason or message.heading or ""


def _first_page(view: View, note: str) -> Response:
    front = view.parts.memory.get(("front", view.language), lambda: _front(view))
    return view.page("home.html", kept="public, max-age=60", note=note, **front)


def find_samples(parts: WebParts) -> list[str]:
    """Return questions to begin with; to find them takes as long as to answer some."""
    return parts.memory.get("samples", lambda: parts.library.sample_questions(_SAMPLES))


def _front(view: View) -> dict[str, Any]:
    """What the first page says of the library."""
    library = view.parts.library
    gazetteer = library.resolver.gazetteer
    archive = Archive(library.store)
    days: list[tuple[str, str, int, list[tuple[str, str, list[Row]]]]] = []
    day, n_stories = archive.last_day(None), 0
    newest = day
    while day is not None and n_stories < _FRONT_STORIES and len(days) < _FRONT_DAYS:
        items = stories_dated(view.parts, day, None)
        shown = by_place(items[: max(1, _MOST_OF_A_DAY - n_stories)], gazetteer, view.texts)
        days.append((day.isoformat(), view.texts.say_day(day), len(items), shown))
        n_stories += len(items)
        day = archive.last_day(None, day)
    return {
        "samples": find_samples(view.parts),
        "counts": library.counts(),
        "newest": view.texts.say_day(newest) if newest else "",
        "days": days,
    }
