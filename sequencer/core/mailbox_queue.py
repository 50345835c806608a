"""One mailbox's queue on a virtual clock: which message leaves next, and when, by the pacing functions."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Generic, TypeVar

from sequencer.config import Closure, Window
from sequencer.core.cap_counts import FAR_FUTURE, CapCount, CapCounts
from sequencer.core.caps import Cap
from sequencer.core.forecast import GATE_OF, Binding, Gate
from sequencer.core.lane import Lane
from sequencer.core.pacing import PickKey, gap, message_key, next_allowed, pick_order
from sequencer.core.wall_time import aware
from sequencer.core.zones import Place

M = TypeVar("M")

_ORDER = {gate: number for number, gate in enumerate(Gate)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPace:
    """How fast a mailbox may write, and what it has written."""

    name: str
    caps: tuple[Cap, ...]
    """Those that bound it whoever it writes to: while one is full nothing leaves."""
    new_cap: Cap | None = None
    """While it is full first mails wait, and follow-ups do not."""
    min_gap_in: timedelta
    jitter_in: timedelta
    sending_times: tuple[datetime, ...] = ()
    """`sending_at` of its sent, sending and unsure messages that still count under its caps."""
    last_at: datetime | None = None
    """When content last left it, whatever came of it; the latest of `sending_times` if that is later."""
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
    caps: tuple[Cap, ...] = ()
    """Those of whom it goes to: while one is full this message waits, and the next one goes."""
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
    waited_for: tuple[Gate, ...]
    """What kept it after it was due: window, caps, gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired(Generic[M]):
    """A message that did not leave in time, noticed at `at`."""

    message: M
    at: datetime


_Entry = tuple[PickKey, int, Queued[M]]


