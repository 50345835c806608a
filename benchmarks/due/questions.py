"""What is asked of the database: on each tick, at each message, once a start, by a person's command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.due.fill import TO_PREPARE, UNSURE
from benchmarks.due.office import BUSY, CAP, IDLE, NOW, Office
from sequencer.core.outbox import Headers, OutboxState
from sequencer.core.waiting import PENDING
from sequencer.flows.plan import plan
from sequencer.flows.status import status
from sequencer.flows.tick import tick
from sequencer.flows.why import why
from sequencer.store import (
    copies,
    gates,
    ledger,
    mailboxes,
    outbox,
    outbox_list,
    replies,
    slow_down,
    tasks,
    unsure,
    wakes,
)
from sequencer.store.engine import Tx
from sequencer.store.gates import GateLimits
from sequencer.store.ledger import Attempt
from sequencer.store.running_needs import running_needs

LIMITS = GateLimits(oldest_read=NOW, newest_read=NOW, cap=CAP, cap_since=NOW - timedelta(hours=24))
PLAN_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to be timed."""

    name: str
    ask: Callable[[Office], object]
    is_flat: bool = True
    """Must cost the same however many are through; else it is only told."""


def _asked(ask: Callable[[Tx], object]) -> Callable[[Office], object]:
    def in_snapshot(office: Office) -> object:
        with office.engine.store.read() as tx:
            return ask(tx)

    return in_snapshot


class _Undone(Exception):
    """Ends a write that is to leave no trace."""


@contextmanager
def _undone(office: Office) -> Iterator[Tx]:
    try:
        with office.engine.store.write() as tx:
            yield tx
            raise _Undone
    except _Undone:
        return


def _mark(office: Office) -> None:
    with _undone(office) as tx:
        row = outbox.by_id(tx, outbox.due_ids(tx, BUSY, NOW)[-1])
        assert row is not None
        attempt = Attempt(row=row, attempt_id="x", boot_id="b")
        assert ledger.claim(
            tx, attempt, Headers(message_id="<x@firm.example>", date_at=NOW, subject="s"), NOW
        )
        assert ledger.mark_sending(tx, attempt, LIMITS, NOW)


def _gates(tx: Tx) -> object:
    found = gates.shut_gates(tx, outbox.due_ids(tx, BUSY, NOW)[:100], LIMITS)
    assert len(found) == 100
    return found


def _tick(office: Office) -> None:
    ticked = tick(office.desk(IDLE))
    assert (ticked.is_read_ok, ticked.prepared, ticked.handed_over) == (True, 0, 0)
    assert ticked.next_at is not None


def _due(tx: Tx) -> None:
    assert len(outbox.due_ids(tx, BUSY, NOW)) == 500


def _to_prepare(tx: Tx) -> None:
    assert len(wakes.to_prepare(tx, BUSY, NOW, limit=TO_PREPARE[1])) == 500


def _waiting(tx: Tx) -> None:
    assert outbox_list.listed(tx, outbox_list.Filter(states=PENDING), 200)
    assert outbox_list.count(tx, outbox_list.Filter(states=PENDING)) > UNSURE[1] - UNSURE[0]


def _edited(tx: Tx) -> object:
    return outbox.edited_of(tx, [one.id for one in wakes.to_prepare(tx, BUSY, NOW, limit=100)])


def _cancel(office: Office) -> None:
    with _undone(office) as tx:
        assert outbox.cancel_unsent(tx, [1], "held") == 1


def _newly_unsure(tx: Tx) -> object:
    return unsure.newly_unsure(tx, [BUSY], NOW - timedelta(days=3), None)


def _planned(office: Office) -> None:
    assert plan(office.engine, start=NOW, days=PLAN_DAYS).messages


TICK = (
    Question(name="wakes.to_prepare (500)", ask=_asked(_to_prepare)),
    Question(name="wakes.to_prepare (none)", ask=_asked(lambda tx: wakes.to_prepare(tx, IDLE, NOW))),
    Question(name="outbox.edited_of (100)", ask=_asked(_edited)),
    Question(name="a hold: cancel_unsent", ask=_cancel),
    Question(name="wakes.next_wake_at", ask=_asked(lambda tx: wakes.next_wake_at(tx, IDLE, NOW))),
    Question(name="wakes.holds_ending", ask=_asked(lambda tx: wakes.holds_ending(tx, IDLE, NOW, limit=1))),
    Question(name="outbox.due_ids (500)", ask=_asked(_due)),
    Question(name="outbox.due_ids (none)", ask=_asked(lambda tx: outbox.due_ids(tx, IDLE, NOW))),
    Question(name="outbox.next_due_at", ask=_asked(lambda tx: outbox.next_due_at(tx, BUSY, NOW))),
    Question(name="outbox.last_sending", ask=_asked(lambda tx: outbox.last_sending(tx, BUSY))),
    Question(
        name="cap: outbox.sending_times",
        ask=_asked(lambda tx: outbox.sending_times(tx, IDLE, NOW - timedelta(hours=24))),
    ),
    Question(name="gates.shut_gates (100)", ask=_asked(_gates)),
    Question(name="claim, mark_sending", ask=_mark),
    Question(name="slow_down.asked_of", ask=_asked(lambda tx: slow_down.asked_of(tx, BUSY, NOW))),
    Question(name="ledger.unsettled_mailboxes", ask=_asked(ledger.unsettled_mailboxes)),
    Question(
        name="copies.due, next_due_at",
        ask=_asked(lambda tx: (copies.due(tx, IDLE, NOW, 20), copies.next_due_at(tx, IDLE, NOW))),
    ),
    Question(name="replies.any_at_work", ask=_asked(replies.any_at_work)),
    Question(name="tick of an idle mailbox", ask=_tick),
)
_OF_MANY_AHEAD = {
    "wakes.to_prepare (500)",
    "wakes.to_prepare (none)",
    "wakes.next_wake_at",
    "wakes.holds_ending",
    "outbox.due_ids (500)",
    "tick of an idle mailbox",
}
START = (
    Question(name="unsure.newly_unsure", ask=_asked(_newly_unsure)),
    Question(name="mailboxes.writers", ask=_asked(mailboxes.writers)),
    Question(name="mailboxes.used_since", ask=_asked(lambda tx: mailboxes.used_since(tx, None))),
    Question(name="mailboxes.used_since (one)", ask=_asked(lambda tx: mailboxes.used_since(tx, IDLE))),
    Question(name="running_needs", ask=_asked(running_needs)),
)
COMMANDS = (
    Question(name="why CONTACT", ask=lambda office: why(office.engine, "2000", office.engine.rep("wang"))),
    Question(name="tasks list", ask=_asked(tasks.listed), is_flat=False),
    Question(name="outbox list", ask=_asked(_waiting)),
    Question(
        name="outbox list --unsure",
        ask=_asked(lambda tx: outbox_list.listed(tx, outbox_list.Filter(states=(OutboxState.UNSURE,)), 200)),
    ),
    Question(name="status", ask=lambda office: status(office.engine), is_flat=False),
)
PLAN = Question(name=f"plan of 5,000 × 9, {PLAN_DAYS} days", ask=_planned)
AHEAD = tuple(one for one in TICK if one.name in _OF_MANY_AHEAD)
