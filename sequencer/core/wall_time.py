"""Between instants and what a clock on the wall shows, where summer time skips and repeats hours."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def wall_time(at: datetime, zone: str) -> datetime:
    """What a clock in `zone` (IANA) shows at an instant: a naive datetime. ValueError when `at` is naive."""
    return aware(at).astimezone(zone_info(zone)).replace(tzinfo=None)


def instant_of(wall: datetime, zone: str) -> datetime:
    """The UTC instant at which a clock in `zone` shows `wall`.

    A time that the clock skips is the first instant after the gap; one that it shows twice is the first.
    """
    info = zone_info(zone)
    at = wall.replace(tzinfo=info, fold=0).astimezone(UTC)
    if at.astimezone(info).replace(tzinfo=None) == wall.replace(fold=0):
        return at
    # PEP 495: in a gap, fold 0 counts with the offset before it (a later instant), fold 1 with the one after.
    wall = wall.replace(microsecond=0)
    before = wall.replace(tzinfo=info, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=info, fold=0).astimezone(UTC)
    return _transition(before, after, info)


def aware(at: datetime) -> datetime:
    """The instant in UTC; ValueError when it has no zone."""
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}: every instant carries its zone")
    return at.astimezone(UTC)


def utc_text(at: datetime, *, timespec: str = "auto") -> str:
    """`2026-03-02T09:00:00Z`, as instants stand in JSON; `timespec` as `datetime.isoformat` knows it."""
    return at.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


@lru_cache(maxsize=1024)
def zone_info(zone: str) -> ZoneInfo:
    """The zone's rules; ValueError when `zone` is not an IANA name."""
    try:
        return ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        raise ValueError(f"{zone!r} is not an IANA time zone") from None


def _transition(before: datetime, after: datetime, info: ZoneInfo) -> datetime:
    """The second, after `before` and not after `after`, from which the later offset holds."""
    later = after.astimezone(info).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(info).utcoffset() == later:
            after = middle
        else:
            before = middle
    return after
