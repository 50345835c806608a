"""What SQLite refuses, said as one line with its mend."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from sequencer.errors import SequencerError

_SAID: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "another program kept the database locked for half a minute",
        "close what has it open (a database browser, a backup, a syncing tool) and run this again",
    ),
    sqlite3.SQLITE_READONLY: (
        "the database may not be written to",
        "give yourself the right to write the file and its folder",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the database cannot be opened",
        "see that you may read and write sequencer.db and its folder",
    ),
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space and run this again"),
    sqlite3.SQLITE_IOERR: (
        "the disk failed while the database was read or written",
        "see whether the disk is full or faulty, then run this again",
    ),
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", "restore it from a backup"),
    sqlite3.SQLITE_NOTADB: ("this is not a database of sequencer", "restore it from a backup"),
}
_SAID[sqlite3.SQLITE_LOCKED] = _SAID[sqlite3.SQLITE_BUSY]
_SAID[sqlite3.SQLITE_PERM] = _SAID[sqlite3.SQLITE_CANTOPEN]


def database_fault(error: Exception, *, where: str | None = None) -> SequencerError | None:
    """What a person can do about it; None when the database is not to blame (our own fault, say)."""
    if not isinstance(error, DBAPIError):
        return None
    # Extended result codes keep the primary one in their low byte (sqlite.org/rescode.html).
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code not in _SAID:
        return None
    message, hint = _SAID[code]
    return SequencerError(message, where=where, hint=hint)
