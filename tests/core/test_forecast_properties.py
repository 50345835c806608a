"""What holds of every forecast: due times are kept, and new contacts never keep a follow-up waiting."""

from datetime import datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.config import Closure, Window
from sequencer.core.calendar import is_open, next_open
from sequencer.core.closed_days import closure_at
from sequencer.core.forecast import Gate, Pending, PlannedMessage, StepAhead
from sequencer.core.mailbox_queue import MailboxPace
from sequencer.core.zones import Place
from tests.core.calendars import BERLIN, LISBON, NOWHERE, RIYADH, local
from tests.core.plans import MINUTE, SENDER, a_pace, a_pending, plan, steps
from tests.core.test_calendar_properties import anchors
from tests.core.test_due_properties import (
    closure_lists,
    places,
    the_wait_is_over,
    timings,
    windows_that_open,
)

several_steps = st.lists(
    st.builds(lambda timing: StepAhead(id="", timing=timing), timings()), min_size=1, max_size=4
)


@settings(max_examples=60, deadline=None)
@given(anchors, several_steps, windows_that_open, places, closure_lists, st.integers(1, 3))
def test_nothing_is_planned_before_its_wait_nor_in_a_closed_window_nor_on_a_closure(
    start: datetime, ahead: list[StepAhead], window: Window, place: Place, closed: list[Closure], cap: int
) -> None:
    named = tuple(StepAhead(id=f"s{n}", timing=one.timing) for n, one in enumerate(ahead))
    items = [
        a_pending(id, steps=named, window=window, place=place, anchor_at=start, is_follow_up=id == 2)
        for id in (1, 2, 3)
    ]
    pace = a_pace(cap=cap, min_gap_in=7 * MINUTE, jitter_in=3 * MINUTE)
    planned = plan(*items, paces=[pace], start=start, closures=closed, days=timedelta(days=400))
    for item in items:
        mine = [one for one in planned.messages if one.enrollment_id == item.id]
        for message in mine:
            assert is_open(message.due_at, window, place, closed, SENDER)
            assert closure_at(message.due_at, closed, place, SENDER) is None
        times = {"s-1": start} | {one.step: one.due_at for one in mine}
        for index, step in enumerate(named):
            before = times.get(f"s{index - 1}")
            if step.id in times and before is not None:
                assert times[step.id] >= the_wait_is_over(before, step.timing, place)


EVENING = local("2026-03-02 20:30", LISBON)
"""Monday: the windows below are closed for the night."""
DAY = Window(name="day", zone="buyer", hours=((time(8), time(20)),))
ALWAYS = Window(
    name="always", zone="sender", hours=((time(0), time(0)),), days=(1, 2, 3, 4, 5, 6, 7), holidays="none"
)
NEW_CONTACTS = 260
"""More than a mailbox with a gap of five minutes writes to until the last follow-up has left."""
follow_ups = st.lists(
    st.tuples(st.sampled_from([LISBON, BERLIN, RIYADH]), st.integers(1, 72)), min_size=1, max_size=12
)
paces = st.builds(
    a_pace,
    cap=st.just(10_000),
    min_gap_in=st.integers(5, 15).map(lambda minutes: minutes * MINUTE),
    jitter_in=st.integers(0, 15).map(lambda minutes: minutes * MINUTE),
)


def followed_up(id: int, place: Place, due_hours_ago: int) -> Pending:
    due_at = EVENING - timedelta(hours=due_hours_ago)
    return a_pending(id, place=place, window=DAY, due_at=due_at, is_follow_up=True, steps=steps("0m"))


@settings(max_examples=40, deadline=None)
@given(follow_ups, paces)
def test_the_kth_follow_up_leaves_within_k_gaps_of_its_window_opening(
    waiting: list[tuple[Place, int]], pace: MailboxPace
) -> None:
    """New contacts are there at every instant, and no cap binds."""
    due = [followed_up(1000 + n, place, hours) for n, (place, hours) in enumerate(waiting)]
    new = [
        a_pending(id, place=NOWHERE, window=ALWAYS, due_at=EVENING - timedelta(days=9))
        for id in range(1, NEW_CONTACTS)
    ]
    planned = plan(*due, *new, paces=[pace], start=EVENING, days=timedelta(days=1))
    gap = pace.min_gap_in + pace.jitter_in
    opens_at = {one.id: next_open(EVENING, one.window, one.place, (), SENDER) for one in due}
    left = {one.enrollment_id: one for one in planned.messages if one.enrollment_id in opens_at}
    assert left.keys() == opens_at.keys()
    for message in left.values():
        opened_at = opens_at[message.enrollment_id]
        ahead = [one for one in left.values() if opened_at <= one.due_at <= message.due_at]
        assert message.due_at <= opened_at + len(ahead) * gap
        assert not [one for one in _new(planned.messages) if opened_at <= one.due_at < message.due_at]
    _are_new_contacts_written_to_all_the_time(planned.messages, gap)


def _new(messages: tuple[PlannedMessage, ...]) -> list[PlannedMessage]:
    return [one for one in messages if Gate.INBOX not in one.gates]


def _are_new_contacts_written_to_all_the_time(messages: tuple[PlannedMessage, ...], gap: timedelta) -> None:
    last_new = max(one.due_at for one in _new(messages))
    busy = [one.due_at for one in messages if one.due_at <= last_new]
    assert all(later - earlier <= gap for earlier, later in pairwise(busy))
