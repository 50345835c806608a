"""One IMAP connection of a mailbox, kept between uses and shared by all that use the mailbox."""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from sequencer.config import Server
from sequencer.core.ports import ReadFailure
from sequencer.errors import SequencerError, TryAgain
from sequencer.mail.credentials import Credentials, as_credentials
from sequencer.mail.folders import Listed
from sequencer.mail.imap_connection import ImapConnection
from sequencer.mail.imap_faults import Place
from sequencer.mail.imap_token import TokenRefused
from sequencer.mail.socks import Way, no_password

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

    def listed(self) -> tuple[ImapConnection, Sequence[Listed]]:
        """A connection without an open folder, and its folders from one LIST; else ReadFailure."""
        if self._connection is not None and self._connection.is_open:
            try:
                return self._connection, _listed(self._connection)
            except ReadFailure:
                _log.debug("%s: the kept connection is gone; connecting again", self.place.mailbox)
        connection = self.open()
        return connection, _listed(connection)

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


def _listed(connection: ImapConnection) -> Sequence[Listed]:
    connection.leave()
    return connection.folders()
