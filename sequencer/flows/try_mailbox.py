"""Try a mailbox: a marked mail to itself, through the real servers, and what can be seen of it."""

import secrets
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sequencer.config import Mailbox
from sequencer.core.checkup import Check, CheckState, worst
from sequencer.core.message import MessageParts, Party, assemble, mint_message_id
from sequencer.core.mime import parse_mail
from sequencer.core.outbox import Headers
from sequencer.core.ports import (
    Courier,
    Cursor,
    FolderList,
    MailReader,
    NamedFolder,
    Outgoing,
    RawMail,
    ReadFailure,
    Sent,
    Unsure,
    is_in_sent,
)
from sequencer.flows import trial_words as words
from sequencer.flows.engine import Engine
from sequencer.store import copies, mailboxes

POLL_EVERY = timedelta(seconds=2)
COPY_IN = timedelta(seconds=20)
"""How long after its arrival the provider's own copy in Sent is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a trial came to."""

    mailbox: str
    sent_to: str
    checks: tuple[Check, ...]
    folders: tuple[NamedFolder, ...] = ()
    delivered_in: timedelta | None = None
    """None: it was not seen."""
    arrived_in: str | None = None
    """Folder."""
    clock_off_in: timedelta | None = None
    """How far the server's clock is ahead of ours."""
    files_sent: bool | None = None
    """Whether the provider files what it sends; None: it could not be seen."""

    @property
    def worst(self) -> CheckState:
        """The gravest of all lines."""
        return worst(self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The mailbox's connections, of the trial's own: `run` keeps others."""

    courier: Courier
    reader: MailReader
    """Of the mailbox that is read for the answers."""
    folders: FolderList


@dataclass(slots=True, kw_only=True)
class _Watch:
    """What was seen of the mail with this mark in its subject."""

    mark: str
    cursors: dict[str, Cursor]
    arrived: RawMail | None = None
    copy: RawMail | None = None
    seen_at: datetime | None = None

    def look(self, reader: MailReader, now: datetime) -> None:
        """Read what is new; nothing is recorded anywhere."""
        for batch in reader.read_new(list(self.cursors.values()), None):
            self.cursors[batch.cursor.folder] = batch.cursor
            for raw in batch.mails:
                if self.mark in parse_mail(raw.raw).subject:
                    self._note(raw, now)

    def _note(self, raw: RawMail, now: datetime) -> None:
        if is_in_sent(raw):
            self.copy = raw
        # On Gmail one message is both: what was sent, and what came.
        if not is_in_sent(raw) or "\\Inbox" in raw.labels:
            self.arrived, self.seen_at = raw, now


def try_mailbox(engine: Engine, mailbox: Mailbox, lines: Lines, wait_in: timedelta) -> Tried:
    """Send a marked mail from the mailbox to where its answers are read, and watch for it up to `wait_in`.

    It goes by no outbox and stands in no record. What is learnt of the Sent folder is stored for `run`.
    """
    watched = engine.config.mailbox(mailbox.reader_name) or mailbox
    tried = Tried(mailbox=mailbox.name, sent_to=watched.address, checks=())
    mark = secrets.token_hex(16)
    try:
        cursors = {batch.cursor.folder: batch.cursor for batch in lines.reader.read_new((), None)}
        tried = _with_folders(tried, watched, lines.folders)
        watch = _Watch(mark=mark, cursors=cursors)
    except ReadFailure as failure:
        tried, watch = _and(tried, words.imap_failed(failure)), None
    sent_at = engine.clock.now()
    outcome = lines.courier.send(_mail(mailbox, watched.address, mark, sent_at), lambda: True)
    tried = _and(tried, words.smtp(mailbox.smtp, outcome))
    if watch is None or not isinstance(outcome, Sent | Unsure):
        return tried
    try:
        _watch(engine, watch, lines.reader, sent_at, wait_in)
    except ReadFailure as failure:
        return _and(tried, words.imap_failed(failure))
    return _judged(engine, tried, mailbox, watch, sent_at)


def _mail(mailbox: Mailbox, to: str, mark: str, now: datetime) -> Outgoing:
    """Auto-Submitted (RFC 3834) keeps its copy in Sent from being taken for one that a rep wrote by hand."""
    outgoing = assemble(
        MessageParts(
            sender=Party(address=mailbox.address, name=mailbox.display_name),
            recipient=Party(address=to),
            headers=Headers(
                message_id=mint_message_id(mailbox.domain, mark), date_at=now, subject=f"Mailbox test {mark}"
            ),
            zone=mailbox.zone,
            text="This mail shows that the mailbox can send and be read. You may delete it.\n",
        )
    )
    head, *rest = outgoing.pieces
    return replace(outgoing, pieces=(b"Auto-Submitted: auto-generated\r\n" + head, *rest))


def _watch(engine: Engine, watch: _Watch, reader: MailReader, sent_at: datetime, wait_in: timedelta) -> None:
    """Look until both the mail and the provider's copy are there, or time is up."""
    clock, never = engine.clock, threading.Event()
    while True:
        now = clock.now()
        watch.look(reader, now)
        until = (
            sent_at + wait_in if watch.seen_at is None else min(sent_at + wait_in, watch.seen_at + COPY_IN)
        )
        if (watch.arrived and watch.copy) or now >= until:
            return
        clock.wait(never, min(POLL_EVERY, until - now).total_seconds())


def _judged(engine: Engine, tried: Tried, mailbox: Mailbox, watch: _Watch, sent_at: datetime) -> Tried:
    mail, now = watch.arrived, engine.clock.now()
    took = (watch.seen_at or now) - sent_at
    tried = _and(tried, words.arrival(mail, took, tried.sent_to))
    if mail is None:
        return tried
    off = words.clock_off(mail.received_at, sent_at, watch.seen_at or now)
    if off is not None:
        tried = _and(tried, words.clock(off))
    files_sent = watch.copy is not None if mailbox.imap is not None else None
    if files_sent is not None:
        _remember(engine, mailbox, files_sent)
    tried = _and(tried, words.sent(mailbox, watch.copy))
    return replace(
        tried, delivered_in=took, arrived_in=words.place(mail), clock_off_in=off, files_sent=files_sent
    )


def _remember(engine: Engine, mailbox: Mailbox, files_sent: bool) -> None:
    with engine.store.write() as tx:
        mailboxes.sync(tx, {mailbox.name: mailbox.reader_name})
        copies.note_habit(tx, mailbox.name, files_sent=files_sent)


def _with_folders(tried: Tried, watched: Mailbox, listed: FolderList) -> Tried:
    found = tuple(listed.folders())
    logged_in = (words.imap(watched.imap),) if watched.imap else ()
    return replace(_and(tried, *logged_in, words.folders(found)), folders=found)


def _and(tried: Tried, *checks: Check) -> Tried:
    return replace(tried, checks=(*tried.checks, *checks))
