"""Offices under random caps for the properties of the forecast, and their caps counted by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from sequencer.core.caps import Cap, CapKey, CapKind, Ramp
from sequencer.core.forecast import Forecast, Pending
from sequencer.core.mailbox_queue import MailboxPace
from sequencer.core.pacing import ROLLING_DAY
from tests.core.calendars import BERLIN, LISBON, NEW_YORK, RIYADH, a_window, local
from tests.core.plans import MINUTE, a_pending, plan, steps

# Summer time begins within the span: 29 March in Europe.
START = local("2026-03-26 08:00", LISBON)
DAYS = timedelta(days=9)
WINDOWS = (
    a_window("09:00-12:00", "14:00-17:00"),
    a_window("10:00-11:00"),
    a_window("00:00-00:00", days=(1, 2, 3, 4, 5, 6, 7), holidays="none"),
)
NAMES = ("chen", "li", "wang")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
FIRMS = ("luso.example", "muster.example")


@dataclass(frozen=True, kw_only=True)
class Office:
    """All that a forecast is made from."""

    pending: tuple[Pending, ...]
    paces: tuple[MailboxPace, ...]
    spent: dict[CapKey, list[datetime]]

    def plan(self) -> Forecast:
        return plan(*self.pending, paces=self.paces, start=START, days=DAYS, spent=self.spent)

    def limited_by(self, kinds: Iterable[CapKind]) -> "Office":
        """The same office with caps of these kinds alone."""
        kept = frozenset(kinds)
        paces = tuple(
            replace(
                pace,
                caps=tuple(cap for cap in pace.caps if cap.kind in kept),
                new_cap=pace.new_cap if CapKind.NEW in kept else None,
            )
            for pace in self.paces
        )
        pending = tuple(
            replace(item, caps=tuple(cap for cap in item.caps if cap.kind in kept)) for item in self.pending
        )
        return replace(self, paces=paces, pending=pending)


times = st.lists(st.integers(-30 * 60, -1).map(lambda minutes: START + minutes * MINUTE), max_size=5)
ramps = st.none() | st.builds(
    Ramp,
    start=st.integers(1, 3),
    by=st.integers(0, 3),
    first_sent_at=st.sampled_from([None, START - timedelta(days=2)]),
)


@st.composite
def mailboxes(draw: st.DrawFn, name: str, jitters: st.SearchStrategy[timedelta]) -> MailboxPace:
    ramp, zone = draw(ramps), draw(st.sampled_from(ZONES))
    caps = [Cap(kind=CapKind.MAILBOX, of=name, limit=draw(st.integers(1, 8)), zone=zone, ramp=ramp)]
    if draw(st.booleans()):
        caps.append(Cap(kind=CapKind.DATE, of=name, limit=draw(st.integers(1, 6)), zone=zone, ramp=ramp))
    if draw(st.booleans()):
        caps.append(Cap(kind=CapKind.GROUP, of="firm", limit=7))
    new = Cap(kind=CapKind.NEW, of=name, limit=draw(st.integers(1, 4)))
    is_unused = ramp is not None and ramp.first_sent_at is None
    return MailboxPace(
        name=name,
        caps=tuple(caps),
        new_cap=new if draw(st.booleans()) else None,
        min_gap_in=draw(st.sampled_from([timedelta(0), 5 * MINUTE, 25 * MINUTE])),
        jitter_in=draw(jitters),
        sending_times=() if is_unused else tuple(sorted(draw(times))),
    )


@st.composite
def backlogs(draw: st.DrawFn, most_steps: int) -> tuple[Pending, ...]:
    waits = st.lists(st.sampled_from(["30m", "4h", "1d", "1bd", "3d"]), max_size=most_steps - 1)
    contacts = [Cap(kind=CapKind.CONTACT, of=name, limit=1) for name in ("ana", "ben")]
    firms = [Cap(kind=CapKind.COMPANY, of=name, limit=limit) for limit, name in enumerate(FIRMS, start=1)]
    return tuple(
        a_pending(
            id,
            mailbox=draw(st.sampled_from(NAMES)),
            place=draw(st.sampled_from([LISBON, BERLIN, RIYADH, NEW_YORK])),
            window=draw(st.sampled_from(WINDOWS)),
            due_at=START + draw(st.integers(-24 * 60, 3 * 24 * 60)) * MINUTE,
            is_follow_up=draw(st.booleans()),
            steps=steps("0m", *draw(waits)),
            caps=(*draw(_some_of(contacts)), *draw(_some_of(firms))),
        )
        for id in range(1, draw(st.integers(2, 25)) + 1)
    )


def _some_of(caps: Sequence[Cap]) -> st.SearchStrategy[tuple[Cap, ...]]:
    return st.sampled_from([(), *((cap,) for cap in caps)])


@st.composite
def offices(
    draw: st.DrawFn,
    *,
    most_steps: int = 3,
    jitters: st.SearchStrategy[timedelta] = st.sampled_from([timedelta(0), 10 * MINUTE]),  # noqa: B008
) -> Office:
    shared = [(CapKind.COMPANY, firm) for firm in FIRMS] + [
        (CapKind.CONTACT, name) for name in ("ana", "ben")
    ]
    spent = draw(st.fixed_dictionaries({}, optional=dict.fromkeys(shared, times)))
    paces = tuple(draw(mailboxes(name, jitters)) for name in NAMES)
    for pace in paces:
        # Those that count as first mails are some of all that it sent.
        spent[CapKind.NEW, pace.name] = list(pace.sending_times[: draw(st.integers(0, 2))])
    return Office(pending=draw(backlogs(most_steps)), paces=paces, spent=spent)


def sent_under(office: Office, found: Forecast, key: CapKey) -> list[datetime]:
    """When messages left that count under a cap, before the forecast and in it."""
    kind, of = key
    caps = {item.id: item.caps for item in office.pending}
    boxes = {pace.name: pace for pace in office.paces}
    follow_ups = {item.id: item.is_follow_up for item in office.pending}
    found_times = list(office.spent.get(key, ()))
    for pace in office.paces:
        if any(cap.key == key for cap in pace.caps):
            found_times.extend(pace.sending_times)
    for message in found.messages:
        is_first = message.step == "s0" and not follow_ups[message.enrollment_id]
        counts = (
            is_first and message.mailbox == of
            if kind is CapKind.NEW
            else any(cap.key == key for cap in (*boxes[message.mailbox].caps, *caps[message.enrollment_id]))
        )
        if counts:
            found_times.append(message.due_at)
    return sorted(found_times)


def is_within(cap: Cap, at: datetime, sent: Sequence[datetime]) -> bool:
    """Whether what had been sent up to this instant, it included, is no more than the cap lets."""
    zone = ZoneInfo(cap.zone)
    today = at.astimezone(zone).date()
    if cap.kind is CapKind.DATE:
        count = sum(one <= at and one.astimezone(zone).date() == today for one in sent)
    else:
        count = sum(at - ROLLING_DAY < one <= at for one in sent)
    limit = cap.limit
    if cap.ramp is not None:
        began = cap.ramp.first_sent_at or min(sent)
        limit = min(limit, cap.ramp.start + cap.ramp.by * (today - began.astimezone(zone).date()).days)
    return count <= limit
