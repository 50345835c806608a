"""The demo's mail host: the firm's mailboxes and the outside world, over real SMTP and IMAP, on our clock."""

import smtplib
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from itertools import count
from typing import Self

from sequencer.clock import Clock
from sequencer.demo.imap_host import ImapHost
from sequencer.demo.loop_thread import LoopThread
from sequencer.demo.receipt import Receipt
from sequencer.demo.smtp_host import ACCEPTED, SmtpHost, Transaction

GREYLIST_IN = timedelta(minutes=5)
"""From a first try to the earliest one that is taken."""
HOSTNAME = "mail.demo.example"
FOLDERS = ("Sent", "Junk")
"""Beside INBOX: each further folder costs every poll a STATUS."""

_SENDERS_HOSTNAME = "mx.elsewhere.example"
_TIMEOUT_SECONDS = 10.0


class RecipientPolicy(StrEnum):
    """How the server of an outside recipient answers RCPT."""

    TAKES = "takes"
    UNKNOWN = "unknown"
    """550 5.1.1."""
    GREYLISTS = "greylists"
    """451 4.7.1 until GREYLIST_IN after the first try of the same sender, then taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message that was put into a folder of one of our accounts."""

    at: datetime
    """INTERNALDATE on the virtual clock (UTC); IMAP tells it in whole seconds."""
    mailbox: str
    """Address of the account."""
    folder: str
    sender: str
    """Envelope sender, empty for reports; the account itself for what was filed in Sent."""
    raw: bytes
    """As it lies in the folder, with the Received header on top of what came by SMTP."""


class MailHost:
    """`with MailHost(clock, accounts, policies) as host: … host.smtp_port, host.imap_port`.

    One thread with one event loop runs both servers on loopback, without TLS. They read no clock but the one
    given and ask for no host's name. Addresses are compared without regard to case. The methods may be
    called from any thread but the host's own; what was recorded can still be read after the host stopped.
    """

    def __init__(
        self, clock: Clock, accounts: Mapping[str, str], policies: Mapping[str, RecipientPolicy]
    ) -> None:
        """`accounts`: address → password of the firm's mailboxes, for IMAP and SMTP logins alike.

        `policies`: the outside addresses that exist; nobody else does. ValueError for one that is both.
        """
        self.smtp_port = 0
        self.imap_port = 0
        self._clock = clock
        self._accounts = dict(accounts)
        self._office = _PostOffice(clock, accounts, policies)
        self._imap: ImapHost | None = None
        self._handing_in = threading.Lock()
        self._client: smtplib.SMTP | None = None
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            loop = LoopThread("mail-host")
            stack.callback(loop.close)
            imap = ImapHost(self._accounts, folders=FOLDERS, clock=self._clock, loop=loop)
            self._imap = self._office.imap = stack.enter_context(imap)
            smtp = SmtpHost(loop, HOSTNAME, self._accounts, self._office)
            smtp.start()
            stack.callback(smtp.stop)
            stack.callback(self._hang_up)
            self.smtp_port, self.imap_port = smtp.port, imap.port
            self._running = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    @property
    def receipts(self) -> list[Receipt]:
        """What was taken for outside recipients, in order: a copy."""
        return list(self._office.receipts)

    @property
    def deliveries(self) -> list[Delivery]:
        """What was put into folders of our accounts, in order: a copy."""
        return list(self._office.deliveries)

    @property
    def strangers(self) -> list[str]:
        """The addresses that somebody tried to write to and that do not exist at all, each once: a copy."""
        return list(self._office.strangers)

    def readings(self, account: str) -> list[datetime]:
        """When an IMAP client opened the account's INBOX or asked for its STATUS: each instant once.

        So a proof knows when a mailbox was last looked at without asking the program it judges.
        """
        return self._mailboxes().readings(self._office.account(account))

    def hand_in(self, sender: str, recipient: str, raw: bytes) -> None:
        """Deliver to one of our accounts by SMTP, as a buyer's server does; smtplib's errors if refused."""
        with self._handing_in:
            if self._client is None:
                address = ("127.0.0.1", self.smtp_port)
                self._client = smtplib.SMTP(*address, _SENDERS_HOSTNAME, _TIMEOUT_SECONDS)
            self._client.sendmail(sender, [recipient], raw, mail_options=["BODY=8BITMIME"])

    def file_sent(self, account: str, raw: bytes) -> None:
        """Put a message into the account's Sent folder: its owner sent it by another program."""
        address = self._office.account(account)
        now = self._clock.now()
        self._mailboxes().append(address, "Sent", raw, now, "\\Seen")
        self._office.note(Delivery(at=now, mailbox=address, folder="Sent", sender=address, raw=raw))

    def _mailboxes(self) -> ImapHost:
        if self._imap is None:
            raise RuntimeError("the mail host was not started")
        return self._imap

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


