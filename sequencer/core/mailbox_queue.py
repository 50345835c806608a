"""One mailbox's queue on a virtual clock: which message leaves next, and when, by the pacing functions."""

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Generic, TypeVar

from sequencer.config import Closure, Window
from sequencer.core.calendar import NeverOpens, next_open, open_until
from sequencer.core.pacing import PickKey, cap_opens_at, gap, message_key, next_allowed, pick_order
from sequencer.core.wall_time import aware
from sequencer.core.zones import Place

M = TypeVar("M")

FAR_FUTURE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPace:
    """How fast a mailbox may write, and what it has written."""

    name: str
    cap: int
    """Messages in any rolling 24 hours."""
    min_gap_in: timedelta
    jitter_in: timedelta
    sending_times: tuple[datetime, ...] = ()
    """`sending_at` of its sent, sending and unsure messages: the last one, and those of the last 24 hours."""
    paused: str = ""
    """Why it is paused; empty when it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(Generic[M]):
    """A message that waits to be sent."""

    message: M
    id: int
    due_at: datetime
    ready_at: datetime
    is_follow_up: bool
    message_parts: tuple[str, str, int, str]
    """address_key, sequence, round, step."""
    expires_at: datetime | None = None
    """From then on it does not leave any more; None: however late."""

    @property
    def name(self) -> tuple[int, str]:
        """What tells it from every other message of a queue."""
        return self.id, self.message_parts[-1]

    @property
    def pick_key(self) -> PickKey:
        return pick_order(is_follow_up=self.is_follow_up, due_at=self.due_at, id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentNext(Generic[M]):
    """A message that left."""

    message: M
    at: datetime
    is_follow_up: bool
    waited_for: tuple[str, ...]
    """`window`, `cap`, `gap`: what kept it after it was due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired(Generic[M]):
    """A message that did not leave in time, noticed at `at`."""

    message: M
    at: datetime


@dataclass(slots=True)
class _Lane(Generic[M]):
    """All messages that share a window and a place, and so open and close together."""

    window: Window
    place: Place
    opens_at: datetime
    """Start and end of the open span that is on, or comes next."""
    closes_at: datetime
    parked: "list[_Entry[M]]" = field(default_factory=list)
    """Due, and waiting for the lane to open."""
    never: str = ""
    """Why it never opens (again)."""


_Entry = tuple[PickKey, int, Queued[M], _Lane[M]]


