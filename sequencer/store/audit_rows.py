"""What the audit asks over many rows at once: twins, suppressions, clocks, copies in Sent."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, literal, or_, select, tuple_, union
from sqlalchemy import func as sql

from sequencer.core.audit import Silence
from sequencer.core.audit_rows import Twin
from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import SPENT, OutboxState
from sequencer.core.suppression import Suppression
from sequencer.store import copies
from sequencer.store.audit import Which, chosen, left_at, was_sent
from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import events, inbox, mailboxes, outbox, suppressions

_SPENT = sorted(SPENT)
_STEP = (outbox.c.address_key, outbox.c.sequence, outbox.c.round, outbox.c.step)


def twins_of_steps(tx: Tx, which: Which) -> list[list[Twin]]:
    """Messages of one address, sequence, round and step, where several were handed over."""
    is_handed = or_(outbox.c.state.in_(_SPENT), was_sent())
    doubled = select(*_STEP).where(is_handed).group_by(*_STEP).having(sql.count() > 1)
    query = select(*_STEP, *_TWIN).where(is_handed, tuple_(*_STEP).in_(doubled)).order_by(outbox.c.id)
    groups: dict[tuple[Any, ...], list[Twin]] = defaultdict(list)
    for row in tx.execute(query):
        groups[row.address_key, row.sequence, row.round, row.step].append(_twin(row))
    return _with_chosen(tx, groups.values(), which)


def twins_of_ids(tx: Tx, which: Which) -> list[tuple[str, list[Twin]]]:
    """Messages under one Message-ID, minted or a relay's, where several bear it."""
    found: list[tuple[str, list[Twin]]] = []
    for message_id in tx.execute(_ids_borne_twice()).scalars().all():
        bears = or_(outbox.c.message_id == message_id, outbox.c.wire_id == message_id)
        query = select(*_STEP, *_TWIN).where(bears).order_by(outbox.c.id)
        found.append((str(message_id), [_twin(row) for row in tx.execute(query)]))
    kept = _with_chosen(tx, [group for _id, group in found], which)
    return [(message_id, group) for message_id, group in found if group in kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silences:
    """The suppressions that cover some messages, by what they cover."""

    by_key: dict[str, list[Silence]]
    by_contact: dict[int, list[Silence]]


def silences_of(tx: Tx, keys: Collection[str], contact_ids: Collection[int]) -> Silences:
    """Suppressions of just these addresses, and of these people; wildcards apart, see `wildcards`."""
    found = Silences(by_key=defaultdict(list), by_contact=defaultdict(list))
    for chunk in chunks(keys):
        for row in tx.execute(select(suppressions).where(suppressions.c.pattern.in_(chunk))):
            found.by_key[row.pattern].append(_silence(row))
    for ids in chunks(contact_ids):
        for row in tx.execute(select(suppressions).where(suppressions.c.contact_id.in_(ids))):
            found.by_contact[row.contact_id].append(_silence(row))
    return found


def wildcards(tx: Tx) -> list[Suppression]:
    """Every suppression that is a pattern, the oldest first."""
    query = select(suppressions).where(suppressions.c.like_pattern.is_not(None))
    ordered = query.order_by(suppressions.c.created_at, suppressions.c.id)
    return [Suppression(**row) for row in tx.execute(ordered).mappings()]


def copy_delays(tx: Tx) -> dict[str, list[timedelta]]:
    """By reading mailbox: `received_at - sent_at` of our own copies that the provider filed, not we."""
    found: dict[str, list[timedelta]] = defaultdict(list)
    by_id = (inbox.c.message_id == outbox.c.message_id, outbox.c.sent_at.is_not(None))
    query = select(inbox.c.mailbox, inbox.c.received_at, outbox.c.sent_at).where(
        inbox.c.kind == VerdictKind.OWN_COPY, *by_id, ~_told(copies.SAVING)
    )
    for row in tx.execute(query.execution_options(yield_per=1000)):
        found[row.mailbox].append(row.received_at - row.sent_at)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """One message of ours whose id lies in a Sent folder, or should."""

    id: int
    contact_id: int
    mailbox: str
    state: OutboxState
    was_resent: bool
    """A person ordered it to be sent once more."""
    was_saved: bool
    """We put a copy of it into Sent ourselves, or began to."""


def ours_by_ids(tx: Tx, message_ids: Collection[str]) -> dict[str, Ours]:
    """Our messages by minted or wire id, keyed by the id asked for."""
    found: dict[str, Ours] = {}
    for ids in chunks(message_ids):
        wanted = set(ids)
        bears = or_(outbox.c.message_id.in_(ids), outbox.c.wire_id.in_(ids))
        for row in tx.execute(select(*_OURS).where(bears)):
            ours = _ours(row)
            found |= {one: ours for one in (row.message_id, row.wire_id) if one in wanted}
    return found


def first_left(tx: Tx, which: Which) -> dict[str, datetime]:
    """By mailbox: when the first of the chosen messages left."""
    query = (
        select(outbox.c.mailbox, sql.min(outbox.c.sending_at).label("at"))
        .where(outbox.c.sending_at.is_not(None), *chosen(which))
        .group_by(outbox.c.mailbox)
        .order_by(outbox.c.mailbox)
    )
    return {row.mailbox: row.at for row in tx.execute(query)}


def expected_in_sent(tx: Tx, which: Which, mailbox: str, until: datetime) -> Iterator[int]:
    """Messages sent before `until` of which a copy should lie in Sent: the provider files them, or we did."""
    files = mailboxes.c.files_sent.is_(True)
    query = (
        select(outbox.c.id)
        .join(mailboxes, mailboxes.c.name == outbox.c.mailbox)
        .where(
            outbox.c.state == OutboxState.SENT,
            outbox.c.mailbox == mailbox,
            outbox.c.sent_at < until,
            or_(files, _told(copies.SAVED), _told(copies.SEEN)),
            *chosen(which),
        )
        .order_by(outbox.c.id)
    )
    for row in tx.execute(query.execution_options(yield_per=1000)):
        yield row.id


def learnt_sent_folder(tx: Tx, mailbox: str) -> str | None:
    """The folder in which a copy was last saved or seen."""
    return copies.habit(tx, mailbox).sent_folder


_TWIN = (outbox.c.id, outbox.c.contact_id, outbox.c.mailbox, left_at().label("at"))


def _told(kind: str) -> ColumnElement[bool]:
    told = select(literal(1)).where(events.c.outbox_id == outbox.c.id, events.c.kind == kind)
    return exists(told.correlate(outbox))


def _was_resent() -> ColumnElement[bool]:
    order = select(literal(1)).where(
        events.c.outbox_id == outbox.c.id,
        events.c.kind == "resolved",
        events.c.data["to"].as_string() == OutboxState.READY,
    )
    return exists(order.correlate(outbox))


_OURS = (
    *(outbox.c[name] for name in ("id", "contact_id", "mailbox", "state", "message_id", "wire_id")),
    _was_resent().label("was_resent"),
    or_(_told(copies.SAVING), _told(copies.SAVED)).label("was_saved"),
)


def _ours(row: Any) -> Ours:
    return Ours(
        id=row.id,
        contact_id=row.contact_id,
        mailbox=row.mailbox,
        state=OutboxState(row.state),
        was_resent=bool(row.was_resent),
        was_saved=bool(row.was_saved),
    )


def _ids_borne_twice() -> Any:
    other = outbox.alias("other")
    minted = outbox.c.message_id
    by_minted = select(minted).where(minted.is_not(None)).group_by(minted).having(sql.count() > 1)
    wire = outbox.c.wire_id
    by_wire = select(wire).where(wire.is_not(None)).group_by(wire).having(sql.count() > 1)
    crossed = select(wire).join(other, other.c.message_id == wire).where(other.c.id != outbox.c.id)
    return union(by_minted, by_wire, crossed)


def _with_chosen(tx: Tx, groups: Collection[list[Twin]], which: Which) -> list[list[Twin]]:
    """The groups of which at least one message is chosen."""
    if which == Which():
        return list(groups)
    ids = {one.id for group in groups for one in group}
    meant: set[int] = set()
    for chunk in chunks(ids):
        query = select(outbox.c.id).where(outbox.c.id.in_(chunk), *chosen(which))
        meant |= set(tx.execute(query).scalars())
    return [group for group in groups if any(one.id in meant for one in group)]


def _twin(row: Any) -> Twin:
    return Twin(**{name: getattr(row, name) for name in Twin.__slots__})


def _silence(row: Any) -> Silence:
    suppression = Suppression(
        id=row.id,
        pattern=row.pattern,
        like_pattern=row.like_pattern,
        reason=row.reason,
        created_at=row.created_at,
    )
    return Silence(
        pattern=suppression.shown_pattern, reason=suppression.reason, created_at=suppression.created_at
    )