class _PostOffice:
    """What is taken and refused, and the records of it."""

    def __init__(
        self, clock: Clock, accounts: Mapping[str, str], policies: Mapping[str, RecipientPolicy]
    ) -> None:
        self.imap: ImapHost | None = None
        self.receipts: list[Receipt] = []
        self.deliveries: list[Delivery] = []
        self.strangers: dict[str, None] = {}
        self._clock = clock
        self._accounts = {address.lower(): address for address in accounts}
        self._policies = {address.lower(): policy for address, policy in policies.items()}
        self._first_tries: dict[tuple[str, str], datetime] = {}
        self._queue_ids = count(1)
        if both := self._accounts.keys() & self._policies.keys():
            raise ValueError(f"accounts and outside recipients at once: {', '.join(sorted(both))}")

    def account(self, address: str) -> str:
        """The account as it was given; KeyError for an address that is none."""
        return self._accounts[address.lower()]

    def note(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)

    def answer_to_recipient(self, transaction: Transaction, recipient: str) -> str:
        """The answer to RCPT."""
        is_ours = self._is_ours(recipient)
        if not is_ours and recipient.lower() not in self._policies:
            self.strangers[recipient] = None
            return "550 5.1.1 No such address"
        if transaction.recipients and not (is_ours and all(map(self._is_ours, transaction.recipients))):
            return "452 4.5.3 One recipient a message"
        return ACCEPTED if is_ours else self._answer_outside(transaction, recipient)

    def _is_ours(self, recipient: str) -> bool:
        return recipient.lower() in self._accounts

    def _answer_outside(self, transaction: Transaction, recipient: str) -> str:
        if transaction.user is None:
            return "530 5.7.0 Authentication required"
        if transaction.user.lower() != transaction.sender.lower():
            return f"553 5.7.1 Sender address not owned by {transaction.user}"
        match self._policies[recipient.lower()]:
            case RecipientPolicy.UNKNOWN:
                return "550 5.1.1 User unknown"
            case RecipientPolicy.GREYLISTS if self._is_too_early(transaction.sender, recipient):
                return "451 4.7.1 Greylisted, try again later"
            case _:
                return ACCEPTED

    def _is_too_early(self, sender: str, recipient: str) -> bool:
        now = self._clock.now()
        first_at = self._first_tries.setdefault((sender.lower(), recipient.lower()), now)
        return now < first_at + GREYLIST_IN

    async def take(self, transaction: Transaction, raw: bytes) -> str:
        """Receipts for the outside, deliveries for our accounts; the answer to the final dot."""
        now, queue_id = self._clock.now(), f"{next(self._queue_ids):08X}"
        for recipient in transaction.recipients:
            if self._is_ours(recipient):
                await self._deliver(now, transaction.sender, recipient, _received(now, queue_id) + raw)
            else:
                receipt = Receipt(at=now, sender=transaction.sender, recipient=recipient, raw=raw)
                self.receipts.append(receipt)
        return f"250 2.0.0 Ok: queued as {queue_id}"

    async def _deliver(self, now: datetime, sender: str, recipient: str, raw: bytes) -> None:
        assert self.imap is not None, "SMTP is served only while IMAP is"
        mailbox = self.account(recipient)
        await self.imap.take(mailbox, "INBOX", raw, now)
        self.note(Delivery(at=now, mailbox=mailbox, folder="INBOX", sender=sender, raw=raw))


def _received(now: datetime, queue_id: str) -> bytes:
    """The stamp of this server. The client is named by its socket alone: what it calls itself in EHLO is the
    machine's name, and differs from run to run."""
    lines = f"Received: from localhost ([127.0.0.1])\r\n\tby {HOSTNAME} with ESMTP id {queue_id};\r\n\t"
    return f"{lines}{format_datetime(now)}\r\n".encode()
