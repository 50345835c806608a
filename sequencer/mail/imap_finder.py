"""The MessageFinder over IMAP: one message at its place, else where it was moved to; EXAMINE and PEEK."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sequencer.core.mime_headers import message_ids, split_block
from sequencer.mail.folders import Folder, named_folders
from sequencer.mail.imap_connection import ImapConnection
from sequencer.mail.imap_faults import Refused, refused_command
from sequencer.mail.imap_kept import KeptConnection

_LISTED = 500
"""Messages of which UID and date are asked for at once, from the newest backwards."""
_OLD_ENOUGH = 4
"""So many such answers without anything as new, and the rest of a folder is taken for older."""
_BATCH = 100
_ABOUT = timedelta(days=1)
"""A message keeps its date where it is moved; some servers shift it by a zone."""
_ID = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"


class ImapFinder:
    """Finds one message over a connection; SEARCH is not used (broken or absent on QQ, 163, Exchange …)."""

    def __init__(
        self, kept: KeptConnection, configured_sent: str | None = None, max_bytes: int = 262_144
    ) -> None:
        """`max_bytes` as the reader has it: what was judged is what is found."""
        self._kept = kept
        self._configured_sent = configured_sent
        self._section = f"BODY.PEEK[]<0.{max_bytes}>"

    def find(
        self, folder: str, uid_validity: int, uid: int, message_id: str | None, received_at: datetime
    ) -> bytes | None:
        """See MessageFinder. Also looks into folders that are not read, such as Trash."""
        connection, listed = self._kept.listed()
        folders = named_folders(listed, self._configured_sent)
        for one in folders:
            if one.name == folder:
                raw = self._at(connection, one, uid_validity, uid)
                if raw:
                    return raw
        if message_id is None:
            return None
        for one in folders:
            raw = self._by_id(connection, one, message_id, received_at)
            if raw:
                return raw
        connection.leave()
        return None

    def _at(self, connection: ImapConnection, folder: Folder, uid_validity: int, uid: int) -> bytes | None:
        if connection.examine(folder).uid_validity != uid_validity:
            return None
        return self._text(connection, folder, uid)

    def _by_id(
        self, connection: ImapConnection, folder: Folder, message_id: str, received_at: datetime
    ) -> bytes | None:
        try:
            for uids in _of_that_time(connection, folder, received_at):
                heads = connection.fetch(uids, _ID, folder)
                for uid, head in heads.items():
                    if message_id in _ids(head.raw or b""):
                        return self._text(connection, folder, uid)
        except Refused as refusal:
            raise refused_command(
                refusal.text, "looking through", self._kept.place, folder=folder.name
            ) from None
        return None

    def _text(self, connection: ImapConnection, folder: Folder, uid: int) -> bytes | None:
        try:
            found = connection.fetch([uid], self._section, folder).get(uid)
        except Refused as refusal:
            raise refused_command(refusal.text, "reading", self._kept.place, folder=folder.name) from None
        return found.raw if found else None


def _of_that_time(connection: ImapConnection, folder: Folder, at: datetime) -> Iterator[list[int]]:
    """UIDs of what was received about then, in batches; of a message without a readable date too."""
    last, without = connection.examine(folder).messages or 0, 0
    while last > 0 and without < _OLD_ENOUGH:
        first = max(1, last - _LISTED + 1)
        dates = connection.dates_at(first, last, folder)
        uids = sorted(uid for uid, one in dates.items() if one is None or abs(one - at) <= _ABOUT)
        is_newer = any(one is None or one >= at - _ABOUT for one in dates.values())
        without = 0 if is_newer else without + 1
        for start in range(0, len(uids), _BATCH):
            yield uids[start : start + _BATCH]
        last = first - 1


def _ids(head: bytes) -> list[str]:
    block = head.replace(b"\r\n", b"\n")
    fields, _body = split_block(block, 0, len(block))
    return [one for name, value in fields if name == "message-id" for one in message_ids(value)]
