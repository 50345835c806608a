"""Reply copies: a rep's answer that the provider did not file is put into Sent, as other mail is."""

import logging
from datetime import datetime

from sequencer.core.ports import ReadFailure, SentFolder
from sequencer.core.reply import Reply
from sequencer.core.sent_copies import RETRIES_IN, Filing
from sequencer.errors import SequencerError
from sequencer.flows import mail_log
from sequencer.flows.await_copies import filing_of
from sequencer.flows.engine import Desk
from sequencer.flows.reply_bytes import bytes_of
from sequencer.store import copies, replies

AT_MOST = 20


def file_reply_copies(desk: Desk) -> int:
    """Save the copies that are due, each looked for first; returns how many were added."""
    folder, saved = desk.sent_folder, 0
    if folder is None:
        return 0
    with desk.engine.store.read() as tx:
        due = replies.copies_due(tx, desk.mailbox.name, desk.engine.clock.now(), AT_MOST)
        if due and copies.habit(tx, desk.mailbox.name).read_failed_at is not None:
            return 0  # the reader says what is wrong; a second failing login might lock the account
    for reply, due_at in due:
        if desk.stop.is_set():
            break
        saved += _file(desk, folder, reply, due_at)
    return saved


def _file(desk: Desk, folder: SentFolder, reply: Reply, due_at: datetime) -> bool:
    """Look after one copy; True when one was added."""
    with desk.engine.store.read() as tx:
        habit = copies.habit(tx, desk.mailbox.name)
    how = filing_of(desk.mailbox, habit.files_sent, desk.files_sent)
    if how is Filing.AFTER_LOOK and (habit.read_at is None or habit.read_at < due_at):
        return False  # the provider's own copy may lie there unread
    if how is Filing.NOTHING:
        _expect(desk, reply, None)
        return False
    try:
        raw = b"".join(bytes_of(desk.engine, desk.mailbox, reply).pieces)
        filed = folder.save(raw, reply.message_id, reply.sent_at or reply.date_at, learnt=habit.sent_folder)
    except ReadFailure as failure:
        _again_or_never(desk, reply, failure.message)
        return False
    except SequencerError as error:
        _give_up(desk, reply, str(error))
        return False
    _expect(desk, reply, None)
    return not filed.was_there


def _again_or_never(desk: Desk, reply: Reply, why: str) -> None:
    """Tried at growing distances from when it left, then given up."""
    now = desk.engine.clock.now()
    age = now - (reply.sent_at or reply.date_at)
    again = next((now + wait for wait in RETRIES_IN if age < wait), None)
    if again is None:
        _give_up(desk, reply, why)
    else:
        _expect(desk, reply, again)


def _give_up(desk: Desk, reply: Reply, why: str) -> None:
    _expect(desk, reply, None)
    words = f"of answer {reply.id} in Sent: {why}"
    mail_log.mailbox_event(logging.WARNING, "no copy", reply.mailbox, words)


def _expect(desk: Desk, reply: Reply, due_at: datetime | None) -> None:
    with desk.engine.store.write() as tx:
        replies.expect_copies(tx, [reply.id], due_at)