class MailboxQueue(Generic[M]):
    """What one mailbox has to send, on a clock that all mailboxes share; `advance` moves it on.

    It asks as the daemon does, of the first that is due (`pick_order`): is its window open? this message's
    gap over? the mailbox's caps open, and that of first mails? its company's and its contact's? A gap or a
    cap of the mailbox's stops the queue; a window, a company or a contact this message alone.
    """

    def __init__(
        self,
        pace: MailboxPace,
        key: bytes,
        start: datetime,
        closures: Sequence[Closure],
        sender_zone: str,
        counts: CapCounts,
    ) -> None:
        self.name = pace.name
        self.never: list[tuple[M, str]] = []
        """Messages whose window does not open within two years, and why."""
        self.bindings: dict[Gate, Binding] = {}
        """The first time each kind of cap kept something back."""
        self._pace = pace
        self._key = key
        self._now = start
        self._closures = tuple(closures)
        self._sender_zone = sender_zone
        lasts = (*pace.sending_times, *([pace.last_at] if pace.last_at else []))
        self._last = max(map(aware, lasts), default=None)
        self._counts = counts
        self._caps = tuple(counts.of(cap) for cap in pace.caps)
        self._new = counts.of(pace.new_cap) if pace.new_cap else None
        # Until when a cap is known to be full: the mailbox's, and those a message waits for.
        self._full_until: dict[Gate, datetime] = {}
        self._kept_until: dict[tuple[int, str], dict[Gate, datetime]] = {}
        self._lanes: dict[tuple[Window, Place], Lane[_Entry[M]]] = {}
        self._number = count()
        # Messages not yet due (any more), and lanes not yet open, by time.
        self._coming: list[tuple[datetime, int, Queued[M] | None, Lane[_Entry[M]]]] = []
        # Messages that may expire, by when they do; and those of them that left or did.
        self._ends: list[tuple[datetime, int, Queued[M]]] = []
        self._over: set[tuple[int, str]] = set()
        # The first due message of each lane that is not parked, by `pick_order`; and of what it was once.
        self._firsts: list[tuple[PickKey, int, Lane[_Entry[M]]]] = []
        self._pause: tuple[int, timedelta] | None = None
        self._written_to: set[str] = set()

    def add(self, queued: Queued[M], window: Window, place: Place) -> None:
        """Take a message in; one whose window never opens goes to `never`."""
        lane = self._lane(window, place)
        if lane.never:
            self.never.append((queued.message, lane.never))
            return
        heapq.heappush(self._coming, (aware(queued.ready_at), next(self._number), queued, lane))
        if queued.expires_at is not None:
            heapq.heappush(self._ends, (queued.expires_at, next(self._number), queued))

    def advance(self, now: datetime) -> SentNext[M] | Expired[M] | datetime | None:
        """One thing that happens at `now`, else when to come again; None: the queue is empty.

        `now` is never earlier than the last time, nor later than when it was to come again.
        """
        self._now = now
        if (expired := self._expired()) is not None:
            return expired
        self._let_come()
        while (lane := self._first_lane()) is not None:
            _, number, queued = lane.due[0]
            if (allowed_at := self._allowed_at(queued, number)) > now:
                # Whoever becomes due, and whatever window closes meanwhile, may change who is first.
                return min(allowed_at, self._next_event(), lane.closes_at)
            self._take_first(lane)
            if (opens_at := self._buyer_opens_at(queued)) > now:
                heapq.heappush(self._coming, (opens_at, next(self._number), queued, lane))
                continue
            return self._send(queued, lane)
        return self._next_event() if self._coming else None

    @property
    def caps(self) -> tuple[Cap, ...]:
        """What bounds the mailbox, its ramp begun with its first message."""
        return tuple(one.cap for one in self._caps)

    def follow_up(self, address_key: str) -> bool:
        """Another of their enrollments wrote to somebody: what they get next is a follow-up, and goes first.

        Whether a message to them is due here.
        """
        self._written_to.add(address_key)
        is_any_due = False
        for lane in self._lanes.values():
            theirs = [at for at, entry in enumerate(lane.due) if entry[2].message_parts[0] == address_key]
            for at in theirs:
                lane.due[at] = self._entry(lane.due[at][2])
            if theirs:
                heapq.heapify(lane.due)
                self._put_forward(lane)
                is_any_due = True
        return is_any_due

    def left(self, until: datetime) -> Iterator[tuple[Queued[M], tuple[Gate, ...]]]:
        """What was due before `until` and is still here, and what keeps it."""
        self._now = until
        due = [(entry[2], lane) for lane in self._lanes.values() for entry in lane.due]
        coming = [(queued, lane) for _, _, queued, lane in self._coming if queued is not None]
        for queued, lane in (*due, *coming):
            if queued.ready_at < until and not self._is_over(queued):
                yield queued, self._waited_for(queued, lane)

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

    def _is_over(self, queued: Queued[M]) -> bool:
        return queued.expires_at is not None and queued.name in self._over

    def _allowed_at(self, queued: Queued[M], number: int) -> datetime:
        """When its gap and the mailbox's caps let it out; the caps are looked at once the gap is over."""
        gap_over_at = next_allowed(self._last, self._gap(queued, number), self._now)
        if gap_over_at > self._now:
            return gap_over_at
        opens_at = max((self._look(one, self._full_until) for one in self._caps), default=self._now)
        if self._new is not None and not queued.is_follow_up:
            opens_at = max(opens_at, self._look(self._new, self._full_until))
        return opens_at

    def _gap(self, queued: Queued[M], number: int) -> timedelta:
        if self._pause is None or self._pause[0] != number:
            key = message_key(*queued.message_parts)
            pace = self._pace
            self._pause = number, gap(pace.min_gap_in, pace.jitter_in, self._key, pace.name, key)
        return self._pause[1]

    def _buyer_opens_at(self, queued: Queued[M]) -> datetime:
        """When the caps of whom it goes to let this message out."""
        if not queued.caps:
            return self._now
        until = self._kept_until.get(queued.name, {})
        opens_at = max(self._look(self._counts.of(cap), until) for cap in queued.caps)
        if until:
            self._kept_until[queued.name] = until
        return opens_at

    def _look(self, one: CapCount, full_until: dict[Gate, datetime]) -> datetime:
        """From when on a cap lets one more out: now, or later; what it keeps back is noted."""
        now = self._now
        gate = GATE_OF[one.cap.kind]
        if (known := full_until.get(gate, now)) > now:
            return known
        if (opens_at := one.opens_at(now)) > now:
            full_until[gate] = opens_at
            self.bindings.setdefault(gate, Binding(mailbox=self.name, cap=one.cap, at=now))
        return opens_at

    def _send(self, queued: Queued[M], lane: Lane[_Entry[M]]) -> SentNext[M]:
        now = self._now
        waited_for = self._waited_for(queued, lane)
        if queued.expires_at is not None:
            self._over.add(queued.name)
        self._kept_until.pop(queued.name, None)
        self._last = now
        for one in self._caps:
            one.add(now)
        if self._new is not None and not queued.is_follow_up:
            self._new.add(now)
        for cap in queued.caps:
            self._counts.of(cap).add(now)
        return SentNext(
            message=queued.message, at=now, is_follow_up=queued.is_follow_up, waited_for=waited_for
        )

    def _waited_for(self, queued: Queued[M], lane: Lane[_Entry[M]]) -> tuple[Gate, ...]:
        ready_at = aware(queued.ready_at)
        last_until = max(ready_at, lane.opens_at)
        waits = [Gate.WINDOW] if lane.opens_at > ready_at else []
        for full_until in (self._full_until, self._kept_until.get(queued.name, {})):
            for gate, until in full_until.items():
                if until > ready_at and not (gate is Gate.NEW_CONTACTS and queued.is_follow_up):
                    waits.append(gate)
                    last_until = max(last_until, until)
        if self._now > last_until:
            waits.append(Gate.GAP)
        return tuple(sorted(waits, key=_ORDER.__getitem__))

    def _let_come(self) -> None:
        """Take in everything that is due, and open every lane whose time has come."""
        while self._coming and self._coming[0][0] <= self._now:
            _, _, queued, lane = heapq.heappop(self._coming)
            if queued is None:
                lane.is_parked = False
            else:
                heapq.heappush(lane.due, self._entry(queued))
            self._put_forward(lane)

    def _entry(self, queued: Queued[M]) -> _Entry[M]:
        """A due message in its place, which it may have changed since it came."""
        if not queued.is_follow_up and queued.message_parts[0] in self._written_to:
            queued = replace(queued, is_follow_up=True)
        return queued.pick_key, next(self._number), queued

    def _put_forward(self, lane: Lane[_Entry[M]]) -> None:
        """Have the lane's first message among those that may leave."""
        if lane.due and not lane.is_parked:
            pick_key, number, _ = lane.due[0]
            heapq.heappush(self._firsts, (pick_key, number, lane))

    def _take_first(self, lane: Lane[_Entry[M]]) -> None:
        heapq.heappop(lane.due)
        self._put_forward(lane)

    def _first_lane(self) -> Lane[_Entry[M]] | None:
        """The open lane whose first message goes before those of the others; closed ones are parked."""
        while self._firsts:
            _, number, lane = self._firsts[0]
            if lane.is_parked or not lane.due or lane.due[0][1] != number:
                heapq.heappop(self._firsts)
            elif self._is_over(lane.due[0][2]):
                self._take_first(lane)
            else:
                lane.bring_up_to(self._now)
                if lane.opens_at <= self._now:
                    return lane
                self._park(lane)
        return None

    def _park(self, lane: Lane[_Entry[M]]) -> None:
        """Let the lane's messages wait until it opens."""
        if lane.never:
            left = [queued for _, _, queued in lane.due if not self._is_over(queued)]
            self.never.extend((queued.message, lane.never) for queued in left)
            self._over.update(queued.name for queued in left)
            lane.due.clear()
            return
        lane.is_parked = True
        heapq.heappush(self._coming, (lane.opens_at, next(self._number), None, lane))

    def _lane(self, window: Window, place: Place) -> Lane[_Entry[M]]:
        lane = self._lanes.get((window, place))
        if lane is None:
            lane = Lane(window, place, self._closures, self._sender_zone, self._now)
            self._lanes[window, place] = lane
        return lane
