"""What a simulation came to: the load of each day and mailbox, and how the enrollments ended."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import version

from sequencer import __version__
from sequencer.config import Mailbox
from sequencer.core.heat_strip import strip_of
from sequencer.core.inbound import VerdictKind
from sequencer.core.plan_load import DayLoad, cap_on
from sequencer.core.wall_time import wall_time
from sequencer.simulate.buyers import Delivered
from sequencer.simulate.play import Play
from sequencer.store import counts, mailboxes, simulating


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day by the workspace's clock."""

    day: date
    new: int = 0
    """First messages to their buyers."""
    follow_ups: int = 0
    replies: int = 0
    auto_replies: int = 0
    bounces: int = 0
    """Refused at RCPT, or reported afterwards."""
    other: int = 0
    """What came back and was read as something else."""

    @property
    def is_empty(self) -> bool:
        return not any(count for name, count in asdict(self).items() if name != "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One mailbox's messages, refused ones left out as its cap does."""

    mailbox: str
    zone: str
    """Whose days are counted."""
    days: tuple[DayLoad, ...]
    """Every day of the span, empty ones too."""
    cap_binds_at: datetime | None
    """When one of its caps first kept back what was due."""
    cap_binds: str | None
    """Which cap, in words."""
    paused_at: datetime | None
    pause_reason: str | None

    @property
    def total(self) -> int:
        return sum(one.messages for one in self.days)

    @property
    def cap(self) -> int:
        """The least of its caps on the last day."""
        return self.days[-1].cap

    @property
    def strip(self) -> str:
        return strip_of((one.day, one.messages, one.cap) for one in self.days)

    @property
    def fullest(self) -> DayLoad:
        """The first of the days with the most messages."""
        return max(self.days, key=lambda one: one.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The figures of a simulation that has been played."""

    start: datetime
    until: datetime
    zone: str
    """Of `days`."""
    days: tuple[Day, ...]
    """Every day of the span, empty ones too."""
    mailboxes: tuple[Load, ...]
    ended: Mapping[str, int]
    """By reason."""
    active: int
    held: Mapping[str, int]
    """By reason."""
    last_finish_at: datetime | None
    """When the last enrollment ended; None when none did, or one is open still."""
    approvals: int
    tasks: int

    @property
    def open(self) -> int:
        return self.active + sum(self.held.values())

    @property
    def sent(self) -> int:
        return sum(one.new + one.follow_ups for one in self.days)

    def total(self, field: str) -> int:
        """The sum of a field of `Day`."""
        return sum(getattr(one, field) for one in self.days)


def versions() -> dict[str, str]:
    """On which equal outcomes of equal seeds depend."""
    return {"sequencer": __version__} | {name: version(name) for name in ("holidays", "tzdata")}


def outcome_of(play: Play) -> Outcome:
    """What happened, by the records of the copy and by what the buyers got."""
    stage = play.stage
    engine, start = stage.engine, stage.start
    until = start + timedelta(days=stage.settings.days)
    with engine.store.read() as tx:
        read = simulating.read_since(tx, start)
        ends = simulating.finished_since(tx, start)
        states, held = counts.enrollments_by_state(tx), counts.holds_by_reason(tx)
        paused = {one.name: one for one in mailboxes.statuses(tx)}
    zone, delivered = engine.config.default_zone, play.buyers.delivered
    is_over = not states.get("active", 0) and not held
    return Outcome(
        start=start,
        until=until,
        zone=zone,
        days=tuple(_days(delivered, read, _span(start, until, zone), zone)),
        mailboxes=tuple(
            _load(play, box, _span(start, until, box.zone), paused[box.name])
            for box in sorted(engine.config.mailboxes, key=lambda box: box.name)
        ),
        ended=ends.by_reason,
        active=states.get("active", 0),
        held=dict(sorted(held.items())),
        last_finish_at=ends.last_at if is_over else None,
        approvals=play.office.approvals,
        tasks=play.office.tasks,
    )


_FIELDS: Mapping[str, str] = {
    VerdictKind.REPLY: "replies",
    VerdictKind.AUTO_REPLY: "auto_replies",
    VerdictKind.BOUNCE: "bounces",
}


def _days(
    delivered: Iterable[Delivered], read: Iterable[tuple[datetime, str]], span: Iterable[date], zone: str
) -> Iterable[Day]:
    tally: Counter[tuple[date, str]] = Counter()
    for one in delivered:
        field = "bounces" if one.is_refused else "new" if one.is_new else "follow_ups"
        tally[wall_time(one.at, zone).date(), field] += 1
    for at, kind in read:
        tally[wall_time(at, zone).date(), _FIELDS.get(kind, "other")] += 1
    fields = ("new", "follow_ups", "replies", "auto_replies", "bounces", "other")
    return (Day(day=day, **{field: tally[day, field] for field in fields}) for day in span)


def _load(play: Play, box: Mailbox, span: Iterable[date], status: mailboxes.MailboxStatus) -> Load:
    own = (one for one in play.buyers.delivered if one.mailbox == box.name and not one.is_refused)
    tally = Counter(wall_time(one.at, box.zone).date() for one in own)
    caps = play.stage.engine.caps_of(box)
    binds_at, binds = play.cap_binds.get(box.name, (None, None))
    return Load(
        mailbox=box.name,
        zone=box.zone,
        days=tuple(DayLoad(day=day, messages=tally[day], cap=cap_on(day, caps, box.zone)) for day in span),
        cap_binds_at=binds_at,
        cap_binds=binds,
        paused_at=status.paused_at,
        pause_reason=status.pause_reason,
    )


def _span(start: datetime, until: datetime, zone: str) -> list[date]:
    first = wall_time(start, zone).date()
    last = wall_time(until - timedelta(microseconds=1), zone).date()
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
