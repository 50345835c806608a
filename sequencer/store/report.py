"""What a report counts: messages by step and state, people, and what came back, in a few grouped queries."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, or_, select

from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.core.report import COUNTED, Credit, MessageCount, PeopleCount
from sequencer.store.engine import Tx, chunks
from sequencer.store.enrolling import ANSWERED_BY_HAND
from sequencer.store.schema import enrollments, events, inbox, outbox

S = OutboxState
_COUNTED_STATES = (S.SENT, S.REFUSED, S.UNSURE)


def message_counts(tx: Tx, sequence: str | None, since: datetime | None) -> list[MessageCount]:
    """Messages that left (or may have), or were refused, by sequence, step, arm and state."""
    query = (
        select(
            outbox.c.sequence,
            outbox.c.step,
            outbox.c.state,
            func.count(),
            func.min(_left_at()).label("first"),
            outbox.c.template,
        )
        .where(outbox.c.state.in_(_COUNTED_STATES), *_chosen(sequence, since))
        .group_by(outbox.c.sequence, outbox.c.step, outbox.c.template, outbox.c.state)
    )
    return [
        MessageCount(
            sequence=row[0],
            step=row[1],
            state=S(row[2]),
            count=int(row[3]),
            first_at=row[4],
            template=row[5],
        )
        for row in tx.execute(query)
    ]


def people_counts(tx: Tx, sequence: str | None, since: datetime | None) -> list[PeopleCount]:
    """Enrollments with at least one message sent, by sequence."""
    query = (
        select(outbox.c.sequence, func.count(outbox.c.enrollment_id.distinct()))
        .where(outbox.c.state == S.SENT, *_chosen(sequence, since))
        .group_by(outbox.c.sequence)
    )
    return [PeopleCount(sequence=row[0], people=int(row[1])) for row in tx.execute(query)]


def sent_counts(tx: Tx, enrollment_ids: Iterable[int], since: datetime | None) -> dict[int, int]:
    """How many messages were sent in each of these enrollments, none included."""
    wanted = sorted(enrollment_ids)
    found = dict.fromkeys(wanted, 0)
    for ids in chunks(wanted):
        query = (
            select(outbox.c.enrollment_id, func.count())
            .where(outbox.c.enrollment_id.in_(ids), outbox.c.state == S.SENT, *_chosen(None, since))
            .group_by(outbox.c.enrollment_id)
        )
        found |= {row[0]: int(row[1]) for row in tx.execute(query)}
    return found


def credits_of(tx: Tx, sequence: str | None) -> list[Credit]:
    """What came back, each tied to the message it cites, else to the last one sent to the contact before."""
    read = _credited(inbox, inbox.c.received_at, inbox.c.outbox_id).where(inbox.c.kind.in_(sorted(COUNTED)))
    by_hand = _credited(events, events.c.at, events.c.outbox_id).where(events.c.kind == ANSWERED_BY_HAND)
    found = []
    for query in (read, by_hand):
        if sequence is not None:
            query = query.where(outbox.c.sequence == sequence)
        found += [_credit(row) for row in tx.execute(query)]
    return found


def sequences_used(tx: Tx) -> list[str]:
    """Every sequence somebody was enrolled in, by name."""
    query = select(enrollments.c.sequence).distinct().order_by(enrollments.c.sequence)
    return [row.sequence for row in tx.execute(query)]


def _credited(source: Table, at: ColumnElement[datetime], cited: ColumnElement[Any]) -> Any:
    earlier = outbox.alias("earlier")
    of_contact = (
        select(earlier.c.id)
        .where(
            earlier.c.contact_id == source.c.contact_id,
            or_(source.c.enrollment_id.is_(None), earlier.c.enrollment_id == source.c.enrollment_id),
            earlier.c.state.in_([S.SENT, S.UNSURE]),
        )
        .limit(1)
        .correlate(source)
    )
    last_before = of_contact.where(earlier.c.sending_at <= at).order_by(
        earlier.c.sending_at.desc(), earlier.c.id.desc()
    )
    # A server's clock behind ours can date an answer before the message it answers.
    first = of_contact.order_by(earlier.c.sending_at, earlier.c.id)
    message_id = func.coalesce(cited, last_before.scalar_subquery(), first.scalar_subquery())
    kind = source.c.kind.label("kind")
    columns = (outbox.c.enrollment_id, outbox.c.sequence, outbox.c.step, outbox.c.state, outbox.c.template)
    return select(kind, at.label("at"), outbox.c.id, *columns, _left_at().label("left_at")).select_from(
        source.join(outbox, outbox.c.id == message_id)
    )


def _credit(row: Any) -> Credit:
    kind = VerdictKind.REPLY if row.kind == ANSWERED_BY_HAND else VerdictKind(row.kind)
    return Credit(
        kind=kind,
        at=row.at,
        outbox_id=row.id,
        enrollment_id=row.enrollment_id,
        sequence=row.sequence,
        step=row.step,
        state=S(row.state),
        sending_at=row.left_at,
        template=row.template,
    )


def _left_at() -> ColumnElement[Any]:
    """When content left; a message refused before its content left stands where it was claimed."""
    return func.coalesce(outbox.c.sending_at, outbox.c.claimed_at, outbox.c.created_at)


def _chosen(sequence: str | None, since: datetime | None) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if sequence is not None:
        chosen.append(outbox.c.sequence == sequence)
    if since is not None:
        chosen.append(_left_at() >= since)
    return chosen
