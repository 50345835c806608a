"""New messages: prepared, and put into the outbox once for each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, insert, select

from sequencer.core.outbox import Content, OutboxState
from sequencer.store.engine import Tx
from sequencer.store.prepared import Prepared, Question, param
from sequencer.store.schema import contents, outbox

S = OutboxState
C = outbox.c
_GIVEN = (
    *("enrollment_id", "contact_id", "address", "address_key", "company", "sequence", "round", "step"),
    *("mailbox", "rep", "version_hash", "state", "due_at"),
    *("subject", "template", "attachments", "rendered_at", "data_hash"),
    *("is_edited", "created_at"),
)
_ADD = Prepared(lambda: insert(outbox).values({name: param(name, C[name]) for name in _GIVEN}))
_SAY = Prepared(lambda: insert(contents).values({one.name: param(one.name, one) for one in contents.c}))
_LIVE = Question(
    lambda ids: select(C.id, C.enrollment_id, C.step).where(C.enrollment_id.in_(ids), ~C.is_cancelled)
)
_LIVE_AT = Question(
    lambda keys: select(C.address_key, C.sequence, C.round, C.step).where(
        C.address_key.in_(keys), ~C.is_cancelled
    ),
    ids=String,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A prepared message, not yet in the outbox."""

    enrollment_id: int
    contact_id: int
    address: str
    address_key: str
    company: str | None = None
    """What the cap of a company counts it under; None: nothing."""
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
    _ADD.run_many(tx, (_new_values(one, now) for one in messages))
    # Asked for afterwards: one statement for all, where `returning` in order costs one for each.
    steps = _LIVE.rows(tx, [one.enrollment_id for one in messages])
    known = {(row["enrollment_id"], row["step"]): row["id"] for row in steps}
    ids = [known[one.enrollment_id, one.step] for one in messages]
    said = zip(ids, messages, strict=True)
    _SAY.run_many(tx, (text_values(one.content) | {"outbox_id": row_id} for row_id, one in said))
    return ids


def _new_values(message: NewMessage, now: datetime) -> dict[str, Any]:
    return content_values(message.content) | {
        "enrollment_id": message.enrollment_id,
        "contact_id": message.contact_id,
        "address": message.address,
        "address_key": message.address_key,
        "company": message.company,
        "sequence": message.sequence,
        "round": message.round,
        "step": message.step,
        "mailbox": message.mailbox,
        "rep": message.rep,
        "version_hash": message.version_hash,
        "state": message.state.value,
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
    of_enrollments = _LIVE.rows(tx, [one.enrollment_id for one in messages])
    of_addresses = _LIVE_AT.raw(tx, [one.address_key for one in messages])
    return {*of_addresses} | {(row["enrollment_id"], row["step"]) for row in of_enrollments}


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
