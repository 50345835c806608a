"""One logged-in IMAP connection: it asks, writes by APPEND alone; what goes wrong becomes a ReadFailure."""

import contextlib
import imaplib
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient.exceptions import ProtocolError
from imapclient.imap_utf7 import decode as decode_utf7
from imapclient.response_parser import parse_fetch_response, parse_response

from sequencer.config import Server
from sequencer.core.ports import ReadFailure
from sequencer.mail.credentials import Kind
from sequencer.mail.folders import Folder, Listed
from sequencer.mail.imap_faults import Place, Refused, broken, refused_command, said
from sequencer.mail.imap_login import connect_in, dial, identify, in_quotes, log_in, start_tls, tls_context
from sequencer.mail.imap_token import log_in_by_token
from sequencer.mail.reading_plan import FolderState
from sequencer.mail.socks import Way

_LOGOUT_SECONDS = 1.0
_SLOWEST_BYTES_A_SECOND = 20_000
"""An upload may be as slow as this: Python's timeout is for the whole of it."""
_STATUS = re.compile(rb"\(([^()]*)\)\s*$")
"""The end of a STATUS answer, whatever stands in the name before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One message of a FETCH answer."""

    received_at: datetime | None
    """INTERNALDATE in UTC; None when the server sent none that can be read."""
    raw: bytes | None
    """None: the server named the message but sent no text."""
    labels: tuple[str, ...] = ()
    """X-GM-LABELS, on Gmail."""


