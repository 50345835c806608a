"""Every mail of a person, and when a rep next wrote back: one question, whatever their number."""

from datetime import datetime

from sqlalchemy import func, select

from sequencer.core.first_answers import HumanMail
from sequencer.core.inbound import VerdictKind
from sequencer.store.engine import Tx
from sequencer.store.inbox import answered_at
from sequencer.store.schema import contacts, enrollments, inbox


def human_mails(
    tx: Tx, *, sequence: str | None = None, since: datetime | None = None, is_waiting: bool = False
) -> list[HumanMail]:
    """Replies of contacts received since then, of one sequence, or only those nobody answered yet."""
    query = (
        select(
            inbox.c.contact_id,
            inbox.c.received_at,
            answered_at().label("answered_at"),
            func.coalesce(enrollments.c.rep, contacts.c.owner).label("rep"),
            inbox.c.mailbox,
            enrollments.c.sequence,
        )
        .select_from(inbox.join(contacts, contacts.c.id == inbox.c.contact_id))
        .outerjoin(enrollments, enrollments.c.id == inbox.c.enrollment_id)
        .where(inbox.c.kind == VerdictKind.REPLY)
        .order_by(inbox.c.received_at, inbox.c.id)
    )
    if sequence is not None:
        query = query.where(enrollments.c.sequence == sequence)
    if since is not None:
        query = query.where(inbox.c.received_at >= since)
    if is_waiting:
        query = query.where(answered_at().is_(None))
    return [
        HumanMail(**{name: row[name] for name in HumanMail.__slots__}) for row in tx.execute(query).mappings()
    ]
