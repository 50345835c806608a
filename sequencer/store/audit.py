"""What the audit asks of the tables: what was handed over, in chunks, and what stands beside it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from sequencer.core.audit import Earlier, Handed, Happened, Stop, is_stopping
from sequencer.core.audit_chain import CHAIN_KINDS
from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import SPENT, OutboxState
from sequencer.store.engine import MAX_ROWS_PER_WRITE, Tx, chunks
from sequencer.store.schema import enrollments, events, inbox, mailboxes, outbox, sequence_versions

S = OutboxState
_SPENT = sorted(SPENT)
_STOPPING = sorted(kind for kind in VerdictKind if is_stopping(kind, None, is_hard=True, bounce_class="dead"))
_FROM_ROW = tuple(
    name for name in Handed.__slots__ if name not in ("is_version_known", "enrolled_at", "state", "reader")
)
_COURSE = ("held", "resumed", "finished")
_NOT_CANCELLED = ~outbox.c.is_cancelled
"""As `uq_outbox_once` says it: so SQLite finds rows by address in that index."""
_WRITTEN = (outbox.c.state.in_(_SPENT), outbox.c.sending_at.is_not(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which messages are judged; None: all."""

    since: datetime | None = None
    """Left, or were claimed, at or after this instant."""
    mailbox: str | None = None
    contact_id: int | None = None
    message_id: int | None = None
    """One row's number."""


def handed_over(tx: Tx, which: Which) -> Iterator[list[Handed]]:
    """The chosen messages that were handed over, or may have been, by number, in lists that fit in memory."""
    after = 0
    while found := _next(tx, which, after):
        yield found
        after = found[-1].id


def events_of(tx: Tx, ids: Collection[int]) -> dict[int, list[Happened]]:
    """The chains of these messages, in the order of the commits."""
    kinds = events.c.kind.in_(sorted(CHAIN_KINDS))
    return _happened(tx, events.c.outbox_id, ids, kinds)


def courses_of(tx: Tx, enrollment_ids: Collection[int]) -> dict[int, list[Happened]]:
    """When these enrollments were held, resumed and finished, in the order of the commits."""
    which = and_(events.c.kind.in_(_COURSE), events.c.outbox_id.is_(None))
    return _happened(tx, events.c.enrollment_id, enrollment_ids, which)


def shared_addresses(tx: Tx) -> frozenset[str]:
    """Addresses at which several contacts were written to."""
    keys = select(outbox.c.address_key).where(*_WRITTEN).group_by(outbox.c.address_key)
    shared = keys.having(func.min(outbox.c.contact_id) != func.max(outbox.c.contact_id))
    return frozenset(tx.execute(shared).scalars())


def earlier_of(tx: Tx, messages: Collection[Handed], shared: Collection[str]) -> dict[int, list[Earlier]]:
    """By message: from when each mailbox had written to its contact or, if that is shared, its address."""
    by_contact = _first_written(tx, outbox.c.contact_id, {one.contact_id for one in messages})
    keys = {one.address_key for one in messages if one.address_key in shared}
    by_key = _first_written(tx, outbox.c.address_key, keys, _NOT_CANCELLED)
    return {one.id: by_contact[one.contact_id] + by_key[one.address_key] for one in messages}


def stops_of(tx: Tx, contact_ids: Collection[int]) -> dict[int, list[Stop]]:
    """By contact: the recorded answers that end everything."""
    found: dict[int, list[Stop]] = defaultdict(list)
    columns = (inbox.c.id, inbox.c.mailbox, inbox.c.kind, inbox.c.received_at, inbox.c.read_at)
    query = select(*columns, inbox.c.contact_id, inbox.c.match_via, inbox.c.verdict)
    for ids in chunks(contact_ids):
        which = query.where(inbox.c.contact_id.in_(ids), inbox.c.kind.in_(_STOPPING))
        for row in tx.execute(which.order_by(inbox.c.id)):
            verdict = row.verdict or {}
            bounce_class = verdict.get("bounce_class")
            kind, is_hard = VerdictKind(row.kind), bool(verdict.get("hard"))
            if is_stopping(kind, row.match_via, is_hard=is_hard, bounce_class=bounce_class):
                stop = Stop(
                    id=row.id,
                    mailbox=row.mailbox,
                    kind=kind,
                    received_at=row.received_at,
                    read_at=row.read_at,
                )
                found[row.contact_id].append(stop)
    return found


