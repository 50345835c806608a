"""Moves a world's clock from event to event: the daemon's ticks, and people who do at once what is asked."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sequencer.flows.approve import approve, waiting_for_approval
from sequencer.flows.finish_tasks import finish_tasks
from sequencer.flows.tick import Ticked, read, tick
from sequencer.store import tasks, wakes
from tests.forecast.world import World

_OFTEN = 100
"""Ticks of one mailbox at one instant: more are a circle."""


@dataclass(slots=True)
class Clockwork:
    """Ticks each mailbox at the instants its ticks named; between them nothing happens."""

    world: World
    ticks: int = 0
    _due: dict[str, datetime] = field(default_factory=dict)
    _read_at: dict[str, datetime] = field(default_factory=dict)

    def play(self, until: datetime) -> None:
        """Every event before `until`; the clock then shows it."""
        clock = self.world.clock
        if not self._due:
            self._due = dict.fromkeys(self.world.desks, clock.now())
        while (at := min(self._due.values(), default=until)) < until:
            clock.set(max(at, clock.now()))
            for name in sorted(name for name, due in self._due.items() if due <= clock.now()):
                self._turn(name)
        clock.set(until)

    def _turn(self, name: str) -> None:
        """Tick until nothing more is to be done at this instant."""
        for _ in range(_OFTEN):
            if self.world.shares_buyers:
                self._read_the_others(name)
            ticked = self._tick(name)
            has_acted = bool(ticked.prepared) and self._act()
            is_woken = bool(self.world.wanted)
            for other in sorted(self.world.wanted):
                self._read(other)
            self.world.wanted.clear()
            if not (has_acted or is_woken or self._has_more(name, ticked)):
                break
        else:
            raise AssertionError(f"{name} ticks in a circle at {self.world.clock.now()}")
        self._due.pop(name)
        if ticked.next_at is not None:
            self._due[name] = ticked.next_at
        if self.world.shares_buyers and ticked.handed_over:
            # Who got a first mail here may have become a follow-up elsewhere: seen within `poll_every`.
            self._due |= dict.fromkeys(self.world.desks.keys() - {name}, self.world.clock.now())

    def _tick(self, name: str) -> Ticked:
        self.ticks += 1
        ticked = tick(self.world.desks[name])
        assert ticked.is_read_ok
        self._read_at[name] = self.world.clock.now()
        return ticked

    def _has_more(self, name: str, ticked: Ticked) -> bool:
        """The daemon sees a step that is near already when it next looks, `poll_every` later."""
        if not (ticked.handed_over or ticked.prepared):
            return False
        with self.world.engine.store.read() as tx:
            return bool(wakes.to_prepare(tx, name, self.world.clock.now(), limit=1))

    def _read_the_others(self, name: str) -> None:
        """The daemon has looked at every mailbox within `poll_every`: so no follow-up waits for that."""
        now, every = self.world.clock.now(), self.world.engine.config.limits.poll_every_in
        for other in self.world.desks:
            if other != name and now - self._read_at.get(other, now - timedelta(days=1)) > every:
                self._read(other)

    def _read(self, name: str) -> None:
        assert read(self.world.desks[name]).is_ok
        self._read_at[name] = self.world.clock.now()

    def _act(self) -> bool:
        """People approve what waits for them, and do what is due."""
        engine, now = self.world.engine, self.world.clock.now()
        waiting = waiting_for_approval(engine)
        if waiting:
            assert not approve(engine, waiting, "li").left
        with engine.store.read() as tx:
            due = [task.id for task in tasks.listed(tx) if task.due_at <= now]
        if due:
            assert not finish_tasks(engine, due).left
        return bool(waiting or due)
