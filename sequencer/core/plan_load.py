"""What a forecast asks of each mailbox, day by day, and when today's share of it ends."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sequencer.core.forecast import Forecast, Gate, PlannedMessage
from sequencer.core.wall_time import wall_time

_LEVELS = "▁▂▃▄▅▆▇█"
_NONE = "·"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxLoad:
    """One mailbox's planned messages."""

    mailbox: str
    cap: int
    """Messages in any 24 hours."""
    zone: str
    """Whose days are counted."""
    days: tuple[tuple[date, int], ...]
    """Every day of the span, empty ones too."""
    today_ends_at: datetime | None
    """When the last message of the first day leaves; None when none does."""
    put_off: int
    """Messages that leave on a later day because the cap was reached."""
    goes_on_at: datetime | None
    """When the first of those leaves."""

    @property
    def total(self) -> int:
        return sum(count for _day, count in self.days)

    @property
    def fullest(self) -> tuple[date, int]:
        """The first of the days with the most messages."""
        return max(self.days, key=lambda one: one[1])

    @property
    def strip(self) -> str:
        """A character a day: `·` for none, `▁` to `█` for the cap; a blank between Sunday and Monday."""
        drawn = ""
        for day, count in self.days:
            blank = " " if drawn and day.isoweekday() == 1 else ""
            drawn += blank + (_LEVELS[_level(count, self.cap)] if count else _NONE)
        return drawn


def loads_of(
    forecast: Forecast, *, caps: Mapping[str, int], zones: Mapping[str, str], start: datetime, days: int
) -> list[MailboxLoad]:
    """One for each mailbox that has something to send, by name; `start` is in any zone."""
    by_mailbox: dict[str, list[PlannedMessage]] = {}
    for message in forecast.messages:
        by_mailbox.setdefault(message.mailbox, []).append(message)
    return [
        _load(name, messages, caps[name], zones[name], start, days)
        for name, messages in sorted(by_mailbox.items())
    ]


def _load(
    mailbox: str, messages: Iterable[PlannedMessage], cap: int, zone: str, start: datetime, days: int
) -> MailboxLoad:
    first = wall_time(start, zone).date()
    last = wall_time(start + timedelta(days=days) - timedelta(microseconds=1), zone).date()
    dated = [(wall_time(one.due_at, zone).date(), one) for one in messages]
    counts = Counter(day for day, _one in dated)
    later = [one.due_at for day, one in dated if day > first and Gate.CAP in one.gates]
    return MailboxLoad(
        mailbox=mailbox,
        cap=cap,
        zone=zone,
        days=tuple((day, counts[day]) for day in _days(first, last)),
        today_ends_at=max((one.due_at for day, one in dated if day == first), default=None),
        put_off=len(later),
        goes_on_at=min(later, default=None),
    )


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _level(count: int, cap: int) -> int:
    return min(len(_LEVELS), -(-count * len(_LEVELS) // cap)) - 1
