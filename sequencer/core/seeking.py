"""When a message that may have left or not is looked for in Sent, and which mail there may be it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

LOOKS_AFTER = (
    timedelta(0),
    timedelta(minutes=2),
    timedelta(minutes=15),
    timedelta(hours=2),
    timedelta(hours=24),
)
"""From when the doubt was noticed: providers file late, and reports come later still."""
FIRST_LOOK_IN = timedelta(seconds=10)
"""What was handed over a moment ago may be filed only now."""
AGAIN_IN = timedelta(minutes=2)
"""After a look that failed."""
SOUGHT_FOR = timedelta(days=30)
"""A doubt older than this is a person's alone: nobody should walk through a year of Sent at each start."""
NEAR_IN = timedelta(minutes=10)
"""A copy with an id that we don't know, this near to the sending, may be ours."""


@dataclass(slots=True, kw_only=True)
class _Doubt:
    noticed_at: datetime
    attempt: int
    looks: int = 0
    next_at: datetime | None


@dataclass(slots=True)
class Seeking:
    """The doubtful messages this process knows of; a restart looks for all of them again."""

    last_event: int | None = None
    """Up to which event they are known; None: nobody has looked since the start."""
    _doubts: dict[int, _Doubt] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[int]:
        """The row ids."""
        return frozenset(self._doubts)

    def keep(self, attempts: dict[int, int], now: datetime) -> None:
        """`attempts` (by row id) are those in doubt now: new ones are due, others are forgotten."""
        self._doubts = {
            row_id: doubt for row_id, doubt in self._doubts.items() if attempts.get(row_id) == doubt.attempt
        }
        for row_id, attempt in attempts.items():
            self._doubts.setdefault(row_id, _Doubt(noticed_at=now, attempt=attempt, next_at=now))

    def is_due(self, row_id: int, now: datetime) -> bool:
        """Whether it is to be looked for now."""
        doubt = self._doubts.get(row_id)
        return doubt is not None and doubt.next_at is not None and doubt.next_at <= now

    def looked(self, row_id: int, now: datetime) -> None:
        """Not found: the next look comes at its time, after the last one none."""
        doubt = self._doubts[row_id]
        doubt.looks += 1
        later = [doubt.noticed_at + after for after in LOOKS_AFTER[doubt.looks :]]
        doubt.next_at = max(later[0], now + AGAIN_IN) if later else None

    def failed(self, row_id: int, now: datetime) -> None:
        """Sent could not be looked through: that says nothing."""
        self._doubts[row_id].next_at = now + AGAIN_IN

    def next_at(self, now: datetime) -> datetime | None:
        """When one of them is to be looked for next, a moment after `now` at the earliest."""
        known = [doubt.next_at for doubt in self._doubts.values() if doubt.next_at is not None]
        return max(min(known), now + FIRST_LOOK_IN) if known else None


def may_be(subject: str | None, told: str) -> bool:
    """Whether a copy's subject is ours, however it was folded."""
    return subject is not None and subject.split() == told.split()


def is_near(sending_at: datetime | None, *times: datetime | None) -> bool:
    """Whether one of a copy's times lies near our sending."""
    return sending_at is not None and any(abs(sending_at - at) <= NEAR_IN for at in times if at is not None)
