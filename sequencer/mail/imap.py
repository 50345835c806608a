"""The MailReader over IMAP: new mail of every folder, read once, changing nothing."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sequencer.config import Server
from sequencer.core.ports import Cursor, FolderBatch
from sequencer.mail.credentials import Credentials
from sequencer.mail.folders import INBOX, Listed, folders_to_read, mend_for_missing
from sequencer.mail.imap_held import MOST_OTHERS
from sequencer.mail.imap_kept import KeptConnection
from sequencer.mail.imap_messages import MessageFetcher
from sequencer.mail.imap_sweep import Sweep
from sequencer.mail.socks import no_password

_MOST_PASSES = 2
"""What moves on while it is looked for again is found at the next reading."""

_log = logging.getLogger(__name__)


class ImapReader:
    """Reads a mailbox over one kept connection, with EXAMINE and BODY.PEEK alone (design: promises 3 and 5).

    Nothing new costs one LIST, which says all there is to know where the server has LIST-STATUS, and one
    STATUS a folder elsewhere; the list is asked for each time because a rule may have put an answer into a
    folder made a minute ago. SEARCH is never used: it is broken or absent on QQ, Exmail, 163, Exchange and
    Yahoo.

    Any NO, BAD, BYE, EOF, timeout or answer that is not IMAP raises ReadFailure: one line naming mailbox,
    host and cause, its mend as hint. A folder that is refused (NO, BAD) is raised only when the others have
    been read, and the connection is kept; after anything else the next read connects anew. A connection
    that died between two reads is replaced without a word. Single messages: see MessageFetcher.

    Not for use by two threads at once; `abort` alone may be called from another.
    """

    def __init__(
        self,
        server: Server,
        password: Callable[[], str] | Credentials,
        mailbox_name: str,
        ignore_folders: Sequence[str] = (),
        max_bytes: int = 262_144,
        sent_folder: str | None = None,
        proxy_password: Callable[[], str] = no_password,
    ) -> None:
        """`password` (or what a sign-in left) is asked for at each login and not kept, as is the proxy's.

        A message is cut after `max_bytes`. `sent_folder` names the Sent folder of a server that neither
        marks it nor gives it a usual name.
        """
        self.kept = KeptConnection(server, password, mailbox_name, proxy_password=proxy_password)
        """The connection, which the mailbox's ImapSentFolder shares."""
        self._ignore_folders = tuple(ignore_folders)
        self._sent_folder = sent_folder
        self._missing: frozenset[str] | None = None
        """Ignored folders that the server did not have when it was last asked; told when that changes."""
        self._forbidden: set[str] = set()
        """Folders that this login may not read; each is told once."""
        self._messages = MessageFetcher(self.kept.place, max_bytes)

    def read_new(self, cursors: Sequence[Cursor], since: datetime | None) -> Iterator[FolderBatch]:
        """Yield batches of mail newer than `cursors`, INBOX first; see MailReader and `how_to_look`."""
        sweep = Sweep(self.kept.place, cursors, since, self._messages, self._forbidden)
        for _ in range(_MOST_PASSES):
            connection, listed, states = self.kept.overview()
            self._tell_missing(listed)
            folders = folders_to_read(
                listed, self._ignore_folders, is_gmail=connection.is_gmail, sent=self._sent_folder
            )
            yield from sweep.read(connection, folders, states)
            connection.rest(sweep.large if len(folders) <= MOST_OTHERS else None)
            if not sweep.must_look_again:
                break
        inbox = sweep.cursors.get(INBOX.name)
        self.kept.inbox_read_to = inbox.last_uid if inbox else None
        sweep.raise_if_refused()

    def _tell_missing(self, listed: Sequence[Listed]) -> None:
        """Warn, once, of folders in `ignore_folders` that are not there: mail may be read that should not."""
        missing = {name: mend for name in self._ignore_folders if (mend := mend_for_missing(name, listed))}
        if missing.keys() != self._missing:
            for name, mend in missing.items():
                where = self.kept.place.mailbox
                _log.warning("%s: ignore_folders: there is no folder %r (%s)", where, name, mend)
            self._missing = frozenset(missing)

    def try_login(self) -> None:
        """Connect, log in and hang up; ReadFailure says what is wrong."""
        self.kept.close()
        self.kept.open()
        self.kept.close()

    def close(self) -> None:
        """Log out if possible and drop the connection; never raises."""
        self.kept.close()

    def abort(self) -> None:
        """From another thread: break a blocked read off. One that is still connecting ends within 15 s."""
        self.kept.abort()
