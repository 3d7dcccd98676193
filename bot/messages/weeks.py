"""A place's week or month as values: what was new, which figures were told, where it was; nothing in it is generated."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.languages import Texts
from bot.messages.answers import Quote
from bot.messages.sources import Source, compose_source
from retrieval import Choice, DigestItem, Gazetteer, Library, edition_between, find_measured

_MONTH = re.compile(r"(?P<year>\d{4})-?(?P<month>\d{1,2})")
_WEEK = re.compile(r"(?P<year>\d{4})-?[Ww](?P<week>\d{1,2})")


@dataclass(frozen=True, slots=True)
class Week:
    """A week of an ISO calendar."""

    first: date
    """Its Monday."""

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)

    @property
    def name(self) -> str:
        """As ISO 8601 writes it: 2022-W26."""
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"

    @classmethod
    def around(cls, day: date) -> Week:
        """The week in which a day lies."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text: str) -> Week | None:
        """The week that 2022-W26 names; None for what names none."""
        found = _WEEK.fullmatch(text.strip())
        try:
            return cls(date.fromisocalendar(int(found["year"]), int(found["week"]), 1)) if found else None
        except ValueError:  # 2022-W60
            return None


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def name(self) -> str:
        """As ISO 8601 writes it: 2022-06."""
        return f"{self.first:%Y-%m}"

    @classmethod
    def around(cls, day: date) -> Month:
        """The month in which a day lies."""
        return cls(day.replace(day=1))

    @classmethod
    def parse(cls, text: str) -> Month | None:
        """The month that 2022-06 names; None for what names none."""
        found = _MONTH.fullmatch(text.strip())
        try:
            return cls(date(int(found["year"]), int(found["month"]), 1)) if found else None
        except ValueError:  # 2022-13
            return None


Span = Week | Month
"""What is looked back on."""


def span_of(first: date, last: date) -> Span | None:
    """Return the week or month that goes from one day to another, whole or until today; None for any other stretch."""
    for span in (Week.around(first), Month.around(first)):
        if span.first == first and span.last == last:
            return span
    return None


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A story in a sentence of it."""

    quote: Quote
    source: Source
    has_figure: bool


@dataclass(frozen=True, slots=True)
class WeekMessage:
    """All that is said of a place's week or month."""

    heading: str
    news: tuple[WeekLine, ...]
    """The stories whose sentence holds no figure, the newest first."""
    figures: tuple[WeekLine, ...]
    """Those whose sentence holds one."""
    places: tuple[tuple[str, int], ...]
    """The divisions right below the place with how many stories they have, the most first; without the silent ones."""
    n: int
    told: Mapping[str, int]
    """How many stories each division right below has, by code, the silent ones too."""
    code: str
    """The place's."""
    span: Span | None
    """None where nothing was ever printed."""


def newest_week(library: Library, code: str) -> Week | None:
    """The week of the newest article about a division or any within it; None where there is none."""
    day = _newest_day(library, code)
    return Week.around(day) if day else None


def newest_month(library: Library, code: str) -> Month | None:
    """The month of the newest article about a division or any within it; None where there is none."""
    day = _newest_day(library, code)
    return Month.around(day) if day else None


def _newest_day(library: Library, code: str) -> date | None:
    newest = library.newest_within(code, 1, 0)
    return newest[0].date if newest else None


def items_of(library: Library, code: str, week: Span) -> list[DigestItem]:
    """The stories of a division, and of those within it, in a week or month."""
    edition = edition_between(library.store, library.resolver.gazetteer, week.first, week.last, code)
    return edition.choose([Choice(code)])


def find_look(
    library: Library, question: str, texts: Texts, *, today: date | None = None, region: str | None = None
) -> WeekMessage | None:
    """Return the week or month that a question looks back on; None where it asks something else, or nothing was printed then."""
    look = library.look_back(question, today=today, region=region)
    span = span_of(look.first, look.last) if look is not None else None
    if look is None or span is None:
        return None
    items = items_of(library, look.region, span)
    return compose_week(items, look.region, span, library.resolver.gazetteer, texts) if items else None


def compose_week(
    items: Sequence[DigestItem], code: str, week: Span, gazetteer: Gazetteer, texts: Texts
) -> WeekMessage:
    """Return what is said of the stories of a week or month."""
    newest = sorted(items, key=lambda item: item.article.date or date.min, reverse=True)
    lines = [_line(item, texts) for item in newest]
    below = {child.code: child.name for child in gazetteer.children(code)}
    told = {each: sum(gazetteer.is_within(item.code, each) for item in items) for each in below}
    counted = Counter({below[each]: n for each, n in told.items() if n})
    division = gazetteer.get(code)
    heading = texts.week_heading.format(
        place=division.name if division else code,
        first=texts.say_day(week.first),
        last=texts.say_day(week.last),
        n=len(items),
    )
    return WeekMessage(
        heading=heading,
        news=tuple(line for line in lines if not line.has_figure),
        figures=tuple(line for line in lines if line.has_figure),
        places=tuple(counted.most_common()),
        n=len(items),
        told=told,
        code=code,
        span=week,
    )


def _line(item: DigestItem, texts: Texts) -> WeekLine:
    evidence = item.sentence
    measured = find_measured(item.article.text, evidence.start, evidence.end)
    figures = tuple((each.start - evidence.start, each.end - evidence.start) for each in measured)
    quote = Quote(evidence.text, figures, None, figures, tuple(evidence.resolved))
    return WeekLine(quote, compose_source(item.article, texts), bool(measured))
