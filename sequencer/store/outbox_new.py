"""New messages: prepared, and put into the outbox once for each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select

from sequencer.core.outbox import Content, OutboxState
from sequencer.store.engine import Tx
from sequencer.store.schema import contents, outbox

S = OutboxState


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A prepared message, not yet in the outbox."""

    enrollment_id: int
    contact_id: int
    address: str
    address_key: str
    sequence: str
    round: int
    step: str
    mailbox: str
    rep: str
    version_hash: str
    state: OutboxState
    due_at: datetime
    content: Content
    data_hash: str
    is_edited: bool = False


def add_all(tx: Tx, messages: Sequence[NewMessage], now: datetime) -> list[int]:
    """Insert prepared messages; the unique indexes refuse a second for the same step. Ids in their order."""
    if not messages:
        return []
    added = insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True)
    ids = list(tx.execute(added, [_new_values(one, now) for one in messages]).scalars())
    said = [
        text_values(one.content) | {"outbox_id": row_id} for row_id, one in zip(ids, messages, strict=True)
    ]
    tx.execute(insert(contents), said)
    return ids


def _new_values(message: NewMessage, now: datetime) -> dict[str, Any]:
    return content_values(message.content) | {
        "enrollment_id": message.enrollment_id,
        "contact_id": message.contact_id,
        "address": message.address,
        "address_key": message.address_key,
        "sequence": message.sequence,
        "round": message.round,
        "step": message.step,
        "mailbox": message.mailbox,
        "rep": message.rep,
        "version_hash": message.version_hash,
        "state": message.state,
        "due_at": message.due_at,
        "rendered_at": now,
        "data_hash": message.data_hash,
        "is_edited": message.is_edited,
        "created_at": now,
    }


StepName = tuple[object, ...]


def names_of(message: NewMessage) -> set[StepName]:
    """What may stand in the outbox once: the step of this enrollment, and of this address and round."""
    of_address = (message.address_key, message.sequence, message.round, message.step)
    return {(message.enrollment_id, message.step), of_address}


def taken_steps(tx: Tx, messages: Sequence[NewMessage]) -> set[StepName]:
    """Those of their names that a message which is not cancelled has already."""
    c = outbox.c
    query = select(c.enrollment_id, c.address_key, c.sequence, c.round, c.step).where(
        or_(
            c.enrollment_id.in_([one.enrollment_id for one in messages]),
            c.address_key.in_([one.address_key for one in messages]),
        ),
        ~c.is_cancelled,
    )
    taken: set[StepName] = set()
    for row in tx.execute(query):
        taken |= {(row.enrollment_id, row.step), (row.address_key, row.sequence, row.round, row.step)}
    return taken


def content_values(content: Content) -> dict[str, Any]:
    """What a message says, as far as it stands in its outbox row."""
    return {
        "subject": content.subject,
        "template": content.template,
        "attachments": [
            {
                "name": attachment.name,
                "path": attachment.path,
                "sha256": attachment.sha256,
                "media_type": attachment.media_type,
                "size": attachment.size,
            }
            for attachment in content.attachments
        ],
    }


def text_values(content: Content) -> dict[str, str]:
    """The long rest of it."""
    return {"text": content.text, "html": content.html}
