"""A point on the map to the county whose seat is nearest."""

from __future__ import annotations

import csv
import math
from functools import cache
from importlib.resources import files

_FARTHEST_KM = 300.0
"""The widest banners' borders are so far from their seats."""
_KM_PER_DEGREE = 111.2


def nearest_county(latitude: float, longitude: float) -> str | None:
    """Return the code of the county whose seat is nearest to a point; None where none is within 300 km."""
    narrowing = math.cos(math.radians(latitude))

    def distance(seat: tuple[str, float, float]) -> float:
        _, east, north = seat
        return math.hypot((east - longitude) * narrowing, north - latitude) * _KM_PER_DEGREE

    nearest = min(_seats(), key=distance)
    return nearest[0] if distance(nearest) <= _FARTHEST_KM else None


def place_of_seat(code: str) -> tuple[float, float] | None:
    """Return longitude and latitude of a county's seat, in degrees; None where they are not known."""
    return _by_code().get(code)


@cache
def _by_code() -> dict[str, tuple[float, float]]:
    return {code: (east, north) for code, east, north in _seats()}


@cache
def _seats() -> tuple[tuple[str, float, float], ...]:
    """Code, longitude and latitude of each county's seat, in degrees."""
    text = files("retrieval.regions").joinpath("seats.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple((row["code"], float(row["longitude"]), float(row["latitude"])) for row in rows)
