"""A mail provider in this process: SMTP and IMAP over the same mailboxes, filing what it sends or not."""

from collections.abc import Sequence
from contextlib import ExitStack
from enum import Enum, auto
from typing import Self

from sequencer.clock import Clock
from sequencer.demo.imap_host import ImapHost
from sequencer.demo.loop_thread import LoopThread
from sequencer.demo.smtp_host import ACCEPTED, SmtpHost, Transaction

PASSWORD = "secret"


class Files(Enum):
    """What the provider does with a copy of what its users send."""

    NEVER = auto()
    AT_ONCE = auto()
    LATE = auto()
    """When the test says so, by `file_late`."""


class Provider:
    """`with Provider(clock, "wang@firm.example") as host:`; a user logs in with their address."""

    def __init__(
        self,
        clock: Clock,
        *users: str,
        files: Files = Files.NEVER,
        sent: str | None = "Sent",
        folders: Sequence[str] = ("Junk",),
        delivers_to: str = "INBOX",
    ) -> None:
        self.files = files
        self.sent = sent
        self.delivers_to = delivers_to
        self.received: list[tuple[str, str, bytes]] = []
        """Sender, recipient and bytes of what was handed in."""
        self.is_cut_at_dot = False
        """What it takes it files, and hangs up instead of saying so."""
        self._clock = clock
        self._users = dict.fromkeys(users, PASSWORD)
        self._folders = (*folders, *([sent] if sent else []))
        self._late: list[tuple[str, bytes]] = []
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            loop = LoopThread("provider")
            stack.callback(loop.close)
            self.imap = stack.enter_context(
                ImapHost(self._users, folders=self._folders, clock=self._clock, loop=loop)
            )
            self.smtp = SmtpHost(loop, "mail.provider.example", self._users, self)
            self.smtp.start()
            stack.callback(self.smtp.stop)
            self._running = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def answer_to_recipient(self, _transaction: Transaction, _recipient: str) -> str:
        return ACCEPTED

    async def take(self, transaction: Transaction, raw: bytes) -> str:
        for recipient in transaction.recipients:
            self.received.append((transaction.sender, recipient, raw))
            if recipient in self._users:
                await self.imap.take(recipient, self.delivers_to, raw, self._clock.now())
        if self.files is Files.AT_ONCE:
            assert self.sent, "nowhere to file"
            await self.imap.take(transaction.sender, self.sent, raw, self._clock.now(), "\\Seen")
        elif self.files is Files.LATE:
            self._late.append((transaction.sender, raw))
        if self.is_cut_at_dot:
            for connection in list(self.smtp.connections):
                connection.cut()
        return "250 2.0.0 Ok"

    def file_late(self) -> None:
        """File now what was sent since the last time."""
        assert self.sent, "nowhere to file"
        for user, raw in self._late:
            self.imap.append(user, self.sent, raw, self._clock.now(), "\\Seen")
        self._late.clear()

    def lies_in_sent(self, user: str) -> list[bytes]:
        """What the user's mail program shows under Sent."""
        return self.imap.messages(user, self.sent) if self.sent else []
