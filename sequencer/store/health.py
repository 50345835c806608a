"""What became of a mailbox's last messages."""

from sqlalchemy import select

from sequencer.core.health import Fate
from sequencer.core.inbound import BounceClass, VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import inbox, mailboxes, outbox


def last_fates(tx: Tx, mailbox: str, count: int) -> list[Fate]:
    """Its last `count` messages that were sent or refused since it was resumed, newest first."""
    resumed_at = tx.execute(select(mailboxes.c.resumed_at).where(mailboxes.c.name == mailbox)).scalar()
    query = (
        select(outbox.c.id, outbox.c.state, outbox.c.smtp_class, outbox.c.answer_code, outbox.c.answer_text)
        .where(
            outbox.c.mailbox == mailbox,
            outbox.c.state.in_([OutboxState.SENT, OutboxState.REFUSED]),
            *([] if resumed_at is None else [outbox.c.claimed_at > resumed_at]),
        )
        .order_by(outbox.c.id.desc())
        .limit(count)
    )
    rows = tx.execute(query).all()
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
