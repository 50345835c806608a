"""Answers that reps send from the command line: each arrow one conditional UPDATE (docs/states.md)."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, insert, literal, or_, select, update

from sequencer.core.outbox import Attachment, Headers
from sequencer.core.reply import VOID, Reply, ReplyState
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx, chunks
from sequencer.store.events import Event, record
from sequencer.store.gates import is_suppressed_row
from sequencer.store.schema import contacts, mailboxes, replies

S = ReplyState
_REASON_LENGTH = 500
_IS_OPEN = is_any_of(replies.c.state, S.CLAIMED, S.SENDING, S.UNSURE)
"""What ix_replies_open holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReply:
    """An answer that is about to be dialled."""

    inbox_id: int
    contact_id: int
    number: int
    rep: str
    mailbox: str
    address: str
    address_key: str
    headers: Headers
    own_text: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What an attempt came to."""

    state: ReplyState
    reason: str = ""
    code: int | None = None
    said: str | None = None
    wire_id: str | None = None
    copy_due_at: datetime | None = None


def claim(tx: Tx, new: NewReply, now: datetime) -> int | None:
    """(new) → claimed; the row's id, or None when somebody else's answer stands under that number."""
    standing = select(func.count()).where(
        replies.c.inbox_id == new.inbox_id, replies.c.number >= new.number, replies.c.state.not_in(VOID)
    )
    if tx.execute(standing).scalar():
        return None
    headers = new.headers
    values = {
        "inbox_id": new.inbox_id,
        "contact_id": new.contact_id,
        "number": new.number,
        "rep": new.rep,
        "mailbox": new.mailbox,
        "address": new.address,
        "address_key": new.address_key,
        "state": S.CLAIMED,
        "message_id": headers.message_id,
        "date_at": headers.date_at,
        "subject": headers.subject,
        "in_reply_to": headers.in_reply_to,
        "references": list(headers.references),
        "own_text": new.own_text,
        "text": new.text,
        "html": new.html,
        "attachments": [asdict(one) for one in new.attachments],
        "created_at": now,
    }
    made = tx.execute(insert(replies).values(**values).returning(replies.c.id)).scalar_one()
    _record(tx, now, "claimed", made, new.contact_id, new.mailbox)
    return int(made)


def mark_sending(tx: Tx, reply: Reply, now: datetime) -> bool:
    """claimed → sending, unless the contact, the address or the mailbox was closed meanwhile."""
    is_paused = exists(
        select(literal(1))
        .where(mailboxes.c.name == replies.c.mailbox, mailboxes.c.paused_at.is_not(None))
        .correlate(replies)
    )
    is_erased = exists(
        select(literal(1))
        .where(contacts.c.id == replies.c.contact_id, contacts.c.erased_at.is_not(None))
        .correlate(replies)
    )
    done = tx.execute(
        update(replies)
        .where(
            replies.c.id == reply.id,
            replies.c.state == S.CLAIMED,
            ~is_paused,
            ~is_erased,
            ~is_suppressed_row(replies),
        )
        .values(state=S.SENDING, sending_at=now)
    )
    if done.rowcount:
        _record(tx, now, "sending", reply.id, reply.contact_id, reply.mailbox)
    return bool(done.rowcount)


def settle(tx: Tx, reply: Reply, came: Came, now: datetime) -> bool:
    """Write what became of it. False: the row stands elsewhere by now."""
    sources = [S.SENDING] if came.state is S.UNSURE else [S.CLAIMED, S.SENDING]
    values: dict[str, Any] = {
        "state": came.state,
        "reason": came.reason[:_REASON_LENGTH],
        "answer_code": came.code,
        "answer_text": (came.said or "")[:_REASON_LENGTH] or None,
    }
    if came.state is S.SENT:
        # Proof of it may have come before the server's word: that copy needs no other.
        values |= {"sent_at": now, "wire_id": came.wire_id, "copy_due_at": came.copy_due_at}
        sources = [S.SENDING, S.UNSURE]
    done = tx.execute(
        update(replies).where(replies.c.id == reply.id, replies.c.state.in_(sources)).values(**values)
    )
    if done.rowcount:
        _record(tx, now, came.state.value, reply.id, reply.contact_id, reply.mailbox, code=came.code)
    return bool(done.rowcount)


def recover(tx: Tx, mailbox: str | None, now: datetime) -> list[int]:
    """Of a process that died: `sending` → unsure, `claimed` → cancelled; the ids of those now unsure."""
    mine = [] if mailbox is None else [replies.c.mailbox == mailbox]
    cancelled = update(replies).where(is_any_of(replies.c.state, S.CLAIMED), *mine)
    tx.execute(cancelled.values(state=S.CANCELLED, reason="the program ended before it left"))
    unsure = update(replies).where(is_any_of(replies.c.state, S.SENDING), *mine)
    rows = tx.execute(
        unsure.values(state=S.UNSURE, reason="the program ended while it was leaving").returning(
            replies.c.id, replies.c.contact_id, replies.c.mailbox
        )
    ).all()
    for row in rows:
        _record(tx, now, "unsure", row.id, row.contact_id, row.mailbox)
    return sorted(row.id for row in rows)


def prove(tx: Tx, reply: Reply, reason: str, now: datetime, *, wire_id: str | None = None) -> bool:
    """unsure → sent, at the time when its content left. False: it is beyond doubt by now."""
    done = tx.execute(
        update(replies)
        .where(replies.c.id == reply.id, replies.c.state == S.UNSURE)
        .values(
            state=S.SENT,
            sent_at=replies.c.sending_at,
            reason=reason[:_REASON_LENGTH],
            wire_id=func.coalesce(replies.c.wire_id, wire_id),
        )
    )
    if done.rowcount:
        _record(tx, now, "proved", reply.id, reply.contact_id, reply.mailbox)
    return bool(done.rowcount)


def of_answer(tx: Tx, inbox_id: int) -> list[Reply]:
    """Every answer to one incoming message, those that never left included, oldest first."""
    return _found(tx, replies.c.inbox_id == inbox_id)


def by_ids(tx: Tx, ids: Collection[int]) -> list[Reply]:
    """These answers, oldest first."""
    return [reply for some in chunks(ids) for reply in _found(tx, replies.c.id.in_(some))]


def left_for(tx: Tx, contact_id: int) -> list[Reply]:
    """Those to a contact that left, or may have, oldest first."""
    return _found(tx, replies.c.contact_id == contact_id, replies.c.sending_at.is_not(None))


def by_message_ids(tx: Tx, message_ids: Collection[str]) -> dict[str, Reply]:
    """Answers that may have left, by minted or wire id, keyed by the id asked for."""
    found: dict[str, Reply] = {}
    for ids in chunks(message_ids):
        bears = or_(replies.c.message_id.in_(ids), replies.c.wire_id.in_(ids))
        for reply in _found(tx, bears, replies.c.sending_at.is_not(None)):
            found |= {one: reply for one in (reply.message_id, reply.wire_id) if one is not None}
    return {one: reply for one, reply in found.items() if one in set(message_ids)}


def to_addresses(tx: Tx, address_keys: Collection[str]) -> dict[str, list[Reply]]:
    """Answers that may have left, by address key, the newest first."""
    found: dict[str, list[Reply]] = {}
    for keys in chunks(address_keys):
        for reply in _found(tx, replies.c.address_key.in_(keys), replies.c.sending_at.is_not(None)):
            found.setdefault(reply.address_key, []).insert(0, reply)
    return found


def any_at_work(tx: Tx) -> bool:
    """Whether an answer of any mailbox is leaving, in doubt, or waits for its copy in Sent."""
    is_open, waits = (exists().where(one) for one in (_IS_OPEN, replies.c.copy_due_at.is_not(None)))
    return bool(tx.execute(select(or_(is_open, waits))).scalar())


def unsettled(tx: Tx, mailbox: str) -> bool:
    """Whether an answer of the mailbox is leaving, or was when its process died."""
    query = select(literal(1)).where(replies.c.mailbox == mailbox, _IS_OPEN)
    return tx.execute(query.where(replies.c.state != S.UNSURE).limit(1)).first() is not None


def unsure_of(tx: Tx, names: Collection[str], since: datetime) -> list[Reply]:
    """Answers of these mailboxes that left since then, or did not, and nobody knows."""
    return _found(
        tx,
        _IS_OPEN,
        replies.c.state == S.UNSURE,
        replies.c.mailbox.in_(sorted(names)),
        replies.c.sending_at >= since,
    )


def learn_wire_id(tx: Tx, reply_id: int, wire_id: str) -> None:
    """A relay gave it this id."""
    tx.execute(
        update(replies).where(replies.c.id == reply_id, replies.c.wire_id.is_(None)).values(wire_id=wire_id)
    )


def copies_due(tx: Tx, mailbox: str, now: datetime, limit: int) -> list[tuple[Reply, datetime]]:
    """The answers of which a copy is to be looked after by now; nothing of anybody who was erased."""
    query = (
        select(replies)
        .join(contacts, contacts.c.id == replies.c.contact_id)
        .where(
            replies.c.mailbox == mailbox,
            replies.c.copy_due_at <= now,
            replies.c.state == S.SENT,
            contacts.c.erased_at.is_(None),
        )
        .order_by(replies.c.copy_due_at, replies.c.id)
        .limit(limit)
    )
    return [(_reply(row), row["copy_due_at"]) for row in tx.execute(query).mappings()]


def expect_copies(tx: Tx, ids: Sequence[int], due_at: datetime | None) -> None:
    """When the copies of these are looked after; None: nothing is to be done any more."""
    tx.execute(update(replies).where(replies.c.id.in_(list(ids))).values(copy_due_at=due_at))


def next_copy_at(tx: Tx, mailbox: str, after: datetime) -> datetime | None:
    """When the next copy of an answer of the mailbox is looked after, after this instant."""
    query = select(func.min(replies.c.copy_due_at))
    found: datetime | None = tx.execute(
        query.where(replies.c.mailbox == mailbox, replies.c.copy_due_at > after)
    ).scalar()
    return found


def _found(tx: Tx, *which: Any) -> list[Reply]:
    query = select(replies).where(*which).order_by(replies.c.id)
    return [_reply(row) for row in tx.execute(query).mappings()]


def _reply(row: Any) -> Reply:
    values = {name: row[name] for name in Reply.__slots__}
    values["state"] = S(values["state"])
    values["references"] = tuple(values["references"] or ())
    values["attachments"] = tuple(Attachment(**one) for one in values["attachments"] or ())
    return Reply(**values)


def _record(
    tx: Tx, now: datetime, word: str, reply_id: int, contact_id: int, mailbox: str, **data: Any
) -> None:
    """`reply_sent` and its like: what the numbers and the audit trail are traced to."""
    said = {"reply": reply_id, **{name: value for name, value in data.items() if value is not None}}
    record(tx, now, Event(kind=f"reply_{word}", contact_id=contact_id, mailbox=mailbox, data=said))
