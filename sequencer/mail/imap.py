"""The MailReader over IMAP: new mail of every folder, read once, changing nothing."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from sequencer.config import Server
from sequencer.core.ports import Cursor, FolderBatch
from sequencer.mail.credentials import Credentials
from sequencer.mail.folders import Folder, Listed, folders_to_read, mend_for_missing
from sequencer.mail.imap_connection import ImapConnection
from sequencer.mail.imap_kept import KeptConnection
from sequencer.mail.imap_messages import MessageFetcher
from sequencer.mail.reading_plan import FolderState, Look, end_of, fresh_uids, how_to_look
from sequencer.mail.socks import no_password

BATCH = 50
"""Messages of one FETCH: at 256 kB each, a full batch stays below 13 MB."""

_log = logging.getLogger(__name__)


class ImapReader:
    """Reads a mailbox over one kept connection, with EXAMINE and BODY.PEEK alone (design: promises 3 and 5).

    Nothing new costs one LIST and one STATUS a folder; the list is asked for each time because a rule may
    have put an answer into a folder made a minute ago. SEARCH is never used: it is broken or absent on QQ,
    Exmail, 163, Exchange and Yahoo.

    Any NO, BAD, BYE, EOF, timeout or answer that is not IMAP raises ReadFailure: one line naming mailbox,
    host and cause, its mend as hint; the next read connects anew. A connection that died between two
    reads is replaced without a word. What happens to single messages: see MessageFetcher.

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
        self._messages = MessageFetcher(self.kept.place, max_bytes)

    def read_new(self, cursors: Sequence[Cursor], since: datetime | None) -> Iterator[FolderBatch]:
        """Yield batches of mail newer than `cursors`, INBOX first; see MailReader and `how_to_look`."""
        known = {cursor.folder: cursor for cursor in cursors}
        connection, listed = self.kept.listed()
        self._tell_missing(listed)
        folders = folders_to_read(
            listed, self._ignore_folders, is_gmail=connection.is_gmail, sent=self._sent_folder
        )
        for folder in folders:
            yield from self._read_folder(connection, folder, known.get(folder.name), since)
        connection.leave()

    def _tell_missing(self, listed: Sequence[Listed]) -> None:
        """Warn, once, of folders in `ignore_folders` that are not there: mail may be read that should not."""
        missing = {name: mend for name in self._ignore_folders if (mend := mend_for_missing(name, listed))}
        if missing.keys() != self._missing:
            for name, mend in missing.items():
                where = self.kept.place.mailbox
                _log.warning("%s: ignore_folders: there is no folder %r (%s)", where, name, mend)
            self._missing = frozenset(missing)

    def _read_folder(
        self, connection: ImapConnection, folder: Folder, cursor: Cursor | None, since: datetime | None
    ) -> Iterator[FolderBatch]:
        state = connection.status(folder)
        look = how_to_look(cursor, state, since)
        if look is Look.NOTHING_NEW and cursor is not None:
            yield FolderBatch(cursor=cursor, mails=())
            return
        if look is not Look.AT_END or state.uid_next is None:
            state = connection.examine(folder).filled_from(state)
            look = how_to_look(cursor, state, since)
        is_reset = look in (Look.BY_DATE, Look.AT_END)
        after = 0 if cursor is None or is_reset else cursor.last_uid
        found = _found(connection, folder, state, look, after)
        uids = [] if look is Look.AT_END else fresh_uids(found, after, since if is_reset else None)
        for batch, last_uid in _batches(uids, end_of(found, state, after)):
            yield FolderBatch(
                cursor=Cursor(folder=folder.name, uid_validity=state.uid_validity, last_uid=last_uid),
                mails=self._messages.mails(connection, folder, state.uid_validity, batch),
                was_reset=is_reset,
            )

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


def _found(
    connection: ImapConnection, folder: Folder, state: FolderState, look: Look, after: int
) -> Mapping[int, datetime | None]:
    """UIDs and dates that the look needs: none where STATUS has told enough, or the folder is empty."""
    if look is Look.NOTHING_NEW or state.messages == 0:
        return {}
    if look is Look.AT_END:
        return {} if state.uid_next is not None else connection.dates("*", folder)
    return connection.dates(f"{after + 1}:*", folder)


def _batches(uids: Sequence[int], end: int) -> Iterator[tuple[Sequence[int], int]]:
    """Slices of `uids`, each with where the cursor stands after it; one empty slice when there are none."""
    for start in range(0, len(uids) or 1, BATCH):
        batch = uids[start : start + BATCH]
        yield batch, end if start + BATCH >= len(uids) else batch[-1]
