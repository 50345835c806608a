"""A large folder that stays open between two readings: to open it anew is what costs its server time."""

from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

from sequencer.core.ports import Cursor
from sequencer.mail.folders import Folder
from sequencer.mail.reading_plan import FolderState

LARGE = 20_000
"""Messages from which it is worth it: Dovecot over Maildir goes through them all for each STATUS and EXAMINE
once new mail has come, and keeps most of that in mind for a folder that is open."""
MOST_OTHERS = 30
"""Where one LIST that tells all states would name the held folder too, the others are asked one by one."""
_NEWS = ("EXISTS", "EXPUNGE", "VANISHED", "RECENT")


class Held:
    """Which folder it is, how far it was read, and what its server has said of it since.

    Only on Dovecot, which was tried: elsewhere NOOP may keep quiet about new mail, and a reading that finds
    nothing must be true. What was not read to its end counts as changed (RFC 3501 §5.2, §6.1.2).
    """

    def __init__(self) -> None:
        self.folder: Folder | None = None
        self.opened: Folder | None = None
        """What was examined last."""
        self._state = FolderState()
        self._has_news = True
        self._read_to: int | None = None

    def examined(self, folder: Folder, state: FolderState, untagged: MutableMapping[str, Any]) -> None:
        """Another folder is open now, or the same one anew; what EXAMINE itself says is no news."""
        self.folder, self.opened, self._state = None, folder, state
        self._has_news, self._read_to = True, None
        _taken(untagged)

    def note(self, untagged: MutableMapping[str, Any]) -> None:
        """Take in what the server said by the way."""
        self._has_news = _taken(untagged) or self._has_news

    def was_read(self, folder: Folder, last_uid: int) -> None:
        """All that was known of its news has been dealt with; what came meanwhile is noted later."""
        if folder == self.opened:
            self._has_news, self._read_to = False, last_uid

    def is_as_read(self, cursor: Cursor | None) -> bool:
        """Whether nothing has happened since the cursor was set there."""
        if cursor is None or self._has_news:
            return False
        return (cursor.uid_validity, cursor.last_uid) == (self._state.uid_validity, self._read_to)

    def state(self) -> FolderState:
        """What EXAMINE said, with the UIDNEXT that reading has reached, or one more when there are news."""
        if self._read_to is None:
            return self._state
        return replace(self._state, uid_next=self._read_to + 1 + self._has_news)

    def unnumbered(self) -> FolderState:
        """What EXAMINE said, but for what changes."""
        return replace(self._state, uid_next=None, messages=None)


def is_dovecot(untagged: MutableMapping[str, Any]) -> bool:
    """By its answer to ID (RFC 2971)."""
    return b"dovecot" in b"".join(one for one in untagged.get("ID", ()) if isinstance(one, bytes)).lower()


def _taken(untagged: MutableMapping[str, Any]) -> bool:
    found = [name for name in _NEWS if untagged.pop(name, None) is not None]
    return bool(found)
