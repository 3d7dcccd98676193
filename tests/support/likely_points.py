"""Points of a timeline from any likelihood on: what is read, apart from how sure one has to be to show it."""

from datetime import date

from retrieval import Library, Point
from retrieval.timelines.building import Gathered, Timelines, points_of
from retrieval.timelines.choosing import of_one_figure
from retrieval.timelines.likelihood import bundled

LIKELIER = 0.5
"""Likelier than not. A page or two give a figure too little company for more."""


def gathered(library: Library, question: str, today: date) -> Gathered:
    """The figures of a library that may be of what a question follows."""
    answerer = library.answerer
    timelines = Timelines(
        library.store, answerer.index, answerer.tokenizer, library.resolver, answerer.understanding
    )
    return timelines.gather(question, today)


def likely_points(library: Library, question: str, today: date) -> tuple[Point, ...]:
    """The points that are likelier than not."""
    asked = gathered(library, question, today)
    return points_of(of_one_figure(asked.found, asked.asked.regions, asked.indicator, bundled(), LIKELIER))[1]
