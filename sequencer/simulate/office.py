"""The office of a simulation: reps who approve at once, and do each task on its date."""

from dataclasses import dataclass
from datetime import datetime

from sequencer.demo.turns import Turns
from sequencer.flows.approve import approve, messages_by_id
from sequencer.flows.engine import Engine
from sequencer.flows.finish_tasks import finish_tasks
from sequencer.store import simulating
from sequencer.store.engine import chunks

_BY = "simulate"


@dataclass(slots=True, kw_only=True)
class Office:
    """Everybody at the firm."""

    engine: Engine
    approvals: int = 0
    """Messages approved."""
    tasks: int = 0
    """Tasks done."""
    _comes_at: datetime | None = None
    """When tasks are looked at next."""

    def look(self, turns: Turns) -> None:
        """After something was prepared: approve what waits, and come back when a task is due."""
        with self.engine.store.read() as tx:
            waiting = simulating.to_approve(tx)
        for batch in chunks(waiting):
            rows = messages_by_id(self.engine, [one.id for one in batch])
            self.approvals += len(approve(self.engine, rows, _BY).approved)
        now = self.engine.clock.now()
        for one in waiting:
            turns.come(one.mailbox, max(now, one.due_at))
        self._come_back(turns)

    def _do_tasks(self, turns: Turns) -> None:
        now, self._comes_at = self.engine.clock.now(), None
        with self.engine.store.read() as tx:
            due = simulating.tasks_due(tx, now)
        for batch in chunks(due):
            self.tasks += len(finish_tasks(self.engine, [one.id for one in batch], by=_BY).done)
        for mailbox in {one.mailbox for one in due}:
            turns.come(mailbox, now)
        self._come_back(turns)

    def _come_back(self, turns: Turns) -> None:
        with self.engine.store.read() as tx:
            next_at = simulating.next_task_at(tx)
        if next_at is not None and (self._comes_at is None or next_at < self._comes_at):
            self._comes_at = max(next_at, self.engine.clock.now())
            turns.call_at(self._comes_at, lambda: self._do_tasks(turns))
