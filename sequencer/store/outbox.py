"""Questions about messages, and the changes a person or a flow makes before they leave."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select, update

from sequencer.core.enrollment import Enrollment
from sequencer.core.outbox import (
    SPENT,
    UNSENT,
    Attachment,
    Content,
    Headers,
    OutboxRow,
    OutboxState,
)
from sequencer.store.columns import Instant, is_any_of
from sequencer.store.engine import Tx, chunks
from sequencer.store.prepared import Question, instant, param
from sequencer.store.schema import contents, enrollments, outbox

S = OutboxState
WITH_CONTENT = select(outbox, contents.c.text, contents.c.html).join(contents)
"""Messages as `row_of` takes them."""
_BY_IDS = Question(lambda ids: WITH_CONTENT.where(outbox.c.id.in_(ids)))
_OF_ENROLLMENTS = Question(
    lambda ids: WITH_CONTENT.where(outbox.c.enrollment_id.in_(ids), ~outbox.c.is_cancelled).order_by(
        outbox.c.id
    )
)
_EDITED = Question(
    lambda ids: WITH_CONTENT.where(
        # The index on enrollments leaves out what was cancelled; a contact's messages are few.
        outbox.c.contact_id.in_(select(enrollments.c.contact_id).where(enrollments.c.id.in_(ids))),
        outbox.c.enrollment_id.in_(ids),
        outbox.c.state == S.CANCELLED,
        outbox.c.is_edited,
    ).order_by(outbox.c.id)
)


def due_ids(tx: Tx, mailbox: str, now: datetime) -> list[int]:
    """What may leave this mailbox now: follow-ups first, then longest waiting, then order of enrollment."""
    return [row.id for row in tx.execute(_due(), {"mailbox": mailbox, "now": now})]


@cache
def _due() -> Select[tuple[int]]:
    """The question of `due_ids`, put together once: every tick asks it after each message."""
    earlier = outbox.alias("earlier")
    now = bindparam("now", type_=outbox.c.due_at.type)
    is_follow_up = exists(
        select(earlier.c.id).where(
            earlier.c.contact_id == outbox.c.contact_id, earlier.c.state.in_(sorted(SPENT))
        )
    )
    return (
        select(outbox.c.id)
        .where(
            outbox.c.mailbox == bindparam("mailbox"),
            is_any_of(outbox.c.state, S.READY, S.DEFERRED),
            outbox.c.due_at <= now,
            or_(outbox.c.retry_at.is_(None), outbox.c.retry_at <= now),
        )
        .order_by(case((is_follow_up, 0), else_=1), outbox.c.due_at, outbox.c.enrollment_id)
    )


def next_due_at(tx: Tx, mailbox: str, after: datetime) -> datetime | None:
    """When the mailbox's next message comes due after this instant."""
    [row] = _NEXT_DUE.rows(tx, (), {"mailbox": mailbox, "after": after})
    found: datetime | None = row["at"]
    return found


def _next_due(_: object) -> Select[Any]:
    at = case(
        (and_(outbox.c.retry_at.is_not(None), outbox.c.retry_at > outbox.c.due_at), outbox.c.retry_at),
        else_=outbox.c.due_at,
    )
    mine = outbox.c.mailbox == param("mailbox", outbox.c.mailbox)
    is_waiting = is_any_of(outbox.c.state, S.READY, S.DEFERRED)
    return select(func.min(at, type_=Instant()).label("at")).where(mine, is_waiting, at > instant("after"))


_NEXT_DUE = Question(_next_due)


def by_id(tx: Tx, row_id: int) -> OutboxRow | None:
    """One message, whatever its state."""
    row = tx.execute(WITH_CONTENT.where(outbox.c.id == row_id)).mappings().first()
    return row_of(row) if row else None


def by_ids(tx: Tx, row_ids: Sequence[int]) -> list[OutboxRow]:
    """These messages, whatever their state, in the order of the ids."""
    found = (row for chunk in chunks(row_ids) for row in _BY_IDS.rows(tx, chunk))
    rows = {row["id"]: row_of(row) for row in found}
    return [rows[one] for one in row_ids if one in rows]


def of_enrollments(tx: Tx, enrollment_ids: Collection[int]) -> dict[int, list[OutboxRow]]:
    """As `of_enrollment`, for several."""
    found: dict[int, list[OutboxRow]] = {}
    for chunk in chunks(enrollment_ids):
        for row in _OF_ENROLLMENTS.rows(tx, chunk):
            found.setdefault(row["enrollment_id"], []).append(row_of(row))
    return found


def count_sending(tx: Tx, mailbox: str, since: datetime) -> int:
    """How many messages this mailbox handed over (or may have) after `since`."""
    query = select(func.count()).where(
        outbox.c.mailbox == mailbox,
        outbox.c.sending_at.is_not(None),
        outbox.c.sending_at > since,
        outbox.c.state.in_(sorted(SPENT)),
    )
    return int(tx.execute(query).scalar_one())


def of_enrollment(tx: Tx, enrollment_id: int) -> list[OutboxRow]:
    """Every message of an enrollment that left or may have, or was refused, oldest first."""
    return of_enrollments(tx, [enrollment_id]).get(enrollment_id, [])


