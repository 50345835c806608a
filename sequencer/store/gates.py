"""The gates a message passes between its claim and its first content byte, as SQL conditions.

`ledger.mark_sending` requires all of them in one conditional UPDATE; `closed_gates` asks which are shut.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, not_, or_, select

from sequencer.core.outbox import SPENT
from sequencer.store.engine import Tx
from sequencer.store.schema import contacts, enrollments, mailboxes, outbox, suppressions

_WRITTEN = sorted(SPENT)
_SPENT = outbox.alias("spent")
_EARLIER = outbox.alias("w")
"""Messages that may have been handed over to the same contact."""
_READER, _WRITER = mailboxes.alias("r"), mailboxes.alias("m")


class Gate(StrEnum):
    """Each closes one message with a reason, never the queue."""

    ENROLLMENT = "enrollment"
    """The enrollment is active, unheld, and stands at this step."""
    ADDRESS = "address"
    """The contact's address is still the one the message was made for."""
    OWNER = "owner"
    """The contact belongs to this rep, or to nobody."""
    SUPPRESSION = "suppression"
    MAILBOX = "mailbox"
    """The mailbox is not paused."""
    INBOX = "inbox"
    """Every mailbox that wrote to the contact has been read recently enough (fails closed)."""
    CAP = "cap"
    """The mailbox's rolling 24 hours have room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLimits:
    """What the gates measure against, read from clock and config once per check."""

    oldest_read: datetime
    """Reads that started before this instant are too old."""
    newest_read: datetime
    """Reads that started after this instant say nothing: the clock was put back since."""
    cap: int
    cap_since: datetime
    """Start of the rolling span the cap counts in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadMailbox:
    """A mailbox whose age of reading keeps the inbox gate shut."""

    reader: str
    read_at: datetime | None
    failed_at: datetime | None
    failure: str | None


def conditions(limits: GateLimits) -> dict[Gate, ColumnElement[bool]]:
    """Each gate as a condition on the outbox row of the enclosing statement."""
    written = _stale_reads(limits)
    return {
        Gate.ENROLLMENT: exists(
            select(literal(1))
            .where(
                enrollments.c.id == outbox.c.enrollment_id,
                enrollments.c.state == "active",
                enrollments.c.step == outbox.c.step,
            )
            .correlate(outbox)
        ),
        Gate.ADDRESS: exists(
            select(literal(1))
            .where(contacts.c.id == outbox.c.contact_id, contacts.c.address_key == outbox.c.address_key)
            .correlate(outbox)
        ),
        Gate.OWNER: exists(
            select(literal(1))
            .where(
                contacts.c.id == outbox.c.contact_id,
                or_(contacts.c.owner.is_(None), contacts.c.owner == outbox.c.rep),
            )
            .correlate(outbox)
        ),
        Gate.SUPPRESSION: not_(_is_suppressed()),
        Gate.MAILBOX: exists(
            select(literal(1))
            .where(mailboxes.c.name == outbox.c.mailbox, mailboxes.c.paused_at.is_(None))
            .correlate(outbox)
        ),
        Gate.INBOX: not_(exists(written)),
        Gate.CAP: spent_since(limits.cap_since) < limits.cap,
    }


def spent_since(since: datetime) -> ColumnElement[int]:
    """How many messages the row's mailbox has handed over (or may have) after `since`."""
    return (
        select(func.count())
        .where(
            _SPENT.c.mailbox == outbox.c.mailbox,
            _SPENT.c.sending_at.is_not(None),
            _SPENT.c.sending_at > since,
            _SPENT.c.state.in_(_WRITTEN),
        )
        .correlate(outbox)
        .scalar_subquery()
    )


def oldest_read() -> ColumnElement[Any]:
    """The start of the oldest read the inbox gate relies on; null when the contact was never written to."""
    return (
        select(func.min(_READER.c.read_at))
        .select_from(_EARLIER)
        .join(_WRITER, _WRITER.c.name == _EARLIER.c.mailbox)
        .join(_READER, _READER.c.name == _WRITER.c.reads_in)
        .where(_wrote_to_same_contact())
        .correlate(outbox)
        .scalar_subquery()
    )


def closed_gates(tx: Tx, row_id: int, limits: GateLimits) -> list[Gate]:
    """The gates that are shut for this row now, in the order of `Gate`."""
    named = conditions(limits)
    query = select(*(condition.label(gate.value) for gate, condition in named.items())).where(
        outbox.c.id == row_id
    )
    row = tx.execute(query).mappings().one()
    return [gate for gate in named if not row[gate.value]]


def unread_mailboxes(tx: Tx, row_id: int, limits: GateLimits) -> list[UnreadMailbox]:
    """The mailboxes that must be read before this row may leave."""
    query = (
        select(
            func.coalesce(_READER.c.name, _WRITER.c.reads_in, _EARLIER.c.mailbox).label("name"),
            _READER.c.read_at,
            _READER.c.read_failed_at,
            _READER.c.read_failure,
        )
        .select_from(_EARLIER)
        .outerjoin(_WRITER, _WRITER.c.name == _EARLIER.c.mailbox)
        .outerjoin(_READER, _READER.c.name == _WRITER.c.reads_in)
        .join(outbox, outbox.c.id == row_id)
        .where(
            _wrote_to_same_contact(),
            _is_stale(limits),
        )
        .distinct()
    )
    return [
        UnreadMailbox(
            reader=row.name, read_at=row.read_at, failed_at=row.read_failed_at, failure=row.read_failure
        )
        for row in tx.execute(query)
    ]


def _is_stale(limits: GateLimits) -> ColumnElement[bool]:
    at = _READER.c.read_at
    return or_(at.is_(None), at < limits.oldest_read, at > limits.newest_read)


def _stale_reads(limits: GateLimits) -> Any:
    # Outer joins: a mailbox that is no longer known keeps the gate shut.
    return (
        select(literal(1))
        .select_from(_EARLIER)
        .outerjoin(_WRITER, _WRITER.c.name == _EARLIER.c.mailbox)
        .outerjoin(_READER, _READER.c.name == _WRITER.c.reads_in)
        .where(_wrote_to_same_contact(), _is_stale(limits))
        .correlate(outbox)
    )


def _wrote_to_same_contact() -> ColumnElement[bool]:
    # A message that leaves again because nobody knew whether it had left may have been answered.
    is_again = and_(_EARLIER.c.id == outbox.c.id, _EARLIER.c.sending_at.is_not(None))
    return and_(
        or_(_EARLIER.c.contact_id == outbox.c.contact_id, _EARLIER.c.address_key == outbox.c.address_key),
        or_(and_(_EARLIER.c.id != outbox.c.id, _EARLIER.c.state.in_(_WRITTEN)), is_again),
    )


def _is_suppressed() -> ColumnElement[bool]:
    return or_(
        exists(select(literal(1)).where(suppressions.c.pattern == outbox.c.address_key).correlate(outbox)),
        exists(select(literal(1)).where(suppressions.c.contact_id == outbox.c.contact_id).correlate(outbox)),
        exists(
            select(literal(1))
            .where(
                suppressions.c.like_pattern.is_not(None),
                outbox.c.address_key.like(suppressions.c.like_pattern, escape="\\"),
            )
            .correlate(outbox)
        ),
    )
