"""The ledger's statements that run for every message: each arrow one conditional UPDATE (docs/states.md)."""

from collections.abc import Mapping

from sqlalchemy import ClauseElement, ColumnElement, Update, null, select, update

from sequencer.core.outbox import OutboxState
from sequencer.store import gates
from sequencer.store.prepared import Prepared, Question, instant, param
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
            caps=param("counted", C.caps),
            reason="",
        )
    )


def _mark() -> ClauseElement:
    return _marked(gates.conditions()).values(cap_count=gates.spent_since())


def _mark_in_batch() -> ClauseElement:
    # Only the mailbox's own tick sends for it, so that what its batch counted at its claim still holds.
    named = gates.conditions()
    del named[gates.Gate.CAP]
    return _marked(named).values(cap_count=param("used", C.cap_count))


def _marked(named: Mapping[gates.Gate, ColumnElement[bool]]) -> Update:
    return (
        update(outbox)
        .where(
            C.id == param("row_id", C.id),
            C.state == S.CLAIMED,
            C.attempt_id == param("attempt", C.attempt_id),
            *named.values(),
        )
        .values(
            state=S.SENDING,
            sending_at=instant("now"),
            gate_read_at=gates.oldest_read(),
            cap_limit=param("cap", C.cap_limit),
        )
    )


def _sent() -> ClauseElement:
    return (
        update(outbox)
        .where(
            C.id == param("row_id", C.id),
            C.state == S.SENDING,
            C.attempt_id == param("attempt", C.attempt_id),
        )
        .values(
            state=S.SENT,
            sent_at=instant("now"),
            wire_id=param("wire", C.wire_id),
            answer_code=param("code", C.answer_code),
            answer_text=param("said", C.answer_text),
            copy_due_at=instant("copy"),
            retry_at=null(),
            smtp_class=null(),
            reason="",
        )
    )


CLAIM = Prepared(_claim)
"""ready, deferred → claimed."""
CLAIMED = Question(lambda ids: select(C.attempt_id).where(C.id.in_(ids), C.state == S.CLAIMED))
"""Whose attempt each of these rows is claimed for."""
MARK = Prepared(_mark)
"""claimed → sending, under every gate."""
MARK_IN_BATCH = Prepared(_mark_in_batch)
"""The same for a message whose batch has counted the cap."""
SENT = Prepared(_sent)
"""sending → sent, as it goes nearly always; the other outcomes are rare."""
