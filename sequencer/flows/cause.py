"""Cause: which answer, which refusal or which person put an enrollment where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sequencer.core.enrollment import Enrollment
from sequencer.core.outbox import OutboxState
from sequencer.store import inbox, marks, outbox
from sequencer.store.engine import Tx
from sequencer.store.enrolling import ANSWERED_BY_HAND
from sequencer.store.events import Event
from sequencer.store.inbox import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The event of a hold or a finish, and what stands behind it."""

    at: datetime
    kind: str
    """`answer`, `person`, `refusal`, or `program`."""
    by: str | None = None
    """The rep who said so."""
    answer: Answer | None = None
    message_id: int | None = None
    """The row of the outbox that was refused, or became unsure."""
    said: str | None = None
    """What `by` said of `answer`: a mark, or the kind that it really is."""


def cause_of(tx: Tx, enrollment: Enrollment, events: Sequence[Event]) -> Cause | None:
    """What holds or ended this enrollment; `events` are its contact's. None while it is active."""
    event = _last(enrollment, events)
    if event is None or event.at is None:
        return None
    at = event.at
    # What was written in one transaction happened at one instant.
    together = [one for one in events if one.at == at]
    marked = _marked(tx, at, together)
    if marked is not None:
        return marked
    begins = f"enrollment {enrollment.id} "
    answers = inbox.recorded_at(tx, at)
    answer = next((one for one in answers if any(said.startswith(begins) for said in one.effects)), None)
    if answer is not None:
        return Cause(at=at, kind="answer", answer=answer)
    by = event.data.get("by") or _said_by_hand(together)
    if by:
        return Cause(at=at, kind="person", by=str(by))
    refused = _refused(tx, enrollment, together)
    return Cause(at=at, kind="refusal" if refused else "program", message_id=refused)


def _last(enrollment: Enrollment, events: Sequence[Event]) -> Event | None:
    if enrollment.finish_reason is not None:
        kind, reason = "finished", enrollment.finish_reason.value
    elif enrollment.hold is not None:
        kind, reason = "held", enrollment.hold.reason.value
    else:
        return None
    own = (one for one in reversed(events) if one.enrollment_id == enrollment.id and one.kind == kind)
    return next((one for one in own if one.data.get("reason") == reason), None)


def _marked(tx: Tx, at: datetime, together: Sequence[Event]) -> Cause | None:
    """A person's word on an answer, said at that instant: this contact's, or one filed under a colleague."""
    own = [
        (int(one.data["inbox_id"]), str(one.data.get("mark") or one.data.get("to")), one.data.get("by"))
        for one in together
        if one.kind in ("inbox.marked", "inbox.corrected")
    ]
    for inbox_id, said, by in (*reversed(own), *marks.said_at(tx, at)):
        return Cause(at=at, kind="person", by=by, answer=inbox.by_id(tx, inbox_id), said=said)
    return None


def _said_by_hand(together: Sequence[Event]) -> str | None:
    told = (one.data.get("by") for one in together if one.kind == ANSWERED_BY_HAND)
    return next((str(by) for by in told if by), None)


def _refused(tx: Tx, enrollment: Enrollment, together: Sequence[Event]) -> int | None:
    ended = (OutboxState.REFUSED, OutboxState.UNSURE)
    for one in together:
        if one.enrollment_id == enrollment.id and one.outbox_id is not None:
            row = outbox.by_id(tx, one.outbox_id)
            if row is not None and row.state in ended:
                return row.id
    return None
