"""The SentHeads over IMAP: the heads of what lies in Sent, read with EXAMINE and BODY.PEEK alone."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sequencer.core.mime_headers import addresses, decode_words, message_ids, split_block
from sequencer.core.ports import FolderRole, ReadFailure, SentHead
from sequencer.mail.folders import Folder, Listed, folders_to_read, named_folders, sent_folder
from sequencer.mail.imap_answers import Fetched
from sequencer.mail.imap_connection import ImapConnection
from sequencer.mail.imap_faults import Refused, refused_command
from sequencer.mail.imap_kept import KeptConnection

LISTED = 500
"""Messages of which UID and date are asked for at once, from the newest backwards."""
OLD_ENOUGH = 4
"""So many such answers in a row without anything recent, and the rest is taken for older still: mail that a
person moved into Sent bears a new UID and an old date."""
BATCH = 100
"""Heads of one FETCH."""
MOST_BYTES = 65_536
"""Of one mail whose text is compared: attachments come below it."""
_FIELDS = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID X-MICROSOFT-ORIGINAL-MESSAGE-ID TO CC SUBJECT)]"
_ID_FIELDS = ("message-id", "x-microsoft-original-message-id")


class ImapSentHeads:
    """Looks through Sent over the connection that the mailbox's reader keeps; for the reader's thread alone.

    SEARCH is not used: it is broken or absent on QQ, Exmail, 163, Exchange and Yahoo, and an answer that
    leaves out what lies there would be worse than none.
    """

    def __init__(self, kept: KeptConnection, configured: str | None = None) -> None:
        """`configured` is `sent_folder` of config.toml: it goes before what the server marks."""
        self._kept = kept
        self._configured = configured

    def sent_since(self, since: datetime, learnt: str | None = None) -> Iterator[SentHead]:
        """See SentHeads. Also looks where mail is never read: Sent may stand in `ignore_folders`."""
        connection, listed = self._kept.listed()
        folders = _where(connection, listed, self._configured, learnt)
        if not folders:
            raise self._no_folder()
        earliest = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        for folder in folders:
            try:
                yield from _heads(connection, folder, earliest)
            except Refused as refusal:
                place = self._kept.place
                raise refused_command(refusal.text, "looking through", place, folder=folder.name) from None
        connection.leave()

    def raw_of(self, head: SentHead) -> bytes:
        """See SentHeads: the first `MOST_BYTES` of it."""
        connection, listed = self._kept.listed()
        folder = next(
            (one for one in named_folders(listed, self._configured) if one.name == head.folder), None
        )
        if folder is None:
            return b""
        try:
            connection.examine(folder)
            found = connection.fetch([head.uid], f"BODY.PEEK[]<0.{MOST_BYTES}>", folder).get(head.uid)
        except Refused as refusal:
            raise refused_command(refusal.text, "reading", self._kept.place, folder=folder.name) from None
        connection.leave()
        return found.raw or b"" if found else b""

    def _no_folder(self) -> ReadFailure:
        place, name = self._kept.place, self._configured
        if name is not None:
            hint = "write sent_folder as your mail program shows it"
            return place.failure(f"there is no folder {name!r} to look through", hint, is_lasting=True)
        hint = 'name it: sent_folder = "…" under this mailbox'
        return place.failure("no Sent folder to look through", hint, is_lasting=True)


def _where(
    connection: ImapConnection, listed: Sequence[Listed], configured: str | None, learnt: str | None
) -> list[Folder]:
    """Gmail's All Mail, unless it is hidden from IMAP; else every folder for sent mail, the chosen first.

    A mail program may file in a folder of its own beside the one that the server marks.
    """
    if connection.is_gmail:
        read = folders_to_read(listed, (), is_gmail=True)
        everything = [folder for folder in read if folder.role is FolderRole.ALL]
        if everything:
            return everything
    chosen = sent_folder(listed, configured, learnt)
    others = (folder for folder in named_folders(listed, configured) if folder.role is FolderRole.SENT)
    return [] if chosen is None else [chosen, *(one for one in others if one.wire != chosen.wire)]


def _heads(connection: ImapConnection, folder: Folder, earliest: datetime) -> Iterator[SentHead]:
    uids = _recent(connection, folder, earliest)
    for start in range(0, len(uids), BATCH):
        found = connection.fetch(uids[start : start + BATCH], _FIELDS, folder)
        for uid, each in found.items():
            if folder.role is not FolderRole.ALL or "\\Sent" in each.labels:
                yield _head(folder.name, uid, each, earliest)


def _recent(connection: ImapConnection, folder: Folder, earliest: datetime) -> list[int]:
    """UIDs of what was received since, in order; a message without a readable date counts as recent.

    Numbers only sink while a folder is open (RFC 3501 §7.4.1), so that going backwards misses nothing.
    """
    last, without = connection.examine(folder).messages or 0, 0
    found: set[int] = set()
    while last > 0 and without < OLD_ENOUGH:
        first = max(1, last - LISTED + 1)
        dates = connection.dates_at(first, last, folder)
        recent = {uid for uid, at in dates.items() if at is None or at >= earliest}
        without = 0 if recent else without + 1
        found |= recent
        last = first - 1
    return sorted(found)


def _head(folder: str, uid: int, fetched: Fetched, earliest: datetime) -> SentHead:
    block = (fetched.raw or b"").replace(b"\r\n", b"\n")
    return head_of(folder, uid, fetched.received_at or earliest, block)


def head_of(folder: str, uid: int, received_at: datetime, block: bytes) -> SentHead:
    """What a message's head (LF line ends) says of ids, recipients and subject."""
    fields, _body = split_block(block, 0, len(block))
    ids = [one for name in _ID_FIELDS for key, value in fields if key == name for one in message_ids(value)]
    people = [address for key, value in fields if key in ("to", "cc") for _name, address in addresses(value)]
    subject = next((value for key, value in fields if key == "subject"), "")
    return SentHead(
        folder=folder,
        uid=uid,
        received_at=received_at,
        message_ids=tuple(dict.fromkeys(ids)),
        recipients=tuple(dict.fromkeys(people)),
        subject=" ".join(decode_words(subject).split()),
    )
