"""Fetching messages: one that the server will not hand over is neither lost silently nor blocks for ever."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from sequencer.core.ports import RawMail
from sequencer.mail.folders import Folder
from sequencer.mail.imap_answers import Fetched
from sequencer.mail.imap_connection import ImapConnection
from sequencer.mail.imap_faults import Place, Refused, refused_command

REFUSALS_BEFORE_GIVING_UP = 10
"""Reads (some five minutes at the usual pace) in which a server must refuse one message."""

_HEADER = "BODY.PEEK[HEADER]"
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
_log = logging.getLogger(__name__)


class MessageFetcher:
    """Fetches messages of one mailbox, and remembers which of them its server refused.

    A message that the server no longer lists is gone, and skipped. One that it lists but does not hand over
    with the others (NO, or OK without text) is asked for alone, then its headers alone, which are enough to
    match an answer. If these are refused too, the read fails, so that nothing is concluded. After ten
    such reads it is handed over with empty `raw` and a warning: one rotten message must not silence a
    mailbox for ever. A refusal that names an overload ([UNAVAILABLE], [INUSE], … RFC 5530) and a connection
    that breaks are never counted: those fail every read until they end.
    """

    def __init__(self, place: Place, max_bytes: int) -> None:
        self._place = place
        self._section = f"BODY.PEEK[]<0.{max_bytes}>"
        self._refusals: Counter[tuple[str, int, int]] = Counter()

    def mails(
        self, connection: ImapConnection, folder: Folder, uid_validity: int, uids: Sequence[int]
    ) -> list[RawMail]:
        """The messages in the order of `uids`, without drafts, which Gmail keeps in All Mail."""
        if not uids:
            return []
        try:
            fetched = connection.fetch(uids, self._section, folder)
        except Refused:
            fetched = {}
        lacking = [uid for uid in uids if uid not in fetched or fetched[uid].raw is None]
        still_listed = connection.dates(",".join(map(str, lacking)), folder) if lacking else {}
        for uid in lacking:
            fetched.pop(uid, None)
            if uid in still_listed:
                fetched[uid] = self._alone(connection, folder, uid_validity, uid)
        return [
            RawMail(
                folder=folder.name,
                uid_validity=uid_validity,
                uid=uid,
                received_at=fetched[uid].received_at or still_listed.get(uid) or _NO_DATE,
                raw=fetched[uid].raw or b"",
                role=folder.role,
                labels=fetched[uid].labels,
            )
            for uid in uids
            if uid in fetched and "\\Draft" not in fetched[uid].labels
        ]

    def _alone(self, connection: ImapConnection, folder: Folder, uid_validity: int, uid: int) -> Fetched:
        words, is_overload = "no text", False
        for section in (self._section, _HEADER):
            try:
                got = connection.fetch([uid], section, folder).get(uid)
            except Refused as refusal:
                words, is_overload = refusal.text, is_overload or refusal.is_overload
            else:
                if got is not None and got.raw is not None:
                    return got
        key = (folder.name, uid_validity, uid)
        self._refusals[key] += 0 if is_overload else 1
        if self._refusals[key] < REFUSALS_BEFORE_GIVING_UP:
            raise refused_command(words, f"handing over message {uid} of", self._place, folder=folder.name)
        _log.warning("%s: message %d of %r cannot be read: %s", self._place.mailbox, uid, folder.name, words)
        return Fetched(received_at=None, raw=b"")