def in_the_way(tx: Tx, enrollment: Enrollment, address_key: str) -> OutboxRow | None:
    """The message that already stands for this enrollment's step: there is never a second."""
    # Each by itself is what an index holds; an OR with the same said once for both reads all messages.
    stands = and_(outbox.c.step == enrollment.step, ~outbox.c.is_cancelled)
    of_address = and_(
        outbox.c.address_key == address_key,
        outbox.c.sequence == enrollment.sequence,
        outbox.c.round == enrollment.round,
        stands,
    )
    query = WITH_CONTENT.where(or_(of_address, and_(outbox.c.enrollment_id == enrollment.id, stands)))
    row = tx.execute(query).mappings().first()
    return row_of(row) if row else None


def edited_of(tx: Tx, enrollment_ids: Collection[int]) -> dict[tuple[int, str], OutboxRow]:
    """By enrollment and step the newest cancelled message a person had edited: its text is taken over."""
    rows = (row for chunk in chunks(enrollment_ids) for row in _EDITED.rows(tx, chunk))
    return {(row["enrollment_id"], row["step"]): row_of(row) for row in rows}


def sending_times(tx: Tx, mailbox: str, since: datetime) -> list[datetime]:
    """When this mailbox handed messages over (or may have) after `since`, oldest first."""
    query = (
        select(outbox.c.sending_at)
        .where(
            outbox.c.mailbox == mailbox,
            outbox.c.sending_at.is_not(None),
            outbox.c.sending_at > since,
            outbox.c.state.in_(sorted(SPENT)),
        )
        .order_by(outbox.c.sending_at)
    )
    return [row.sending_at for row in tx.execute(query)]


def last_sending(tx: Tx, mailbox: str) -> datetime | None:
    """When content last left this mailbox, whatever came of it."""
    query = select(func.max(outbox.c.sending_at)).where(
        outbox.c.mailbox == mailbox, outbox.c.sending_at.is_not(None)
    )
    found: datetime | None = tx.execute(query).scalar()
    return found


def cancel_unsent(tx: Tx, enrollment_ids: Iterable[int], reason: str) -> int:
    """Cancel what these enrollments have not sent yet; a claimed message is released by its worker."""
    return _cancel(tx, outbox.c.enrollment_id.in_(list(enrollment_ids)), reason)


def cancel_unsent_of_contact(tx: Tx, contact_id: int, reason: str, now: datetime) -> int:
    """Cancel a contact's unsent messages (their address changed) and have them prepared afresh."""
    waiting = select(outbox.c.enrollment_id).where(
        outbox.c.contact_id == contact_id, outbox.c.state.in_(sorted(UNSENT))
    )
    tx.execute(update(enrollments).where(enrollments.c.id.in_(waiting)).values(prepare_at=now))
    return _cancel(tx, outbox.c.contact_id == contact_id, reason)


def explain(tx: Tx, row_id: int, reason: str, retry_at: datetime | None = None) -> None:
    """Note why an unsent message stays where it is, and when to look again."""
    tx.execute(
        update(outbox)
        .where(outbox.c.id == row_id, outbox.c.state.in_([S.READY, S.DEFERRED]))
        .values(reason=reason, retry_at=retry_at)
    )


def _cancel(tx: Tx, which: Any, reason: str) -> int:
    done = tx.execute(
        update(outbox)
        # Said twice: the index on enrollments holds what is not cancelled.
        .where(which, outbox.c.state.in_(sorted(UNSENT)), ~outbox.c.is_cancelled)
        .values(state=S.CANCELLED, is_cancelled=True, reason=reason)
    )
    return int(done.rowcount)


def row_of(row: Any) -> OutboxRow:
    """An outbox row as a core value."""
    headers = None
    if row["message_id"] is not None:
        headers = Headers(
            message_id=row["message_id"],
            date_at=row["date_at"],
            subject=row["sent_subject"],
            in_reply_to=row["in_reply_to"],
            references=tuple(row["references"] or ()),
        )
    same = (
        *("id", "enrollment_id", "contact_id", "address", "address_key", "sequence", "round", "step"),
        *("mailbox", "rep", "version_hash", "due_at", "rendered_at", "data_hash", "is_edited"),
        *("is_approved", "attempt_id", "attempt", "tries", "deferred_at", "retry_at", "sending_at"),
        *("sent_at", "wire_id", "reason", "company"),
    )
    return OutboxRow(
        **{name: row[name] for name in same},
        state=OutboxState(row["state"]),
        content=Content(
            subject=row["subject"],
            text=row["text"],
            html=row["html"],
            template=row["template"],
            attachments=tuple(Attachment(**attachment) for attachment in row["attachments"]),
        ),
        headers=headers,
    )


def learn_wire_id(tx: Tx, row_id: int, wire_id: str) -> None:
    """Remember the Message-ID a relay gave a message instead of ours, unless one is known."""
    tx.execute(
        update(outbox).where(outbox.c.id == row_id, outbox.c.wire_id.is_(None)).values(wire_id=wire_id)
    )
