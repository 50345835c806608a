"""How one folder is looked at, decided from its cursor and its STATUS: pure, so that each case has a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sequencer.core.ports import Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderState:
    """What STATUS or EXAMINE says about a folder."""

    uid_validity: int = 0
    """0: the server did not say (RFC 3501 §2.3.1.1 demands it)."""
    uid_next: int | None = None
    messages: int | None = None

    def filled_from(self, other: "FolderState") -> "FolderState":
        """This state, with what it does not say taken from an older one."""
        return FolderState(
            uid_validity=self.uid_validity or other.uid_validity,
            uid_next=self.uid_next or other.uid_next,
            messages=other.messages if self.messages is None else self.messages,
        )


class Look(StrEnum):
    """How a folder is read."""

    NOTHING_NEW = "nothing_new"
    """UIDNEXT stands where the cursor does."""
    BY_UID = "by_uid"
    """From the cursor on."""
    BY_DATE = "by_date"
    """First sight, or its UIDs start anew: by INTERNALDATE."""
    AT_END = "at_end"
    """First sight without a date: read from now on."""


def how_to_look(cursor: Cursor | None, state: FolderState, since: datetime | None) -> Look:
    """How a folder in this `state` is read.

    A UIDNEXT below the cursor under the same UIDVALIDITY means that the server went back (restored from a
    backup): the old UIDs will be given again, so the folder counts as new. A server that gives no
    UIDVALIDITY promises nothing about its UIDs: every read starts anew by date, bounded by `since`; only
    without `since` are its UIDs trusted, for reading too much is better than never seeing an answer.
    """
    if cursor is not None and _fits(cursor, state, since):
        return Look.NOTHING_NEW if state.uid_next == cursor.last_uid + 1 else Look.BY_UID
    return Look.AT_END if since is None else Look.BY_DATE


def _fits(cursor: Cursor, state: FolderState, since: datetime | None) -> bool:
    if cursor.uid_validity != state.uid_validity:
        return False
    if state.uid_validity == 0:
        return since is None
    return state.uid_next is None or state.uid_next > cursor.last_uid


def fresh_uids(found: Mapping[int, datetime | None], after: int, since: datetime | None) -> list[int]:
    """The UIDs above `after`, and received in or after the second of `since`, in order.

    INTERNALDATE has whole seconds; a message without a readable one counts as new. `n:*` always answers
    with the last message, even below n (RFC 3501 §6.4.8), hence the comparison with `after`.
    """
    earliest = since.replace(microsecond=0) if since else None
    return sorted(
        uid
        for uid, received_at in found.items()
        if uid > after and (earliest is None or received_at is None or received_at >= earliest)
    )


def end_of(found: Mapping[int, datetime | None], state: FolderState, cursor_uid: int) -> int:
    """The last UID that this read has dealt with: UIDNEXT - 1, or a later message that was listed."""
    return max(cursor_uid, (state.uid_next or 1) - 1, *found)
