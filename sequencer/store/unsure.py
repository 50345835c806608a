"""Messages in doubt: which they are, what is recorded of them, and the arrows that evidence takes.

Unsure → sent; also of one that is to leave again, by a person's order or from a restored backup.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from sequencer.core.inbound import MatchVia, VerdictKind
from sequencer.core.outbox import UNSENT, OutboxRow, OutboxState
from sequencer.store.engine import Tx, chunks
from sequencer.store.events import Event, record
from sequencer.store.ledger import Attempt, Settlement
from sequencer.store.outbox import WITH_CONTENT, row_of
from sequencer.store.schema import events, inbox, outbox

S = OutboxState
ARRIVED_ANYWAY = "arrived_anyway"
"""Event: a person had said that it did not arrive."""
_AGAIN = (S.READY, S.DEFERRED, S.CLAIMED, S.CANCELLED)
"""Where a message may stand that a person ordered to leave again, before it does."""
_REASON_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A mail that was recorded before anybody was in doubt of the message it cites."""

    inbox_id: int
    outbox_id: int
    kind: VerdictKind


def newly_unsure(tx: Tx, names: Collection[str], since: datetime, after: int | None) -> tuple[set[int], int]:
    """Messages of these mailboxes that became unsure after event `after`, and the last event by now.

    None: all that are unsure and were handed over since. Asked at each tick, hence by what happened: the
    whole outbox is looked through once a start.
    """
    last = int(tx.execute(select(func.coalesce(func.max(events.c.id), 0))).scalar_one())
    if after is None:
        query = select(outbox.c.id).where(
            outbox.c.mailbox.in_(sorted(names)), outbox.c.state == S.UNSURE, outbox.c.sending_at >= since
        )
        return {row.id for row in tx.execute(query)}, last
    if last == after:
        return set(), last
    news = select(events.c.outbox_id).where(
        events.c.id > after, events.c.kind == S.UNSURE.value, events.c.mailbox.in_(sorted(names))
    )
    return {row.outbox_id for row in tx.execute(news) if row.outbox_id is not None}, last


def still_unsure(tx: Tx, ids: Collection[int]) -> list[OutboxRow]:
    """Those of these messages that nobody knows more about yet."""
    found: list[OutboxRow] = []
    for some in chunks(ids):
        query = WITH_CONTENT.where(outbox.c.id.in_(some), outbox.c.state == S.UNSURE)
        found += [row_of(row) for row in tx.execute(query.order_by(outbox.c.id)).mappings()]
    return found


def doubted(tx: Tx, ids: Collection[int]) -> list[OutboxRow]:
    """Those of these messages that evidence can still change, or that a person was wrong about."""
    found: list[OutboxRow] = []
    for some in chunks(ids):
        query = WITH_CONTENT.where(outbox.c.id.in_(some), or_(_may_be_proved(), _was_given_up()))
        found += [row_of(row) for row in tx.execute(query.order_by(outbox.c.id)).mappings()]
    return found


def prove(tx: Tx, row: OutboxRow, reason: str, data: dict[str, Any], now: datetime) -> bool:
    """→ sent, at the time when its content left; False when it is beyond doubt, or left again, by now."""
    if row.state is S.CANCELLED and not _clear_the_way(tx, row, reason):
        return False
    left_at = func.coalesce(outbox.c.sending_at, outbox.c.claimed_at)
    done = tx.execute(
        update(outbox)
        .where(
            outbox.c.id == row.id,
            outbox.c.attempt == row.attempt,
            _may_be_proved(),
        )
        .values(
            state=S.SENT,
            is_cancelled=False,
            sending_at=left_at,
            sent_at=left_at,
            retry_at=None,
            reason=reason[:_REASON_LENGTH],
        )
    )
    if done.rowcount:
        record(tx, now, _event("resolved", row, {"to": S.SENT.value, **data}))
    return bool(done.rowcount)


def note_arrived_anyway(tx: Tx, row: OutboxRow, data: dict[str, Any], now: datetime) -> None:
    """It was given up, and had arrived: said once."""
    record(tx, now, _event(ARRIVED_ANYWAY, row, data))


def recorded_mail(tx: Tx, rows: Sequence[OutboxRow]) -> list[Recorded]:
    """Mail that cites these messages by id and was read while they were still leaving."""
    ids = {row.id: {row.headers.message_id if row.headers else None, row.wire_id} - {None} for row in rows}
    found: list[Recorded] = []
    for some in chunks(ids):
        query = select(inbox.c.id, inbox.c.outbox_id, inbox.c.kind, inbox.c.match_via, inbox.c.verdict)
        query = query.where(
            inbox.c.outbox_id.in_(some), inbox.c.match_via.in_([MatchVia.REFERENCES, MatchVia.ORIGINAL_ID])
        )
        for mail in tx.execute(query.order_by(inbox.c.id)):
            named = set((mail.verdict or {}).get("original_ids", ()))
            if mail.match_via == MatchVia.ORIGINAL_ID and not named & ids[mail.outbox_id]:
                continue  # a token names the enrollment, not the message
            kind = VerdictKind(mail.kind)
            found.append(Recorded(inbox_id=mail.id, outbox_id=mail.outbox_id, kind=kind))
    return found


