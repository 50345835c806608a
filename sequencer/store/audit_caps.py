"""What counts towards each kind of cap, in the order in which the audit counts it anew."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, exists, literal, select, type_coerce

from sequencer.core.audit_rows import Spent
from sequencer.core.caps import Cap, CapKind
from sequencer.core.outbox import SPENT
from sequencer.core.pacing import ROLLING_DAY
from sequencer.store.audit import Which
from sequencer.store.cap_counts import is_first
from sequencer.store.engine import Tx
from sequencer.store.schema import outbox

K = CapKind
LONGEST_DATE_IN = timedelta(hours=25)
_KEYS: dict[CapKind, ColumnElement[Any]] = {
    K.MAILBOX: outbox.c.mailbox,
    K.DATE: outbox.c.mailbox,
    K.NEW: outbox.c.mailbox,
    K.GROUP: literal(""),
    K.COMPANY: outbox.c.company,
    K.CONTACT: outbox.c.contact_id,
}
_OF_ONE_MAILBOX = (K.MAILBOX, K.DATE, K.NEW)
_NOTES = type_coerce(outbox.c.caps, String)


def spent(tx: Tx, which: Which, kind: CapKind) -> Iterator[Spent]:
    """What left or may have, by whose cap of this kind it counts, then by time; of a day more than asked.

    Nothing where no message was held to such a cap.
    """
    is_noted = _NOTES.contains(f'"{kind}', autoescape=True)
    if kind is not K.MAILBOX and not tx.execute(select(exists().where(is_noted))).scalar():
        return
    key = _KEYS[kind]
    columns = (outbox.c.id, key.label("key"), outbox.c.sending_at, outbox.c.claimed_at)
    query = select(*columns, outbox.c.cap_limit, outbox.c.caps).where(*_chosen(which, kind))
    rows = tx.execute(query.order_by(key, outbox.c.sending_at, outbox.c.id).execution_options(yield_per=1000))
    found = (_spent(row, kind) for row in rows)
    # A group stands only in what its messages' claims noted.
    yield from found if kind is not K.GROUP else sorted(found, key=lambda one: one.key)


def _chosen(which: Which, kind: CapKind) -> Iterator[ColumnElement[bool]]:
    yield and_(outbox.c.state.in_(sorted(SPENT)), outbox.c.sending_at.is_not(None))
    if which.since is not None:
        yield outbox.c.sending_at >= which.since - (LONGEST_DATE_IN if kind is K.DATE else ROLLING_DAY)
    if which.mailbox is not None and kind in _OF_ONE_MAILBOX:
        yield outbox.c.mailbox == which.mailbox
    if kind is K.NEW:
        yield is_first()
    if kind is K.GROUP:
        yield _NOTES.contains(f'"{kind}:', autoescape=True)
    if kind is K.COMPANY:
        yield outbox.c.company.is_not(None)


def _spent(row: Any, kind: CapKind) -> Spent:
    if kind is K.MAILBOX:
        return Spent(id=row.id, key=row.key, sending_at=row.sending_at, limit=row.cap_limit)
    noted = next((one for one in row.caps or {} if one.partition(":")[0] == kind), None)
    # A later claim that came to nothing has left its own count.
    is_of_mark = noted is not None and row.claimed_at is not None and row.claimed_at <= row.sending_at
    of, since = (noted or "").partition(":")[2], None
    if kind is K.DATE:
        is_known = noted is not None
        date = Cap(kind=kind, of=row.key, limit=1, zone=of) if is_known else None
        since = date.since(row.sending_at) if date else row.sending_at - LONGEST_DATE_IN
    return Spent(
        id=row.id,
        key=of if kind is K.GROUP else row.key,
        sending_at=row.sending_at,
        limit=row.caps[noted][1] if is_of_mark else None,
        since=since,
    )
