"""What a message says, changed before it leaves by a person or a rendering, never one over the other."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, tuple_, update

from sequencer.core.outbox import Content, OutboxRow, OutboxState
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record_many
from sequencer.store.outbox_new import content_values, text_values
from sequencer.store.schema import contents, outbox

S = OutboxState


def stamp(row: OutboxRow, now: datetime) -> datetime:
    """When the row's next text was made: after its last, whatever the clock shows.

    Bytes are claimed, and texts approved, by this instant: two texts never share one.
    """
    return max(now, row.rendered_at + timedelta(microseconds=1))


def rewrite(tx: Tx, row: OutboxRow, content: Content, data_hash: str, at: datetime) -> bool:
    """Replace the content of an unsent, unfrozen message with a fresh rendering, made `at` (see `stamp`)."""
    values = {"rendered_at": at, "data_hash": data_hash}
    return _change(tx, row, content, [S.READY, S.DEFERRED], values, _says_the_same(row))


def edit(tx: Tx, row: OutboxRow, content: Content, by: str, now: datetime) -> bool:
    """A person's own text: frozen from now on. False: it was tried or cancelled since `row` was read.

    False too when another person edited or approved it since: nobody's words are lost unseen. A rendering
    gives way. Headers minted by a claim that came to nothing go: they hold the subject of the text before.
    """
    headers = ("message_id", "date_at", "sent_subject", "in_reply_to", "references")
    values = dict.fromkeys(headers) | {"rendered_at": stamp(row, now), "is_edited": True}
    is_nobodys = and_(not_(outbox.c.is_edited), not_(outbox.c.is_approved))
    still = or_(_says_the_same(row), is_nobodys)
    done = _change(tx, row, content, [S.AWAITING_APPROVAL, S.READY], values, still)
    if done:
        record_many(tx, now, [_event("edited", row, by)])
    return done


def approve(tx: Tx, rows: Sequence[OutboxRow], by: str, now: datetime) -> set[int]:
    """awaiting_approval → ready, their texts frozen; returns the ids of those that were still waiting.

    One whose text changed since `rows` were read waits on: a person approves what they saw.
    """
    seen = [(row.id, row.rendered_at) for row in rows]
    done = tx.execute(
        update(outbox)
        .where(
            outbox.c.id.in_([row.id for row in rows]),  # a pair alone is looked for in every message
            tuple_(outbox.c.id, outbox.c.rendered_at).in_(seen),
            outbox.c.state == S.AWAITING_APPROVAL,
        )
        .values(state=S.READY, is_approved=True, rendered_at=now, reason="")
        .returning(outbox.c.id)
    )
    approved = {int(one.id) for one in done}
    record_many(tx, now, [_event("approved", row, by) for row in rows if row.id in approved])
    return approved


def ask_again(tx: Tx, row: OutboxRow, content: Content, data_hash: str, reason: str, at: datetime) -> bool:
    """ready → awaiting_approval: an edited or approved text whose attachment or data changed."""
    values = {"state": S.AWAITING_APPROVAL, "is_approved": False, "reason": reason, "data_hash": data_hash}
    return _change(tx, row, content, [S.READY], values | {"rendered_at": at}, _says_the_same(row))


def _says_the_same(row: OutboxRow) -> ColumnElement[bool]:
    return outbox.c.rendered_at == row.rendered_at


def _change(
    tx: Tx,
    row: OutboxRow,
    content: Content,
    states: list[OutboxState],
    values: dict[str, Any],
    still: ColumnElement[bool],
) -> bool:
    # The attempt number guards against a message that was tried between being shown and being changed.
    done = tx.execute(
        update(outbox)
        .where(outbox.c.id == row.id, outbox.c.attempt == row.attempt, outbox.c.state.in_(states), still)
        .values(**values, **content_values(content))
    )
    if done.rowcount:
        said = update(contents).where(contents.c.outbox_id == row.id)
        tx.execute(said.values(**text_values(content)))
    return bool(done.rowcount)


def _event(kind: str, row: OutboxRow, by: str) -> Event:
    return Event(
        kind=kind,
        contact_id=row.contact_id,
        enrollment_id=row.enrollment_id,
        outbox_id=row.id,
        mailbox=row.mailbox,
        data={"by": by},
    )
