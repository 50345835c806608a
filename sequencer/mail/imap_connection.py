"""One logged-in IMAP connection: it asks, writes by APPEND alone; what goes wrong becomes a ReadFailure."""

import contextlib
import imaplib
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sequencer.config import Server
from sequencer.core.ports import Cursor
from sequencer.mail import imap_answers as answers
from sequencer.mail import imap_idle
from sequencer.mail.credentials import Kind
from sequencer.mail.folders import Folder, Listed, Namespaces
from sequencer.mail.imap_answers import Fetched
from sequencer.mail.imap_asking import Asking
from sequencer.mail.imap_faults import Place, Refused, refused_command
from sequencer.mail.imap_held import Held, is_dovecot
from sequencer.mail.imap_login import connect_in, dial, identify, in_quotes, log_in, start_tls, tls_context
from sequencer.mail.imap_token import log_in_by_token
from sequencer.mail.reading_plan import FolderState
from sequencer.mail.socks import Way

_LOGOUT_SECONDS = 1.0
_SLOWEST_BYTES_A_SECOND = 20_000
"""An upload may be as slow as this: Python's timeout is for the whole of it."""
_STATUS_ITEMS = "(MESSAGES UIDNEXT UIDVALIDITY)"


class ImapConnection(Asking):
    """A connection, to be opened once. Every method raises ReadFailure and closes it on failure; what is
    asked about one folder raises Refused for a NO or BAD: the connection still stands then.

    Of IMAPClient it uses connecting, TLS, timeouts and the parsers; commands go through its imaplib object,
    which keeps a server's NO apart from a lost connection, and its words in their own language.
    Sources: RFC 3501; LIST RETURN: RFC 5258; SPECIAL-USE: RFC 6154; STATUS with LIST: RFC 5819; NAMESPACE:
    RFC 2342; UTF8=ONLY: RFC 6855; IDLE: RFC 2177; X-GM-LABELS: Gmail's IMAP extensions.
    """

    def __init__(self, server: Server, place: Place, way: Way) -> None:
        super().__init__(server, place)
        self._way = way
        self._capabilities: frozenset[bytes] = frozenset()
        self._is_selected = False
        self._namespaces: Namespaces | None = None
        self._lists_plainly = False
        """It announced a richer LIST and then refused it."""
        self._idle_tag: bytes | None = None
        self._held = Held()
        self._is_dovecot = False

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
            self._is_dovecot = is_dovecot(self._client._imap.untagged_responses)
            self._capabilities = frozenset(self._client.capabilities())
        if b"UTF8=ONLY" in self._capabilities:  # RFC 6855 §6: it takes no other command before
            self._ask("switching to UTF-8", "ENABLE", "UTF8=ACCEPT")

    @property
    def is_gmail(self) -> bool:
        return b"X-GM-EXT-1" in self._capabilities

    @property
    def held(self) -> Folder | None:
        """The folder that was left open on purpose, see `rest`."""
        return self._held.folder if self._is_selected else None

    def look_again(self, cursor: Cursor | None) -> FolderState | None:
        """NOOP in the held folder: None when nothing has happened since `cursor`, else what is sure of it."""
        with self._asking("looking again"):
            self._client._imap.noop()
            self._held.note(self._client._imap.untagged_responses)
        return None if self._held.is_as_read(cursor) else self._held.unnumbered()

    def was_read(self, folder: Folder, last_uid: int) -> None:
        """Everything in it up to there has been dealt with."""
        self._held.was_read(folder, last_uid)

    def rest(self, large: Folder | None) -> None:
        """Until the next reading no folder stays open, but for this one on Dovecot (see `Held`)."""
        if large is None or not self._is_dovecot:
            self.leave()
            return
        with contextlib.suppress(Refused):
            if self._held.opened != large or not self._is_selected:
                self.examine(large)
            self._held.folder = large

    @property
    def can_idle(self) -> bool:
        return b"IDLE" in self._capabilities

    def folders(self) -> list[Listed]:
        """Every folder there is, from one LIST."""
        return self.overview(with_states=False)[0]

    def overview(self, *, with_states: bool = True) -> tuple[list[Listed], dict[bytes, FolderState]]:
        """Every folder there is, from one LIST, and what this said of their states (by `Folder.wire`).

        Of five hundred folders five hundred STATUS would be asked where the server has no LIST-STATUS.
        """
        doing, wanted = "listing the folders", []
        if {b"SPECIAL-USE", b"LIST-EXTENDED"} <= self._capabilities:
            # A plain LIST need not tell what folders are for (RFC 6154 §2).
            wanted.append("SPECIAL-USE")
        if b"LIST-STATUS" in self._capabilities and with_states:
            wanted.append(f"STATUS {_STATUS_ITEMS}")
        arguments = ['""', '"*"', *([f"RETURN ({' '.join(wanted)})"] if wanted else [])]
        try:
            lines, said = self._listing(doing, arguments if not self._lists_plainly else arguments[:2])
        except Refused as refusal:
            if len(arguments) == 2 or self._lists_plainly:
                self.drop()
                raise refused_command(refusal.text, doing, self._place, folder=None) from None
            self._lists_plainly = True
            return self.overview(with_states=with_states)
        places = self._own_and_foreign()
        with self._asking(doing):
            return answers.listed(lines, places), answers.states(said)

    def _listing(self, doing: str, arguments: Sequence[str]) -> tuple[list[Any], list[Any]]:
        with self._asking(doing):
            self._client._imap.untagged_responses.pop("STATUS", None)
        lines = self._ask(doing, "LIST", *arguments)
        return lines, self._client._imap.untagged_responses.pop("STATUS", [])

    def _own_and_foreign(self) -> Namespaces:
        """Asked once for a connection; a server without NAMESPACE, or with an odd one, has names alone."""
        if self._namespaces is None:
            self._namespaces = Namespaces()
            if b"NAMESPACE" in self._capabilities:
                with contextlib.suppress(Refused):
                    lines = self._ask("asking for the namespaces", "NAMESPACE")
                    self._namespaces = answers.namespaces(lines)
        return self._namespaces

    def status(self, folder: Folder) -> FolderState:
        """STATUS: how far the folder's UIDs go, without opening it. Raises Refused for NO or BAD."""
        doing = f"asking about {folder.name!r}"
        lines = self._ask(doing, "STATUS", in_quotes(folder.wire), _STATUS_ITEMS)
        with self._asking(doing):
            return answers.counted(lines[-1])

    def examine(self, folder: Folder) -> FolderState:
        """EXAMINE: open the folder read-only, so that nothing in it can change by our reading.

        Raises Refused for NO or BAD.
        """
        with self._asking(f"opening {folder.name!r}"):
            imap = self._client._imap
            kind, data = self._answer(imap.select, in_quotes(folder.wire), True)
            self._is_selected = kind == "OK"
            if kind != "OK":
                raise Refused(answers.text(data), "opening")
            told = {name: values[-1] for name, values in imap.untagged_responses.items() if values}
            state = answers.state(told)
            self._held.examined(folder, state, imap.untagged_responses)
            return state

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
        Raises Refused for NO or BAD.
        """
        found = self._fetch(uids, "(UID INTERNALDATE)", folder, doing="listing")
        return {uid: each.received_at for uid, each in found.items()}

    def dates_at(self, first: int, last: int, folder: Folder) -> dict[int, datetime | None]:
        """UID and INTERNALDATE of the messages numbered `first` to `last` in the open folder, from 1.

        Raises Refused for NO or BAD.
        """
        found = self._fetch(f"{first}:{last}", "(UID INTERNALDATE)", folder, by_uid=False, doing="listing")
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

    def begin_idle(self, folder: Folder) -> FolderState | None:
        """Open the folder and wait in it (IDLE): its state, or None when the server would not.

        The socket becomes readable when something happens; whatever is asked next calls `end_idle` first.
        """
        try:
            state = self._waiting_state(folder)
        except Refused:
            return None
        with self._asking("waiting for mail"):
            self._idle_tag = imap_idle.begin(self._client, self._server.timeout_in)
        return state if self._idle_tag is not None else None

    def _waiting_state(self, folder: Folder) -> FolderState:
        if self.held != folder:
            return self.examine(folder)
        self._held.note(self._client._imap.untagged_responses)
        return self._held.state()

    def end_idle(self) -> bool:
        """Whether the connection stands, and no longer waits; never raises, and takes no longer than 5 s."""
        tag, self._idle_tag = self._idle_tag, None
        if tag is not None and self.is_open:
            try:
                imap_idle.end(self._client, tag, self._server.timeout_in)
                self._held.note(self._client._imap.untagged_responses)
                self._client._imap.untagged_responses.clear()
            except Exception:
                self.drop()
        return self.is_open

    def waiting_socket(self) -> "socket.socket | None":
        """A twin of the socket, for another thread to watch; None when it does not wait."""
        return imap_idle.twin(self._client) if self._idle_tag is not None else None

    def has_more(self) -> bool:
        """Whether something came behind the answer that began the waiting, which no watching would show."""
        return self._idle_tag is not None and imap_idle.has_more(self._client)

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
            raise Refused(answers.text(data), "saving a copy in")

    def _fetch(
        self, messages: str, items: str, folder: Folder, *, by_uid: bool = True, doing: str = "reading"
    ) -> dict[int, Fetched]:
        with self._asking(f"reading {folder.name!r}"):
            imap = self._client._imap
            imap.untagged_responses.pop("FETCH", None)  # what came before a NO to the last one
            if by_uid:
                kind, data = self._answer(imap.uid, "FETCH", messages, items)
            else:
                kind, data = self._answer(imap.fetch, messages, items)
            if kind != "OK":
                raise Refused(answers.text(data), doing)
            return answers.fetched(data)

    def close(self) -> None:
        """LOGOUT if the server answers soon, then drop; never raises."""
        if self.is_open:
            with contextlib.suppress(Exception):
                self._client.socket().settimeout(_LOGOUT_SECONDS)
                if self._idle_tag is not None:
                    imap_idle.say_done(self._client)
                self._client.logout()
        self.drop()
