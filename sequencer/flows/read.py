"""Read: the new mail of one mailbox, batch by batch, and how its reading went."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sequencer.config import Mailbox
from sequencer.core.ports import FolderBatch, MailReader, ReadFailure
from sequencer.flows.engine import BackOff, Engine
from sequencer.flows.tell import tell_unread
from sequencer.store import mailboxes
from sequencer.store.engine import Tx

_CLOCK_SLACK = timedelta(days=1)
"""How far a server's INTERNALDATE may lie before our own time of the first message."""
TOLD_AFTER = timedelta(hours=1)
"""A network that is away this long is told like a wrong password."""
LOCKED_OUT_IN = timedelta(minutes=10)
"""How long a mailbox with a lasting failure is left alone: providers lock accounts that fail often."""
FIRST_PAUSE_IN, LONGEST_PAUSE_IN = timedelta(seconds=5), timedelta(minutes=5)
"""After a failure that passes: each one more, and the server is dialled half as often. Providers count
connections and logins, and shut out who keeps knocking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """What reading a mailbox came to."""

    recorded: int
    failure: str | None = None
    """Why the mailbox counts as unread; None when every folder was read."""


def read_mailbox(engine: Engine, mailbox: Mailbox, reader: MailReader) -> ReadResult:
    """Read everything new. The reading's age counts from its start; a failure leaves it unread."""
    started_at, started = engine.clock.now(), engine.clock.monotonic()
    until, known_failure = engine.locked_out.get(mailbox.name, (started_at, ""))
    if started_at < until:
        return ReadResult(recorded=0, failure=known_failure)
    pause = engine.backing_off.get(mailbox.name)
    if pause is not None and started < pause.until:
        return ReadResult(recorded=0, failure=pause.failure)
    recorded = 0
    with engine.store.read() as tx:
        cursors = mailboxes.cursors(tx, mailbox.name)
        since = _since(engine, tx, mailbox.name)
    try:
        for batch in reader.read_new(cursors, since):
            if batch.mails or batch.cursor not in cursors:
                recorded += _record(engine, mailbox, batch)
    except ReadFailure as failure:
        _note_failure(engine, mailbox.name, failure)
        words = f"{failure.message} ({failure.hint})" if failure.hint else failure.message
        if failure.is_lasting:
            engine.locked_out[mailbox.name] = (started_at + LOCKED_OUT_IN, words)
        elif not failure.is_partial:
            engine.backing_off[mailbox.name] = _pause(pause, engine.clock.monotonic(), words)
        return ReadResult(recorded=recorded, failure=words)
    engine.backing_off.pop(mailbox.name, None)
    with engine.store.write() as tx:
        # Where the clock was put back meanwhile, the start as this clock would have shown it.
        took_in = timedelta(seconds=engine.clock.monotonic() - started)
        mailboxes.read_completed(tx, mailbox.name, min(started_at, engine.clock.now() - took_in))
    return ReadResult(recorded=recorded)


def _since(engine: Engine, tx: Tx, name: str) -> datetime | None:
    """Nothing older can answer what was written from here; the instants never change once they are known.

    Where nobody was enrolled from here yet, what counts is the first enrollment of all: a buyer may answer
    a colleague.
    """
    first_of_all = _used_since(engine, tx, None)
    if first_of_all is None:
        return None
    return (_used_since(engine, tx, name) or first_of_all) - _CLOCK_SLACK


def _used_since(engine: Engine, tx: Tx, whose: str | None) -> datetime | None:
    found = engine.used_since.get(whose) or mailboxes.used_since(tx, whose)
    if found is not None:
        engine.used_since[whose] = found
    return found


def _pause(before: BackOff | None, now: float, failure: str) -> BackOff:
    failures = before.failures + 1 if before else 1
    pause_in = min(FIRST_PAUSE_IN * 2 ** min(failures - 1, 10), LONGEST_PAUSE_IN)
    return BackOff(failures=failures, until=now + pause_in.total_seconds(), failure=failure)


def _note_failure(engine: Engine, name: str, failure: ReadFailure) -> None:
    """Keep why the mailbox is unread; a failure that lasts is told, since follow-ups wait without a word."""
    now = engine.clock.now()
    with engine.store.write() as tx:
        since = mailboxes.read_failed(tx, name, failure.message, now)
        if failure.is_lasting or now - since >= TOLD_AFTER:
            tell_unread(tx, engine, name, since, now)


def _record(engine: Engine, mailbox: Mailbox, batch: FolderBatch) -> int:
    """Take the batch in; where a folder holds nothing new, its cursor is all there is to note."""
    if not batch.mails:
        with engine.store.write() as tx:
            mailboxes.set_cursor(tx, mailbox.name, batch.cursor)
        return 0
    # What recognises mail takes 3 MB: it is loaded when some has come.
    from sequencer.flows.take_in import take_in

    return take_in(engine, mailbox, batch)
