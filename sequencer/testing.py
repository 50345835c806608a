"""Fakes and factories for tests and simulation; each fake passes the contract suite of the real thing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes

from sequencer.clock import VirtualClock
from sequencer.config import Config, Mailbox, Rep, Sender, Server, Window
from sequencer.core.contact import Contact
from sequencer.core.ports import (
    Answer,
    Cursor,
    Deferred,
    Filed,
    FolderBatch,
    FolderRole,
    Outcome,
    Outgoing,
    RawMail,
    ReadFailure,
    Released,
    Sent,
    SentHead,
    SmtpClass,
    Unsure,
    no_work,
)
from sequencer.mail.imap_sent_heads import head_of
from sequencer.mail.smtp_account import Account
from sequencer.mail.smtp_outcome import judge, read_answer


class FakeClock(VirtualClock):
    """A virtual clock that begins on an ordinary Monday."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        super().__init__(now)


def a_contact(address: str = "ana.silva@lusotools.example", **fields: object) -> Contact:
    """A contact with every field a test does not care about filled in."""
    defaults: dict[str, object] = {
        "id": 1,
        "address": address,
        "address_key": address.lower(),
        "name": "Ana Silva",
        "first_name": "Ana",
        "last_name": "Silva",
        "company": "Luso Tools Lda",
        "country": "PT",
        "language": "en",
        "owner": "wang",
        "domain": address.rpartition("@")[2].lower(),
    }
    return Contact(**(defaults | fields))  # type: ignore[arg-type]


def a_mailbox(name: str = "wang", **fields: object) -> Mailbox:
    """A mailbox on loopback that sends without pauses between messages."""
    server = Server(host="127.0.0.1", port=2525, security="none", username=None, password=None)
    defaults: dict[str, object] = {
        "name": name,
        "address": f"{name}@firm.example",
        "display_name": name.title(),
        "smtp": server,
        "imap": server,
        "zone": "Asia/Shanghai",
        "min_gap_in": timedelta(0),
        "gap_jitter_in": timedelta(0),
    }
    return Mailbox(**(defaults | fields))  # type: ignore[arg-type]


def a_config(*mailboxes: Mailbox, **fields: object) -> Config:
    """Settings of a small firm: one rep `wang` with every mailbox, one window `always` that never shuts."""
    boxes = mailboxes or (a_mailbox(),)
    rep = Rep(
        name="wang",
        full_name="Wang Lei",
        email="wang@firm.example",
        mailboxes=tuple(mailbox.name for mailbox in boxes),
        signature="Wang Lei",
    )
    always = Window(
        name="always",
        zone="Asia/Shanghai",
        hours=((time(0), time(0)),),
        days=(1, 2, 3, 4, 5, 6, 7),
        holidays="none",
    )
    defaults: dict[str, object] = {
        "sender": Sender(company="Firm Ltd", postal_address="1 Road, Ningbo, China"),
        "me": "wang",
        "default_zone": "Asia/Shanghai",
        "reps": (rep,),
        "mailboxes": boxes,
        "windows": (always,),
    }
    return Config(**(defaults | fields))  # type: ignore[arg-type]


DROP = "drop"
"""Instead of an answer: the connection is cut."""


@dataclass(slots=True, kw_only=True)
class _CourierFault:
    verb: str
    answer: str
    recipient: str | None
    times: int
    is_kept: bool


