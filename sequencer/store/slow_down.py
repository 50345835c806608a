"""How long a mailbox waits because its server asked for fewer messages: read off those messages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from sequencer.core.outbox import OutboxState
from sequencer.core.ports import SmtpClass
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx
from sequencer.store.schema import outbox

_ASKED = (
    is_any_of(outbox.c.state, OutboxState.READY, OutboxState.DEFERRED),
    outbox.c.smtp_class == SmtpClass.RATE.value,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowDown:
    """What a mailbox's server asked."""

    until: datetime
    reason: str
    """The server's words, as its message has them."""


def asked_of(tx: Tx, mailbox: str, now: datetime) -> SlowDown | None:
    """None: the mailbox may send."""
    return all_asked(tx, now, mailbox).get(mailbox)


def all_asked(tx: Tx, now: datetime, mailbox: str | None = None) -> dict[str, SlowDown]:
    """Every mailbox that waits now, or this one."""
    query = (
        select(outbox.c.mailbox, outbox.c.retry_at, outbox.c.reason)
        .where(*_ASKED, outbox.c.retry_at > now)
        .order_by(outbox.c.retry_at)
    )
    if mailbox is not None:
        query = query.where(outbox.c.mailbox == mailbox)
    return {row.mailbox: SlowDown(until=row.retry_at, reason=row.reason) for row in tx.execute(query)}


def times_asked(tx: Tx, mailbox: str) -> int:
    """How often its server asked since the messages it asked about began to wait."""
    query = select(func.coalesce(func.sum(outbox.c.tries), 0)).where(outbox.c.mailbox == mailbox, *_ASKED)
    return int(tx.execute(query).scalar_one())
