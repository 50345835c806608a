"""What holds for every anchor, wait, place, window and closure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from sequencer.config import Closure, Window
from sequencer.core.calendar import (
    NeverOpens,
    add_wait,
    business_days_after,
    due_at,
    is_day_off,
    is_open,
    next_open,
    open_until,
)
from sequencer.core.timing import Timing, Wait, WaitUnit
from sequencer.core.wall_time import instant_of, wall_time
from sequencer.core.windows import window_zone
from sequencer.core.zones import Place

# Summer time on both halves of the globe, at midnight, by half an hour, and none; odd weekends; odd offsets.
PLACES = [
    Place("Europe/Lisbon", "PT"),
    Place("Europe/Berlin", "DE", "Bayern"),
    Place("America/New_York", "US", "NY"),
    Place("America/Santiago", "CL"),
    Place("Africa/Cairo", "EG"),
    Place("Asia/Beirut", "LB"),
    Place("Asia/Riyadh", "SA"),
    Place("Asia/Tehran", "IR"),
    Place("Asia/Shanghai", "CN"),
    Place("Asia/Kathmandu", "NP"),
    Place("Australia/Lord_Howe", "AU"),
    Place("Pacific/Auckland", "NZ"),
    Place("America/St_Johns", "CA"),
    Place("Pacific/Apia", ""),
]
SENDER_ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York"]

units: st.SearchStrategy[WaitUnit] = st.sampled_from(["m", "h", "d", "w", "bd"])
waits = st.builds(Wait, st.integers(0, 60), units)
places = st.sampled_from(PLACES)
days = st.dates(date(2025, 1, 1), date(2028, 12, 31))
anchors = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
clock_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
windows = st.builds(
    Window,
    name=st.just("test"),
    zone=st.sampled_from(["buyer", "sender", "Asia/Kolkata", "America/New_York"]),
    hours=st.lists(st.tuples(clock_times, clock_times), min_size=1, max_size=3).map(tuple),
    days=st.none() | st.sets(st.integers(1, 7), min_size=1).map(lambda chosen: tuple(sorted(chosen))),
    holidays=st.sampled_from(["buyer", "none"]),
)


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    first = draw(days)
    return Closure(name="closed", first=first, last=first + timedelta(days=draw(st.integers(0, 20))))


closure_lists = st.lists(closures(), max_size=3)
zones = st.sampled_from(SENDER_ZONES)


@given(anchors, waits, places)
def test_a_wait_never_ends_before_it_began(anchor: datetime, wait: Wait, place: Place) -> None:
    ended = add_wait(anchor, wait, place)
    assert ended.tzinfo is UTC
    assert ended > anchor if wait.amount else ended == anchor


@given(anchors, st.integers(1, 60), places)
def test_days_keep_the_wall_time_unless_the_clock_skips_it(
    anchor: datetime, amount: int, place: Place
) -> None:
    began = wall_time(anchor, place.zone)
    ended = wall_time(add_wait(anchor, Wait(amount, "d"), place), place.zone)
    wanted = began + timedelta(days=amount)
    assert ended == wanted or (ended > wanted and not _exists(wanted, place.zone))


@given(anchors, st.integers(1, 20), places)
def test_business_days_end_on_a_working_day_with_so_many_working_days_gone(
    anchor: datetime, amount: int, place: Place
) -> None:
    first = wall_time(anchor, place.zone).date()
    last = business_days_after(first, amount, place.country, place.state)
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert not is_day_off(last, place.country, place.state)
    assert sum(not is_day_off(day, place.country, place.state) for day in between) == amount


@given(anchors, st.integers(0, 60), st.integers(0, 60), places)
def test_two_business_waits_add_up(anchor: datetime, one: int, other: int, place: Place) -> None:
    day = anchor.date()
    step = business_days_after(day, one, place.country, place.state)
    assert business_days_after(step, other, place.country, place.state) == business_days_after(
        day, one + other, place.country, place.state
    )


@given(anchors, waits, windows, places, closure_lists, zones)
def test_a_due_time_is_inside_the_window_after_the_wait_and_never_on_a_closure(
    anchor: datetime,
    wait: Wait,
    window: Window,
    place: Place,
    closed: list[Closure],
    sender_zone: str,
) -> None:
    try:
        due = due_at(anchor, Timing(wait=wait), window, place, closed, sender_zone).at
    except NeverOpens:
        assume(False)
    assert due >= add_wait(anchor, wait, place)
    assert not any(closure.first <= wall_time(due, sender_zone).date() <= closure.last for closure in closed)
    assert _is_in_hours(due, window, place, sender_zone)
    assert is_open(due, window, place, closed, sender_zone)
    assert next_open(due, window, place, closed, sender_zone) == due


@given(anchors, windows, places, closure_lists, zones, st.integers(0, 24 * 60))
def test_nothing_is_open_before_the_window_opens(
    at: datetime,
    window: Window,
    place: Place,
    closed: list[Closure],
    sender_zone: str,
    minutes: int,
) -> None:
    try:
        opened = next_open(at, window, place, closed, sender_zone)
    except NeverOpens:
        assume(False)
    between = at + timedelta(minutes=minutes)
    if between < opened:
        assert not is_open(between, window, place, closed, sender_zone)
        assert next_open(between, window, place, closed, sender_zone) == opened


@given(anchors, windows, places, closure_lists, zones, st.integers(0, 24 * 60))
def test_an_open_window_stays_open_until_it_closes(
    at: datetime,
    window: Window,
    place: Place,
    closed: list[Closure],
    sender_zone: str,
    minutes: int,
) -> None:
    until = open_until(at, window, place, closed, sender_zone)
    if until is None:
        assert not is_open(at, window, place, closed, sender_zone)
        return
    assert until > at
    between = at + timedelta(minutes=minutes)
    if between < until:
        assert is_open(between, window, place, closed, sender_zone)
    elif until < at + timedelta(days=7):
        assert not is_open(until, window, place, closed, sender_zone)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)), places)
def test_an_instant_is_the_first_at_which_the_clock_shows_the_time_or_a_later_one(
    wall: datetime, place: Place
) -> None:
    at = instant_of(wall, place.zone)
    assert wall_time(at, place.zone) >= wall
    earlier = at - timedelta(seconds=1)
    assert wall_time(earlier, place.zone) < wall
    if not _exists(wall, place.zone):
        # The first second after the gap: the offset changed at this very instant.
        info = ZoneInfo(place.zone)
        assert at.astimezone(info).utcoffset() != earlier.astimezone(info).utcoffset()


def _exists(wall: datetime, zone: str) -> bool:
    info = ZoneInfo(zone)
    there = wall.replace(tzinfo=info, fold=0).astimezone(UTC).astimezone(info)
    return there.replace(tzinfo=None) == wall.replace(fold=0)


def _is_in_hours(at: datetime, window: Window, place: Place, sender_zone: str) -> bool:
    """By the clock on the wall, independently of spans: today's hours, or yesterday's past midnight."""
    zone = window_zone(window, place, sender_zone)
    wall = wall_time(at, zone)
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    for first, last in window.hours:
        begins, ends = _moved(today, first, zone), _moved(today, last, zone)
        if _is_worked(today, window, place) and begins <= wall and (wall < ends or last <= first):
            return True
        if last <= first and wall < ends and _is_worked(yesterday, window, place):
            return True
    return False


def _moved(day: date, at: time, zone: str) -> datetime:
    wall = datetime.combine(day, at)
    return wall if _exists(wall, zone) else wall_time(instant_of(wall, zone), zone)


def _is_worked(day: date, window: Window, place: Place) -> bool:
    is_own_day = window.days is None or day.isoweekday() in window.days
    if window.days is None and window.holidays == "buyer":
        return not is_day_off(day, place.country, place.state)
    if window.days is not None and window.holidays == "none":
        return is_own_day
    import holidays

    if not place.country:
        return is_own_day and (window.days is not None or day.isoweekday() < 6)
    state = {"Bayern": "BY"}.get(place.state, place.state) or None
    found = holidays.country_holidays(place.country, subdiv=state, years=day.year)
    if window.days is not None:
        return is_own_day and day not in found
    return not found.is_weekend(day) or day in getattr(found, "weekend_workdays", ())
