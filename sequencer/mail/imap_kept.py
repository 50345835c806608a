"""One IMAP connection of a mailbox, kept between uses and shared by all that use the mailbox."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sequencer.config import Server
from sequencer.core.ports import ReadFailure
from sequencer.errors import SequencerError, TryAgain
from sequencer.mail.credentials import Credentials, as_credentials
from sequencer.mail.folders import Listed
from sequencer.mail.imap_connection import ImapConnection
from sequencer.mail.imap_faults import Place
from sequencer.mail.imap_token import TokenRefused
from sequencer.mail.reading_plan import FolderState
from sequencer.mail.socks import Way, no_password

_Overview = tuple[Sequence[Listed], Mapping[bytes, FolderState]]
_log = logging.getLogger(__name__)


class KeptConnection:
    """Dials when first asked, and again when the connection has died between two uses.

    Shared, because providers allow a mailbox few connections at once and few logins an hour. Not for use by
    two threads at once; `abort` alone may be called from another.
    """

    def __init__(
        self,
        server: Server,
        password: Callable[[], str] | Credentials,
        mailbox_name: str,
        *,
        proxy_password: Callable[[], str] = no_password,
    ) -> None:
        """`password` (or what a sign-in left) is asked for at each login and not kept, as is the proxy's."""
        self._server = server
        self._credentials = as_credentials(password)
        self._way = Way(proxy=server.proxy, password=proxy_password)
        self.place = Place(mailbox=mailbox_name, host=server.host, port=server.port, provider=server.provider)
        self._connection: ImapConnection | None = None
        self.inbox_read_to: int | None = None
        """The last UID of INBOX that reading has seen; None where INBOX is not read."""

    def listed(self) -> tuple[ImapConnection, Sequence[Listed]]:
        """A connection without an open folder, and its folders from one LIST; else ReadFailure."""
        connection, (listed, _states) = self._fresh(with_states=False)
        return connection, listed

    def overview(self) -> tuple[ImapConnection, Sequence[Listed], Mapping[bytes, FolderState]]:
        """As `listed`, with the folders' states (by `Folder.wire`) where the server tells them with LIST."""
        connection, (listed, states) = self._fresh(with_states=True)
        return connection, listed, states

    def _fresh(self, *, with_states: bool) -> tuple[ImapConnection, _Overview]:
        connection = self.resting()
        if connection is not None:
            try:
                return connection, _asked(connection, with_states=with_states)
            except ReadFailure:
                _log.debug("%s: the kept connection is gone; connecting again", self.place.mailbox)
        connection = self.open()
        return connection, _asked(connection, with_states=with_states)

    def resting(self) -> ImapConnection | None:
        """The connection as it was left, no longer waiting for mail; None when there is none."""
        connection = self._connection
        return connection if connection is not None and connection.end_idle() else None

    def open(self) -> ImapConnection:
        """A new connection, logged in; a token that is refused is replaced once. Else ReadFailure."""
        secret = self._read(self._credentials.secret)
        try:
            return self._opened(secret)
        except TokenRefused:
            another = self._read(partial(self._credentials.renew, secret))
            if not another:
                raise
        return self._opened(another)

    def _opened(self, secret: str) -> ImapConnection:
        self._connection = connection = ImapConnection(self._server, self.place, self._way)
        connection.open(secret, self._credentials.kind)
        return connection

    def _read(self, secret: Callable[[], str | None]) -> str:
        try:
            return secret() or ""
        except SequencerError as error:
            is_lasting = not isinstance(error, TryAgain)
            raise self.place.failure(str(error), error.hint or "", is_lasting=is_lasting) from error

    def close(self) -> None:
        """Log out if possible and drop the connection; never raises."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def abort(self) -> None:
        """From another thread: break what is under way off. Connecting ends within 15 s."""
        connection = self._connection
        if connection is not None:
            connection.abort()


def _asked(connection: ImapConnection, *, with_states: bool) -> _Overview:
    if not with_states or connection.held is None:
        connection.leave()
    return connection.overview(with_states=with_states and connection.held is None)
