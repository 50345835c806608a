"""What counts against caps on a virtual clock that only moves forward; mailboxes share what they share."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sequencer.core.caps import Cap, CapKey, CapKind
from sequencer.core.pacing import ROLLING_DAY
from sequencer.core.wall_time import aware

FAR_FUTURE = datetime.max.replace(tzinfo=UTC)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class CapCount:
    """One cap and the messages under it; what no longer counts is dropped as time goes on."""

    def __init__(self, cap: Cap, times: Iterable[datetime]) -> None:
        if cap.limit < 1:
            raise ValueError(f"the cap of {cap.kind} {cap.of} must be 1 or more, got {cap.limit}")
        self.cap = cap
        self._times = deque(sorted(aware(at) for at in times))
        self._is_of_date = cap.kind is CapKind.DATE
        # What a date decides is worked out once a date, not once a message.
        self._limit = cap.limit
        self._since = _LONG_AGO
        self._turns_at = _LONG_AGO if self._is_of_date or cap.ramp is not None else FAR_FUTURE

    def opens_at(self, now: datetime) -> datetime:
        """As `Cap.opens_at`, of what was counted so far."""
        if now >= self._turns_at:
            self._limit = self.cap.limit_at(now)
            self._since = self.cap.since(now)
            self._turns_at = self.cap.next_date(now)
        since = self._since if self._is_of_date else now - ROLLING_DAY
        while self._times and self._times[0] <= since:
            self._times.popleft()
        if len(self._times) < self._limit:
            return now
        if self._is_of_date:
            return self._turns_at
        opens_at = self._times[-self._limit] + ROLLING_DAY
        # From the next date on a ramp may let more.
        return opens_at if opens_at < self._turns_at else self.cap.opens_at(self._times, now)

    def add(self, at: datetime) -> None:
        """Count a message that left."""
        self._times.append(at)
        ramp = self.cap.ramp
        if ramp is not None and ramp.first_sent_at is None:
            # Its first date lets no more than one without a beginning: the limit stays until the next.
            self.cap = replace(self.cap, ramp=replace(ramp, first_sent_at=at))


class CapCounts:
    """The count of every cap that was asked about: one for each key, whoever asks."""

    def __init__(self, spent: Mapping[CapKey, Iterable[datetime]]) -> None:
        self._spent = spent
        self._counts: dict[CapKey, CapCount] = {}

    def of(self, cap: Cap) -> CapCount:
        """The one count under this cap's key."""
        count = self._counts.get(cap.key)
        if count is None:
            count = self._counts[cap.key] = CapCount(cap, self._spent.get(cap.key, ()))
        return count
