"""Seek unsure: messages that may have left or not are looked for in Sent, and in mail read before."""

from collections.abc import Sequence
from datetime import datetime

from sequencer.core.outbox import OutboxRow
from sequencer.core.ports import ReadFailure, SentHead, SentHeads
from sequencer.core.seeking import SOUGHT_FOR
from sequencer.flows.await_copies import saw_provider_file
from sequencer.flows.engine import Desk
from sequencer.flows.prove_sent import BY_KIND, By, Proof, prove
from sequencer.flows.search_sent import Sought, filed_in, search_sent
from sequencer.store import copies, outbox, unsure
from sequencer.store.engine import Tx


def seek_unsure(desk: Desk) -> int:
    """Look for what is in doubt and due to be looked for; returns how many are found to have left.

    Not finding a message says nothing: it stays unsure and waits for a person, and nothing else waits.
    """
    heads = desk.sent_heads
    now = desk.engine.clock.now()
    if heads is None:
        return 0
    with desk.engine.store.read() as tx:
        due = [row for row in _in_doubt(desk, tx, now) if desk.seeking.is_due(row.id, now)]
        is_unread = bool(due) and _is_unread(desk, tx, now)
        known = _recorded(tx, due)
    proven = _write(desk, known, now) if known else 0
    missing = [row for row in due if row.id not in {one.id for one, _proof, _wire_id in known}]
    if not missing or is_unread or desk.stop.is_set():
        return proven
    return proven + _look(desk, heads, missing)


def next_look_at(desk: Desk, tx: Tx, now: datetime) -> datetime | None:
    """When something is to be looked for next; what became unsure a moment ago, in a moment."""
    _in_doubt(desk, tx, now)
    return desk.seeking.next_at(now)


def _in_doubt(desk: Desk, tx: Tx, now: datetime) -> list[OutboxRow]:
    """The unsure messages of the mailboxes whose Sent, or answers, lie in this one."""
    seeking, names = desk.seeking, filed_in(desk.engine.config, desk.mailbox.name)
    new, last = unsure.newly_unsure(tx, names, now - SOUGHT_FOR, seeking.last_event)
    rows = unsure.still_unsure(tx, new | seeking.known)
    seeking.keep({row.id: row.attempt for row in rows}, now)
    seeking.last_event = last
    return rows


def _is_unread(desk: Desk, tx: Tx, now: datetime) -> bool:
    """The reader says what is wrong; a second failing login might lock the account."""
    until, _words = desk.engine.locked_out.get(desk.mailbox.name, (now, ""))
    return now < until or copies.habit(tx, desk.mailbox.name).read_failed_at is not None


_Found = tuple[OutboxRow, Proof, str | None]
"""A message, what proves it, and the id a relay gave it."""


def _recorded(tx: Tx, rows: Sequence[OutboxRow]) -> list[_Found]:
    """What another mailbox read while the message was still leaving."""
    by_id = {row.id: row for row in rows}
    found: dict[int, _Found] = {}
    for mail in unsure.recorded_mail(tx, rows) if rows else ():
        by = BY_KIND.get(mail.kind)
        if by is not None:
            proof = Proof(by=by, inbox_id=mail.inbox_id)
            found.setdefault(mail.outbox_id, (by_id[mail.outbox_id], proof, None))
    return list(found.values())


def _look(desk: Desk, heads: SentHeads, rows: Sequence[OutboxRow]) -> int:
    name = desk.mailbox.name
    try:
        found = _in_sent(desk, heads, rows)
    except ReadFailure as failure:
        words = f"{failure.message} ({failure.hint})" if failure.hint else failure.message
        desk.troubles.say(name, "look through sent", words)
        now = desk.engine.clock.now()
        for row in rows:
            (desk.seeking.looked if failure.is_lasting else desk.seeking.failed)(row.id, now)
        return 0
    desk.troubles.say(name, "look through sent", None)
    now = desk.engine.clock.now()
    for row in rows:
        desk.seeking.looked(row.id, now)
    return _write(desk, found, now) if found else 0


def _in_sent(desk: Desk, heads: SentHeads, rows: Sequence[OutboxRow]) -> list[_Found]:
    """By id, else (a relay rewrote it) by address, subject, time and text. ReadFailure as SentHeads."""
    by_id = {row.id: row for row in rows}
    found = search_sent(desk.engine, desk.mailbox.name, heads, [_sought(row) for row in rows])
    return [(by_id[one], _proof(copy.head), copy.other_id) for one, copy in found.items()]


def _proof(head: SentHead) -> Proof:
    return Proof(by=By.SENT_COPY, folder=head.folder, uid=head.uid)


def _sought(row: OutboxRow) -> Sought:
    minted = row.headers.message_id if row.headers else None
    return Sought(
        id=row.id,
        message_ids=tuple(one for one in (minted, row.wire_id) if one),
        address_key=row.address_key,
        subject=row.headers.subject if row.headers else None,
        sending_at=row.sending_at or row.due_at,
        text=row.content.text,
        html=row.content.html,
    )


def _write(desk: Desk, found: Sequence[_Found], now: datetime) -> int:
    engine, proven = desk.engine, 0
    with engine.store.write() as tx:
        for row, proof, wire_id in found:
            if not prove(tx, engine, row, proof, now):
                continue
            proven += 1
            if wire_id is not None:
                outbox.learn_wire_id(tx, row.id, wire_id)
            mailbox = engine.config.mailbox(row.mailbox)
            if mailbox is not None and mailbox.imap is not None and proof.copy_in is not None:
                saw_provider_file(tx, mailbox, row, proof.copy_in, now)
                copies.expect(tx, row.id, None)
    return proven
