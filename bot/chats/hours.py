"""When a chat's next digest is due, in its own zone: pure, so that clocks, zones and year ends can be tested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_ZONE = "Asia/Shanghai"
DEFAULT_HOUR = 8


@dataclass(frozen=True, slots=True)
class Hours:
    """A chat's settings of time: when its digest comes, and hours in which nothing is sent."""

    hour: int = DEFAULT_HOUR
    zone: str = DEFAULT_ZONE
    quiet: tuple[int, int] | None = None
    """From the first hour on, up to the second, (22, 7) over midnight; None: never quiet."""
    weekday: int | None = None
    """The one day of the week on which it comes, 0 for Monday; None: every day."""

    def __post_init__(self) -> None:
        hours = (self.hour, *(self.quiet or ()))
        if not all(0 <= hour <= 23 for hour in hours):
            raise ValueError(f"hours are 0 to 23, not {hours}")
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise ValueError(f"days of the week are 0 to 6, not {self.weekday}")
        open_zone(self.zone)

    def local_date(self, moment: datetime) -> date:
        """The day that an aware moment falls on in the chat's zone."""
        return moment.astimezone(open_zone(self.zone)).date()

    def next_due(self, after: datetime) -> datetime:
        """The first moment behind `after` at which a digest is due; aware, in UTC.

        An hour that a change of clocks leaves out moves forward by what was left out; of one that comes twice
        the first counts. An hour within the quiet ones waits for their end.
        """
        zone = open_zone(self.zone)
        day = after.astimezone(zone).date() - timedelta(days=1)
        while True:
            moment = self.end_of_quiet_hours(_at(day, self.hour, zone))
            if moment > after and self.weekday in (None, day.weekday()):
                return moment
            day += timedelta(days=1)

    def is_quiet(self, moment: datetime) -> bool:
        """Whether nothing is to be sent at an aware moment."""
        if self.quiet is None:
            return False
        first, last = self.quiet
        hour = moment.astimezone(open_zone(self.zone)).hour
        return first <= hour < last if first <= last else hour >= first or hour < last

    def end_of_quiet_hours(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it falls into; in UTC then."""
        if self.quiet is None or not self.is_quiet(moment):
            return moment
        zone = open_zone(self.zone)
        day = moment.astimezone(zone).date()
        end = _at(day, self.quiet[1], zone)
        return end if end > moment else _at(day + timedelta(days=1), self.quiet[1], zone)


def open_zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name; raises ValueError for one that there is not."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}") from None


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """An hour of a day as UTC; through UTC an hour that the clocks leave out becomes the one behind the gap."""
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
