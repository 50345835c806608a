"""Blanking one person's rows, a function a table; ids, states, times and codes stay for the reports."""

import json
import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, String, cast, delete, func, insert, null, or_, select, update

from sequencer.core.address import key_or_none
from sequencer.core.erasure import ERASED_TEXT, HASHED, erased_address
from sequencer.core.outbox import OutboxState
from sequencer.core.reply import ReplyState
from sequencer.core.suppression import ERASED
from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import (
    contacts,
    contents,
    corrections,
    enrollments,
    former_addresses,
    inbox,
    mailboxes,
    marks,
    notices,
    outbox,
    replies,
    sequence_versions,
    suppressions,
    tasks,
)

_BLANK_CONTACT: dict[str, Any] = {
    **dict.fromkeys(("name", "first_name", "last_name", "title", "company", "website", "phone"), ""),
    **dict.fromkeys(("country", "state", "city", "zone", "language", "source", "note", "domain"), ""),
    **dict.fromkeys(("is_key_account", "is_role", "is_free_mail"), False),
    **dict.fromkeys(("external_id", "owner", "mail_check", "mail_checked_at")),
    "tags": [],
    "extra": {},
}
_VERDICT_CODES = ("subtype", "bounce_class", "permanence", "hard", "intent", "return_at")
"""What of a verdict says nothing that the person wrote."""

_NOTED = (
    *(tasks.c.title, inbox.c.verdict, inbox.c.effects, enrollments.c.hold_note),
    *(marks.c.address, corrections.c.verdict, corrections.c.effects),
    *(replies.c.reason, replies.c.answer_text),
    *(outbox.c.reason, outbox.c.answer_text, notices.c.data, notices.c.failure),
    *(mailboxes.c.pause_reason, mailboxes.c.read_failure, suppressions.c.source),
)
"""Where the program notes the address of somebody whom the row itself is not about."""

_WRITTEN_BY_PEOPLE = (
    *(outbox.c.subject, contents.c.text, contents.c.html),
    *(replies.c.subject, replies.c.text),
    *(contacts.c.note, contacts.c.extra, contacts.c.source, inbox.c.subject, inbox.c.own_text),
)
_CALLED = {"outbox": "message", "contents": "message", "contacts": "contact", "inbox": "answer"} | {
    "replies": "sent answer"
}


def is_sending_to(tx: Tx, contact_id: int) -> bool:
    """Whether a message to the contact is leaving at this moment."""
    leaving = (outbox.c.contact_id == contact_id, outbox.c.state == OutboxState.SENDING)
    answer = (replies.c.contact_id == contact_id, replies.c.state == ReplyState.SENDING)
    questions = (select(func.count()).where(*which) for which in (leaving, answer))
    return any(tx.execute(question).scalar() for question in questions)


def cancel_tasks(tx: Tx, contact_id: int, now: datetime) -> int:
    """Cancel whatever a rep was still to do about the contact."""
    is_open = (tasks.c.done_at.is_(None), tasks.c.cancelled_at.is_(None))
    which = update(tasks).where(tasks.c.contact_id == contact_id, *is_open)
    return int(tx.execute(which.values(cancelled_at=now)).rowcount)


def suppress_hashed(tx: Tx, contact_id: int, hashes: Collection[str], now: datetime) -> None:
    """Keep that these addresses are not to be written to, as hashes; the person too, by contact."""
    present = {row.pattern for row in tx.execute(_hashed(hashes))}
    rows = [
        {"pattern": one, "reason": ERASED, "source": "", "contact_id": contact_id, "created_at": now}
        for one in sorted(set(hashes) - present)
    ]
    if rows:
        tx.execute(insert(suppressions), rows)


def patterns_of(tx: Tx, contact_id: int, keys: Collection[str]) -> list[str]:
    """Plain addresses that are suppressed for this person: their own, and others they wrote from.

    An address that is another contact's is that contact's.
    """
    is_theirs = or_(suppressions.c.contact_id == contact_id, suppressions.c.pattern.in_(list(keys)))
    others = select(contacts.c.address_key).where(contacts.c.id != contact_id)
    query = select(suppressions.c.pattern).where(
        is_theirs,
        suppressions.c.like_pattern.is_(None),
        suppressions.c.pattern.not_like(f"{HASHED}%"),
        suppressions.c.pattern.not_in(others),
    )
    return [row.pattern for row in tx.execute(query)]


def forget_patterns(tx: Tx, contact_id: int, patterns: Collection[str]) -> int:
    """Remove the plain suppressions whose hashes are kept; those of others no longer name this contact."""
    gone = tx.execute(delete(suppressions).where(suppressions.c.pattern.in_(list(patterns)))).rowcount
    tx.execute(
        update(suppressions)
        .where(suppressions.c.contact_id == contact_id, suppressions.c.pattern.not_like(f"{HASHED}%"))
        .values(contact_id=None)
    )
    return int(gone)


