"""Settle a message of a batch that was sent: one small commit, its enrollment's next step in it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sequencer.core.outbox import OutboxState
from sequencer.core.ports import Sent
from sequencer.core.progress import Standing
from sequencer.flows import mail_log
from sequencer.flows.engine import Desk
from sequencer.store import enrollments, ledger
from sequencer.store.engine import Marks
from sequencer.store.enrollments import StepDone
from sequencer.store.ledger import Attempt, Settlement


def settle_sent(
    desk: Desk,
    marks: Marks,
    attempt: Attempt,
    outcome: Sent,
    *,
    next_standing: Callable[[datetime], Standing | None],
    copies: timedelta | None,
) -> bool:
    """Write that it was sent and where its enrollment stands now. False: nothing was written, `settle` must.

    `copies` is how long after it the copy in Sent is looked after; None: never.
    """
    row, now = attempt.row, desk.engine.clock.now()
    answer = outcome.answer
    settlement = Settlement(
        state=OutboxState.SENT, answer_code=answer.code, answer_text=answer.text, wire_id=outcome.wire_id
    )
    done = StepDone(
        enrollment_id=row.enrollment_id, contact_id=row.contact_id, mailbox=row.mailbox, step=row.step
    )
    try:
        standing = next_standing(now)
        with marks.write() as tx:
            copy_at = None if copies is None else now + copies
            if not ledger.settle_sent(tx, attempt, settlement, now, copy_at):
                return False
            enrollments.end_step(tx, done, standing, now)
    except Exception:
        # A next step that can't be dated, a full disk: `settle` writes the outcome alone, or keeps it.
        return False
    desk.troubles.say(desk.mailbox.name, "smtp", None)
    mail_log.settled(row, settlement)
    return True
