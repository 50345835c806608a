"""IDLE (RFC 2177) on an IMAPClient: begun, watched from outside, ended; what it says is only a hint.

IMAPClient's own `idle_check` breaks on a line that comes in two packets (mjs/imapclient#519), so nobody reads
while the connection waits: whoever watches sees only that there is something to read.
"""

import socket
from datetime import timedelta
from typing import Any

_ANSWER_IN = timedelta(seconds=5)
"""A server that stalls here, or a connection that died in its sleep, costs no more than this."""


def begin(client: Any, timeout_in: timedelta) -> bytes | None:
    """The tag of the IDLE that is under way; None when the server said NO or BAD."""
    imap, connected = client._imap, client.socket()
    connected.settimeout(min(timeout_in, _ANSWER_IN).total_seconds())
    tag: bytes = imap._command("IDLE")
    while imap._get_response() is not None:  # news before the server says that it waits
        if imap.tagged_commands[tag] is not None:
            imap.tagged_commands.pop(tag)
            tag = b""
            break
    connected.settimeout(timeout_in.total_seconds())
    return tag or None


def say_done(client: Any) -> None:
    """Ask for the end, without awaiting it."""
    client._imap.send(b"DONE\r\n")


def end(client: Any, tag: bytes, timeout_in: timedelta) -> None:
    """Ask for the end and read up to it. Raises what sockets and imaplib raise."""
    connected = client.socket()
    connected.settimeout(min(timeout_in, _ANSWER_IN).total_seconds())
    say_done(client)
    client._imap._command_complete("IDLE", tag)
    connected.settimeout(timeout_in.total_seconds())


def twin(client: Any) -> socket.socket:
    """A socket of its own number for the same connection: it stays good when the first one is closed."""
    connected = client.socket()
    return socket.fromfd(connected.fileno(), connected.family, connected.type)


def has_more(client: Any) -> bool:
    """Whether bytes were read from the wire already that no `select` would show."""
    connected = client.socket()
    if getattr(connected, "pending", int)():
        return True
    buffered = getattr(client._imap, "_file", None) or getattr(client._imap, "file", None)
    before = connected.gettimeout()
    try:
        connected.settimeout(0.0)
        return buffered is not None and bool(buffered.peek(1))
    except (OSError, ValueError):
        return False
    finally:
        connected.settimeout(before)
