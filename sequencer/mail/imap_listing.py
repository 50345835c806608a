"""Which messages of a folder are to be fetched: their UIDs, found without SEARCH and without much memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sequencer.core.ports import Cursor
from sequencer.mail.folders import Folder
from sequencer.mail.imap_connection import ImapConnection
from sequencer.mail.reading_plan import FolderState, Look, end_of, fresh_uids

PAGE = 2_000
"""Messages whose dates are asked for at once when a folder is read for the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is to be fetched, and where the cursor stands when it was."""

    uids: Sequence[int]
    end: int


def look_for(
    connection: ImapConnection,
    folder: Folder,
    state: FolderState,
    look: Look,
    cursor: Cursor | None,
    since: datetime | None,
) -> Found:
    """The messages that this look has to fetch; the folder is open, unless STATUS has told enough."""
    after = cursor.last_uid if cursor is not None and look in (Look.BY_UID, Look.NOTHING_NEW) else 0
    if look is Look.NOTHING_NEW or state.messages == 0:
        return Found(uids=(), end=end_of({}, state, after))
    if look is Look.AT_END:
        found = {} if state.uid_next is not None else connection.dates("*", folder)
        return Found(uids=(), end=end_of(found, state, 0))
    if look is Look.BY_DATE and state.messages:
        return _by_date(connection, folder, state, since)
    found = connection.dates(f"{after + 1}:*", folder)
    is_by_date = look is Look.BY_DATE
    return Found(
        uids=fresh_uids(found, after, since if is_by_date else None), end=end_of(found, state, after)
    )


def _by_date(connection: ImapConnection, folder: Folder, state: FolderState, since: datetime | None) -> Found:
    """A page at a time, and of each only what is new enough is kept.

    Every date is looked at. Halving the folder, or stopping at the first old page, would be faster and lose
    answers: mail that was moved or imported bears a high UID and an old date, so dates are in no order; and
    SEARCH SINCE, which would tell at once, is not to be trusted at QQ, Exmail, 163, Exchange and Yahoo.
    100,000 messages are some 7 MB, once. Numbers only sink while a folder is open (RFC 3501 §7.4.1), so that
    going backwards misses nothing.
    """
    last, end, uids = state.messages or 0, end_of({}, state, 0), set[int]()
    while last > 0:
        first = max(1, last - PAGE + 1)
        dates = connection.dates_at(first, last, folder)
        uids.update(fresh_uids(dates, 0, since))
        end = max(end, *dates, 0)
        last = first - 1
    return Found(uids=sorted(uids), end=end)