def answered_late(tx: Tx, attempt: Attempt, settlement: Settlement, now: datetime) -> OutboxState | None:
    """A server's last word on a message that was resolved meanwhile; returns where it had been put.

    It ends what waits to leave again (`ready`) and leaves as it is what is known to be sent. None: neither.
    """
    if settlement.state not in (S.SENT, S.REFUSED):
        return None
    told: dict[str, Any] = {
        "answer_code": settlement.answer_code,
        "answer_text": (settlement.answer_text or "")[:_REASON_LENGTH] or None,
    }
    if settlement.state is S.SENT:
        told["wire_id"] = func.coalesce(outbox.c.wire_id, settlement.wire_id)
    stands = tx.execute(
        update(outbox)
        .where(
            outbox.c.id == attempt.row.id,
            outbox.c.attempt_id == attempt.attempt_id,
            outbox.c.state == S.SENT,
        )
        .values(**told)
    )
    if not stands.rowcount and not _end_resend(tx, attempt, settlement, told):
        return None
    data = {"state": settlement.state.value, "code": settlement.answer_code}
    record(tx, now, _event("answered_late", attempt.row, data))
    return S.SENT if stands.rowcount else S.READY


def _end_resend(tx: Tx, attempt: Attempt, settlement: Settlement, told: dict[str, Any]) -> bool:
    """A second attempt that has begun to dial finds its row sent, and lets go; a refusal ends none such."""
    is_sent = settlement.state is S.SENT
    sources = (S.READY, S.DEFERRED, S.CLAIMED) if is_sent else (S.READY,)
    values: dict[str, Any] = {"state": settlement.state, "retry_at": None, **told}
    values |= {"sent_at": outbox.c.sending_at} if is_sent else {"smtp_class": settlement.smtp_class}
    done = tx.execute(
        update(outbox)
        .where(outbox.c.id == attempt.row.id, outbox.c.state.in_(sources), _was_ordered_again())
        .values(reason=settlement.reason[:_REASON_LENGTH], **values)
    )
    return bool(done.rowcount)


def _clear_the_way(tx: Tx, row: OutboxRow, reason: str) -> bool:
    """A resend that a hold cancelled may have been prepared afresh: that one must not leave either."""
    # Each by itself is what an index holds, see `outbox.in_the_way`.
    stands = and_(outbox.c.step == row.step, ~outbox.c.is_cancelled)
    same_step = (
        outbox.c.id != row.id,
        or_(
            and_(outbox.c.enrollment_id == row.enrollment_id, stands),
            and_(
                outbox.c.address_key == row.address_key,
                outbox.c.sequence == row.sequence,
                outbox.c.round == row.round,
                stands,
            ),
        ),
    )
    tx.execute(
        update(outbox)
        .where(*same_step, outbox.c.state.in_(sorted(UNSENT)))
        .values(
            state=S.CANCELLED, is_cancelled=True, reason=f"the first copy arrived: {reason}"[:_REASON_LENGTH]
        )
    )
    return not tx.execute(select(exists().where(*same_step))).scalar()


def _was_ordered_again() -> ColumnElement[bool]:
    """A person resolved it by `--resend`, so that it was in doubt before."""
    return exists().where(
        events.c.outbox_id == outbox.c.id,
        events.c.kind == "resolved",
        events.c.data["to"].as_string() == S.READY.value,
    )


def _may_be_proved() -> ColumnElement[bool]:
    return or_(outbox.c.state == S.UNSURE, _waits_to_leave_again(), _left_after_the_backup())


def _left_after_the_backup() -> ColumnElement[bool]:
    """It had been tried when a backup was made that was restored since: whatever came then is not known."""
    return and_(
        outbox.c.state.in_([S.READY, S.DEFERRED, S.CLAIMED]),
        outbox.c.message_id.is_not(None),
        exists().where(
            events.c.contact_id.is_(None), events.c.kind == "restored", events.c.at >= outbox.c.claimed_at
        ),
    )


def _waits_to_leave_again() -> ColumnElement[bool]:
    return and_(outbox.c.state.in_(sorted(_AGAIN)), _was_ordered_again())


def _was_given_up() -> ColumnElement[bool]:
    """A person resolved it by `--not-sent`, and nothing was said against it yet."""
    by_person = exists().where(
        events.c.outbox_id == outbox.c.id,
        events.c.kind == "resolved",
        events.c.data["to"].as_string() == S.REFUSED.value,
    )
    is_told = exists().where(events.c.outbox_id == outbox.c.id, events.c.kind == ARRIVED_ANYWAY)
    return and_(outbox.c.state == S.REFUSED, by_person, ~is_told)


def _event(kind: str, row: OutboxRow, data: dict[str, Any]) -> Event:
    return Event(
        kind=kind,
        contact_id=row.contact_id,
        enrollment_id=row.enrollment_id,
        outbox_id=row.id,
        mailbox=row.mailbox,
        data={key: value for key, value in data.items() if value is not None},
    )
