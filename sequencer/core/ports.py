"""What the flows need from the outside: a Courier that hands messages over, a MailReader that reads."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message on the wire: the envelope and its bytes in pieces."""

    sender: str
    """Envelope sender, ASCII or UTF-8."""
    recipient: str
    """The one envelope recipient."""
    pieces: Sequence[bytes]
    """CRLF lines, not dot-stuffed; cached attachment pieces are passed unjoined."""
    needs_smtputf8: bool = False


class SmtpClass(StrEnum):
    """What an SMTP answer means for the contact and the mailbox (design: verdict classes)."""

    DEAD = "dead"
    FULL = "full"
    SOFT = "soft"
    POLICY = "policy"
    CONTENT = "content"
    RATE = "rate"
    MAILBOX = "mailbox"
    """A fault of our own mailbox: wrong password, quota, blocked sender, no connection, bad TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A server's reply, or what stood in for one (code 0: no reply)."""

    code: int
    enhanced: str = ""
    """RFC 3463 code such as `5.1.1`, empty when not given."""
    text: str = ""
    verb: str = ""
    """The SMTP verb answered: CONNECT, STARTTLS, AUTH, MAIL, RCPT, DATA, CONTENT."""

    @property
    def said(self) -> str:
        """`550 5.1.1 user unknown`; of what stood in for a reply only the words."""
        if self.code < 0:  # smtplib's word for a line without a code, of which it keeps the end
            return f"an answer that is not SMTP (…{self.text})"
        parts = (str(self.code) if self.code else "", self.enhanced, self.text)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """250 after the final dot."""

    answer: Answer
    wire_id: str | None = None
    """A Message-ID the relay said it gave instead of ours (its 250 text)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """4xx, or any answer that only asks us to slow down: the same bytes may be tried again later."""

    answer: Answer
    smtp_class: SmtpClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """5xx but for a rate limit: final."""

    answer: Answer
    smtp_class: SmtpClass


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxFault:
    """Nothing left because of our own mailbox; the row goes back to ready, the mailbox pauses or waits."""

    answer: Answer
    message: str
    """One line naming mailbox, host and cause."""
    hint: str
    is_lasting: bool
    """True: a person must mend it (pause); False: try again at a later tick (network)."""
    is_rate: bool = False
    """The server asks for fewer messages: none of the mailbox's leaves before the back-off is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """`may_send` said no after RCPT: nothing left, the transaction was reset or its connection dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Content left and no final answer came."""

    cause: str


Outcome = Sent | Deferred | Refused | MailboxFault | Released | Unsure


def no_work() -> None:
    """Nothing was put off."""


class Courier(Protocol):
    """Hands one message at a time to a mailbox's SMTP server, keeping its connection between messages."""

    def send(
        self,
        outgoing: Outgoing,
        may_send: Callable[[], bool],
        *,
        then: Outgoing | None = None,
        idle: Callable[[], None] = no_work,
    ) -> Outcome:
        """Hand over `outgoing`.

        `may_send` is called once, after RCPT was accepted (after 354 where the server pipelines) and before
        any content byte; it commits the mark `sending`. When it returns False the courier leaves the
        transaction, nothing delivered, and returns Released.
        `then` is what the next call brings: where the server pipelines, its envelope may leave with the end
        of this content. A call for another message, or `close`, gives that transaction up.
        `idle` is called before the courier waits for the server, unless `may_send` comes without any wait:
        for what was put off until then. It may be called more than once.
        Never raises for anything a server or network does.
        """

    def close(self) -> None:
        """Say QUIT if possible and drop the connection; never raises."""

    def abort(self) -> None:
        """From another thread: break a blocked `send` off by shutting its socket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a folder has been read."""

    folder: str
    uid_validity: int
    last_uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMail:
    """One message as the server holds it."""

    folder: str
    uid_validity: int
    uid: int
    received_at: datetime
    """INTERNALDATE, UTC."""
    raw: bytes
    """Headers and the first part of the body (capped)."""
    role: "FolderRole"
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A copy of a message that lies in Sent now."""

    folder: str
    was_there: bool = False
    """It lay there already: nothing was added."""


class FolderRole(StrEnum):
    INBOX = "inbox"
    JUNK = "junk"
    SENT = "sent"
    ALL = "all"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderBatch:
    """New mail of one folder, in UID order, and where its cursor stands afterwards."""

    cursor: Cursor
    mails: Sequence[RawMail]
    was_reset: bool = False
    """UIDVALIDITY changed or was seen for the first time: the reader looked again by date."""


@dataclass(slots=True)
class ReadFailure(Exception):
    """The mailbox could not be read now: never taken for `no mail`."""

    message: str
    hint: str = ""
    is_lasting: bool = False
    """True for a wrong password or a certificate that does not fit: a person must mend it."""
    is_partial: bool = False
    """One folder was refused; the others were read, and the connection stands."""
    args: tuple[object, ...] = field(default=(), init=False)

    def __str__(self) -> str:
        return self.message


def is_in_sent(mail: RawMail) -> bool:
    """Whether a message lies in Sent: in that folder, or in Gmail's All Mail under that label."""
    return mail.role is FolderRole.SENT or (mail.role is FolderRole.ALL and "\\Sent" in mail.labels)


