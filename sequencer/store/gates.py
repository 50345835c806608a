"""The gates a message passes between its claim and its first content byte, as SQL conditions.

`ledger.mark_sending` requires all of them in one conditional UPDATE; `closed_gates` asks which are shut.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)

from sequencer.core.outbox import SPENT, OutboxRow
from sequencer.store.engine import Tx, chunks
from sequencer.store.prepared import Question, instant
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

    def values(self) -> dict[str, Any]:
        """What a statement with `conditions` in it is run with."""
        return {
            "oldest_read": self.oldest_read,
            "newest_read": self.newest_read,
            "cap": self.cap,
            "cap_since": self.cap_since,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How old the reading of a mailbox is that the inbox gate relies on."""

    reader: str
    read_at: datetime | None
    failed_at: datetime | None
    failure: str | None


UnreadMailbox = Reading
"""A mailbox whose age of reading keeps the inbox gate shut."""


def conditions(of: FromClause = outbox) -> dict[Gate, ColumnElement[bool]]:
    """Each gate as a condition on the outbox row of the enclosing statement, or on a draft of one.

    The statement is run with `GateLimits.values`.
    """
    return {
        Gate.ENROLLMENT: exists(
            select(literal(1))
            .where(
                enrollments.c.id == of.c.enrollment_id,
                enrollments.c.state == "active",
                enrollments.c.step == of.c.step,
            )
            .correlate(of)
        ),
        Gate.ADDRESS: exists(
            select(literal(1))
            .where(contacts.c.id == of.c.contact_id, contacts.c.address_key == of.c.address_key)
            .correlate(of)
        ),
        Gate.OWNER: exists(
            select(literal(1))
            .where(
                contacts.c.id == of.c.contact_id,
                or_(contacts.c.owner.is_(None), contacts.c.owner == of.c.rep),
            )
            .correlate(of)
        ),
        Gate.SUPPRESSION: not_(is_suppressed_row(of)),
        Gate.MAILBOX: exists(
            select(literal(1))
            .where(mailboxes.c.name == of.c.mailbox, mailboxes.c.paused_at.is_(None))
            .correlate(of)
        ),
        Gate.INBOX: not_(exists(_stale_reads(of))),
        Gate.CAP: spent_since(of) < bindparam("cap", None, type_=outbox.c.cap_limit.type),
    }


def spent_since(of: FromClause = outbox) -> ColumnElement[int]:
    """How many messages the row's mailbox has handed over (or may have) since the limits' `cap_since`."""
    return (
        select(func.count())
        .where(
            _SPENT.c.mailbox == of.c.mailbox,
            _SPENT.c.sending_at.is_not(None),
            _SPENT.c.sending_at > instant("cap_since"),
            _SPENT.c.state.in_(_WRITTEN),
        )
        .correlate(of)
        .scalar_subquery()
    )


def oldest_read() -> ColumnElement[Any]:
    """The start of the oldest read the inbox gate relies on; null when the contact was never written to."""
    return (
        select(func.min(_READER.c.read_at))
        .select_from(_EARLIER)
        .join(_WRITER, _WRITER.c.name == _EARLIER.c.mailbox)
        .join(_READER, _READER.c.name == _WRITER.c.reads_in)
        .where(_wrote_to_same_contact(outbox))
        .correlate(outbox)
        .scalar_subquery()
    )


def closed_gates(tx: Tx, row: int | OutboxRow, limits: GateLimits) -> list[Gate]:
    """The gates that are shut for this row now, in the order of `Gate`.

    `row` is a row's id, or a message as it would stand in the outbox if it were prepared now.
    """
    if isinstance(row, int):
        return shut_gates(tx, [row], limits)[row]
    found = tx.execute(_question(_standing(row)), limits.values()).mappings().one()
    return [gate for gate in Gate if not found[gate.value]]