class RecordingCourier:
    """A courier that delivers into its own ledger and fails as told; passes the courier's contract suite."""

    def __init__(self, mailbox_name: str = "wang") -> None:
        self.received: list[Outgoing] = []
        """What the server would hold, in order, whether or not it could say so."""
        self.attempts = 0
        """Calls of `send`."""
        self.is_closed = False
        server = Server(host="127.0.0.1", port=2525, security="none", username=None, password=None)
        self._account = Account(mailbox=mailbox_name, server=server)
        self._faults: list[_CourierFault] = []

    def fail(
        self, verb: str, answer: str, *, recipient: str | None = None, times: int = 1, is_kept: bool = False
    ) -> None:
        """From now on answer `verb` (MAIL, RCPT, DATA, CONTENT, DOT) with `answer` (`451 4.7.1 no` or DROP).

        It lasts `times` times, for `recipient` only if one is given. `is_kept`: a DROP at DOT comes after the
        message was taken.
        """
        self._faults.append(
            _CourierFault(verb=verb, answer=answer, recipient=recipient, times=times, is_kept=is_kept)
        )

    def send(
        self,
        outgoing: Outgoing,
        may_send: Callable[[], bool],
        *,
        then: Outgoing | None = None,
        idle: Callable[[], None] = no_work,
    ) -> Outcome:
        self.attempts += 1
        self.is_closed = False
        idle()
        for verb in ("MAIL", "RCPT"):
            fault = self._take(verb, outgoing)
            if fault is not None:
                return self._failed(fault)
        if not may_send():
            return Released()
        for verb in ("DATA", "CONTENT", "DOT"):
            fault = self._take(verb, outgoing)
            if fault is not None:
                if fault.is_kept:
                    self.received.append(outgoing)
                return self._failed(fault)
        self.received.append(outgoing)
        return Sent(answer=Answer(code=250, enhanced="2.0.0", text="Ok", verb="CONTENT"))

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_closed = True

    def _take(self, verb: str, outgoing: Outgoing) -> _CourierFault | None:
        for fault in self._faults:
            if fault.verb == verb and fault.recipient in (None, outgoing.recipient):
                fault.times -= 1
                if not fault.times:
                    self._faults.remove(fault)
                return fault
        return None

    def _failed(self, fault: _CourierFault) -> Outcome:
        if fault.answer == DROP and fault.verb == "DOT":
            return Unsure(cause=f"{self._account.where}: no answer to the final dot: closed the connection")
        if fault.answer == DROP and fault.verb == "MAIL":
            return self._account.lost("MAIL", ConnectionError())
        if fault.answer == DROP:
            answer = Answer(code=0, text=f"the server closed the connection at {fault.verb}", verb=fault.verb)
            return Deferred(answer=answer, smtp_class=SmtpClass.SOFT)
        code, _, text = fault.answer.partition(" ")
        verb = "CONTENT" if fault.verb == "DOT" else fault.verb
        return judge(read_answer(int(code), text.encode(), verb), self._account)


@dataclass(slots=True, kw_only=True)
class FakeFolder:
    """One folder of a FakeMailbox."""

    name: str
    role: FolderRole
    uid_validity: int
    uid_next: int = 1
    mails: list[RawMail] = field(default_factory=list)


class FakeMailbox:
    """A mailbox in memory, with the folders of an ordinary provider."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self._clock = clock or FakeClock()
        self._validities = iter(range(1, 1_000_000))
        self.folders: dict[str, FakeFolder] = {}
        for name, role in (("INBOX", FolderRole.INBOX), ("Junk", FolderRole.JUNK), ("Sent", FolderRole.SENT)):
            self.add_folder(name, role)

    def add_folder(self, name: str, role: FolderRole = FolderRole.OTHER) -> None:
        """A new, empty folder."""
        self.folders[name] = FakeFolder(name=name, role=role, uid_validity=next(self._validities))

    def append(self, folder: str, raw: bytes, received_at: datetime | None = None) -> int:
        """Put a message into a folder, received now unless said otherwise; returns its UID."""
        into = self.folders[folder]
        mail = RawMail(
            folder=folder,
            uid_validity=into.uid_validity,
            uid=into.uid_next,
            received_at=(received_at or self._clock.now()).astimezone(UTC).replace(microsecond=0),
            raw=raw,
            role=into.role,
        )
        into.mails.append(mail)
        into.uid_next += 1
        return mail.uid

    def delete(self, folder: str, uid: int) -> None:
        """Expunge a message."""
        self.folders[folder].mails = [mail for mail in self.folders[folder].mails if mail.uid != uid]

    def renumber(self, folder: str) -> None:
        """A new UIDVALIDITY and new UIDs for the same mail, as after a server's repair."""
        old = self.folders[folder]
        self.add_folder(folder, old.role)
        for mail in old.mails:
            self.append(folder, mail.raw, mail.received_at)


