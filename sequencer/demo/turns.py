"""The order of events on a virtual clock: what happens to mailboxes, and their ticks, by their instants."""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sequencer.clock import VirtualClock
from sequencer.flows.engine import Desk
from sequencer.flows.tick import Ticked, tick


@dataclass(slots=True, kw_only=True)
class Turns:
    """The mailboxes' ticks and what happens between them.

    Time moves only when nothing more happens at the present instant: what happens comes before any tick of
    the same instant.
    """

    clock: VirtualClock
    desks: Mapping[str, Desk]
    wanted: set[str]
    """Mailboxes that a gate wants read; the desks add to it."""
    poll_every_in: timedelta
    after_tick: Callable[[str, Ticked], None]
    """Asked what follows of a mailbox's tick, at its instant."""
    before_tick: Callable[[str], None] = lambda _name: None
    _coming: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    """A heap by instant, then by order of asking."""
    _asked: int = 0
    _due: dict[str, datetime] = field(default_factory=dict)
    """Mailbox → when it ticks next."""

    def play(self, until: datetime, after: Callable[[], None] = lambda: None) -> None:
        """Every event before `until`, `after` following each instant; then it is `until`."""
        for name in sorted(self.desks):
            self.come(name, self.clock.now())
        try:
            while (at := self._next_at()) is not None and at < until:
                self.clock.set(max(at, self.clock.now()))
                self._happen()
                self._tick_due()
                after()
            self.clock.set(until)
        finally:
            for desk in self.desks.values():
                desk.courier.close()
                if desk.reader is not None:
                    desk.reader.close()

    def call_at(self, at: datetime, do: Callable[[], None]) -> None:
        """Let it happen then."""
        heapq.heappush(self._coming, (at, self._asked, do))
        self._asked += 1

    def come(self, name: str, at: datetime) -> None:
        """Let the mailbox tick then, if not before; one that is not in config.toml any more never does."""
        if name in self.desks:
            self._due[name] = min(at, self._due.get(name, at))

    def next_poll(self) -> datetime:
        """When the daemon, which looks every `poll_every`, would look next."""
        now, every = self.clock.now(), self.poll_every_in
        return now + every - (now - datetime.min.replace(tzinfo=now.tzinfo)) % every

    def _next_at(self) -> datetime | None:
        return min((*self._due.values(), *(at for at, _number, _do in self._coming[:1])), default=None)

    def _happen(self) -> None:
        now = self.clock.now()
        while self._coming and self._coming[0][0] <= now:
            _at, _number, do = heapq.heappop(self._coming)
            do()

    def _tick_due(self) -> None:
        now = self.clock.now()
        for name in sorted(name for name, at in self._due.items() if at <= now):
            del self._due[name]
            self._tick(name)
            for wanted in sorted(self.wanted & self.desks.keys()):
                # The daemon wakes the other mailbox at once, and this one when that was read.
                self._tick(wanted)
                self.come(name, self.next_poll())
            self.wanted.clear()

    def _tick(self, name: str) -> None:
        self.before_tick(name)
        ticked = tick(self.desks[name])
        if ticked.next_at is not None:
            self.come(name, ticked.next_at)
        self.after_tick(name, ticked)