class ImapConnection:
    """A connection, to be opened once. Every method raises ReadFailure and closes it on failure; `dates_at`,
    `fetch`, `newest_ids` and `append` raise Refused for a NO or BAD: the connection still stands then.

    Of IMAPClient it uses connecting, TLS, timeouts and the parsers; commands go through its imaplib object,
    which keeps a server's NO apart from a lost connection, and its words in their own language.
    Sources: RFC 3501; LIST RETURN: RFC 5258; SPECIAL-USE: RFC 6154; X-GM-LABELS: Gmail's IMAP extensions.
    """

    def __init__(self, server: Server, place: Place, way: Way) -> None:
        self._server = server
        self._way = way
        self._place = place
        self._client: Any = None
        self._capabilities: frozenset[bytes] = frozenset()
        self._is_aborted = False
        self._is_selected = False
        self.is_open = False

    def open(self, secret: str, kind: Kind = Kind.PASSWORD) -> None:
        """Connect, make the connection safe, log in and say who asks. TokenRefused: try another token."""
        context = tls_context(self._server, self._place)
        with self._asking("connecting", connect_in(self._server)):
            self._client = dial(self._server, context, self._way, self._place)
        self.is_open = True
        if self._server.security == "starttls":
            with self._asking("starting TLS"):
                start_tls(self._client, context, self._place)
        with self._asking("logging in"):
            enter = log_in_by_token if kind is Kind.XOAUTH2 else log_in
            enter(self._client, self._server, secret, self._place)
            identify(self._client, self._server)
            self._capabilities = frozenset(self._client.capabilities())

    @property
    def is_gmail(self) -> bool:
        return b"X-GM-EXT-1" in self._capabilities

    def folders(self) -> list[Listed]:
        """Every folder there is, from one LIST."""
        arguments = ['""', '"*"']
        if {b"SPECIAL-USE", b"LIST-EXTENDED"} <= self._capabilities:
            # A plain LIST need not tell what folders are for (RFC 6154 §2).
            arguments.append("RETURN (SPECIAL-USE)")
        lines = self._ask("listing the folders", "LIST", *arguments)
        with self._asking("listing the folders"):
            return [_listed(line) for line in lines if line != b""]

    def status(self, folder: Folder) -> FolderState:
        """STATUS: how far the folder's UIDs go, without opening it."""
        wanted = "(MESSAGES UIDNEXT UIDVALIDITY)"
        lines = self._ask("asking about", "STATUS", in_quotes(folder.wire), wanted, folder=folder)
        with self._asking(f"asking about {folder.name!r}"):
            numbers = _STATUS.search(lines[-1])
            if numbers is None:
                raise ProtocolError(f"STATUS line {lines[-1]!r}")
            words = numbers[1].decode("latin-1").upper().split()
            return _state(dict(zip(words[::2], words[1::2], strict=True)))

    def examine(self, folder: Folder) -> FolderState:
        """EXAMINE: open the folder read-only, so that nothing in it can change by our reading."""
        with self._asking(f"opening {folder.name!r}"):
            imap = self._client._imap
            kind, data = self._answer(imap.select, in_quotes(folder.wire), True)
            if kind != "OK":
                raise refused_command(_text(data), "opening", self._place, folder=folder.name)
            self._is_selected = True
            return _state({name: values[-1] for name, values in imap.untagged_responses.items() if values})

    def leave(self) -> None:
        """Close the open folder, if any: STATUS of an open folder may be stale (RFC 3501 §6.3.10).

        After EXAMINE, CLOSE removes nothing (§6.4.2); a server that refuses it keeps the folder open.
        """
        if not self._is_selected:
            return
        with self._asking("closing a folder"):
            command = self._client._imap.close
            if b"UNSELECT" in self._capabilities:
                command = self._client._imap.unselect
            self._answer(command)
            self._is_selected = False

    def dates(self, uids: str, folder: Folder) -> dict[int, datetime | None]:
        """UID and INTERNALDATE of the messages in a UID set such as `7:*` of the open folder.

        IMAPClient's own `fetch` cannot take `7:*`: it looks the members of the set up in the answer.
        """
        try:
            found = self._fetch(uids, "(UID INTERNALDATE)", folder)
        except Refused as refusal:
            self.drop()
            raise refused_command(refusal.text, "listing", self._place, folder=folder.name) from None
        return {uid: each.received_at for uid, each in found.items()}

    def dates_at(self, first: int, last: int, folder: Folder) -> dict[int, datetime | None]:
        """UID and INTERNALDATE of the messages numbered `first` to `last` in the open folder, from 1.

        Raises Refused for NO or BAD.
        """
        found = self._fetch(f"{first}:{last}", "(UID INTERNALDATE)", folder, by_uid=False)
        return {uid: each.received_at for uid, each in found.items()}

    def fetch(self, uids: Sequence[int], section: str, folder: Folder) -> dict[int, Fetched]:
        """The `section` (`BODY.PEEK[]<0.n>`, `BODY.PEEK[HEADER]`) of messages of the open folder.

        A message that is gone is missing from the answer. Raises Refused for NO or BAD.
        """
        labels = " X-GM-LABELS" if self.is_gmail else ""
        found = self._fetch(",".join(map(str, uids)), f"(UID INTERNALDATE{labels} {section})", folder)
        return {uid: found[uid] for uid in uids if uid in found}

    def newest_ids(self, folder: Folder, count: int) -> list[bytes]:
        """Open the folder read-only; the id fields of its newest `count` messages, as header lines.

        By sequence number, of which there are no gaps: UIDs may have any. Raises Refused for NO or BAD.
        """
        held = self.examine(folder).messages or 0
        if not held:
            return []
        fields = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID X-MICROSOFT-ORIGINAL-MESSAGE-ID)]"
        items = f"(UID INTERNALDATE {fields})"
        found = self._fetch(f"{max(1, held - count + 1)}:*", items, folder, by_uid=False)
        return [each.raw for each in found.values() if each.raw is not None]

    def append(self, folder: Folder, raw: bytes, received_at: datetime) -> None:
        """APPEND a message as read, with this INTERNALDATE. Raises Refused for NO or BAD.

        Anything else that goes wrong leaves open whether it lies there now.
        """
        allowed_in = self._server.timeout_in + timedelta(seconds=len(raw) / _SLOWEST_BYTES_A_SECOND)
        with self._asking(f"saving a copy in {folder.name!r}", allowed_in):
            connected = self._client.socket()
            connected.settimeout(allowed_in.total_seconds())
            # imaplib sends the message and its last line end apart: the second would wait for an ACK.
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            date = imaplib.Time2Internaldate(received_at)
            kind, data = self._answer(
                self._client._imap.append, in_quotes(folder.wire), "(\\Seen)", date, raw
            )
            connected.settimeout(self._server.timeout_in.total_seconds())
        if kind != "OK":
            raise Refused(_text(data))

    def _fetch(self, messages: str, items: str, folder: Folder, *, by_uid: bool = True) -> dict[int, Fetched]:
        with self._asking(f"reading {folder.name!r}"):
            imap = self._client._imap
            imap.untagged_responses.pop("FETCH", None)  # what came before a NO to the last one
            if by_uid:
                kind, data = self._answer(imap.uid, "FETCH", messages, items)
            else:
                kind, data = self._answer(imap.fetch, messages, items)
            if kind != "OK":
                raise Refused(_text(data))
            parsed = {} if data == [None] else parse_fetch_response(data, normalise_times=False)
            # Unasked-for news about flags comes without INTERNALDATE, keyed by sequence number.
            return {uid: _fetched(each) for uid, each in parsed.items() if b"INTERNALDATE" in each}

    def _ask(
        self, doing: str, command: str, *arguments: str | bytes, folder: Folder | None = None
    ) -> list[Any]:
        """Send a command; the lines of the untagged answer of the same name."""
        name = folder.name if folder else None
        with self._asking(f"{doing} {name!r}" if name else doing):
            imap = self._client._imap
            imap.untagged_responses.pop(command, None)
            kind, data = self._answer(imap._simple_command, command, *arguments)
            if kind != "OK":
                raise refused_command(_text(data), doing, self._place, folder=name)
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

    def close(self) -> None:
        """LOGOUT if the server answers soon, then drop; never raises."""
        if self.is_open:
            with contextlib.suppress(Exception):
                self._client.socket().settimeout(_LOGOUT_SECONDS)
                self._client.logout()
        self.drop()

    def drop(self) -> None:
        """Let go of the socket; never raises."""
        self.is_open = False
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.shutdown()


