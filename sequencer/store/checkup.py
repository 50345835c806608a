"""What `doctor` counts: suppressed contacts, their places, what became of mails, notices, instants."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, literal, or_, select

from sequencer.core.inbound import BounceClass, VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.core.statistics import Rate
from sequencer.store.engine import Tx
from sequencer.store.schema import contacts, daemon_runs, inbox, mailboxes, notices, outbox, suppressions


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCount:
    """So many contacts gave this as their place."""

    zone: str
    country: str
    state: str
    city: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of the mails one mailbox sent in a span."""

    mailbox: str
    sent: int
    """Taken by a server, or refused by one."""
    bounced: int
    """Refused while we were connected, or returned because the address is dead; each mail once."""
    complained: int


def suppressed_share(tx: Tx) -> Rate:
    """How many contacts are never written to, of all that are not erased."""
    alive = contacts.c.erased_at.is_(None)
    by_wildcard = exists(
        select(literal(1)).where(
            suppressions.c.like_pattern.is_not(None),
            contacts.c.address_key.like(suppressions.c.like_pattern, escape="\\"),
        )
    )
    by_address = exists(
        select(literal(1)).where(
            or_(suppressions.c.pattern == contacts.c.address_key, suppressions.c.contact_id == contacts.c.id)
        )
    )
    count = select(func.count()).select_from(contacts).where(alive)
    total = int(tx.execute(count).scalar_one())
    return Rate(int(tx.execute(count.where(or_(by_address, by_wildcard))).scalar_one()), total)


def places(tx: Tx) -> list[PlaceCount]:
    """Contacts by what they gave as their place."""
    columns = (contacts.c.zone, contacts.c.country, contacts.c.state, contacts.c.city)
    query = select(*columns, func.count().label("count")).where(contacts.c.erased_at.is_(None))
    return [
        PlaceCount(zone=row[0], country=row[1], state=row[2], city=row[3], count=int(row[4]))
        for row in tx.execute(query.group_by(*columns))
    ]


def fates(tx: Tx, since: datetime) -> list[Fate]:
    """Each mailbox that sent something since then, by name."""
    left_at = func.coalesce(outbox.c.sending_at, outbox.c.claimed_at)
    is_refused = outbox.c.state == OutboxState.REFUSED
    is_returned = _came_back(VerdictKind.BOUNCE, bounce_class=BounceClass.DEAD)
    count = func.count().label("count")
    sent = (
        select(outbox.c.mailbox, count)
        .where(outbox.c.state.in_([OutboxState.SENT, OutboxState.REFUSED]), left_at >= since)
        .group_by(outbox.c.mailbox)
    )

    def by_mailbox(condition: ColumnElement[bool]) -> dict[str, int]:
        return {row[0]: int(row[1]) for row in tx.execute(sent.where(condition))}

    bounced = by_mailbox(or_(is_refused, is_returned))
    complained = by_mailbox(_came_back(VerdictKind.COMPLAINT))
    return [
        Fate(
            mailbox=row[0],
            sent=int(row[1]),
            bounced=bounced.get(row[0], 0),
            complained=complained.get(row[0], 0),
        )
        for row in tx.execute(sent.order_by(outbox.c.mailbox))
    ]


def _came_back(kind: VerdictKind, *, bounce_class: BounceClass | None = None) -> ColumnElement[bool]:
    query = select(literal(1)).where(inbox.c.outbox_id == outbox.c.id, inbox.c.kind == kind)
    if bounce_class is not None:
        query = query.where(inbox.c.verdict["bounce_class"].as_string() == bounce_class.value)
    return exists(query.correlate(outbox))


def late_notices(tx: Tx, before: datetime) -> int:
    """Notices that should have been told before then."""
    query = select(func.count()).where(notices.c.done_at.is_(None), notices.c.due_at < before)
    return int(tx.execute(query).scalar_one())


def failed_notices(tx: Tx, since: datetime) -> int:
    """Notices given up since then."""
    query = select(func.count()).where(notices.c.failure.is_not(None), notices.c.done_at >= since)
    return int(tx.execute(query).scalar_one())


def latest_instant(tx: Tx) -> datetime | None:
    """The latest instant that the program wrote down as now."""
    asked = (
        select(func.max(daemon_runs.c.beat_at)),
        select(func.max(mailboxes.c.read_at)),
        select(func.max(outbox.c.sending_at)),
    )
    found = [tx.execute(query).scalar() for query in asked]
    return max((at for at in found if at is not None), default=None)
