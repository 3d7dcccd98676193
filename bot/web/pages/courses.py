"""What goes on: `/q/ID/timeline`, an answer's figure over time; `/a/ID/story`, an article's story; `/r/CODE/week`, a place's week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.chats.answers import GivenAnswer
from bot.messages.answers import Source, compose_source
from bot.messages.courses.charts import draw_png, draw_svg
from bot.messages.courses.timelines import compose_timeline
from bot.messages.weeks import Week, compose_week, items_of, newest_week
from bot.web.pages.asking import find_given
from bot.web.pages.places import find_place
from bot.web.pages.rendering import View
from bot.web.parts import Parts, WebParts, visitor_of
from retrieval import Archive, Course, Timeline

ROUTER = APIRouter(include_in_schema=False)
_MOST_FIGURES = 100
"""The latest ones are shown: no page is too long."""
_MOST_STORIES = 60
_KEPT = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One article of a story as the page shows it."""

    source: Source
    sentence: str
    is_asked: bool
    """Whether it is the one that was come from."""


@ROUTER.get("/q/{answer_id}/timeline")
async def timeline(request: Request, parts: Parts, answer_id: str) -> Response:
    """Return the figure of an answer over time."""
    view = View.of(request)

    def make() -> Response:
        given = find_given(parts, answer_id)
        found = parts.memory.get(("timeline", answer_id), lambda: _timeline(parts, given))
        if found is None or not found.points:
            raise HTTPException(404)
        place = parts.library.name_of(found.place) if found.place else None
        said = compose_timeline(found, place, view.texts)
        return view.page(
            "timeline.html",
            kept=_KEPT,
            said=said,
            lines=said.lines[-_MOST_FIGURES:],
            n_left=max(0, len(said.lines) - _MOST_FIGURES),
            chart=draw_svg(found, said.heading) if found.is_shown else "",
            answer_id=answer_id,
            question=given.question,
        )

    # it reads as much as a question does, so it waits and counts as one
    return await parts.gate.ask(visitor_of(request), "", make)


@ROUTER.get("/q/{answer_id}/timeline.png")
async def timeline_picture(request: Request, parts: Parts, answer_id: str) -> Response:
    """Return the same as a picture, for where the page's address is passed on."""

    def make() -> Response:
        given = find_given(parts, answer_id)
        found = parts.memory.get(("timeline", answer_id), lambda: _timeline(parts, given))
        if found is None or not found.points:
            raise HTTPException(404)
        return Response(draw_png(found), media_type="image/png", headers={"Cache-Control": _KEPT})

    return await parts.gate.ask(visitor_of(request), "", make)


def _timeline(parts: WebParts, given: GivenAnswer) -> Timeline | None:
    article = parts.library.article(given.hits[0].article_id) if given.hits else None
    if article is None or given.turn is None:
        return None
    return parts.library.timeline_of_turn(given.turn, article, given.hits[0].evidence)


@ROUTER.get("/a/{article_id}/story")
async def story(request: Request, parts: Parts, article_id: str) -> Response:
    """Return the articles on the matter of one, the oldest first."""
    view = View.of(request)

    def make() -> Response:
        article = parts.library.article(article_id[:16])
        if article is None:
            raise HTTPException(404)
        course = parts.memory.get(("story", article.id), lambda: parts.library.story(article))
        return view.page("story.html", kept=_KEPT, article=article, steps=_steps(view, course))

    return await parts.gate.ask(visitor_of(request), "", make)


def _steps(view: View, course: Course) -> list[CourseStep]:
    return [
        CourseStep(
            compose_source(step.article, view.texts),
            " ".join(step.sentence_text.split()),
            step.article.id == course.of.id,
        )
        for step in course.steps
    ]


@ROUTER.get("/r/{word}/week")
def newest(request: Request, parts: Parts, word: str) -> Response:
    """Lead to the week of a place's newest article."""
    view = View.of(request)
    code = find_place(parts, word, view.web.everywhere).code
    week = newest_week(parts.library, code) if code else None
    if week is None:
        raise HTTPException(404)
    return RedirectResponse(view.url(f"/r/{word}/week/{week.name}"), 307)


@ROUTER.get("/r/{word}/week/{name}")
async def week(request: Request, parts: Parts, word: str, name: str) -> Response:
    """Return what a week's papers said of a place: its news, its figures, how many stories each place within has."""
    view = View.of(request)
    place, asked = find_place(parts, word, view.web.everywhere), Week.parse(name)
    if asked is None or place.code is None or not _is_within(asked):
        raise HTTPException(404)
    code = place.code

    def make() -> Response:
        library = parts.library
        with library.store.at_once():
            items = items_of(library, code, asked)
            archive = Archive(library.store)
            days = archive.last_day(code, asked.first), archive.first_day(code, asked.last)
        said = compose_week(items, code, asked, library.resolver.gazetteer, view.texts)
        before, after = (Week.around(day) if day else None for day in days)
        return view.page(
            "week.html",
            kept=_KEPT,
            place=place,
            week=asked,
            said=said,
            before=before,
            after=after,
            most=_MOST_STORIES,
        )

    return await parts.run_slowly(make)


def _is_within(week: Week) -> bool:
    """Whether there is a day before the week and one behind it."""
    return date.min + timedelta(days=8) < week.first < date.max - timedelta(days=15)