def was_sent() -> ColumnElement[bool]:
    """Whether an event says that the message of the enclosing statement was sent, whatever its row says."""
    return exists(
        select(literal(1)).where(events.c.outbox_id == outbox.c.id, events.c.kind == S.SENT).correlate(outbox)
    )


def chosen(which: Which) -> list[ColumnElement[bool]]:
    """The conditions on outbox rows that `which` comes to."""
    conditions: list[ColumnElement[bool]] = []
    if which.since is not None:
        conditions.append(left_at() >= which.since)
    if which.mailbox is not None:
        conditions.append(outbox.c.mailbox == which.mailbox)
    if which.contact_id is not None:
        conditions.append(outbox.c.contact_id == which.contact_id)
    if which.message_id is not None:
        conditions.append(outbox.c.id == which.message_id)
    return conditions


def left_at() -> ColumnElement[Any]:
    """When content left; else when it was claimed, or made."""
    return func.coalesce(outbox.c.sending_at, outbox.c.claimed_at, outbox.c.created_at)


def _next(tx: Tx, which: Which, after: int) -> list[Handed]:
    is_handed = or_(
        outbox.c.state.in_(_SPENT),
        and_(outbox.c.state == S.REFUSED, outbox.c.sending_at.is_not(None)),
        was_sent(),
    )
    query = (
        select(
            *(outbox.c[name] for name in _FROM_ROW),
            outbox.c.state,
            enrollments.c.created_at.label("enrolled_at"),
            mailboxes.c.reads_in.label("reader"),
            sequence_versions.c.hash.is_not(None).label("is_version_known"),
        )
        .join(enrollments, enrollments.c.id == outbox.c.enrollment_id)
        .outerjoin(mailboxes, mailboxes.c.name == outbox.c.mailbox)
        .outerjoin(sequence_versions, sequence_versions.c.hash == outbox.c.version_hash)
        .where(outbox.c.id > after, is_handed, *chosen(which))
        .order_by(outbox.c.id)
        .limit(MAX_ROWS_PER_WRITE)
    )
    return [Handed(**{**row, "state": S(row["state"])}) for row in tx.execute(query).mappings()]


def _happened(
    tx: Tx, of: ColumnElement[Any], ids: Collection[int], kinds: ColumnElement[bool]
) -> dict[int, list[Happened]]:
    found: dict[int, list[Happened]] = defaultdict(list)
    data = type_coerce(events.c.data, String).label("data")
    columns = (of.label("of"), events.c.id, events.c.at, events.c.kind, data)
    for chunk in chunks(ids):
        for row in tx.execute(select(*columns).where(of.in_(chunk), kinds).order_by(events.c.id)):
            found[row.of].append(Happened(id=row.id, at=row.at, kind=row.kind, data=_decoded(row.data)))
    return found


def _first_written(
    tx: Tx, of: ColumnElement[Any], wanted: Collection[Any], *also: Any
) -> dict[Any, list[Earlier]]:
    reader = func.coalesce(mailboxes.c.reads_in, outbox.c.mailbox)
    first = select(of.label("of"), reader.label("reader"), func.min(outbox.c.sending_at).label("at"))
    query = first.outerjoin(mailboxes, mailboxes.c.name == outbox.c.mailbox).where(*_WRITTEN, *also)
    found: dict[Any, list[Earlier]] = defaultdict(list)
    for chunk in chunks(wanted):
        for row in tx.execute(query.where(of.in_(chunk)).group_by(of, reader)):
            found[row.of].append(Earlier(reader=row.reader, sending_at=row.at))
    return found


@lru_cache(maxsize=1024)
def _decoded(data: str | None) -> dict[str, Any]:
    """An event's data; most events of a kind bear the same."""
    decoded: dict[str, Any] = json.loads(data) if data else {}
    return decoded
