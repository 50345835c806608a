"""The socket of an open SMTP session: commands and content out, replies in, and how much was taken."""

import smtplib
import socket
import ssl
import sys

from sequencer.mail.smtp_content import FINAL_DOT

MAX_LINE = 8192
"""Bytes of one line of a reply; RFC 5321 §4.5.3.1.5 asks for 512, servers are wordier."""
MAX_REPLY = 65_536
"""Bytes of all lines of one reply."""
CHUNK = 262_144
"""Bytes that TLS is handed at a time: the time-out counts anew for each, so that a slow line may be slow.

A plain socket takes what it has room for and counts anew by itself.
"""
_READ = 8192


class DotLost(Exception):
    """A part of the final dot was written and then the connection broke: nobody knows."""


class Wire:
    """What smtplib has connected and logged in, from MAIL on.

    Every write and reply goes through `say`, `hear`, `give` and `end`, named by verb: a test's subclass can
    stop before and after each. Raises OSError (smtplib's among them) for a lost connection.
    """

    def __init__(self, smtp: smtplib.SMTP, seconds: float) -> None:
        assert smtp.sock is not None
        self.offers = frozenset(smtp.esmtp_features)
        """Extensions of the last EHLO, in lower case."""
        self.transactions = 0
        """Begun with MAIL on this connection."""
        self.awaits_content = False
        """354 was heard and nothing has ended it: the server takes every byte for content."""
        self.is_broken = False
        """Replies are still owed, or never to come: not to be used again."""
        self._sock: socket.socket = smtp.sock
        self._is_tls = isinstance(smtp.sock, ssl.SSLSocket)
        self._most = CHUNK if self._is_tls else sys.maxsize
        self._seconds = seconds
        self._held = b""

    def say(self, verb: str, lines: bytes) -> None:
        """Write one command, or several at once."""
        self._sock.sendall(lines)

    def hear(self, verb: str, seconds: float | None = None) -> tuple[int, bytes]:
        """The next reply: its code (-1: it is none) and its lines' texts, as smtplib tells them.

        A line that was cut off by the end of the connection is no reply.
        """
        texts: list[bytes] = []
        size = 0
        while True:
            line = self._line(seconds or self._seconds)
            size += len(line)
            if size > MAX_REPLY:
                raise smtplib.SMTPResponseException(500, "Reply too long.")
            code = int(line[:3]) if line[:3].isdigit() else -1
            texts.append(line[4:].strip(b" \t\r\n"))
            if code < 0 or line[3:4] != b"-":
                return code, b"\n".join(texts)

    def give(self, content: bytes) -> None:
        """Write content that more content follows; nothing is copied."""
        view = memoryview(content)
        taken = 0
        while taken < len(view):
            taken += self._sock.send(view[taken : taken + self._most])

    def end(self, content: bytes, then: bytes = b"") -> None:
        """Write the last of the content and the final dot in one write, and `then`, the next commands.

        OSError: the dot did not leave, so the message is not delivered. `send` either says how many bytes
        it took or took none, and over TLS the dot stands in the last record, which is whole or worthless:
        commands are written apart from it there. Where they were lost, `is_broken` tells.
        """
        whole = len(content) + len(FINAL_DOT)
        data = content + FINAL_DOT + then
        taken = self._take(data[:whole] if self._is_tls else data, len(content), whole)
        if taken < len(data):
            try:
                self._sock.sendall(data[taken:])
            except OSError:
                self.is_broken = True

    def _take(self, data: bytes, before_dot: int, whole: int) -> int:
        """Write until `whole` bytes were taken; how many were."""
        taken = 0
        try:
            while taken < whole:
                taken += self._sock.send(data[taken:])
        except OSError as error:
            if taken > before_dot:
                raise DotLost from error
            raise
        return taken

    def has_replies(self, count: int) -> bool:
        """Whether so many replies were read from the socket and are still to be heard."""
        *lines, _ = self._held.split(b"\n")
        return sum(line[3:4] != b"-" for line in lines) >= count

    def _line(self, seconds: float) -> bytes:
        while (cut := self._held.find(b"\n")) < 0 and len(self._held) <= MAX_LINE:
            more = self._received(seconds)
            if not more:
                raise smtplib.SMTPServerDisconnected("closed within a reply")
            self._held += more
        if not 0 <= cut < MAX_LINE:
            raise smtplib.SMTPResponseException(500, "Line too long.")
        line, self._held = self._held[: cut + 1], self._held[cut + 1 :]
        return line

    def _received(self, seconds: float) -> bytes:
        """The next bytes within `seconds`; the socket's own time-out is changed only when that differs."""
        if seconds >= self._seconds:
            try:
                return self._sock.recv(_READ)
            except TimeoutError:
                seconds -= self._seconds
                if seconds <= 0:
                    raise
        self._sock.settimeout(seconds)
        try:
            return self._sock.recv(_READ)
        finally:
            self._sock.settimeout(self._seconds)
