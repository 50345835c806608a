"""Late answer: the server's last word on a message that was resolved while its worker still waited."""

import logging
from collections.abc import Callable
from datetime import datetime

from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.core.ports import Outcome, Unsure
from sequencer.flows import mail_log
from sequencer.store import outbox, unsure
from sequencer.store.engine import Tx
from sequencer.store.ledger import Attempt, Settlement

_RESOLVED = frozenset(
    {OutboxState.SENT, OutboxState.READY, OutboxState.REFUSED, OutboxState.CANCELLED, OutboxState.UNSURE}
)
"""Where evidence or a person may have put what was in doubt."""


def take_late_answer(
    tx: Tx,
    attempt: Attempt,
    outcome: Outcome,
    settlement: Settlement,
    now: datetime,
    follow_up: Callable[[], None],
) -> bool:
    """True: the answer is dealt with. False: the row is nobody's any more, which must not happen.

    What was taken leaves no second time, whatever a person ordered; what was refused is refused. Where
    evidence said `sent` that stays: the row is spent, and a refusal then acts as the bounce it is.
    """
    current = outbox.by_id(tx, attempt.row.id)
    if current is None:
        return False
    is_mine = current.attempt_id == attempt.attempt_id
    if isinstance(outcome, Unsure):
        # The mailbox was taken over: what this one would write stands already, or more is known by now.
        return is_mine and current.state in _RESOLVED
    before = unsure.answered_late(tx, attempt, settlement, now)
    if before is None:
        if settlement.state is OutboxState.SENT:
            _say_given_up(tx, current, now)
        return is_mine and current.state in _RESOLVED
    if before is OutboxState.READY:
        words = f"message {current.id} does not leave again: the server's answer came late"
        mail_log.mailbox_event(logging.WARNING, "answered late", current.mailbox, words)
    is_refusal = settlement.state is OutboxState.REFUSED
    if before is OutboxState.READY or is_refusal:
        follow_up()
    return True


def _say_given_up(tx: Tx, row: OutboxRow, now: datetime) -> None:
    if row.state is OutboxState.REFUSED and unsure.doubted(tx, [row.id]):
        unsure.note_arrived_anyway(tx, row, {"by": "late_answer"}, now)
        words = f"message {row.id} was resolved as not sent, and the server had taken it"
        mail_log.mailbox_event(logging.WARNING, "arrived anyway", row.mailbox, words)
