"""Short ways to write places, windows and instants in the tests of time."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sequencer.config import Closure, Window
from sequencer.core.zones import Place

LISBON = Place("Europe/Lisbon", "PT")
RIYADH = Place("Asia/Riyadh", "SA")
DUBAI = Place("Asia/Dubai", "AE")
NEW_YORK = Place("America/New_York", "US", "NY")
BERLIN = Place("Europe/Berlin", "DE", "Berlin")
MUNICH = Place("Europe/Berlin", "DE", "Bayern")
KOLKATA = Place("Asia/Kolkata", "IN")
KATHMANDU = Place("Asia/Kathmandu", "NP")
ADELAIDE = Place("Australia/Adelaide", "AU", "South Australia")
SHANGHAI = Place("Asia/Shanghai", "CN")
TOKYO = Place("Asia/Tokyo", "JP")
TEHRAN = Place("Asia/Tehran", "IR")
TEL_AVIV = Place("Asia/Jerusalem", "IL")
NOWHERE = Place("Europe/Lisbon", "")


def local(text: str, place: Place) -> datetime:
    """`2026-03-06 09:00` on the place's clock (the first, if shown twice) as a UTC instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(place.zone)).astimezone(UTC)


def shown(at: datetime, place: Place) -> str:
    """`Fri 2026-03-06 09:00`: the instant on the place's clock."""
    assert at.tzinfo is UTC
    return at.astimezone(ZoneInfo(place.zone)).strftime("%a %Y-%m-%d %H:%M")


def hours(*spans: str) -> tuple[tuple[time, time], ...]:
    """`09:00-17:30` … as the spans of a window."""
    return tuple(
        (time.fromisoformat(first), time.fromisoformat(last))
        for first, last in (span.split("-") for span in spans)
    )


def a_window(*spans: str, **fields: object) -> Window:
    """A window in the buyer's zone, open 09:00–17:00 unless said otherwise."""
    defaults: dict[str, object] = {
        "name": "test",
        "zone": "buyer",
        "hours": hours(*(spans or ("09:00-17:00",))),
    }
    return Window(**(defaults | fields))  # type: ignore[arg-type]


def a_closure(first: str, last: str | None = None) -> Closure:
    return Closure(name="closed", first=date.fromisoformat(first), last=date.fromisoformat(last or first))
