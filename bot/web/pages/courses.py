"""What goes on: an answer's figure over time, an article's story, a place's week and month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.chats.answers import GivenAnswer
from bot.messages.courses.charts import draw_png, draw_svg
from bot.messages.courses.maps import draw_map_svg, is_telling, lay_out_map
from bot.messages.courses.timelines import compose_timeline
from bot.messages.weeks import Month, Span, Week, compose_week, items_of, newest_month, newest_week
from bot.web.pages.asking import find_given
from bot.web.pages.places import find_place
from bot.web.pages.rendering import View, look_path
from bot.web.pages.stories import steps_of
from bot.web.parts import Parts, WebParts, visitor_of
from retrieval import Archive, Library, Timeline

ROUTER = APIRouter(include_in_schema=False)
_MOST_FIGURES = 100
"""The latest ones are shown: no page is too long."""
_MOST_STORIES = 60
_KEPT = "public, max-age=300"


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
        return view.page("story.html", kept=_KEPT, article=article, steps=steps_of(course, view.texts))

    return await parts.gate.ask(visitor_of(request), "", make)


@ROUTER.get("/r/{word}/week")
def last_week(request: Request, parts: Parts, word: str) -> Response:
    """Lead to the week of a place's newest article."""
    return _lead_to(request, parts, word, newest_week)


@ROUTER.get("/r/{word}/month")
def last_month(request: Request, parts: Parts, word: str) -> Response:
    """Lead to the month of a place's newest article."""
    return _lead_to(request, parts, word, newest_month)


def _lead_to(
    request: Request, parts: WebParts, word: str, newest: Callable[[Library, str], Span | None]
) -> Response:
    view = View.of(request)
    code = find_place(parts, word, view.web.everywhere).code
    span = newest(parts.library, code) if code else None
    if span is None:
        raise HTTPException(404)
    return RedirectResponse(view.url(look_path(word, span)), 307)


@ROUTER.get("/r/{word}/week/{name}")
async def week(request: Request, parts: Parts, word: str, name: str) -> Response:
    """Return what a week's papers said of a place: its news, its figures, where it was."""
    return await _look_back(request, parts, word, Week.parse(name))


@ROUTER.get("/r/{word}/month/{name}")
async def month(request: Request, parts: Parts, word: str, name: str) -> Response:
    """Return the same of a month."""
    return await _look_back(request, parts, word, Month.parse(name))


async def _look_back(request: Request, parts: WebParts, word: str, span: Span | None) -> Response:
    view = View.of(request)
    place = find_place(parts, word, view.web.everywhere)
    if span is None or place.code is None or not _is_within(span):
        raise HTTPException(404)
    code = place.code

    def make() -> Response:
        library, gazetteer = parts.library, parts.library.resolver.gazetteer
        with library.store.at_once():
            items = items_of(library, code, span)
            archive = Archive(library.store)
            days = archive.last_day(code, span.first), archive.first_day(code, span.last)
        said = compose_week(items, code, span, gazetteer, view.texts)
        before, after = (type(span).around(day) if day else None for day in days)
        tiles = lay_out_map(said.told, gazetteer)
        places = [(each, library.name_of(each), n) for each, n in said.told.items() if n]
        return view.page(
            "look.html",
            kept=_KEPT,
            place=place,
            span=span,
            said_span=_say(span, view),
            said=said,
            before=before,
            after=after,
            said_before=_say(before, view) if before else "",
            said_after=_say(after, view) if after else "",
            map=draw_map_svg(tiles, said.heading) if is_telling(tiles) else "",
            places=sorted(places, key=lambda each: -each[2]),
            most=_MOST_STORIES,
        )

    return await parts.run_slowly(make)


def _say(span: Span, view: View) -> str:
    if isinstance(span, Month):
        return view.web.say_month(span.first)
    return f"{view.texts.say_day(span.first)}–{view.texts.say_day(span.last)}"


def _is_within(span: Span) -> bool:
    """Whether there is a day before the week or month and one behind it."""
    return date.min + timedelta(days=8) < span.first and span.first < date.max - timedelta(days=45)
