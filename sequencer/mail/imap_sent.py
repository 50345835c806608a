"""The SentFolder over IMAP: looks among the newest of Sent, then APPENDs, the only thing we ever write."""

import re
from collections.abc import Sequence
from datetime import datetime

from sequencer.core.ports import Filed, NamedFolder, ReadFailure
from sequencer.mail.folders import Folder, folders_to_read, named_folders, sent_folder
from sequencer.mail.imap_connection import ImapConnection
from sequencer.mail.imap_faults import Refused, refused_copy
from sequencer.mail.imap_kept import KeptConnection

_ID = re.compile(rb"<[^<>\s]+>")
LOOK_AMONG = 50
"""Newest messages of Sent in which a copy is looked for: a try that broke off left its copy there."""


class ImapSentFolder:
    """Saves copies over the connection that the mailbox's reader keeps; for the reader's thread alone.

    Plain IMAP4rev1 (RFC 3501): a synchronising literal, no UIDPLUS, no SEARCH.
    """

    def __init__(
        self, kept: KeptConnection, configured: str | None = None, ignore_folders: Sequence[str] = ()
    ) -> None:
        """`configured` is `sent_folder` of config.toml: it goes before what the server marks."""
        self._kept = kept
        self._configured = configured
        self._ignore_folders = tuple(ignore_folders)

    def save(self, raw: bytes, message_id: str, sent_at: datetime, learnt: str | None = None) -> Filed:
        """See SentFolder. ReadFailure also when there is no Sent folder, which a person must mend."""
        connection, listed = self._kept.listed()
        folder = sent_folder(listed, self._configured, learnt)
        if folder is None:
            raise self._no_folder()
        try:
            was_there = message_id.encode() in _newest_ids(connection, folder)
            if not was_there:
                connection.append(folder, raw, sent_at)
        except Refused as refusal:
            raise refused_copy(refusal.text, self._kept.place, folder.name) from None
        connection.leave()
        return Filed(folder=folder.name, was_there=was_there)

    def folders(self) -> list[NamedFolder]:
        """Every folder that can hold mail, INBOX first, each with the number of its messages, if it tells."""
        connection, listed = self._kept.listed()
        read = folders_to_read(
            listed, self._ignore_folders, is_gmail=connection.is_gmail, sent=self._configured
        )
        is_read = {folder.wire for folder in read}
        return [
            NamedFolder(
                name=folder.name,
                role=folder.role,
                is_read=folder.wire in is_read,
                messages=_held_in(connection, folder),
            )
            for folder in named_folders(listed, self._configured)
        ]

    def _no_folder(self) -> ReadFailure:
        place, name = self._kept.place, self._configured
        if name is not None:
            hint = "write sent_folder as your mail program shows it, or make that folder"
            return place.failure(f"there is no folder {name!r} to save sent mail in", hint, is_lasting=True)
        hint = 'name it: sent_folder = "…" under this mailbox, or write save_sent = "never"'
        return place.failure("no Sent folder to save sent mail in", hint, is_lasting=True)


def _held_in(connection: ImapConnection, folder: Folder) -> int | None:
    try:
        return connection.status(folder).messages
    except Refused:
        return None


def _newest_ids(connection: ImapConnection, folder: Folder) -> set[bytes]:
    """The Message-IDs of the newest messages; the one a relay put in place of ours counts as well."""
    heads = connection.newest_ids(folder, LOOK_AMONG)
    return {found for head in heads for found in _ID.findall(head)}
