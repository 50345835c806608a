"""What a queued notice says, read from the store when it is told; nothing when it is no longer so."""

from dataclasses import replace
from datetime import date, datetime

from sequencer.core.enrollment import EnrollmentState
from sequencer.core.inbound import MatchVia
from sequencer.core.notice_words import (
    Reply,
    hold_words,
    paused_words,
    reply_words,
    silent_words,
    unread_words,
)
from sequencer.core.notices import HOOK, NoticeKind, Told
from sequencer.core.outbox import OutboxState
from sequencer.flows.engine import Engine
from sequencer.store import contacts, enrollments, inbox, mailboxes, outbox, outbox_list
from sequencer.store.engine import Tx
from sequencer.store.notices import Queued


def told_of(tx: Tx, engine: Engine, row: Queued) -> Told | None:
    """The words; None: the hold has ended, the mailbox works again, the day had nothing."""
    if row.kind is NoticeKind.DIGEST:
        from sequencer.flows.digest import digest_told

        return digest_told(tx, engine, row.channel, date.fromisoformat(row.data["day"]))
    asked = {NoticeKind.REPLY: _reply, NoticeKind.HOLD: _hold, NoticeKind.PAUSED: _paused}
    told = asked[row.kind](tx, row)
    rep = engine.config.rep(row.rep)
    if told is None or row.channel.via != HOOK or rep is None:
        return told
    # A room has many readers: it must say whose turn it is.
    return replace(told, facts=(f"For: {rep.full_name}", *told.facts), data={**told.data, "rep": rep.name})


def _reply(tx: Tx, row: Queued) -> Told | None:
    answer = inbox.by_id(tx, row.inbox_id or 0)
    contact = contacts.contact_of(tx, row.contact_id or 0)
    if answer is None or contact is None:
        return None
    sent = outbox.by_id(tx, answer.outbox_id) if answer.outbox_id else None
    reply = Reply(
        inbox_id=answer.id,
        subject=answer.subject or "",
        text=answer.own_text or "",
        intent=str(answer.verdict.get("intent") or ""),
        place=f"{sent.sequence}/{sent.step}" if sent else "",
        address=answer.from_address or "",
        is_stranger=answer.match_via == MatchVia.COMPANY,
    )
    return reply_words(contact, reply)


def _hold(tx: Tx, row: Queued) -> Told | None:
    enrollment = enrollments.by_id(tx, row.enrollment_id or 0)
    contact = contacts.contact_of(tx, row.contact_id or 0)
    if enrollment is None or contact is None or enrollment.state is not EnrollmentState.HELD:
        return None
    if enrollment.hold is None or enrollment.hold.until is not None:
        return None
    latest = inbox.listed(tx, contact_id=contact.id, limit=1)
    unsure = outbox_list.listed(tx, outbox_list.Filter(states=(OutboxState.UNSURE,), contact_id=contact.id))
    of_this = [message.id for message in unsure if message.enrollment_id == enrollment.id]
    return hold_words(
        contact,
        enrollment,
        inbox_id=latest[0].id if latest else None,
        message_id=of_this[0] if of_this else None,
    )


def _paused(tx: Tx, row: Queued) -> Told | None:
    box = next((one for one in mailboxes.statuses(tx) if one.name == row.mailbox), None)
    if box is None:
        return None
    if row.data.get("is_unread"):
        return unread_words(box.name, box.read_failure or "") if box.read_failed_at is not None else None
    if row.data.get("is_silent"):
        since = datetime.fromisoformat(row.data["since"])
        is_still = box.arrivals is not None and box.arrivals.last_at == since
        return silent_words(box.name, f"{since:%Y-%m-%d %H:%M}Z") if is_still else None
    return paused_words(box.name, box.pause_reason or "") if box.paused_at is not None else None
