"""What became of a mailbox's last messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, select

from sequencer.core.health import Fate
from sequencer.core.inbound import BounceClass, VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.store.by_state import ASIDE
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import inbox, mailboxes, outbox


def last_fates(tx: Tx, mailbox: str, count: int) -> list[Fate]:
    """Its last `count` messages that were sent or refused since it was resumed, newest first."""
    resumed_at = tx.execute(select(mailboxes.c.resumed_at).where(mailboxes.c.name == mailbox)).scalar()
    since = [] if resumed_at is None else [outbox.c.claimed_at > resumed_at]
    sent = (outbox.c.state == OutboxState.SENT, outbox.c.sending_at.is_not(None))
    refused = (is_any_of(outbox.c.state, *ASIDE), outbox.c.state == OutboxState.REFUSED)
    # Two questions, each of which an index answers from its end.
    found = [
        *_newest(tx, count, outbox.c.sending_at, outbox.c.mailbox == mailbox, *sent, *since),
        *_newest(tx, count, outbox.c.claimed_at, outbox.c.mailbox == mailbox, *refused, *since),
    ]
    rows = sorted(found, key=lambda row: (row.claimed_at, row.id), reverse=True)[:count]
    bounced, complained = _came_back(tx, [row.id for row in rows])
    return [
        Fate(
            is_refused=row.state == OutboxState.REFUSED,
            smtp_class=row.smtp_class,
            answer=f"{row.answer_code or ''} {row.answer_text or ''}".strip(),
            has_bounced=row.id in bounced,
            has_complained=row.id in complained,
        )
        for row in rows
    ]


def _newest(tx: Tx, count: int, by: Column[datetime], *which: ColumnElement[bool]) -> list[Any]:
    fate = (outbox.c.smtp_class, outbox.c.answer_code, outbox.c.answer_text)
    query = select(outbox.c.id, outbox.c.state, outbox.c.claimed_at, *fate).where(*which)
    return list(tx.execute(query.order_by(by.desc()).limit(count)))


def _came_back(tx: Tx, ids: list[int]) -> tuple[set[int], set[int]]:
    bounced, complained = set[int](), set[int]()
    wanted = [VerdictKind.BOUNCE, VerdictKind.COMPLAINT]
    for some in chunks(ids):
        query = select(inbox.c.outbox_id, inbox.c.kind, inbox.c.verdict).where(
            inbox.c.outbox_id.in_(some), inbox.c.kind.in_(wanted)
        )
        for outbox_id, kind, verdict in tx.execute(query):
            if kind == VerdictKind.COMPLAINT:
                complained.add(outbox_id)
            elif (verdict or {}).get("bounce_class") == BounceClass.DEAD:
                bounced.add(outbox_id)
    return bounced, complained
