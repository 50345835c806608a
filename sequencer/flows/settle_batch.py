"""What became of a batch's messages: each is written with the next one's mark, or before a wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sequencer.core.outbox import OutboxState
from sequencer.core.ports import Sent
from sequencer.core.progress import Rhythm, Standing, standing_after
from sequencer.core.sequence import Sequence as Steps
from sequencer.flows import mail_log, settle
from sequencer.flows.engine import Desk
from sequencer.store import enrollments, ledger
from sequencer.store.engine import Marks, MarkTx
from sequencer.store.enrollments import StepDone
from sequencer.store.ledger import Attempt, LedgerError, Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """An attempt, and what its enrollment goes on by."""

    attempt: Attempt
    sequence: Steps
    rhythm: Rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    attempt: Attempt
    outcome: Sent
    at: datetime
    standing: Standing | None
    """Where the enrollment stands now; None: it is completed."""

    @property
    def settlement(self) -> Settlement:
        answer = self.outcome.answer
        return Settlement(
            state=OutboxState.SENT,
            answer_code=answer.code,
            answer_text=answer.text,
            wire_id=self.outcome.wire_id,
        )


class LastSent:
    """The message that was sent last, until that is written.

    It is at the latest before anything is waited for, so that a process killed meanwhile leaves one message
    in doubt as ever.
    """

    def __init__(self, desk: Desk, marks: Marks, copies: timedelta | None) -> None:
        """`copies` is how long after a message its copy in Sent is looked after; None: never."""
        self._desk = desk
        self._marks = marks
        self._copies = copies
        self._known: _Known | None = None

    def keep(self, course: Course, outcome: Sent) -> bool:
        """Have it written; False: its next step can't be dated, `settle` must say so at once."""
        self.write()
        now, row = self._desk.engine.clock.now(), course.attempt.row
        try:
            standing = standing_after(course.sequence, row.step, now, course.rhythm)
        except Exception:
            return False
        self._known = _Known(attempt=course.attempt, outcome=outcome, at=now, standing=standing)
        return True

    @property
    def is_waiting(self) -> bool:
        """Whether one is to be written."""
        return self._known is not None

    def write_in(self, tx: MarkTx) -> bool:
        """Write it in another's commit; whether there was anything. LedgerError: `write` must."""
        known = self._known
        if known is None:
            return False
        row = known.attempt.row
        copy_at = None if self._copies is None else known.at + self._copies
        if not ledger.settle_sent(tx, known.attempt, known.settlement, known.at, copy_at):
            raise LedgerError(f"message {row.id} is no longer this attempt's")
        done = StepDone(
            enrollment_id=row.enrollment_id, contact_id=row.contact_id, mailbox=row.mailbox, step=row.step
        )
        enrollments.end_step(tx, done, known.standing, known.at)
        return True

    def was_written(self) -> None:
        """That commit is made."""
        known, self._known = self._known, None
        if known is not None:
            self._desk.troubles.say(self._desk.mailbox.name, "smtp", None)
            mail_log.settled(known.attempt.row, known.settlement)

    def write(self) -> None:
        """Write it now, in a commit of its own; what `settle` raises."""
        known = self._known
        if known is None:
            return
        try:
            with self._marks.write() as tx:
                self.write_in(tx)
        except Exception:
            # A full disk, a row that is another's by now: `settle` knows what then, or keeps the outcome.
            self._known = None
            settle.settle(self._desk, known.attempt, known.outcome, was_marked=True)
        else:
            self.was_written()
