"""What holds of every step's due time, however its author wrote it."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sequencer.config import Closure, CountryDays, Window
from sequencer.core.calendar import Due, NeverOpens, add_wait, due_at, is_open
from sequencer.core.closed_days import closure_at
from sequencer.core.days_off import is_day_off, with_calendar
from sequencer.core.forecast import StepAhead
from sequencer.core.timing import BeforeHoliday, SkipReason, Timing, Wait
from sequencer.core.wall_time import instant_of, wall_time
from sequencer.core.zones import Place
from tests.core.plans import a_pace, a_pending, plan
from tests.core.test_calendar_properties import PLACES, SENDER_ZONES, anchors, clock_times, waits, windows

PLACE_OF_OWN = with_calendar(
    Place("Asia/Dubai", "AE"),
    [
        CountryDays(
            country="AE",
            weekend=frozenset({5, 7}),
            add=((date(2026, 5, 4), "Ours"), (date(2026, 5, 5), "Ours")),
            work=(date(2026, 5, 8),),
        )
    ],
)
places = st.sampled_from([*PLACES, PLACE_OF_OWN])
zones = st.sampled_from(SENDER_ZONES)
days = st.dates(date(2025, 1, 1), date(2028, 12, 31))
leads = st.builds(Wait, st.integers(1, 10), st.sampled_from(["d", "bd"]))
spans = st.builds(Wait, st.integers(1, 12), st.sampled_from(["m", "h", "d", "w", "bd"]))
before = st.builds(
    BeforeHoliday,
    lead=leads,
    name=st.sampled_from(["", "Christmas", "Eid", "New Year"]),
    within=st.just(Wait(26, "w")),
)


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    kind = draw(st.sampled_from(["plain", "plain", "weekdays", "dates", "both", "holiday"]))
    weekdays = st.frozensets(st.integers(1, 7), min_size=1)
    dates = st.sets(days, min_size=1, max_size=4).map(lambda chosen: tuple(sorted(chosen)))
    return Timing(
        wait=draw(waits),
        at=draw(st.none() | clock_times),
        weekdays=draw(weekdays) if kind in ("weekdays", "both") else frozenset(),
        dates=draw(dates) if kind in ("dates", "both") else (),
        before_holiday=draw(before) if kind == "holiday" else None,
        expires=draw(st.none() | spans),
    )


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    first = draw(days)
    last = first + timedelta(days=draw(st.integers(0, 20)))
    inside = st.integers(0, (last - first).days).map(lambda n: first + timedelta(days=n))
    return Closure(
        name="closed",
        first=first,
        last=last,
        open=tuple(sorted(draw(st.sets(inside, max_size=2)))),
        every_year=draw(st.booleans()),
        countries=draw(st.sampled_from([(), (), ("PT", "SA"), ("DE",)])),
    )


closure_lists = st.lists(closures(), max_size=3)


def due_of(
    anchor: datetime, timing: Timing, window: Window, place: Place, closed: list[Closure], zone: str
) -> Due:
    try:
        return due_at(anchor, timing, window, place, closed, zone)
    except NeverOpens:
        assume(False)
        raise


def the_wait_is_over(anchor: datetime, timing: Timing, place: Place) -> datetime:
    """With a time of day, a wait in days is over when its last day begins."""
    over = add_wait(anchor, timing.wait, place)
    if timing.at is None or not timing.wait.counts_days:
        return over
    return instant_of(datetime.combine(wall_time(over, place.zone).date(), time(0)), place.zone)


@settings(max_examples=300)
@given(anchors, timings(), windows, places, closure_lists, zones)
def test_nothing_is_due_before_its_wait_nor_in_a_closed_window_nor_on_a_closure(
    anchor: datetime, timing: Timing, window: Window, place: Place, closed: list[Closure], zone: str
) -> None:
    due = due_of(anchor, timing, window, place, closed, zone)
    assert due.at.tzinfo is UTC
    if due.skipped:
        assert timing.is_greeting
        assert due.at == add_wait(anchor, timing.wait, place)
        return
    assert due.at >= the_wait_is_over(anchor, timing, place) >= anchor
    assert (
        wall_time(due.at, place.zone).date()
        >= wall_time(add_wait(anchor, timing.wait, place), place.zone).date()
    )
    assert is_open(due.at, window, place, closed, zone)
    assert closure_at(due.at, closed, place, zone) is None


@settings(max_examples=200)
@given(anchors, st.integers(0, 60 * 24 * 40), timings(), windows, places, closure_lists, zones)
def test_whose_wait_is_over_later_is_never_due_earlier(
    anchor: datetime,
    minutes: int,
    timing: Timing,
    window: Window,
    place: Place,
    closed: list[Closure],
    zone: str,
) -> None:
    # Business days keep the time of day, and a Saturday counts as its Friday: the waits themselves may cross.
    after = anchor + timedelta(minutes=minutes)
    assume(add_wait(anchor, timing.wait, place) <= add_wait(after, timing.wait, place))
    earlier = due_of(anchor, timing, window, place, closed, zone)
    later = due_of(after, timing, window, place, closed, zone)
    if not earlier.skipped and not later.skipped:
        assert later.at >= earlier.at


@settings(max_examples=200)
@given(anchors, timings(), windows, places, closure_lists, zones)
def test_a_step_may_leave_for_a_while_and_a_greeting_never_after_its_day(
    anchor: datetime, timing: Timing, window: Window, place: Place, closed: list[Closure], zone: str
) -> None:
    due = due_of(anchor, timing, window, place, closed, zone)
    if due.skipped or timing.lasts is None:
        assert due.expires_at is None
        return
    assert due.expires_at is not None
    assert due.at < due.expires_at <= add_wait(due.at, timing.lasts, place)


@given(anchors, st.integers(1, 7), places)
def test_a_weekday_is_kept_where_it_is_ever_worked(anchor: datetime, weekday: int, place: Place) -> None:
    window = Window(name="test", zone="buyer", hours=((time(9), time(17)),))
    due = due_at(anchor, Timing(weekdays=frozenset({weekday})), window, place, (), "Asia/Shanghai")
    first = wall_time(anchor, place.zone).date()
    ahead = [first + timedelta(days=n) for n in range(1, 60)]
    is_worked = [
        day
        for day in ahead
        if day.isoweekday() == weekday and not is_day_off(day, place.country, place.state, place.calendar)
    ]
    if is_worked:
        assert wall_time(due.at, place.zone).isoweekday() == weekday
        assert wall_time(due.at, place.zone).date() <= is_worked[0]


always = Window(
    name="always", zone="buyer", hours=((time(0), time(0)),), days=(1, 2, 3, 4, 5, 6, 7), holidays="none"
)


@given(anchors, clock_times, st.integers(1, 40), places)
def test_a_time_of_day_is_kept_in_both_directions_of_summer_time(
    anchor: datetime, at: time, amount: int, place: Place
) -> None:
    due = due_at(anchor, Timing(wait=Wait(amount, "d"), at=at), always, place, (), "Asia/Shanghai")
    day = wall_time(anchor, place.zone).date() + timedelta(days=amount)
    # Not a second before that time is first shown, nor after: a time that is skipped is the next there is.
    assert due.at == instant_of(datetime.combine(day, at), place.zone)
    assert wall_time(due.at, place.zone) >= datetime.combine(day, at)


steps_ahead = st.lists(
    st.builds(
        lambda timing, skipped, task: StepAhead(id="", timing=timing, is_skipped=skipped, is_task=task),
        timings(),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)
windows_that_open = st.sampled_from(
    [
        always,
        Window(name="office", zone="buyer", hours=((time(9), time(12)), (time(14), time(17)))),
        Window(name="ours", zone="sender", hours=((time(21), time(23)),)),
    ]
)


@settings(max_examples=60, deadline=None)
@given(steps_ahead, windows_that_open, places, closure_lists, st.integers(1, 3))
def test_every_enrollment_ends(
    steps: list[StepAhead], window: Window, place: Place, closed: list[Closure], cap: int
) -> None:
    named = tuple(
        StepAhead(id=f"s{n}", timing=one.timing, is_skipped=one.is_skipped, is_task=one.is_task)
        for n, one in enumerate(steps)
    )
    items = [a_pending(id, steps=named, window=window, place=place) for id in range(1, 4)]
    pace = a_pace(cap=cap, min_gap_in=timedelta(minutes=7), jitter_in=timedelta(minutes=3))
    planned = plan(*items, paces=[pace], closures=closed, days=timedelta(days=366 * 25))
    for item in items:
        messages = [one.step for one in planned.messages if one.enrollment_id == item.id]
        skipped = [one.step for one in planned.skipped if one.enrollment_id == item.id]
        held = [one.step for one in planned.held if one.enrollment_id == item.id]
        sends = [step.id for step in named if not step.is_skipped and not step.is_task]
        if not held:
            # Each step that sends was sent once or skipped with a reason, in their order.
            assert sorted([*messages, *(one for one in skipped if one in sends)]) == sends
        assert messages == sorted(messages)
    assert {one.reason for one in planned.skipped} <= set(SkipReason)