class MailboxQueue(Generic[M]):
    """What one mailbox has to send; `send_next` moves its own clock forward."""

    def __init__(
        self,
        pace: MailboxPace,
        key: bytes,
        start: datetime,
        closures: Sequence[Closure],
        sender_zone: str,
    ) -> None:
        if pace.cap < 1:
            raise ValueError(f"the cap of mailbox {pace.name} must be 1 or more, got {pace.cap}")
        self.never: list[tuple[M, str]] = []
        """Messages whose window does not open within two years, and why."""
        self._pace = pace
        self._key = key
        self._now = start
        self._closures = tuple(closures)
        self._sender_zone = sender_zone
        times = sorted(aware(at) for at in pace.sending_times)
        self._last = times[-1] if times else None
        self._times = deque(times, maxlen=pace.cap)
        self._capped_until = start
        self._lanes: dict[tuple[Window, Place], _Lane[M]] = {}
        self._number = count()
        # Messages not yet due, and lanes not yet open, by time.
        self._coming: list[tuple[datetime, int, Queued[M] | None, _Lane[M]]] = []
        # Messages that may expire, by when they do; and those of them that left or did.
        self._ends: list[tuple[datetime, int, Queued[M]]] = []
        self._over: set[tuple[int, str]] = set()
        # Due messages by `pick_order`; those whose lane closed meanwhile are parked when they come up.
        self._due: list[_Entry[M]] = []

    def add(self, queued: Queued[M], window: Window, place: Place) -> None:
        """Take a message in; one whose window never opens goes to `never`."""
        lane = self._lane(window, place)
        if lane.never:
            self.never.append((queued.message, lane.never))
            return
        heapq.heappush(self._coming, (aware(queued.ready_at), next(self._number), queued, lane))
        if queued.expires_at is not None:
            heapq.heappush(self._ends, (queued.expires_at, next(self._number), queued))

    def send_next(self, until: datetime) -> SentNext[M] | Expired[M] | None:
        """Send the next message that leaves before `until`, or tell one that expired; None: there is none."""
        while self._now < until:
            if (expired := self._expired()) is not None:
                return expired
            self._let_come()
            head = self._head()
            if head is None:
                if not self._coming:
                    return None
                self._now = max(self._now, self._next_event())
                continue
            _, _, queued, lane = head
            allowed_at = self._allowed_at(queued)
            if allowed_at <= self._now:
                heapq.heappop(self._due)
                if queued.expires_at is not None:
                    self._over.add(queued.name)
                return self._send(queued, lane)
            # Whoever becomes due, and whatever window closes meanwhile, may change who is first.
            self._now = min(allowed_at, self._next_event(), lane.closes_at)
        return None

    def _next_event(self) -> datetime:
        """When the next message comes due, lane opens, or message expires."""
        return min((heap[0][0] for heap in (self._coming, self._ends) if heap), default=FAR_FUTURE)

    def _expired(self) -> Expired[M] | None:
        """The first message whose time is over, taken out of the queue."""
        while self._ends and self._ends[0][0] <= self._now:
            _, _, queued = heapq.heappop(self._ends)
            if queued.name not in self._over:
                self._over.add(queued.name)
                return Expired(message=queued.message, at=self._now)
        return None

    def _allowed_at(self, queued: Queued[M]) -> datetime:
        pause = gap(
            self._pace.min_gap_in,
            self._pace.jitter_in,
            self._key,
            self._pace.name,
            message_key(*queued.message_parts),
        )
        # The cap is reached while the cap-th last message is less than a day old: one time tells it.
        oldest = (self._times[0],) if len(self._times) == self._pace.cap else ()
        cap_at = cap_opens_at(oldest, 1, self._now)
        if cap_at > self._now:
            self._capped_until = max(self._capped_until, cap_at)
        return max(cap_at, next_allowed(self._last, pause, self._now))

    def _send(self, queued: Queued[M], lane: _Lane[M]) -> SentNext[M]:
        now = self._now
        waited_for = self._waited_for(aware(queued.ready_at), lane)
        self._last = now
        self._times.append(now)
        return SentNext(
            message=queued.message, at=now, is_follow_up=queued.is_follow_up, waited_for=waited_for
        )

    def _waited_for(self, ready_at: datetime, lane: _Lane[M]) -> tuple[str, ...]:
        waits = {
            "window": lane.opens_at > ready_at,
            "cap": self._capped_until > ready_at,
            "gap": self._now > max(ready_at, lane.opens_at, self._capped_until),
        }
        return tuple(word for word, is_so in waits.items() if is_so)

    def _let_come(self) -> None:
        """Take in everything that is due, and open every lane whose time has come."""
        while self._coming and self._coming[0][0] <= self._now:
            _, _, queued, lane = heapq.heappop(self._coming)
            if queued is None:
                for entry in lane.parked:
                    heapq.heappush(self._due, entry)
                lane.parked.clear()
            else:
                heapq.heappush(self._due, (queued.pick_key, next(self._number), queued, lane))

    def _head(self) -> "_Entry[M] | None":
        """The first due message whose lane is open; those before it are parked until theirs opens."""
        while self._due:
            queued, lane = self._due[0][2:]
            if queued.expires_at is not None and queued.name in self._over:
                heapq.heappop(self._due)
                continue
            self._bring_up_to_date(lane)
            if lane.opens_at <= self._now:
                return self._due[0]
            if not lane.parked:
                heapq.heappush(self._coming, (lane.opens_at, next(self._number), None, lane))
            lane.parked.append(heapq.heappop(self._due))
        return None

    def _lane(self, window: Window, place: Place) -> _Lane[M]:
        lane = self._lanes.get((window, place))
        if lane is None:
            lane = _Lane(window, place, self._now, self._now)
            self._bring_up_to_date(lane)
            self._lanes[window, place] = lane
        return lane

    def _bring_up_to_date(self, lane: _Lane[M]) -> None:
        calendar = (lane.window, lane.place, self._closures, self._sender_zone)
        while lane.closes_at <= self._now:
            try:
                opens_at = next_open(lane.closes_at, *calendar)
            except NeverOpens as never:
                lane.never = str(never)
                lane.opens_at = lane.closes_at = FAR_FUTURE
                return
            # Where one span runs on into the next, the lane has been open all along.
            if opens_at > lane.closes_at:
                lane.opens_at = opens_at
            lane.closes_at = open_until(opens_at, *calendar) or FAR_FUTURE