def shut_gates(
    tx: Tx, row_ids: Collection[int], limits: GateLimits, *, but: Gate | None = None
) -> dict[int, list[Gate]]:
    """For each of these rows the gates that are shut now, in their order; `but` is not asked about."""
    found = (row for ids in chunks(row_ids) for row in _of_rows(but).rows(tx, ids, limits.values()))
    asked = [gate for gate in Gate if gate is not but]
    return {row["id"]: [gate for gate in asked if not row[gate.value]] for row in found}


@cache
def _of_rows(but: Gate | None) -> Question:
    return Question(lambda ids: _question(outbox, but).where(outbox.c.id.in_(ids)))


def _question(of: FromClause, but: Gate | None = None) -> Select[Any]:
    named = (one.label(gate.value) for gate, one in conditions(of).items() if gate is not but)
    return select(of.c.id, *named)


def unread_mailboxes(tx: Tx, row: int | OutboxRow, limits: GateLimits) -> list[UnreadMailbox]:
    """The mailboxes that must be read before this row may leave."""
    return [
        one
        for one in readings(tx, row)
        if one.read_at is None or not limits.oldest_read <= one.read_at <= limits.newest_read
    ]


def readings(tx: Tx, row: int | OutboxRow) -> list[Reading]:
    """Every mailbox the inbox gate asks about for this row, and when it was read; empty for a first mail."""
    of = _standing(row)
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
        .join(of, of.c.id == (row if isinstance(row, int) else row.id))
        .where(_wrote_to_same_contact(of))
        .distinct()
    )
    return [
        Reading(reader=row.name, read_at=row.read_at, failed_at=row.read_failed_at, failure=row.read_failure)
        for row in tx.execute(query)
    ]


def _is_stale() -> ColumnElement[bool]:
    at = _READER.c.read_at
    return or_(at.is_(None), at < instant("oldest_read"), at > instant("newest_read"))


def _standing(row: int | OutboxRow) -> FromClause:
    """The outbox, or a table of one row that is not in it."""
    if isinstance(row, int):
        return outbox
    names = ("id", "enrollment_id", "contact_id", "address_key", "step", "rep", "mailbox")
    said = (literal(getattr(row, name), outbox.c[name].type).label(name) for name in names)
    at = literal(row.sending_at, outbox.c.sending_at.type).label("sending_at")
    return select(*said, at).subquery("draft")


def _stale_reads(of: FromClause) -> Any:
    # Outer joins: a mailbox that is no longer known keeps the gate shut.
    return (
        select(literal(1))
        .select_from(_EARLIER)
        .outerjoin(_WRITER, _WRITER.c.name == _EARLIER.c.mailbox)
        .outerjoin(_READER, _READER.c.name == _WRITER.c.reads_in)
        .where(_wrote_to_same_contact(of), _is_stale())
        .correlate(of)
    )


def _wrote_to_same_contact(of: FromClause) -> ColumnElement[bool]:
    # A message that leaves again because nobody knew whether it had left may have been answered.
    is_again = and_(_EARLIER.c.id == of.c.id, _EARLIER.c.sending_at.is_not(None))
    return and_(
        or_(_EARLIER.c.contact_id == of.c.contact_id, _EARLIER.c.address_key == of.c.address_key),
        or_(and_(_EARLIER.c.id != of.c.id, _EARLIER.c.state.in_(_WRITTEN)), is_again),
    )


def is_suppressed_row(of: FromClause) -> ColumnElement[bool]:
    """Whether the address or the contact of a row is suppressed."""
    return or_(
        exists(select(literal(1)).where(suppressions.c.pattern == of.c.address_key).correlate(of)),
        exists(select(literal(1)).where(suppressions.c.contact_id == of.c.contact_id).correlate(of)),
        exists(
            select(literal(1))
            .where(
                suppressions.c.like_pattern.is_not(None),
                of.c.address_key.like(suppressions.c.like_pattern, escape="\\"),
            )
            .correlate(of)
        ),
    )