def blank_contact(tx: Tx, contact_id: int, now: datetime) -> int:
    """Everything but number, stage and times."""
    address = erased_address(contact_id)
    values = _BLANK_CONTACT | {"address": address, "address_key": address, "updated_at": now}
    erased_at = func.coalesce(contacts.c.erased_at, now)
    done = tx.execute(
        update(contacts).where(contacts.c.id == contact_id).values(**values, erased_at=erased_at)
    )
    return int(done.rowcount)


def forget_former_addresses(tx: Tx, contact_id: int) -> int:
    """Remove every address the contact had."""
    return int(
        tx.execute(delete(former_addresses).where(former_addresses.c.contact_id == contact_id)).rowcount
    )


def blank_messages(tx: Tx, contact_id: int) -> int:
    """Texts and addresses of what was written to them; by the Message-ID late answers are known again."""
    address = erased_address(contact_id)
    values: dict[str, Any] = {"address": address, "address_key": address}
    values |= dict.fromkeys(("company", "subject", "in_reply_to", "references", "answer_text", "copy_due_at"))
    values |= {"attachments": [], "data_hash": "", "reason": "", "is_edited": False}
    values["sent_subject"] = ""
    theirs = select(outbox.c.id).where(outbox.c.contact_id == contact_id)
    tx.execute(update(contents).where(contents.c.outbox_id.in_(theirs)).values(text="", html=""))
    return int(tx.execute(update(outbox).where(outbox.c.contact_id == contact_id).values(values)).rowcount)


def answers_from(tx: Tx, contact_id: int, keys: Collection[str]) -> list[int]:
    """Incoming messages that concern the contact, or that they wrote about others."""
    senders = tx.execute(select(inbox.c.from_address).where(inbox.c.from_address.is_not(None)).distinct())
    theirs = [row.from_address for row in senders if key_or_none(row.from_address) in keys]
    query = select(inbox.c.id).where(or_(inbox.c.contact_id == contact_id, inbox.c.from_address.in_(theirs)))
    return [row.id for row in tx.execute(query.order_by(inbox.c.id))]


def blank_answers(tx: Tx, ids: Collection[int]) -> int:
    """Sender, subject, text and evidence. Its kind stays, and its fingerprint: it is not read twice."""
    for row in tx.execute(select(inbox.c.id, inbox.c.verdict).where(inbox.c.id.in_(list(ids)))).all():
        verdict = _codes_of(row.verdict)
        gone = dict.fromkeys(
            ("message_id", "from_address", "subject", "own_text", "reply_to", "references"), null()
        )
        tx.execute(update(inbox).where(inbox.c.id == row.id).values(**gone, verdict=verdict, effects=[]))
    return len(ids)


def _codes_of(verdict: dict[str, Any] | None) -> dict[str, Any]:
    return {name: verdict[name] for name in _VERDICT_CODES if name in verdict} if verdict else {}


def blank_marks(tx: Tx, contact_id: int, answer_ids: Collection[int]) -> int:
    """Whom they named, and what was read into their mail before it was corrected; the marks stay."""
    theirs = or_(corrections.c.contact_id == contact_id, corrections.c.inbox_id.in_(list(answer_ids)))
    for row in tx.execute(select(corrections.c.id, corrections.c.verdict).where(theirs)).all():
        values = {"verdict": _codes_of(row.verdict), "effects": []}
        tx.execute(update(corrections).where(corrections.c.id == row.id).values(**values))
    which = or_(marks.c.contact_id == contact_id, marks.c.inbox_id.in_(list(answer_ids)))
    return int(tx.execute(update(marks).where(which).values(address=None)).rowcount)


def blank_replies(tx: Tx, contact_id: int, answer_ids: Collection[int]) -> int:
    """What reps answered to the contact, and to these messages of theirs."""
    address = erased_address(contact_id)
    values: dict[str, Any] = {"address": address, "address_key": address, "references": [], "attachments": []}
    values |= dict.fromkeys(("subject", "own_text", "text", "html", "reason"), "")
    values |= dict.fromkeys(("in_reply_to", "answer_text", "copy_due_at"))
    return int(tx.execute(update(replies).where(_replies_to(contact_id, answer_ids)).values(values)).rowcount)


def reply_ids(tx: Tx, contact_id: int, answer_ids: Collection[int]) -> list[int]:
    """The rows that `blank_replies` blanks."""
    query = select(replies.c.id).where(_replies_to(contact_id, answer_ids)).order_by(replies.c.id)
    return [row.id for row in tx.execute(query)]


