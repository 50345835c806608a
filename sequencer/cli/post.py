"""How the command line reaches mail servers: couriers and readers with their secrets bound late."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sequencer.cli.session import Session
from sequencer.errors import SequencerError

if TYPE_CHECKING:
    from sequencer.config import Mailbox, Proxy, Server
    from sequencer.core.ports import Courier, MailReader


def open_courier(session: Session) -> Callable[["Mailbox"], "Courier"]:
    """Makes a mailbox's courier; nothing is dialled before its first message."""

    def opened(mailbox: "Mailbox") -> "Courier":
        from sequencer.mail.smtp import SmtpCourier

        return SmtpCourier(
            mailbox.smtp,
            partial(_password, session, mailbox.smtp),
            mailbox.name,
            proxy_password=partial(_password, session, mailbox.smtp.proxy),
        )

    return opened


def open_reader(session: Session) -> Callable[["Mailbox"], "MailReader"]:
    """Makes a mailbox's reader; nothing is dialled before its first read."""

    def opened(mailbox: "Mailbox") -> "MailReader":
        from sequencer.mail.imap import ImapReader

        if mailbox.imap is None:
            raise SequencerError(f"mailbox {mailbox.name!r} has no [imap]")
        password = partial(_password, session, mailbox.imap)
        proxy_password = partial(_password, session, mailbox.imap.proxy)
        return ImapReader(
            mailbox.imap, password, mailbox.name, mailbox.ignore_folders, proxy_password=proxy_password
        )

    return opened


def _password(session: Session, owner: "Server | Proxy | None") -> str:
    from sequencer.files.secret import resolve_secret

    return resolve_secret(owner.password, session.workspace.root) if owner and owner.password else ""
