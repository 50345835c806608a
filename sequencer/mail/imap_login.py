"""From a Server's settings to a logged-in client: verified TLS, LOGIN or PLAIN, and ID."""

import imaplib
import socket
import ssl
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from sequencer import __version__
from sequencer.config import Server
from sequencer.core.loopback import is_loopback
from sequencer.core.providers import needs_id
from sequencer.mail.credentials import without_secrets
from sequencer.mail.imap_faults import Place, refused_login, said
from sequencer.mail.socks import Way
from sequencer.mail.tls import client_context, speaks_tls

_LONGEST_CONNECT_IN = timedelta(seconds=10)
"""A server that does not take a connection and greet within this is not reachable now."""
_IDENTITY = f'("name" "sequencer" "version" "{__version__}")'


def connect_in(server: Server) -> timedelta:
    """How long connecting may take; reading has the server's whole `timeout_in`."""
    return min(server.timeout_in, _LONGEST_CONNECT_IN)


@dataclass(slots=True, kw_only=True)
class _Line:
    """How one connection's socket comes about; once it `is_open`, silence is the server's own."""

    server: Server
    context: ssl.SSLContext | None
    """None where nothing is encrypted."""
    way: Way
    is_open: bool = False

    def open(self, *, in_tls: bool) -> socket.socket:
        """A connected socket, by way of the proxy if there is one."""
        server = self.server
        opened = self.way.connect(server.host, server.port, connect_in(server).total_seconds())
        self.is_open = True
        if not in_tls:
            return opened
        assert self.context is not None
        return self.context.wrap_socket(opened, server_hostname=server.host)


class _Wired(imaplib.IMAP4):
    """imaplib's client on a line of ours."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        super().__init__(line.server.host, line.server.port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return self._line.open(in_tls=self._line.server.security == "tls")


class _Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient on a line of ours."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        server, seconds = line.server, connect_in(line.server).total_seconds()
        super().__init__(
            server.host,
            server.port,
            ssl=server.security == "tls",
            ssl_context=line.context,
            timeout=SocketTimeout(seconds, server.timeout_in.total_seconds()),
        )

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802
        return _Wired(self._line)


def dial(server: Server, context: ssl.SSLContext | None, way: Way, place: Place) -> Any:
    """Connect and take the greeting. Raises whatever sockets, proxies, TLS and imaplib raise.

    A port that waits for a TLS handshake while we wait for its greeting is a ReadFailure.
    """
    line = _Line(server=server, context=context, way=way)
    try:
        client = _Client(line)
    except TimeoutError:
        is_silent = line.is_open and server.security != "tls"
        if is_silent and speaks_tls(partial(line.open, in_tls=False), server.host):
            hint = 'set imap.security = "tls", or the STARTTLS port (143)'
            raise place.failure("speaks TLS from the first byte", hint, is_lasting=True) from None
        raise
    # IMAPClient makes imaplib format every line for a debug log: that costs time, and the lines are private.
    client._imap.debug = 0
    return client


def tls_context(server: Server, place: Place) -> ssl.SSLContext | None:
    """Verification against the system's authorities and, if set, the firm's own; None without TLS.

    Raises ReadFailure for a `ca_file` that cannot be used, for a plain connection to anything but loopback,
    and for a missing user name: all before anything is sent.
    """
    if server.security == "none" and not is_loopback(server.host):
        hint = "set imap.security to tls (port 993) or starttls (port 143)"
        raise place.failure("refusing to send the password unencrypted", hint, is_lasting=True)
    if not server.username:
        raise place.failure("no user name", "set imap.username of this mailbox", is_lasting=True)
    if server.security == "none" and server.ca_file is None:
        return None
    try:
        return client_context(server.ca_file)
    except OSError as error:  # ssl.SSLError is one
        cause = f"cannot use ca_file {server.ca_file}: {error.strerror or error}"
        hint = "imap.ca_file must name a readable file of PEM certificates"
        raise place.failure(cause, hint, is_lasting=True) from error


def start_tls(client: Any, context: ssl.SSLContext | None, place: Place) -> None:
    """STARTTLS, without which nothing more is said to this server."""
    if b"STARTTLS" not in client.capabilities():
        hint = "set imap.security to tls (port 993), or ask whoever runs the server to offer STARTTLS"
        raise place.failure("does not offer STARTTLS", hint, is_lasting=True)
    client.starttls(context)


def log_in(client: Any, server: Server, password: str, place: Place) -> None:
    """LOGIN, or AUTHENTICATE PLAIN where LOGIN is switched off or cannot carry the characters.

    Raises ReadFailure when refused; the server's words are repeated without the password.
    """
    user = server.username or ""
    if not (user + password).isprintable():
        hint = "the password must be one line; look at the file or command it comes from"
        raise place.failure("user name or password holds a control character", hint, is_lasting=True)
    offered = client.capabilities()
    is_off, has_plain = b"LOGINDISABLED" in offered, b"AUTH=PLAIN" in offered
    if is_off and not has_plain:
        hint = "set imap.security to tls or starttls; without either the server takes no password"
        raise place.failure("takes no password login", hint, is_lasting=True)
    is_ascii = (user + password).isascii()
    if not (is_ascii or has_plain):
        hint = "choose a password of ASCII characters; this server cannot take others"
        raise place.failure("user name or password is not ASCII", hint, is_lasting=True)
    try:
        if has_plain and (is_off or not is_ascii):
            client.plain_login(user, password)
        else:
            client.login(in_quotes(user.encode()), password)
    except LoginError as error:
        cause = error.__context__
        if isinstance(cause, imaplib.IMAP4.abort):
            raise cause from None
        text = said(cause if isinstance(cause, Exception) else error)
        raise refused_login(without_secrets(text, password), place) from None


def identify(client: Any, server: Server) -> None:
    """Send ID (RFC 2971) where it is offered, and to NetEase always: without it SELECT is refused there.

    The answer is of no use, and a server that dislikes ID shows it at the next command.
    """
    if b"ID" in client.capabilities() or needs_id(server.provider, server.host):
        try:
            client._imap._simple_command("ID", _IDENTITY)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return


def in_quotes(text: bytes) -> bytes:
    """An RFC 3501 quoted string."""
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