def _replies_to(contact_id: int, answer_ids: Collection[int]) -> Any:
    return or_(replies.c.contact_id == contact_id, replies.c.inbox_id.in_(list(answer_ids)))


def blank_tasks(tx: Tx, contact_id: int) -> int:
    """What was to be done, in words that may name them."""
    return int(
        tx.execute(update(tasks).where(tasks.c.contact_id == contact_id).values(title=ERASED_TEXT)).rowcount
    )


def blank_enrollments(tx: Tx, contact_id: int) -> int:
    """Notes on holds."""
    which = update(enrollments).where(enrollments.c.contact_id == contact_id)
    return int(tx.execute(which.values(hold_note=None)).rowcount)


def blank_notices(tx: Tx, contact_id: int, answer_ids: Collection[int], now: datetime) -> int:
    """Notices about them: what was not told yet is not told any more."""
    about = or_(notices.c.contact_id == contact_id, notices.c.inbox_id.in_(list(answer_ids)))
    values: dict[str, Any] = {"data": {}, "failure": None, "done_at": func.coalesce(notices.c.done_at, now)}
    return int(tx.execute(update(notices).where(about).values(**values)).rowcount)


def redact_notes(tx: Tx, mention: re.Pattern[str], addresses: Collection[str], instead: str) -> int:
    """Put `instead` where the program noted one of these addresses in rows about others."""
    count = 0
    for column in _NOTED:
        table = column.table
        [identity] = table.primary_key.columns
        for row in tx.execute(select(identity, column).where(_holds(column, addresses))).all():
            text = json.dumps(row[1], ensure_ascii=False) if _is_json(column) else row[1]
            redacted = mention.sub(instead, text)
            if redacted != text:
                value = json.loads(redacted) if _is_json(column) else redacted
                tx.execute(update(table).where(identity == row[0]).values({column.name: value}))
                count += 1
    return count


def mentioned_by_people(tx: Tx, mention: re.Pattern[str], addresses: Collection[str]) -> list[str]:
    """What people wrote to or about others that names one of these addresses: `message 14`, `contact #9`."""
    found: dict[str, None] = {}
    for column in _WRITTEN_BY_PEOPLE:
        name = column.table.name
        [identity] = column.table.primary_key.columns
        for row in tx.execute(select(identity, column).where(_holds(column, addresses))):
            if mention.search(json.dumps(row[1], ensure_ascii=False) if _is_json(column) else row[1]):
                found[f"{_CALLED[name]} {'#' if name == 'contacts' else ''}{row[0]}"] = None
    holds = _holds(sequence_versions.c.texts, addresses)
    for row in tx.execute(select(sequence_versions.c.sequence).where(holds).distinct()):
        found[f"the pinned texts of sequence {row.sequence}"] = None
    return list(found)


def _holds(column: Column[Any], addresses: Collection[str]) -> Any:
    text = cast(column, String) if _is_json(column) else column
    return or_(*(text.icontains(one, autoescape=True) for one in addresses))


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _hashed(hashes: Iterable[str]) -> Any:
    return select(suppressions.c.pattern).where(suppressions.c.pattern.in_(list(hashes)))


def count_rows(tx: Tx, contact_id: int) -> dict[str, int]:
    """How many rows of each kind are about the contact, before anything is blanked."""
    tables = {"messages": outbox, "tasks": tasks, "enrollments": enrollments, "notices": notices}
    tables |= {"former_addresses": former_addresses, "marks": marks}
    return {
        name: int(tx.execute(select(func.count()).where(table.c.contact_id == contact_id)).scalar() or 0)
        for name, table in tables.items()
    }


def message_names(tx: Tx, contact_id: int) -> list[str]:
    """Their own messages as `mentioned_by_people` calls them."""
    query = select(outbox.c.id).where(outbox.c.contact_id == contact_id)
    return [f"message {row.id}" for row in tx.execute(query)]


def erased_among(tx: Tx, hashes: Collection[str]) -> dict[str, int | None]:
    """Which of these hashes are those of erased addresses, each with its contact's number."""
    found: dict[str, int | None] = {}
    for chunk in chunks(hashes):
        query = select(suppressions.c.pattern, suppressions.c.contact_id)
        found |= {
            row.pattern: row.contact_id for row in tx.execute(query.where(suppressions.c.pattern.in_(chunk)))
        }
    return found


def erased_contacts(tx: Tx, ids: Collection[int]) -> set[int]:
    """Which of these contacts were erased."""
    found: set[int] = set()
    for chunk in chunks(ids):
        query = select(contacts.c.id).where(contacts.c.id.in_(chunk), contacts.c.erased_at.is_not(None))
        found |= {row.id for row in tx.execute(query)}
    return found
