"""What a forecast asks of each mailbox, day by day, when its batch ends, and which cap binds from when on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sequencer.core.caps import Cap, CapKind
from sequencer.core.forecast import GATE_OF, Binding, Forecast, Gate, LaterMessage, PlannedMessage
from sequencer.core.heat_strip import strip_of
from sequencer.core.wall_time import instant_of, wall_time

_OF_THE_MAILBOX = frozenset(
    GATE_OF[kind] for kind in (CapKind.MAILBOX, CapKind.DATE, CapKind.NEW, CapKind.GROUP)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLoad:
    """What a mailbox sends on one day."""

    day: date
    messages: int
    cap: int
    """The least of its caps on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingLoad:
    """A cap that keeps messages of a mailbox back."""

    binding: Binding
    day: date
    """On which it first does, in the mailbox's zone."""
    limit: int
    """How many it lets at that time."""
    messages: int
    """How many it keeps for a while."""
    goes_on_at: datetime | None
    """When the first of those leaves; None: not within the span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxLoad:
    """One mailbox's planned messages."""

    mailbox: str
    zone: str
    """Whose days are counted."""
    days: tuple[DayLoad, ...]
    """Every day of the span, empty ones too."""
    first_day_ends_at: datetime | None
    """When the last message of the first day leaves; None when none does."""
    put_off: int
    """Messages that leave on a later day because a cap of the mailbox's was reached."""
    goes_on_at: datetime | None
    """When the first of those leaves."""
    batch_ends_at: datetime | None
    """When the last first mail leaves; None when none does within the span, or more come after it."""
    first_mails_later: int
    """First mails that are due within the span and leave after it."""
    bindings: tuple[BindingLoad, ...]
    """By time."""

    @property
    def caps(self) -> tuple[int, int]:
        """The cap on the first day, and the greatest of the span."""
        return self.days[0].cap, max(one.cap for one in self.days)

    @property
    def total(self) -> int:
        return sum(one.messages for one in self.days)

    @property
    def fullest(self) -> DayLoad:
        """The first of the days with the most messages."""
        return max(self.days, key=lambda one: one.messages)

    @property
    def strip(self) -> str:
        """A character a day: `·` for none, `▁` to `█` for the cap; a blank between Sunday and Monday."""
        return strip_of((one.day, one.messages, one.cap) for one in self.days)


def loads_of(
    forecast: Forecast, *, zones: Mapping[str, str], start: datetime, days: int
) -> list[MailboxLoad]:
    """One for each mailbox that has something to send, by name; `start` is in any zone."""
    leaving: dict[str, list[PlannedMessage]] = {}
    for message in forecast.messages:
        leaving.setdefault(message.mailbox, []).append(message)
    later: dict[str, list[LaterMessage]] = {}
    for waiting in forecast.later:
        later.setdefault(waiting.mailbox, []).append(waiting)
    return [
        _load(forecast, name, leaving.get(name, []), later.get(name, []), zones[name], start, days)
        for name in sorted(leaving.keys() | later.keys())
    ]


def _load(
    forecast: Forecast,
    mailbox: str,
    leaving: Sequence[PlannedMessage],
    later: Sequence[LaterMessage],
    zone: str,
    start: datetime,
    days: int,
) -> MailboxLoad:
    first = wall_time(start, zone).date()
    last = wall_time(start + timedelta(days=days) - timedelta(microseconds=1), zone).date()
    dated = [(wall_time(one.due_at, zone).date(), one) for one in leaving]
    counts = Counter(day for day, _one in dated)
    put_off = [one.due_at for day, one in dated if day > first and _OF_THE_MAILBOX.intersection(one.gates)]
    first_mails = [one.due_at for one in leaving if Gate.INBOX not in one.gates]
    first_mails_later = sum(not one.is_follow_up for one in later)
    return MailboxLoad(
        mailbox=mailbox,
        zone=zone,
        days=tuple(
            DayLoad(day=day, messages=counts[day], cap=cap_on(day, forecast.caps[mailbox], zone))
            for day in _days(first, last)
        ),
        first_day_ends_at=max((one.due_at for day, one in dated if day == first), default=None),
        put_off=len(put_off),
        goes_on_at=min(put_off, default=None),
        batch_ends_at=None if first_mails_later else max(first_mails, default=None),
        first_mails_later=first_mails_later,
        bindings=tuple(
            _bound(one, leaving, later, zone) for one in forecast.bindings if one.mailbox == mailbox
        ),
    )


def _bound(
    binding: Binding, leaving: Sequence[PlannedMessage], later: Sequence[LaterMessage], zone: str
) -> BindingLoad:
    kept = [one.due_at for one in leaving if binding.gate in one.gates]
    return BindingLoad(
        binding=binding,
        day=wall_time(binding.at, zone).date(),
        limit=binding.cap.limit_at(binding.at),
        messages=len(kept) + sum(binding.gate in one.gates for one in later),
        goes_on_at=min(kept, default=None),
    )


def cap_on(day: date, caps: Iterable[Cap], zone: str) -> int:
    """The least of them at the end of this day, which is when a ramp's date has come in every zone."""
    ends_at = instant_of(datetime.combine(day + timedelta(days=1), datetime.min.time()), zone) - timedelta(
        microseconds=1
    )
    return min(cap.limit_at(ends_at) for cap in caps)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))
