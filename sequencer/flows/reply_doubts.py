"""Reply doubts: answers whose process died are called unsure, and looked for in Sent like other messages."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sequencer.core.address import key_or_none
from sequencer.core.ports import ReadFailure, SentHead, SentHeads
from sequencer.core.reply import Reply
from sequencer.core.seeking import SOUGHT_FOR, is_near, may_be
from sequencer.flows import mail_log
from sequencer.flows.engine import Desk, Engine
from sequencer.flows.reply_proofs import prove_reply
from sequencer.store import copies, replies, written
from sequencer.store.engine import Tx
from sequencer.store.reply_lock import reply_lock

_CLOCK_SLACK = timedelta(hours=1)
"""How far a server's INTERNALDATE may lie before our own time of sending."""


def recover_replies(engine: Engine, mailbox: str) -> None:
    """What a dead `inbox reply` left behind; one that is at work holds the lock and is left alone."""
    with engine.store.read() as tx:
        if not replies.unsettled(tx, mailbox):
            return
    with reply_lock(engine.workspace.database, 0) as is_mine:
        if is_mine:
            call_unsure(engine, mailbox)


def call_unsure(engine: Engine, mailbox: str | None) -> None:
    """As `recover_replies` (None: of every mailbox), for whoever holds the lock."""
    now = engine.clock.now()
    with engine.store.write() as tx:
        unsure = replies.recover(tx, mailbox, now)
        found = replies.by_ids(tx, unsure)
    for reply in found:
        words = f"answer {reply.id}: see `sequencer inbox show {reply.inbox_id}`"
        mail_log.mailbox_event(logging.WARNING, "unsure", reply.mailbox, words)


def seek_replies(desk: Desk) -> int:
    """Look for the answers in doubt that are due to be looked for; how many are found to have left."""
    now, heads = desk.engine.clock.now(), desk.sent_heads
    if heads is None or desk.stop.is_set():
        return 0
    with desk.engine.store.read() as tx:
        due = [one for one in _in_doubt(desk, tx, now) if desk.seeking_replies.is_due(one.id, now)]
        is_unread = bool(due) and copies.habit(tx, desk.mailbox.name).read_failed_at is not None
    if not due or is_unread:
        return 0  # the reader says what is wrong; a second failing login might lock the account
    try:
        proven = find_in_sent(desk.engine, desk.mailbox.name, heads, due)
    except ReadFailure as failure:
        for one in due:
            (desk.seeking_replies.looked if failure.is_lasting else desk.seeking_replies.failed)(one.id, now)
        return 0
    for one in due:
        desk.seeking_replies.looked(one.id, now)
    return proven


def next_reply_look_at(desk: Desk, tx: Tx, now: datetime) -> datetime | None:
    """When an answer is to be looked for next."""
    _in_doubt(desk, tx, now)
    return desk.seeking_replies.next_at(now)


def find_in_sent(engine: Engine, reader: str, heads: SentHeads, wanted: Sequence[Reply]) -> int:
    """Look through Sent of mailbox `reader`; how many are proved by it. ReadFailure as SentHeads."""
    with engine.store.read() as tx:
        learnt = copies.habit(tx, reader).sent_folder
    since = min(one.sending_at for one in wanted if one.sending_at is not None) - _CLOCK_SLACK
    by_id = {each.lower(): one for one in wanted for each in (one.message_id, one.wire_id) if each}
    found: dict[int, tuple[Reply, SentHead]] = {}
    others: list[tuple[Reply, SentHead]] = []
    for head in heads.sent_since(since, learnt):
        known = next((by_id[one] for one in map(str.lower, head.message_ids) if one in by_id), None)
        if known is not None:
            found.setdefault(known.id, (known, head))
        else:
            others += [(one, head) for one in wanted if _may_be(one, head)]
    for reply, head in _unknown(engine, others):
        if reply.id not in found and _says_the_same(reply, heads.raw_of(head)):
            found[reply.id] = (reply, head)
    now = engine.clock.now()
    with engine.store.write() as tx:
        return sum(_prove(tx, reply, head, now) for reply, head in found.values())


def _prove(tx: Tx, reply: Reply, head: SentHead, now: datetime) -> bool:
    other = next((one for one in head.message_ids[:1] if one.lower() != reply.message_id.lower()), None)
    return prove_reply(tx, reply, f"found in {head.folder}", now, wire_id=other)


def _in_doubt(desk: Desk, tx: Tx, now: datetime) -> list[Reply]:
    """The unsure answers from the mailboxes whose Sent lies in this one."""
    config, own = desk.engine.config, desk.mailbox.name
    names = {box.name for box in config.mailboxes if box.reader_name == own} | {own}
    names |= {gone.name for gone in config.retired if gone.replies_in == own}
    found = replies.unsure_of(tx, names, now - SOUGHT_FOR)
    desk.seeking_replies.keep({one.id: 1 for one in found}, now)
    return found


def _may_be(reply: Reply, head: SentHead) -> bool:
    """By subject, time and address, where a relay gave it another id."""
    if not may_be(reply.subject, head.subject) or not is_near(reply.sending_at, head.received_at):
        return False
    return reply.address_key in {key_or_none(one) for one in head.recipients}


def _unknown(engine: Engine, others: Sequence[tuple[Reply, SentHead]]) -> list[tuple[Reply, SentHead]]:
    """Those whose ids are no other message's of ours."""
    if not others:
        return []
    ids = {one for _reply, head in others for one in head.message_ids}
    with engine.store.read() as tx:
        ours = written.by_message_ids(tx, ids).keys() | replies.by_message_ids(tx, ids).keys()
    return [(reply, head) for reply, head in others if not ours & set(head.message_ids)]


def _says_the_same(reply: Reply, raw: bytes) -> bool:
    from sequencer.core.mime import parse_mail
    from sequencer.flows.own_copies import is_copy

    return is_copy(reply.text, reply.html, raw, parse_mail(raw)) is True