def _listed(line: Any) -> Listed:
    """One LIST line: flags, delimiter, name; the name may be quoted, bare or a literal."""
    parsed = parse_response([line])
    if len(parsed) != 3:
        raise ProtocolError(f"LIST line {line!r}")
    flags, delimiter, name = parsed
    return Listed(
        wire=name if isinstance(name, bytes) else str(name).encode(),
        delimiter=delimiter.decode("latin-1") if delimiter else None,
        flags=frozenset(flag.decode("latin-1").lower() for flag in flags),
    )


def _state(told: dict[str, Any]) -> FolderState:
    """STATUS says MESSAGES where EXAMINE says EXISTS."""
    return FolderState(
        uid_validity=_number(told.get("UIDVALIDITY")) or 0,
        uid_next=_number(told.get("UIDNEXT")) or None,
        messages=_number(told.get("MESSAGES", told.get("EXISTS"))),
    )


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _fetched(data: dict[bytes, Any]) -> Fetched:
    raw = next((value for key, value in data.items() if key.startswith(b"BODY[")), None)
    labels = data.get(b"X-GM-LABELS") or ()
    return Fetched(
        received_at=_in_utc(data[b"INTERNALDATE"]),
        raw=raw if raw is None or isinstance(raw, bytes) else str(raw).encode(),
        labels=tuple(decode_utf7(label) if isinstance(label, bytes) else str(label) for label in labels),
    )


def _in_utc(date: datetime | None) -> datetime | None:
    """None for a date that cannot be read, or lies at the rim of the calendar."""
    if date is None:
        return None
    with contextlib.suppress(OverflowError):
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    return None


def _text(data: list[Any]) -> str:
    """A server's words in a tagged NO or BAD."""
    words = data[-1] if data else b""
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
