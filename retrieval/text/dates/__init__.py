"""Times as people write them: periods in questions and reports, single days in metadata and file names."""

from retrieval.text.dates.days import DAY, MONTH, YEAR, find_day, made_day, starting_day
from retrieval.text.dates.finding import find_periods
from retrieval.text.dates.periods import Period, PeriodKind, contradicts, fits
from retrieval.text.dates.telling import names_day, names_period, resolve_relative, told_periods

__all__ = [
    "DAY",
    "MONTH",
    "YEAR",
    "Period",
    "PeriodKind",
    "contradicts",
    "find_day",
    "find_periods",
    "fits",
    "made_day",
    "names_day",
    "names_period",
    "resolve_relative",
    "starting_day",
    "told_periods",
]