class RecordingReader:
    """A MailReader over a FakeMailbox that notes each read, and fails when told."""

    def __init__(self, mailbox: FakeMailbox, batch: int = 50) -> None:
        self.mailbox = mailbox
        self.reads: list[tuple[tuple[Cursor, ...], datetime | None]] = []
        self.failures: list[ReadFailure | None] = []
        """One for each coming read: raised after its first folder, or None for a read that goes well."""
        self.is_closed = False
        self._batch = batch

    def read_new(self, cursors: Sequence[Cursor], since: datetime | None) -> Iterator[FolderBatch]:
        self.reads.append((tuple(cursors), since))
        failure = self.failures.pop(0) if self.failures else None
        known = {cursor.folder: cursor for cursor in cursors}
        for folder in list(self.mailbox.folders.values()):
            yield from self._read_folder(folder, known.get(folder.name), since)
            if failure is not None:
                raise failure

    def _read_folder(
        self, folder: FakeFolder, cursor: Cursor | None, since: datetime | None
    ) -> Iterator[FolderBatch]:
        is_reset = cursor is None or cursor.uid_validity != folder.uid_validity
        if cursor is not None and not is_reset:
            mails = [mail for mail in folder.mails if mail.uid > cursor.last_uid]
        else:
            earliest = since.replace(microsecond=0) if since else None
            mails = [mail for mail in folder.mails if earliest and mail.received_at >= earliest]
        end = folder.uid_next - 1
        for start in range(0, len(mails) or 1, self._batch):
            batch = mails[start : start + self._batch]
            last_uid = end if start + self._batch >= len(mails) else batch[-1].uid
            yield FolderBatch(
                cursor=Cursor(folder=folder.name, uid_validity=folder.uid_validity, last_uid=last_uid),
                mails=batch,
                was_reset=is_reset,
            )

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        """Nothing here blocks."""


class RecordingSentFolder:
    """A SentFolder over a FakeMailbox that notes what it was given, and fails when told."""

    def __init__(self, mailbox: FakeMailbox) -> None:
        self.mailbox = mailbox
        self.failures: list[ReadFailure] = []
        """One for each coming save."""
        self.saved: list[bytes] = []

    def save(self, raw: bytes, message_id: str, sent_at: datetime, learnt: str | None = None) -> Filed:
        if self.failures:
            raise self.failures.pop(0)
        sent = next((one for one in self.mailbox.folders.values() if one.role is FolderRole.SENT), None)
        if sent is None:
            raise ReadFailure(message="no Sent folder to save sent mail in", hint="make one", is_lasting=True)
        was_there = any(message_id in _ids(mail.raw) for mail in sent.mails[-50:])
        if not was_there:
            self.mailbox.append(sent.name, raw, sent_at)
            self.saved.append(raw)
        return Filed(folder=sent.name, was_there=was_there)


class RecordingSentHeads:
    """A SentHeads over a FakeMailbox that notes each look, and fails when told."""

    def __init__(self, mailbox: FakeMailbox) -> None:
        self.mailbox = mailbox
        self.failures: list[ReadFailure] = []
        """One for each coming look."""
        self.looks: list[datetime] = []
        """Since when each look went back."""

    def sent_since(self, since: datetime, learnt: str | None = None) -> Iterator[SentHead]:
        self.looks.append(since)
        if self.failures:
            raise self.failures.pop(0)
        folders = [one for one in self.mailbox.folders.values() if one.role is FolderRole.SENT]
        if not folders:
            raise ReadFailure(message="no Sent folder to look through", hint="name it", is_lasting=True)
        for folder in folders:
            for mail in folder.mails:
                if mail.received_at.date() >= since.astimezone(UTC).date():
                    block = mail.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"
                    yield head_of(folder.name, mail.uid, mail.received_at, block)

    def raw_of(self, head: SentHead) -> bytes:
        mails = self.mailbox.folders[head.folder].mails
        return next((mail.raw for mail in mails if mail.uid == head.uid), b"")


def _ids(raw: bytes) -> set[str]:
    message = message_from_bytes(raw)
    return {str(message[name]).strip() for name in ("Message-ID", "X-Microsoft-Original-Message-ID")}
