"""Prepare many: the messages of a batch of enrollments go into the outbox by a few statements."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sequencer.flows import mail_log
from sequencer.store import enrollments, outbox_new
from sequencer.store.engine import Tx
from sequencer.store.outbox_new import NewMessage

logger = logging.getLogger("sequencer.mail")


def put_in_outbox(tx: Tx, messages: Sequence[NewMessage], now: datetime) -> set[int]:
    """Add each message whose enrollment waits for it still and whose step has none; their enrollments' ids.

    With the others something is to be done first; when one can't be added, all are left to be tried alone.
    """
    try:
        with tx.begin_nested():
            waiting = enrollments.waiting_at(tx, [one.enrollment_id for one in messages])
            taken = outbox_new.taken_steps(tx, messages)
            free = [
                one
                for one in messages
                if waiting.get(one.enrollment_id) == (one.step, one.version_hash)
                and not outbox_new.names_of(one) & taken
            ]
            row_ids = outbox_new.add_all(tx, free, now)
            done = [one.enrollment_id for one in free]
            enrollments.all_outstanding(tx, done)
    except Exception:
        logger.exception("not prepared together", extra={"detail": f"{len(messages)} messages"})
        return set()
    for row_id, message in zip(row_ids, free, strict=True):
        mail_log.prepared(row_id, message)
    return set(done)
