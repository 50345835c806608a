"""Why a message stands where it stands, in words for the person who looks at the outbox."""

from datetime import datetime

from sequencer.core.outbox import OutboxRow, OutboxState

S = OutboxState

PENDING: tuple[OutboxState, ...] = (
    S.AWAITING_APPROVAL,
    S.READY,
    S.CLAIMED,
    S.SENDING,
    S.DEFERRED,
    S.UNSURE,
)
"""States of messages whose end is not known yet."""


def why_it_waits(row: OutboxRow, now: datetime, *, is_mailbox_paused: bool) -> str:
    """One phrase for a list; `outbox show` asks every gate instead."""
    match row.state:
        case S.AWAITING_APPROVAL:
            return _with_reason("waits for approval", row)
        case S.CLAIMED:
            return "is being handed over"
        case S.SENDING:
            return "is leaving now"
        case S.UNSURE:
            return _with_reason("may have left or not; waits for a person", row)
        case S.READY | S.DEFERRED if is_mailbox_paused:
            return "the mailbox is paused"
        case S.READY | S.DEFERRED:
            return _unsent(row, now)
        case _:
            return row.reason


def _unsent(row: OutboxRow, now: datetime) -> str:
    if row.due_at > now:
        return "is not due yet"
    if row.reason:
        return row.reason
    return "is due: waits for the mailbox's next turn"


def _with_reason(text: str, row: OutboxRow) -> str:
    return f"{text}: {row.reason}" if row.reason else text
