"""One reading of a whole mailbox, folder by folder: one that will not open keeps none of the others back."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sequencer.core.ports import Cursor, FolderBatch, FolderRole, ReadFailure
from sequencer.mail.folders import Folder
from sequencer.mail.imap_connection import ImapConnection
from sequencer.mail.imap_faults import Place, Refused, refused_command
from sequencer.mail.imap_held import LARGE
from sequencer.mail.imap_listing import Found, look_for
from sequencer.mail.imap_messages import MessageFetcher
from sequencer.mail.reading_plan import FolderState, Look, how_to_look

BATCH = 50
"""Messages of one FETCH: at 256 kB each, a full batch stays below 13 MB."""

_log = logging.getLogger(__name__)


class Sweep:
    """Reads the folders it is given, pass after pass, and remembers what a further pass must settle.

    A mail that a rule moves while we read has left a folder that we had not looked into, and lies in one
    that we had: where a UID is missing among the new ones, or a folder is gone, everything is looked at once
    more (design: promises 3 and 5).
    """

    def __init__(
        self,
        place: Place,
        cursors: Sequence[Cursor],
        since: datetime | None,
        messages: MessageFetcher,
        forbidden: set[str],
    ) -> None:
        """`forbidden`: folders that were skipped and told of before; grows."""
        self._place = place
        self.cursors = {cursor.folder: cursor for cursor in cursors}
        self._since = since
        self._messages = messages
        self._forbidden = forbidden
        self._failures: dict[str, ReadFailure] = {}
        self.large: Folder | None = None
        """INBOX, when it is so large that it had better stay open."""
        self._has_failed = self._has_gap = False

    def read(
        self, connection: ImapConnection, folders: Sequence[Folder], states: Mapping[bytes, FolderState]
    ) -> Iterator[FolderBatch]:
        """New mail of each folder; a refusal waits until the others were read."""
        self._failures.clear()
        self._has_failed = self._has_gap = False
        for folder in folders:
            try:
                for batch in self._folder(connection, folder, states.get(folder.wire)):
                    self.cursors[folder.name] = batch.cursor
                    yield batch
            except Refused as refusal:
                self._note(refusal, folder)
                if refusal.is_unsafe_login:
                    break
            except ReadFailure as failure:
                if not connection.is_open:
                    raise
                self._failures[folder.name] = failure
                self._has_failed = True

    @property
    def must_look_again(self) -> bool:
        """Something has moved; where the reading has failed anyway, the next one will see."""
        return self._has_gap and not self._has_failed

    def raise_if_refused(self) -> None:
        """The first ReadFailure of the last pass: what one folder holds is unknown."""
        for failure in self._failures.values():
            failure.is_partial = not failure.is_lasting
            raise failure

    def _folder(
        self, connection: ImapConnection, folder: Folder, told: FolderState | None
    ) -> Iterator[FolderBatch]:
        cursor = self.cursors.get(folder.name)
        if connection.held == folder and cursor is not None:
            self.large = folder
            state = connection.look_again(cursor)
            if state is None:
                yield FolderBatch(cursor=cursor, mails=())
                return
            if how_to_look(cursor, state, self._since) is Look.BY_UID:
                yield from self._batches(connection, folder, state, Look.BY_UID)
                return
            connection.leave()
        yield from self._looked_into(connection, folder, told or connection.status(folder))

    def _looked_into(
        self, connection: ImapConnection, folder: Folder, state: FolderState
    ) -> Iterator[FolderBatch]:
        """A folder that is opened where STATUS does not tell enough."""
        cursor = self.cursors.get(folder.name)
        if folder.role is FolderRole.INBOX and (state.messages or 0) >= LARGE:
            self.large = folder
        look = how_to_look(cursor, state, self._since)
        if look is Look.NOTHING_NEW and cursor is not None:
            yield FolderBatch(cursor=cursor, mails=())
            return
        if look is not Look.AT_END or state.uid_next is None:
            state = connection.examine(folder).filled_from(state)
            look = how_to_look(cursor, state, self._since)
        yield from self._batches(connection, folder, state, look)

    def _batches(
        self, connection: ImapConnection, folder: Folder, state: FolderState, look: Look
    ) -> Iterator[FolderBatch]:
        cursor, is_reset = self.cursors.get(folder.name), look in (Look.BY_DATE, Look.AT_END)
        found = look_for(connection, folder, state, look, cursor, self._since)
        if not is_reset and cursor is not None and found.end - cursor.last_uid > len(found.uids):
            self._has_gap = True
        for batch, last_uid in _slices(found):
            yield FolderBatch(
                cursor=Cursor(folder=folder.name, uid_validity=state.uid_validity, last_uid=last_uid),
                mails=self._messages.mails(connection, folder, state.uid_validity, batch),
                was_reset=is_reset,
            )
        connection.was_read(folder, found.end)

    def _note(self, refusal: Refused, folder: Folder) -> None:
        """A folder nobody lets us into holds nobody's answers to us: it is told of once, and skipped."""
        is_own_matter = folder.role is FolderRole.OTHER and refusal.is_forbidden
        if is_own_matter or folder.is_foreign:
            if folder.name not in self._forbidden:
                self._forbidden.add(folder.name)
                where = self._place.mailbox
                mend = "give this login the right to read it, or add it to ignore_folders"
                _log.warning("%s: folder %r is not read: %s (%s)", where, folder.name, refusal.text, mend)
            return
        self._has_gap |= refusal.is_gone
        self._has_failed |= not refusal.is_gone
        words = refused_command(refusal.text, refusal.doing, self._place, folder=folder.name)
        self._failures[folder.name] = words


def _slices(found: Found) -> Iterator[tuple[Sequence[int], int]]:
    """Slices of the UIDs, each with where the cursor stands after it; one empty slice when there are none."""
    for start in range(0, len(found.uids) or 1, BATCH):
        batch = found.uids[start : start + BATCH]
        yield batch, found.end if start + BATCH >= len(found.uids) else batch[-1]
