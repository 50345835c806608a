"""Asking an IMAP server: a NO stays apart from a lost connection, and both become what callers expect."""

import contextlib
import imaplib
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sequencer.config import Server
from sequencer.core.ports import ReadFailure
from sequencer.mail import imap_answers as answers
from sequencer.mail.imap_faults import Place, Refused, broken, said


class Asking:
    """The wire beneath an ImapConnection: commands and their failures, breaking off, letting go."""

    def __init__(self, server: Server, place: Place) -> None:
        self._server = server
        self._place = place
        self._client: Any = None
        self._is_aborted = False
        self.is_open = False

    def _ask(self, doing: str, command: str, *arguments: str | bytes) -> list[Any]:
        """Send a command; the lines of the untagged answer of the same name. Raises Refused for NO or BAD."""
        with self._asking(doing):
            imap = self._client._imap
            imap.untagged_responses.pop(command, None)
            kind, data = self._answer(imap._simple_command, command, *arguments)
            if kind != "OK":
                raise Refused(answers.text(data), doing.partition(" '")[0])
            lines: list[Any] = imap.untagged_responses.pop(command, [])
            return lines

    def _answer(self, command: Any, *arguments: Any) -> tuple[str, list[Any]]:
        """The tagged answer: OK, NO or BAD. imaplib raises for BAD, and `abort` for a lost connection."""
        try:
            kind, data = command(*arguments)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            return "BAD", [said(error).encode()]
        return kind, data

    @contextlib.contextmanager
    def _asking(self, doing: str, timeout_in: timedelta | None = None) -> Iterator[None]:
        """Whatever goes wrong inside closes the connection and is raised as a ReadFailure."""
        if self._is_aborted:  # while connecting, perhaps: then nothing more is said
            self.drop()
            raise self._place.failure(f"broken off before {doing}", "", is_lasting=False)
        try:
            yield
        except Refused:
            raise
        except ReadFailure:
            self.drop()
            raise
        except Exception as error:
            self.drop()
            if self._is_aborted:
                raise self._place.failure(f"broken off while {doing}", "", is_lasting=False) from error
            raise broken(error, doing, self._place, timeout_in or self._server.timeout_in) from error

    def abort(self) -> None:
        """From another thread: shut the socket, which ends a blocked read at once; never raises."""
        self._is_aborted = True
        client = self._client
        if client is not None:
            with contextlib.suppress(OSError):
                # The plain socket's method: SSLSocket.shutdown would pull the TLS state from under a reader.
                socket.socket.shutdown(client.socket(), socket.SHUT_RDWR)

    def drop(self) -> None:
        """Let go of the socket; never raises."""
        self.is_open = False
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.shutdown()
