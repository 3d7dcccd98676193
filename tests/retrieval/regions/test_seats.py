"""A point on the map to the county around it."""

import pytest

from retrieval.regions import Gazetteer
from retrieval.regions.seats import nearest_county


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (42.73, 121.81, "库伦旗"),
        (42.6, 121.7, "库伦旗"),
        (39.5, 106.72, "乌达区"),
        (49.2, 119.76, "海拉尔区"),
        (41.95, 101.07, "额济纳旗"),
    ],
)
def test_the_nearest_seat_is_taken(latitude: float, longitude: float, name: str) -> None:
    division = Gazetteer.load().get(nearest_county(latitude, longitude) or "")
    assert division is not None
    assert division.name == name


def test_a_point_far_from_every_seat_is_in_no_county() -> None:
    assert nearest_county(0.0, 0.0) is None
    assert nearest_county(51.5, -0.1) is None