class MailReader(Protocol):
    """Reads a mailbox without changing it: EXAMINE and BODY.PEEK only."""

    def read_new(self, cursors: Sequence[Cursor], since: datetime | None) -> Iterator[FolderBatch]:
        """Yield batches (≤ 100 messages) of mail newer than `cursors`, folder after folder.

        A folder without a fitting cursor is read by INTERNALDATE from `since` on (None: nothing is
        fetched, the cursor starts at its end). Every selectable folder yields at least one batch, so that
        its cursor is stored. Raises ReadFailure on any failure, after which nothing may be concluded.
        """

    def close(self) -> None:
        """Log out if possible and drop the connection; never raises."""

    def abort(self) -> None:
        """From another thread: break a blocked read off by shutting its socket."""


class MessageFinder(Protocol):
    """Finds one message again that was read before; changes nothing."""

    def find(
        self, folder: str, uid_validity: int, uid: int, message_id: str | None, received_at: datetime
    ) -> bytes | None:
        """The message (capped as when it was read) at its place, else by its id wherever it was moved to.

        None when it is gone; ReadFailure when that cannot be told.
        """


class MailBell(Protocol):
    """Says that mail may have come, without being asked: a hint, that may be wrong or never be given."""

    def listen(self, ring: Callable[[], None], quiet_in: timedelta) -> bool:
        """From now on `ring` is called, once and from another thread, when something happens.

        Not within `quiet_in`, and after some minutes in any case. False: this server cannot, or would not.
        Never raises for anything a server or network does.
        """

    def hush(self) -> bool:
        """No longer; whether the connection still stands. Never raises."""


class SentFolder(Protocol):
    """Puts copies of sent messages into a mailbox's Sent folder: the only thing ever written to a mailbox."""

    def save(self, raw: bytes, message_id: str, sent_at: datetime, learnt: str | None = None) -> Filed:
        """Add `raw`, marked as read and dated `sent_at`, unless a message of that id is among the newest.

        `learnt` is the folder's name from earlier, for a server that marks none and names it unusually.
        Raises ReadFailure when it did not succeed, or may not have: the next try looks first.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SentHead:
    """The head of one message that lies in Sent."""

    folder: str
    uid: int
    received_at: datetime
    """INTERNALDATE, UTC."""
    message_ids: tuple[str, ...]
    """With angle brackets: Message-ID, then what X-Microsoft-Original-Message-ID says it was before."""
    recipients: tuple[str, ...]
    """Addresses in To and Cc."""
    subject: str
    """Decoded, on one line."""


class SentHeads(Protocol):
    """Looks through a mailbox's Sent folder without changing it, whatever reading has seen of it."""

    def sent_since(self, since: datetime, learnt: str | None = None) -> Iterator[SentHead]:
        """The heads of what lies in Sent with an INTERNALDATE on or after the day of `since`, oldest first.

        On Gmail All Mail's messages labelled Sent. `learnt` as in `SentFolder.save`; ReadFailure as there.
        """

    def raw_of(self, head: SentHead) -> bytes:
        """Headers and the first part of the body (capped); empty when the message is gone by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFolder:
    """A folder as people see it."""

    name: str
    role: FolderRole
    is_read: bool
    """False for Drafts, Trash, what is ignored, and on Gmail for labels, whose mail All Mail holds."""
    messages: int | None = None


class FolderList(Protocol):
    """Says which folders a mailbox has."""

    def folders(self) -> Sequence[NamedFolder]:
        """Every folder that can hold mail, INBOX first; ReadFailure as `MailReader`."""
