"""How the command line reaches mail servers: couriers and readers with their secrets bound late."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from sequencer.cli.session import Session
from sequencer.errors import SequencerError

if TYPE_CHECKING:
    from sequencer.config import Mailbox
    from sequencer.core.ports import MailBell, MailReader, MessageFinder, SentFolder, SentHeads
    from sequencer.mail.imap import ImapReader
    from sequencer.mail.imap_sent import ImapSentFolder
    from sequencer.mail.smtp import SmtpCourier


def open_courier(session: Session) -> Callable[["Mailbox"], "SmtpCourier"]:
    """Makes a mailbox's courier; nothing is dialled before its first message."""

    def opened(mailbox: "Mailbox") -> "SmtpCourier":
        from sequencer.flows.credentials import credentials, way_of
        from sequencer.mail.smtp import SmtpCourier

        secret = credentials(mailbox, mailbox.smtp, session.workspace, session.clock)
        proxy_password = way_of(mailbox.smtp, session.workspace).password
        return SmtpCourier(mailbox.smtp, secret, mailbox.name, proxy_password=proxy_password)

    return opened


def open_reader(session: Session) -> Callable[["Mailbox"], "ImapReader"]:
    """Makes a mailbox's reader; nothing is dialled before its first read."""

    def opened(mailbox: "Mailbox") -> "ImapReader":
        from sequencer.flows.credentials import credentials, way_of
        from sequencer.mail.imap import ImapReader

        if mailbox.imap is None:
            raise SequencerError(f"mailbox {mailbox.name!r} has no [imap]")
        secret = credentials(mailbox, mailbox.imap, session.workspace, session.clock)
        return ImapReader(
            mailbox.imap,
            secret,
            mailbox.name,
            mailbox.ignore_folders,
            sent_folder=mailbox.sent_folder,
            proxy_password=way_of(mailbox.imap, session.workspace).password,
        )

    return opened


def open_sent_folder(mailbox: "Mailbox", reader: "MailReader") -> "SentFolder | None":
    """Where copies of the mailbox's mail are saved, over the connection that `reader` keeps."""
    from sequencer.mail.imap import ImapReader

    if not isinstance(reader, ImapReader) or mailbox.save_sent == "never":
        return None
    return open_folders(mailbox, reader)


def open_sent_heads(mailbox: "Mailbox", reader: "MailReader") -> "SentHeads | None":
    """Looks through the mailbox's Sent folder, over the connection that `reader` keeps."""
    from sequencer.mail.imap import ImapReader
    from sequencer.mail.imap_sent_heads import ImapSentHeads

    return ImapSentHeads(reader.kept, mailbox.sent_folder) if isinstance(reader, ImapReader) else None


def open_bells() -> "Callable[[Mailbox, MailReader], MailBell | None]":
    """Makes what says that mail has come, over the connection that the mailbox's reader keeps.

    All of them share one thread.
    """
    from sequencer.core.providers import can_idle
    from sequencer.mail.idle_watch import IdleWatch
    from sequencer.mail.imap import ImapReader
    from sequencer.mail.imap_bell import ImapBell

    watch = IdleWatch()

    def opened(mailbox: "Mailbox", reader: "MailReader") -> "MailBell | None":
        if not isinstance(reader, ImapReader) or mailbox.imap is None or not mailbox.idle:
            return None
        return ImapBell(reader.kept, watch) if can_idle(mailbox.provider, mailbox.imap.host) else None

    return opened


def open_folders(mailbox: "Mailbox", reader: "ImapReader") -> "ImapSentFolder":
    """The mailbox's folders, over the connection that `reader` keeps."""
    from sequencer.mail.imap_sent import ImapSentFolder

    return ImapSentFolder(reader.kept, mailbox.sent_folder, mailbox.ignore_folders)


def dial_sent(session: Session) -> Callable[["Mailbox"], AbstractContextManager["SentHeads"]]:
    """Looks through a mailbox's Sent folder over a connection of the command's own."""

    @contextmanager
    def opened(mailbox: "Mailbox") -> "Iterator[SentHeads]":
        from sequencer.mail.imap_sent_heads import ImapSentHeads

        reader = open_reader(session)(mailbox)
        try:
            yield ImapSentHeads(reader.kept, mailbox.sent_folder)
        finally:
            reader.close()

    return opened


def dial_finder(session: Session) -> Callable[["Mailbox"], AbstractContextManager["MessageFinder"]]:
    """Finds a message again over a connection of the command's own."""

    @contextmanager
    def opened(mailbox: "Mailbox") -> "Iterator[MessageFinder]":
        from sequencer.mail.imap_finder import ImapFinder

        reader = open_reader(session)(mailbox)
        try:
            yield ImapFinder(reader.kept, mailbox.sent_folder)
        finally:
            reader.close()

    return opened
