"""The forecast against the same rules written once more, slowly: a clock moved second by second.

At every second the first of what is due and open leaves, if its gap is over and the cap is open.
"""

from datetime import datetime, time, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.config import Window
from sequencer.core.calendar import due_at, is_open
from sequencer.core.forecast import Pending
from sequencer.core.mailbox_queue import MailboxPace
from sequencer.core.pacing import cap_opens_at, gap, message_key, next_allowed, pick_order
from tests.core.calendars import NOWHERE, local
from tests.core.plans import KEY, MINUTE, SENDER, a_pending, plan, steps

START = local("2026-03-02 11:30", NOWHERE)
SECONDS = 3 * 60 * 60
WINDOWS = [
    Window(name="morning", zone="buyer", hours=((time(9), time(12)),)),
    Window(name="noon", zone="buyer", hours=((time(11, 45), time(12, 20)), (time(13), time(14)))),
    Window(name="always", zone="buyer", hours=((time(0), time(0)),)),
]


@st.composite
def backlogs(draw: st.DrawFn) -> list[Pending]:
    return [
        a_pending(
            id,
            place=NOWHERE,
            window=draw(st.sampled_from(WINDOWS)),
            due_at=START + timedelta(seconds=draw(st.integers(-3600, 7200))),
            is_follow_up=draw(st.booleans()),
            steps=steps("0m", *draw(st.lists(st.sampled_from(["20m", "30m", "1h"]), max_size=2))),
        )
        for id in range(1, draw(st.integers(1, 8)) + 1)
    ]


paces = st.builds(
    MailboxPace,
    name=st.just("wang"),
    cap=st.integers(1, 12),
    min_gap_in=st.sampled_from([timedelta(0), timedelta(seconds=90), 7 * MINUTE, 20 * MINUTE]),
    jitter_in=st.sampled_from([timedelta(0), timedelta(seconds=60), 15 * MINUTE]),
    sending_times=st.lists(
        st.integers(-90_000, 0).map(lambda seconds: START + timedelta(seconds=seconds)), max_size=12
    ).map(lambda times: tuple(sorted(times))),
)


@cache
def open_seconds(window: Window) -> frozenset[int]:
    return frozenset(
        second
        for second in range(SECONDS)
        if is_open(START + timedelta(seconds=second), window, NOWHERE, (), SENDER)
    )


@settings(max_examples=50)  # each walks three hours of seconds
@given(backlogs(), paces)
def test_the_forecast_is_what_a_clock_moved_second_by_second_sends(
    backlog: list[Pending], pace: MailboxPace
) -> None:
    planned = plan(*backlog, paces=[pace], start=START, days=timedelta(seconds=SECONDS))
    assert [(message.due_at, message.enrollment_id, message.step) for message in planned.messages] == (
        second_by_second(backlog, pace)
    )


def second_by_second(backlog: list[Pending], pace: MailboxPace) -> list[tuple[datetime, int, str]]:
    waiting = {item.id: (item.due_at or START, item.is_follow_up, 0, item) for item in backlog}
    times = list(pace.sending_times)
    sent = []
    for second in range(SECONDS):
        now = START + timedelta(seconds=second)
        while True:
            ready = [
                (pick_order(is_follow_up=is_follow_up, due_at=due, id=id), id)
                for id, (due, is_follow_up, _, item) in waiting.items()
                if due <= now and second in open_seconds(item.window)
            ]
            if not ready:
                break
            _, id = min(ready)
            _, _, index, item = waiting[id]
            key = message_key(item.address_key, item.sequence, item.round, item.steps[index].id)
            pause = gap(pace.min_gap_in, pace.jitter_in, KEY, pace.name, key)
            if (
                max(next_allowed(max(times, default=None), pause, now), cap_opens_at(times, pace.cap, now))
                > now
            ):
                break
            sent.append((now, id, item.steps[index].id))
            times.append(now)
            del waiting[id]
            if index + 1 < len(item.steps):
                timing = item.steps[index + 1].timing
                due = due_at(now, timing, item.window, item.place, (), SENDER).at
                waiting[id] = (due, True, index + 1, item)
    return sent
