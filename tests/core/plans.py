"""Enrollments, mailboxes and plans for the tests of the forecast, everything irrelevant filled in."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sequencer.config import Closure
from sequencer.core.caps import Cap, CapKey, CapKind
from sequencer.core.forecast import Forecast, Pending, StepAhead
from sequencer.core.mailbox_queue import MailboxPace
from sequencer.core.planner import forecast
from sequencer.core.timing import Timing, Wait
from tests.core.calendars import LISBON, a_window, local

KEY = bytes(range(32))
SENDER = "Asia/Shanghai"
OFFICE = a_window("09:00-12:00", "14:00-17:00")
MONDAY = local("2026-03-02 09:00", LISBON)
MINUTE = timedelta(minutes=1)
MONTH = timedelta(days=30)


def steps(*waits: str, **fields: object) -> tuple[StepAhead, ...]:
    """`s0`, `s1` … with these waits."""
    return tuple(
        StepAhead(id=f"s{n}", timing=Timing(wait=Wait.parse(wait)), **fields) for n, wait in enumerate(waits)
    )  # type: ignore[arg-type]


def a_pending(id: int = 1, **fields: object) -> Pending:
    address = f"buyer{id}@firm{id}.example"
    defaults: dict[str, object] = {
        "id": id,
        "address": address,
        "address_key": address,
        "sequence": "mail-group",
        "round": 1,
        "mailbox": "wang",
        "place": LISBON,
        "window": OFFICE,
        "steps": steps("0m"),
        "anchor_at": MONDAY,
    }
    return Pending(**(defaults | fields))  # type: ignore[arg-type]


def a_pace(name: str = "wang", *, cap: int = 50, **fields: object) -> MailboxPace:
    """A mailbox with a gap of ten minutes and one cap, of its rolling 24 hours."""
    defaults: dict[str, object] = {
        "name": name,
        "caps": (Cap(kind=CapKind.MAILBOX, of=name, limit=cap),),
        "min_gap_in": 10 * MINUTE,
        "jitter_in": timedelta(0),
    }
    return MailboxPace(**(defaults | fields))  # type: ignore[arg-type]


def plan(
    *pending: Pending,
    paces: Sequence[MailboxPace] = (a_pace(),),
    start: datetime = MONDAY,
    days: timedelta = MONTH,
    closures: Sequence[Closure] = (),
    spent: Mapping[CapKey, Sequence[datetime]] | None = None,
) -> Forecast:
    return forecast(
        pending,
        {pace.name: pace for pace in paces},
        start=start,
        until=start + days,
        closures=closures,
        sender_zone=SENDER,
        key=KEY,
        spent=spent,
    )


def told(planned: Forecast) -> list[str]:
    """`Mon 2026-03-02 09:00 1 s0` …: by the buyer's clock, enrollment and step."""
    return [
        f"{message.local_time:%a %Y-%m-%d %H:%M} {message.enrollment_id} {message.step}"
        for message in planned.messages
    ]
