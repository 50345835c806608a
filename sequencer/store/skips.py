"""Steps that the program passed over because their time had gone: one event each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sequencer.core.enrollment import Enrollment
from sequencer.core.progress import Skipped
from sequencer.core.timing import SkipReason
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record_many
from sequencer.store.schema import events

KIND = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSkip:
    """A step of an enrollment that was passed over, and when."""

    step: str
    reason: str
    at: datetime


def record_skips(tx: Tx, enrollment: Enrollment, skipped: Iterable[Skipped], now: datetime) -> None:
    """Note what was passed over for its time; a condition that does not hold is told by `why` alone."""
    record_many(
        tx,
        now,
        (
            Event(
                kind=KIND,
                contact_id=enrollment.contact_id,
                enrollment_id=enrollment.id,
                mailbox=enrollment.mailbox,
                data={"step": one.step, "reason": one.reason.value},
            )
            for one in skipped
            if one.reason is not SkipReason.CONDITION
        ),
    )


def skips_of(tx: Tx, enrollment_ids: Collection[int]) -> dict[int, list[PastSkip]]:
    """What was passed over in each of these enrollments, oldest first."""
    found: dict[int, list[PastSkip]] = {}
    query = select(events).where(
        events.c.enrollment_id.in_(list(enrollment_ids)), events.c.outbox_id.is_(None), events.c.kind == KIND
    )
    for row in tx.execute(query.order_by(events.c.id)):
        skip = PastSkip(step=row.data["step"], reason=row.data["reason"], at=row.at)
        found.setdefault(row.enrollment_id, []).append(skip)
    return found
