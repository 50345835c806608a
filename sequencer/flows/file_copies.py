"""File copies: what the provider did not put into Sent is put there, so that the rep finds each mail once."""

import logging
from datetime import datetime

from sequencer.core.erasure import erased_address
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.core.ports import Filed, ReadFailure, SentFolder
from sequencer.core.sent_copies import RETRIES_IN, Filing, next_try
from sequencer.errors import SequencerError
from sequencer.flows import mail_log
from sequencer.flows.assemble import assemble_row
from sequencer.flows.await_copies import filing_of, saw_provider_file, saw_provider_miss
from sequencer.flows.engine import Desk
from sequencer.store import copies, outbox

AT_MOST = 20
"""Copies a tick saves: the rest comes with the next one."""


def file_copies(desk: Desk) -> int:
    """Save the copies that are due; returns how many were added. A server that takes none is left a while.

    Whatever goes wrong here, nothing about sending changes: the messages have left.
    """
    folder, saved = desk.sent_folder, 0
    if folder is None:
        return 0
    with desk.engine.store.read() as tx:
        due = copies.due(tx, desk.mailbox.name, desk.engine.clock.now(), AT_MOST)
        if due and copies.habit(tx, desk.mailbox.name).read_failed_at is not None:
            return 0  # the reader says what is wrong; a second failing login might lock the account
    for row_id, due_at in due:
        if desk.stop.is_set():
            break
        try:
            saved += _file(desk, folder, row_id, due_at)
        except ReadFailure as failure:
            _leave_for_now(desk, row_id, failure)
            break
    return saved


def _file(desk: Desk, folder: SentFolder, row_id: int, due_at: datetime) -> bool:
    """Look after one copy; True when one was added. ReadFailure as SentFolder."""
    with desk.engine.store.read() as tx:
        habit = copies.habit(tx, desk.mailbox.name)
        row = outbox.by_id(tx, row_id)
    how = filing_of(desk.mailbox, habit.files_sent, desk.files_sent)
    if how is Filing.AFTER_LOOK and (habit.read_at is None or habit.read_at < due_at):
        return False  # the provider's own copy may lie there unread
    is_erased = row is not None and row.address == erased_address(row.contact_id)
    if row is None or row.state is not OutboxState.SENT or is_erased or how is Filing.NOTHING:
        _end(desk, row_id)
        return False
    try:
        raw = _bytes_of(desk, row)
    except SequencerError as error:
        _give_up(desk, row, str(error))
        return False
    was_tried = _intend(desk, row)
    filed = folder.save(raw, *_marks(row), learnt=habit.sent_folder)
    _settle(desk, row, filed, how, was_tried=was_tried)
    return not filed.was_there


def _bytes_of(desk: Desk, row: OutboxRow) -> bytes:
    """The message once more, byte by byte as it left; SequencerError when an attachment is gone by now."""
    if row.headers is None:
        raise SequencerError("it has no headers")
    return b"".join(assemble_row(desk.engine, desk.mailbox, row, row.headers).pieces)


def _marks(row: OutboxRow) -> tuple[str, datetime]:
    if row.headers is None or row.sent_at is None:
        raise SequencerError(f"message {row.id} is sent, and without a time or an id")
    return row.headers.message_id, row.sent_at


def _intend(desk: Desk, row: OutboxRow) -> bool:
    """Write down that a copy is about to be added, and when to look again should nothing come of it.

    So a copy that is found later without a note of its own is known for ours, not the provider's. True when
    it was tried before.
    """
    now = desk.engine.clock.now()
    with desk.engine.store.write() as tx:
        tries = copies.times_told(tx, row.id, copies.SAVING) + 1
        copies.tell(tx, row, copies.SAVING, now)
        copies.expect(tx, row.id, next_try(min(tries, len(RETRIES_IN)), now))
    return tries > 1


def _settle(desk: Desk, row: OutboxRow, filed: Filed, how: Filing, *, was_tried: bool) -> None:
    now = desk.engine.clock.now()
    with desk.engine.store.write() as tx:
        copies.expect(tx, row.id, None)
        if filed.was_there and not was_tried:
            saw_provider_file(tx, desk.mailbox, row, filed.folder, now)
        else:
            copies.tell(tx, row, copies.SAVED, now)
            copies.note_habit(tx, desk.mailbox.name, sent_folder=filed.folder)
            if how is Filing.AFTER_LOOK and not was_tried:
                saw_provider_miss(tx, desk.mailbox, row, now)
    desk.troubles.say(desk.mailbox.name, "sent folder", None)


def _leave_for_now(desk: Desk, row_id: int, failure: ReadFailure) -> None:
    """Say the fault once, wait with all copies, and give this one up after its last try."""
    now, name = desk.engine.clock.now(), desk.mailbox.name
    words = f"{failure.message} ({failure.hint})" if failure.hint else failure.message
    desk.troubles.say(name, "sent folder", words)
    with desk.engine.store.write() as tx:
        copies.postpone(tx, name, now, now + RETRIES_IN[0])
        row = outbox.by_id(tx, row_id)
        is_over = next_try(copies.times_told(tx, row_id, copies.SAVING), now) is None
    if is_over and row is not None:
        # What lasts (no Sent folder) was said once for the mailbox, with its mend.
        _give_up(desk, row, failure.message, logging.DEBUG if failure.is_lasting else logging.WARNING)


def _give_up(desk: Desk, row: OutboxRow, why: str, level: int = logging.WARNING) -> None:
    """One line for each mail that the rep will not find in Sent."""
    now = desk.engine.clock.now()
    with desk.engine.store.write() as tx:
        copies.expect(tx, row.id, None)
        copies.tell(tx, row, copies.GIVEN_UP, now)
    mail_log.mailbox_event(level, "no copy", row.mailbox, f"of message {row.id} in Sent: {why}")


def _end(desk: Desk, row_id: int) -> None:
    with desk.engine.store.write() as tx:
        copies.expect(tx, row_id, None)
