"""Status: the daemon, the mailboxes, what waits and what needs a person, from one snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.core.waiting import why_it_waits
from sequencer.flows.edited_sequences import EditedSequence, edited_sequences
from sequencer.flows.engine import Engine
from sequencer.flows.mailbox_lines import MailboxLine, mailbox_lines
from sequencer.store import counts, notices, outbox_list, runs
from sequencer.store.counts import OpenTasks
from sequencer.store.engine import Tx
from sequencer.store.notices import Failing
from sequencer.store.runs import Run

HEARTBEAT_DIES_AFTER = timedelta(minutes=3)
"""A daemon beats every 15 seconds; older without an orderly stop means that it died."""
_SHOWN = 5


class DaemonState(StrEnum):
    NEVER = "never"
    """`run` was never started in this workspace."""
    RUNNING = "running"
    STOPPED = "stopped"
    """It ended in order."""
    DEAD = "dead"
    """Its heartbeat is old and it never said that it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that is due and has not left, or whose outcome a person must find out."""

    row: OutboxRow
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything `status` shows."""

    at: datetime
    daemon: DaemonState
    run: Run | None
    """The run that began last."""
    mailboxes: tuple[MailboxLine, ...]
    enrollments: Mapping[str, int]
    """By state."""
    holds: Mapping[str, int]
    """Held enrollments by reason."""
    outbox: Mapping[str, int]
    """Messages by state."""
    overdue: tuple[Waiting, ...]
    """The longest waiting of the messages that are due."""
    unsure: tuple[Waiting, ...]
    tasks: OpenTasks
    notices: Failing
    """What reps could not be told: still tried, or given up within a day."""
    edited: tuple[EditedSequence, ...]
    """Sequences whose files differ from what runs."""


def status(engine: Engine) -> Status:
    """How the workspace stands now."""
    now = engine.clock.now()
    with engine.store.read() as tx:
        run = runs.latest(tx)
        lines = mailbox_lines(tx, engine.config, now)
        paused = {line.name for line in lines if line.paused_at is not None}
        return Status(
            at=now,
            daemon=daemon_state(run, now),
            run=run,
            mailboxes=tuple(lines),
            enrollments=counts.enrollments_by_state(tx),
            holds=counts.holds_by_reason(tx),
            outbox=counts.outbox_by_state(tx),
            overdue=_overdue(tx, now, paused),
            unsure=_unsure(tx, now),
            tasks=counts.open_tasks(tx, now),
            notices=notices.failing(tx, now - timedelta(days=1)),
            edited=edited_sequences(engine, tx),
        )


def daemon_state(run: Run | None, now: datetime) -> DaemonState:
    """What the last heartbeat says of the daemon."""
    if run is None:
        return DaemonState.NEVER
    if run.stopped_at is not None:
        return DaemonState.STOPPED
    return DaemonState.DEAD if now - run.beat_at > HEARTBEAT_DIES_AFTER else DaemonState.RUNNING


def _overdue(tx: Tx, now: datetime, paused: set[str]) -> tuple[Waiting, ...]:
    states = (OutboxState.READY, OutboxState.DEFERRED)
    rows = outbox_list.listed(tx, outbox_list.Filter(states=states, due_before=now), limit=_SHOWN)
    return tuple(
        Waiting(row=row, reason=why_it_waits(row, now, is_mailbox_paused=row.mailbox in paused))
        for row in rows
    )


def _unsure(tx: Tx, now: datetime) -> tuple[Waiting, ...]:
    rows = outbox_list.listed(tx, outbox_list.Filter(states=(OutboxState.UNSURE,)), limit=_SHOWN)
    return tuple(Waiting(row=row, reason=why_it_waits(row, now, is_mailbox_paused=False)) for row in rows)
