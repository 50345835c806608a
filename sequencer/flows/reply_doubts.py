"""Reply doubts: answers whose process died are called unsure, and looked for in Sent like other messages."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sequencer.core.ports import ReadFailure, SentHeads
from sequencer.core.reply import Reply
from sequencer.core.seeking import SOUGHT_FOR
from sequencer.flows import mail_log
from sequencer.flows.engine import Desk, Engine
from sequencer.flows.reply_proofs import prove_reply
from sequencer.flows.search_sent import Sought, filed_in, search_sent
from sequencer.store import copies, replies
from sequencer.store.engine import Tx
from sequencer.store.reply_lock import reply_lock


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
    found = search_sent(engine, reader, heads, [_sought(one) for one in wanted])
    by_id, now = {one.id: one for one in wanted}, engine.clock.now()
    with engine.store.write() as tx:
        return sum(
            prove_reply(tx, by_id[one], f"found in {copy.head.folder}", now, wire_id=copy.other_id)
            for one, copy in found.items()
        )


def _sought(reply: Reply) -> Sought:
    return Sought(
        id=reply.id,
        message_ids=tuple(one for one in (reply.message_id, reply.wire_id) if one),
        address_key=reply.address_key,
        subject=reply.subject,
        sending_at=reply.sending_at or reply.date_at,
        text=reply.text,
        html=reply.html,
    )


def _in_doubt(desk: Desk, tx: Tx, now: datetime) -> list[Reply]:
    """The unsure answers from the mailboxes whose Sent lies in this one."""
    found = replies.unsure_of(tx, filed_in(desk.engine.config, desk.mailbox.name), now - SOUGHT_FOR)
    desk.seeking_replies.keep({one.id: 1 for one in found}, now)
    return found
