"""`yunwen timeline`, `story`, `week` and `month`: a figure over time, how a matter went on, a place's week and month."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.command_line.documents import print_json
from bot.documents.composing import Composer
from bot.errors import BotError
from bot.settings import Settings
from retrieval import Course, Library, Point, Timeline, without_sequel

if TYPE_CHECKING:
    from bot.messages.weeks import Span, WeekMessage


def timeline(options: argparse.Namespace, settings: Settings) -> int:
    """Print how the figure that a question names went over time."""
    if not any(character.isalnum() for character in options.question):
        raise BotError("the question has no words to look for: name a figure, such as 库伦旗水稻种植面积")
    from bot.composition import open_library
    from bot.languages import DEFAULT, texts_of
    from bot.messages.courses.timelines import compose_timeline

    library = open_library(settings)
    found = library.timeline(options.question, today=options.today)
    place = library.name_of(found.place) if found.place else None
    if options.picture is not None:
        _draw(found, options.picture)
    if options.json:
        print_json(timeline_document(found, place, Composer(settings.web_url)))
        return 0
    texts = texts_of(DEFAULT)
    said = compose_timeline(found, place, texts)
    print(said.heading)
    for line in said.lines:
        note = texts.in_parenthesis(line.note)
        mark = " ≠" if line.differs else ""
        print(f"\n{line.time}  {line.value}{note}{mark}\n  {line.quote.text}")
        print(f"  {line.source.title}{texts.in_parenthesis(line.source.day or '')}")
    for note in said.notes:
        print(f"\n{note}")
    return 0


def story(options: argparse.Namespace, settings: Settings) -> int:
    """Print how the matter of the article that answers a question went on."""
    if not any(character.isalnum() for character in options.question):
        raise BotError("the question has no words to look for: name a matter, such as 通辽机场改扩建")
    from bot.composition import open_library

    library = open_library(settings)
    asked = without_sequel(options.question) or options.question
    _, course = library.story_about(asked, today=options.today)
    if options.json:
        print_json(story_document(options.question, course, Composer(settings.web_url)))
        return 0
    if course is None or not course.is_shown:
        raise BotError(f"{options.question}: no further article on the same matter was found")
    for step in course.steps:
        mark = "*" if step.article.id == course.of.id else " "
        print(f"{mark} {step.article.date or ''}  {step.article.title}\n  {step.sentence_text}")
    return 0


def story_document(question: str, course: Course | None, composer: Composer) -> dict[str, Any]:
    """What `yunwen story --json` prints."""
    return {
        "question": question,
        "article": composer.article(course.of).model_dump(mode="json") if course else None,
        "steps": [
            {
                "date": step.article.date.isoformat() if step.article.date else None,
                "sentence": step.sentence_text,
                "start": step.sentence[0],
                "end": step.sentence[1],
                "shared": list(step.shared),
                "article": composer.article(step.article).model_dump(mode="json"),
            }
            for step in (course.steps if course else ())
        ],
        "took_ms": round(course.took_ms, 1) if course else 0.0,
    }


def week(options: argparse.Namespace, settings: Settings) -> int:
    """Print what a week's papers said of a place."""
    from bot.messages.weeks import Week, newest_week

    named = Week.parse(options.week) if options.week else None
    if options.week and named is None:
        raise BotError(f"{options.week}: is no week: write it as 2022-W26")
    return _look_back(options, settings, named, newest_week, "week")


def month(options: argparse.Namespace, settings: Settings) -> int:
    """Print what a month's papers said of a place."""
    from bot.messages.weeks import Month, newest_month

    named = Month.parse(options.month) if options.month else None
    if options.month and named is None:
        raise BotError(f"{options.month}: is no month: write it as 2022-06")
    return _look_back(options, settings, named, newest_month, "month")


def _look_back(
    options: argparse.Namespace,
    settings: Settings,
    named: Span | None,
    newest: Callable[[Library, str], Span | None],
    kind: str,
) -> int:
    from rich.console import Console

    from bot.command_line.conversation import render_look
    from bot.composition import open_library
    from bot.languages import DEFAULT, texts_of
    from bot.messages.weeks import compose_week, items_of

    library = open_library(settings)
    code = library.find_place(options.place).code
    if code is None:
        raise BotError(f"{options.place}: is no place that is known, or could be several: write it in full")
    span = named or newest(library, code)
    if span is None:
        raise BotError(f"{library.name_of(code)}: there are no articles about it yet")
    items = items_of(library, code, span)
    said = compose_week(items, code, span, library.resolver.gazetteer, texts_of(DEFAULT))
    if options.picture is not None:
        _draw_map(said, library, options.picture)
    if options.json:
        document = Composer(settings.web_url).digest(code, library.name_of(code), span.first, items)
        print_json(
            {
                **document.model_dump(mode="json"),
                kind: span.name,
                "last": span.last.isoformat(),
                "places": dict(said.places),
            }
        )
        return 0
    Console(highlight=False, soft_wrap=True).print(render_look(said))
    return 0


def _draw_map(said: WeekMessage, library: Library, path: Path) -> None:
    from bot.messages.courses.maps import draw_map_png, draw_map_svg, lay_out_map

    tiles = lay_out_map(said.told, library.resolver.gazetteer)
    if not tiles:
        raise BotError("there is no map of a place without others in it: name a prefecture or a province")
    is_svg = path.suffix.lower() == ".svg"
    _write_picture(path, draw_map_svg(tiles, said.heading).encode() if is_svg else draw_map_png(tiles))


def _draw(found: Timeline, path: Path) -> None:
    from bot.messages.courses.charts import draw_png, draw_svg

    if not found.points:
        raise BotError("there is no figure to draw: ask without --picture to see what is said")
    is_svg = path.suffix.lower() == ".svg"
    _write_picture(path, draw_svg(found).encode() if is_svg else draw_png(found))


def _write_picture(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise BotError(
            f"{path}: cannot be written ({error.strerror}): name a file in a folder of yours"
        ) from error


def timeline_document(found: Timeline, place: str | None, composer: Composer) -> dict[str, Any]:
    """What `yunwen timeline --json` prints."""
    return {
        "question": found.question,
        "indicator": found.indicator,
        "place": {"code": found.place, "name": place} if found.place else None,
        "unit": found.unit,
        "narrowed": found.narrowed or None,
        "points": [_point_document(point, composer) for point in found.points],
        "took_ms": round(found.took_ms, 1),
    }


def _point_document(point: Point, composer: Composer) -> dict[str, Any]:
    return {
        "date": point.date,
        "first": point.first.isoformat(),
        "last": point.last.isoformat(),
        "is_from_text": point.is_from_text,
        "value": _number(point.value),
        "most": _number(point.most),
        "bound": {1: "least", -1: "most"}.get(point.bound),
        "unit": point.unit,
        "kind": point.kind.value,
        "figure": point.figure_text,
        "sentence": point.sentence_text,
        "start": point.sentence[0],
        "end": point.sentence[1],
        "article": composer.article(point.article).model_dump(mode="json"),
        "also": [each.id for each in point.also],
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
