"""The mailboxes that the contract suites of IMAP run on: in process and on Dovecot."""

from uuid import uuid4

from sequencer.config import Server
from sequencer.demo.imap_host import ImapHost
from sequencer.mail.imap import ImapReader
from tests.servers.dovecot import Dovecot

_SESSION = {"CAPABILITY", "LOGIN", "ID", "LOGOUT"}
_READING = {"LIST", "STATUS", "EXAMINE", "FETCH", "UID FETCH", "UNSELECT", "CLOSE"}


def a_user(dovecot: Dovecot) -> str:
    """A mailbox of its own for one test."""
    user = f"wang{uuid4().hex}"
    dovecot.add_user(user, "secret")
    return user


def reader_of(host: ImapHost | Dovecot, user: str) -> ImapReader:
    """Who reads that mailbox."""
    server = Server(host=host.host, port=host.port, security="none", username=user, password=None)
    return ImapReader(server, lambda: "secret", "wang")


def require_only_reads(host: ImapHost) -> None:
    """No command was given that could change anything, and no SEARCH."""
    asked = {command if command == "UID FETCH" else command.split()[0] for command in host.commands}
    assert asked <= _SESSION | _READING, asked - _SESSION - _READING
