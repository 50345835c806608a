"""The forecast against the same rules written once more, slowly: a clock moved second by second.

At every second each mailbox, in order of name, goes through what is due as `flows/deliver.py` does: what its
window keeps is passed over; a gap or a cap of the mailbox's ends its turn; a message that the cap of its
company or its contact keeps is passed over and not looked at again before that cap opens.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.config import Window
from sequencer.core.calendar import due_at, is_open
from sequencer.core.caps import Cap, CapKey, CapKind, Ramp
from sequencer.core.forecast import Pending
from sequencer.core.mailbox_queue import MailboxPace
from sequencer.core.pacing import gap, message_key, next_allowed, pick_order
from tests.core.calendars import NOWHERE, local
from tests.core.plans import KEY, MINUTE, SENDER, a_pending, plan, steps

START = local("2026-03-02 11:30", NOWHERE)
SECONDS = 3 * 60 * 60
WINDOWS = [
    Window(name="morning", zone="buyer", hours=((time(9), time(12)),)),
    Window(name="noon", zone="buyer", hours=((time(11, 45), time(12, 20)), (time(13), time(14)))),
    *[Window(name="always", zone="buyer", hours=((time(0), time(0)),))] * 2,
]
MAILBOXES = ("li", "wang")
A_NEW_DATE_AT_NOON = "Pacific/Fiji"
SHARED = [
    Cap(kind=CapKind.COMPANY, of="luso.example", limit=1),
    Cap(kind=CapKind.COMPANY, of="muster.example", limit=3),
    Cap(kind=CapKind.CONTACT, of="7", limit=1),
    Cap(kind=CapKind.CONTACT, of="8", limit=2),
]
Spent = dict[CapKey, list[datetime]]

buyers = st.sampled_from(
    [(), (), *((cap,) for cap in SHARED), (SHARED[0], SHARED[3]), (SHARED[1], SHARED[2])]
)


@st.composite
def backlogs(draw: st.DrawFn) -> list[Pending]:
    return [
        a_pending(
            id,
            mailbox=draw(st.sampled_from(MAILBOXES)),
            place=NOWHERE,
            window=draw(st.sampled_from(WINDOWS)),
            due_at=START + timedelta(seconds=draw(st.integers(-3600, 7200))),
            is_follow_up=draw(st.booleans()),
            steps=steps("0m", *draw(st.lists(st.sampled_from(["20m", "30m", "1h"]), max_size=2))),
            caps=draw(buyers),
        )
        for id in range(1, draw(st.integers(6, 16)) + 1)
    ]


# Some grow a day old within the three hours, some do not, and some did before.
past = st.lists(
    st.one_of(st.integers(-86_400, -76_000), st.integers(-90_000, 0)).map(
        lambda seconds: START + timedelta(seconds=seconds)
    ),
    max_size=5,
)
ramps = st.one_of(
    st.none(),
    st.none(),
    st.builds(
        Ramp,
        start=st.integers(3, 6),
        by=st.integers(0, 3),
        first_sent_at=st.sampled_from([None, START - timedelta(days=1), START - timedelta(hours=1)]),
    ),
)


@st.composite
def paces(draw: st.DrawFn, name: str, group: Cap | None) -> MailboxPace:
    ramp = draw(ramps)
    zone = A_NEW_DATE_AT_NOON
    caps = [Cap(kind=CapKind.MAILBOX, of=name, limit=draw(st.integers(3, 12)), zone=zone, ramp=ramp)]
    if draw(st.booleans()):
        caps.append(Cap(kind=CapKind.DATE, of=name, limit=draw(st.integers(2, 6)), zone=zone, ramp=ramp))
    if group is not None:
        caps.append(group)
    new = st.builds(Cap, kind=st.just(CapKind.NEW), of=st.just(name), limit=st.integers(1, 2))
    has_written = ramp is None or ramp.first_sent_at is not None
    return MailboxPace(
        name=name,
        caps=tuple(caps),
        new_cap=draw(st.one_of(st.none(), new, new)),
        min_gap_in=draw(st.sampled_from([timedelta(0), timedelta(seconds=90), 7 * MINUTE])),
        jitter_in=draw(st.sampled_from([timedelta(0), timedelta(seconds=60), 15 * MINUTE])),
        sending_times=tuple(sorted(draw(past))) if has_written else (),
    )


@st.composite
def offices(draw: st.DrawFn) -> list[MailboxPace]:
    group = Cap(kind=CapKind.GROUP, of="firm", limit=draw(st.integers(4, 12)))
    return [draw(paces(name, draw(st.sampled_from([group, None])))) for name in MAILBOXES]


spendings = st.fixed_dictionaries(
    {}, optional={cap.key: past for cap in SHARED} | {(CapKind.NEW, name): past for name in MAILBOXES}
)


@cache
def open_seconds(window: Window) -> frozenset[int]:
    return frozenset(
        second
        for second in range(SECONDS)
        if is_open(START + timedelta(seconds=second), window, NOWHERE, (), SENDER)
    )


@settings(max_examples=50)  # each walks three hours of seconds
@given(backlogs(), offices(), spendings)
def test_the_forecast_is_what_a_clock_moved_second_by_second_sends(
    backlog: list[Pending], boxes: list[MailboxPace], spent: Spent
) -> None:
    planned = plan(*backlog, paces=boxes, start=START, days=timedelta(seconds=SECONDS), spent=spent)
    assert [(message.due_at, message.enrollment_id, message.step) for message in planned.messages] == (
        second_by_second(backlog, boxes, spent)
    )


@dataclass(kw_only=True)
class Row:
    """A message that waits, as the outbox knows it."""

    item: Pending
    index: int
    due_at: datetime
    is_follow_up: bool
    retry_at: datetime = START
    pause: timedelta | None = None

    @property
    def step(self) -> str:
        return self.item.steps[self.index].id

    @property
    def place(self) -> tuple[bool, datetime, int]:
        return pick_order(is_follow_up=self.is_follow_up, due_at=self.due_at, id=self.item.id)


@dataclass(kw_only=True)
class Box:
    """A mailbox and what it has to send."""

    pace: MailboxPace
    rows: list[Row]
    last: datetime | None

    def pause(self, row: Row) -> timedelta:
        if row.pause is None:
            key = message_key(row.item.address_key, row.item.sequence, row.item.round, row.step)
            row.pause = gap(self.pace.min_gap_in, self.pace.jitter_in, KEY, self.pace.name, key)
        return row.pause


@dataclass(kw_only=True)
class Ledger:
    """What counts under each cap: every time that was ever written down."""

    times: Spent
    began: dict[str, datetime] = field(default_factory=dict)

    def opens_at(self, cap: Cap, now: datetime) -> datetime:
        return cap.opens_at(self.times.get(cap.key, []), now)

    def is_full(self, caps: Iterable[Cap], now: datetime) -> bool:
        return any(self.is_one_full(cap, now) for cap in caps)

    def is_one_full(self, cap: Cap, now: datetime) -> bool:
        if cap.ramp is not None and cap.ramp.first_sent_at is None:
            cap = replace(cap, ramp=replace(cap.ramp, first_sent_at=self.began.get(cap.of)))
        since, times = cap.since(now), self.times.get(cap.key, ())
        return sum(since < at for at in times) >= cap.limit_at(now)

    def write_down(self, caps: Iterable[Cap], now: datetime) -> None:
        for cap in caps:
            self.times.setdefault(cap.key, []).append(now)


def second_by_second(
    backlog: list[Pending], paces: list[MailboxPace], spent: Spent
) -> list[tuple[datetime, int, str]]:
    ledger = Ledger(times={key: list(times) for key, times in spent.items()})
    boxes = []
    for pace in sorted(paces, key=lambda one: one.name):
        for cap in pace.caps:
            ledger.times.setdefault(cap.key, []).extend(pace.sending_times)
        rows = [
            Row(item=item, index=0, due_at=item.due_at or START, is_follow_up=item.is_follow_up)
            for item in backlog
            if item.mailbox == pace.name
        ]
        boxes.append(Box(pace=pace, rows=rows, last=max(pace.sending_times, default=None)))
    sent = []
    for second in range(SECONDS):
        now = START + timedelta(seconds=second)
        for box in boxes:
            while (row := deliver_one(box, ledger, second, now)) is not None:
                sent.append((now, row.item.id, row.step))
                go_on(box, row, now)
    return sent


def deliver_one(box: Box, ledger: Ledger, second: int, now: datetime) -> Row | None:
    """The one message that leaves now; None: the mailbox has nothing (more) to send at this second."""
    due = [row for row in box.rows if row.due_at <= now and row.retry_at <= now]
    for row in sorted(due, key=lambda one: one.place):
        if second not in open_seconds(row.item.window):
            continue
        if next_allowed(box.last, box.pause(row), now) > now:
            return None
        if ledger.is_full(box.pace.caps, now):
            return None
        new = (box.pace.new_cap,) if box.pace.new_cap and not row.is_follow_up else ()
        if ledger.is_full(new, now):
            continue
        row.retry_at = max((ledger.opens_at(cap, now) for cap in row.item.caps), default=now)
        if row.retry_at > now:
            continue
        ledger.write_down((*box.pace.caps, *new, *row.item.caps), now)
        ledger.began.setdefault(box.pace.name, now)
        box.last = now
        return row
    return None


def go_on(box: Box, row: Row, now: datetime) -> None:
    box.rows.remove(row)
    item, after = row.item, row.index + 1
    if after < len(item.steps):
        due = due_at(now, item.steps[after].timing, item.window, item.place, (), SENDER).at
        box.rows.append(Row(item=item, index=after, due_at=due, is_follow_up=True))
