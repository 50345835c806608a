"""Seek unsure: messages that may have left or not are looked for in Sent, and in mail read before."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sequencer.core.address import address_key
from sequencer.core.outbox import OutboxRow
from sequencer.core.ports import ReadFailure, SentHead, SentHeads
from sequencer.core.seeking import SOUGHT_FOR, is_near, may_be
from sequencer.flows.await_copies import saw_provider_file
from sequencer.flows.engine import Desk
from sequencer.flows.prove_sent import BY_KIND, By, Proof, prove
from sequencer.store import copies, outbox, unsure, written
from sequencer.store.engine import Tx

_CLOCK_SLACK = timedelta(hours=1)
"""How far a server's INTERNALDATE may lie before our own time of sending."""


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
        learnt = copies.habit(tx, desk.mailbox.name).sent_folder if due else None
    proven = _write(desk, known, now) if known else 0
    missing = [row for row in due if row.id not in {one.id for one, _proof, _wire_id in known}]
    if not missing or is_unread or desk.stop.is_set():
        return proven
    return proven + _look(desk, heads, missing, learnt)


def next_look_at(desk: Desk, tx: Tx, now: datetime) -> datetime | None:
    """When something is to be looked for next; what became unsure a moment ago, in a moment."""
    _in_doubt(desk, tx, now)
    return desk.seeking.next_at(now)


def _in_doubt(desk: Desk, tx: Tx, now: datetime) -> list[OutboxRow]:
    """The unsure messages of the mailboxes whose Sent, or answers, lie in this one."""
    config, seeking = desk.engine.config, desk.seeking
    own = desk.mailbox.name
    names = {box.name for box in config.mailboxes if box.reader_name == own} | {own}
    names |= {gone.name for gone in config.retired if gone.replies_in == own}
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


def _look(desk: Desk, heads: SentHeads, rows: Sequence[OutboxRow], learnt: str | None) -> int:
    name = desk.mailbox.name
    try:
        found = _in_sent(desk, heads, rows, learnt)
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


def _in_sent(desk: Desk, heads: SentHeads, rows: Sequence[OutboxRow], learnt: str | None) -> list[_Found]:
    """By id, else (a relay rewrote it) by address, subject, time and text. ReadFailure as SentHeads."""
    by_id = {one: row for row in rows for one in _ids(row)}
    found: dict[int, _Found] = {}
    others: list[tuple[OutboxRow, SentHead]] = []
    since = min(row.sending_at for row in rows if row.sending_at is not None) - _CLOCK_SLACK
    for head in heads.sent_since(since, learnt):
        row = next((by_id[one] for one in map(str.lower, head.message_ids) if one in by_id), None)
        if row is not None:
            other = head.message_ids[0] if head.message_ids[0].lower() not in by_id else None
            found.setdefault(row.id, (row, _proof(head), other))
        else:
            others += [(one, head) for one in rows if _may_be(one, head)]
    for row, head in _unknown(desk, others):
        if row.id not in found and _says_the_same(row, heads.raw_of(head)):
            found[row.id] = (row, _proof(head), next(iter(head.message_ids), None))
    return list(found.values())


def _proof(head: SentHead) -> Proof:
    return Proof(by=By.SENT_COPY, folder=head.folder, uid=head.uid)


def _ids(row: OutboxRow) -> Iterable[str]:
    minted = row.headers.message_id if row.headers else None
    return (one.lower() for one in (minted, row.wire_id) if one)


def _may_be(row: OutboxRow, head: SentHead) -> bool:
    subject = row.headers.subject if row.headers else None
    if not may_be(subject, head.subject) or not is_near(row.sending_at, head.received_at):
        return False
    return row.address_key in {_key(one) for one in head.recipients}


def _key(address: str) -> str:
    try:
        return address_key(address)
    except ValueError:
        return ""


def _unknown(desk: Desk, others: Sequence[tuple[OutboxRow, SentHead]]) -> list[tuple[OutboxRow, SentHead]]:
    """Those whose ids are no other message's of ours."""
    if not others:
        return []
    with desk.engine.store.read() as tx:
        ours = written.by_message_ids(tx, {one for _row, head in others for one in head.message_ids})
    return [(row, head) for row, head in others if not ours.keys() & set(head.message_ids)]


def _says_the_same(row: OutboxRow, raw: bytes) -> bool:
    from sequencer.core.mime import parse_mail
    from sequencer.flows.own_copies import is_copy

    return is_copy(row.content.text, row.content.html, raw, parse_mail(raw)) is True


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
