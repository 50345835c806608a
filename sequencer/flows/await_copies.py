"""Await copies: what a sent message's copy in Sent needs, and what reading Sent teaches of a provider."""

import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from sequencer.config import Mailbox
from sequencer.core.outbox import OutboxRow
from sequencer.core.ports import RawMail, is_in_sent
from sequencer.core.sent_copies import LATE_IN, OBSERVATIONS, Filing, filing, look_at
from sequencer.flows import mail_log
from sequencer.store import copies, outbox
from sequencer.store.engine import Tx


def filing_of(mailbox: Mailbox, learnt: bool | None, known: bool | None = None) -> Filing:
    """What is done for this mailbox's copies; nothing where it has no folder that could be reached."""
    return Filing.NOTHING if mailbox.imap is None else filing(mailbox.save_sent, learnt, known)


def expect(tx: Tx, mailbox: Mailbox, row: OutboxRow, now: datetime, known: bool | None = None) -> None:
    """The row was sent: its copy is due, in the transaction that says so.

    Nothing is due when the copy was seen before the server's answer was.
    """
    due_at = look_at(filing_of(mailbox, copies.habit(tx, mailbox.name).files_sent, known), now)
    if due_at is not None and not copies.times_told(tx, row.id, copies.SEEN):
        copies.expect(tx, row.id, due_at)


def copies_due_in(tx: Tx, mailbox: Mailbox, known: bool | None = None) -> timedelta | None:
    """How long after a message of this mailbox its copy is looked after; None: never."""
    start = datetime.min.replace(tzinfo=UTC)
    due_at = look_at(filing_of(mailbox, copies.habit(tx, mailbox.name).files_sent, known), start)
    return None if due_at is None else due_at - start


def note_copies(
    tx: Tx, mailbox: Mailbox, own: Sequence[tuple[RawMail, int]], again: Collection[str], now: datetime
) -> None:
    """A reading saw copies: `own` with the row ids of our messages, `again` ids of what lies in Sent twice.

    What lies in Sent without our having put it there, the provider has filed.
    """
    in_sent = {row_id: raw.folder for raw, row_id in own if is_in_sent(raw)}
    for row_id in sorted(copies.awaited(tx, mailbox.name, in_sent.keys())) if in_sent else ():
        row = outbox.by_id(tx, row_id)
        if row is None:
            continue
        if copies.times_told(tx, row_id, copies.SAVING):
            copies.tell(tx, row, copies.SAVED, now)  # ours: the program died before it could say so
        else:
            saw_provider_file(tx, mailbox, row, in_sent[row_id], now)
        copies.expect(tx, row_id, None)
    if again and copies.saved_since(tx, mailbox.name, again, now - LATE_IN):
        _learn(tx, mailbox, True, "files them late: a mail lies in Sent twice")


def saw_provider_file(tx: Tx, mailbox: Mailbox, row: OutboxRow, folder: str, now: datetime) -> None:
    """The provider filed this message's copy."""
    copies.tell(tx, row, copies.SEEN, now)
    copies.note_habit(tx, mailbox.name, sent_folder=folder)
    known = copies.habit(tx, mailbox.name).files_sent
    if known is None and copies.observed(tx, mailbox.name, copies.SEEN) >= OBSERVATIONS:
        _learn(tx, mailbox, True, "files them by itself: nothing is added to Sent")


def saw_provider_miss(tx: Tx, mailbox: Mailbox, row: OutboxRow, now: datetime) -> None:
    """The provider had its time and did not file this message."""
    copies.tell(tx, row, copies.MISSED, now)
    known = copies.habit(tx, mailbox.name).files_sent
    if known is None and copies.observed(tx, mailbox.name, copies.MISSED) >= OBSERVATIONS:
        _learn(tx, mailbox, False, "does not file them: copies are saved in Sent")


def _learn(tx: Tx, mailbox: Mailbox, files_sent: bool, words: str) -> None:
    if copies.habit(tx, mailbox.name).files_sent is not files_sent:
        copies.note_habit(tx, mailbox.name, files_sent=files_sent)
        mail_log.mailbox_event(logging.INFO, "copies", mailbox.name, f"the provider {words}")
