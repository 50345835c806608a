"""The ledger's statements that run for every message: each arrow one conditional UPDATE (docs/states.md)."""

from sqlalchemy import ClauseElement, update

from sequencer.core.outbox import OutboxState
from sequencer.store import gates
from sequencer.store.prepared import Prepared, instant, param
from sequencer.store.schema import outbox

S = OutboxState
C = outbox.c


def _claim() -> ClauseElement:
    return (
        update(outbox)
        .where(
            C.id == param("row_id", C.id),
            C.state.in_([S.READY, S.DEFERRED]),
            # The bytes were put together from `row`: a text that a person edited since must not be lost.
            C.rendered_at == instant("rendered"),
        )
        .values(
            state=S.CLAIMED,
            attempt_id=param("attempt", C.attempt_id),
            boot_id=param("boot", C.boot_id),
            batch_boot=param("batch", C.batch_boot),
            window=param("of_window", C.window),
            window_until=instant("until"),
            attempt=C.attempt + 1,
            claimed_at=instant("now"),
            message_id=param("message", C.message_id),
            date_at=instant("date"),
            sent_subject=param("about", C.sent_subject),
            in_reply_to=param("reply_to", C.in_reply_to),
            references=param("cites", C.references),
            reason="",
        )
    )


def _mark() -> ClauseElement:
    return (
        update(outbox)
        .where(
            C.id == param("row_id", C.id),
            C.state == S.CLAIMED,
            C.attempt_id == param("attempt", C.attempt_id),
            *gates.conditions().values(),
        )
        .values(
            state=S.SENDING,
            sending_at=instant("now"),
            gate_read_at=gates.oldest_read(),
            cap_count=gates.spent_since(),
            cap_limit=param("cap", C.cap_limit),
        )
    )


CLAIM = Prepared(_claim)
"""ready, deferred → claimed."""
MARK = Prepared(_mark)
"""claimed → sending, under every gate."""
