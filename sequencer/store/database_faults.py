"""What SQLite refuses, said as one line with its mend."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from sequencer.errors import SequencerError

_RESTORE = "restore it from a backup (`sequencer restore FILE DIR`); docs/operations.md has the ways on"

_GO_ON = ": the daemon then goes on by itself, a command has to be run again"

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
    sqlite3.SQLITE_FULL: (
        "the disk is full",
        f"free some space{_GO_ON}",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk failed while the database was read or written",
        f"see whether the disk is full or faulty{_GO_ON}",
    ),
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", _RESTORE),
    sqlite3.SQLITE_NOTADB: ("this is not a database of sequencer", _RESTORE),
}
_SAID[sqlite3.SQLITE_LOCKED] = _SAID[sqlite3.SQLITE_BUSY]
_SAID[sqlite3.SQLITE_PERM] = _SAID[sqlite3.SQLITE_CANTOPEN]


_LOST = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class DatabaseLost(SequencerError):
    """The file is damaged: to go on would write on sand."""


def database_fault(error: Exception, *, where: str | None = None) -> SequencerError | None:
    """What a person can do about it; None when the database is not to blame (our own fault, say)."""
    native = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(native, sqlite3.Error):
        return None
    # Extended result codes keep the primary one in their low byte (sqlite.org/rescode.html).
    code = getattr(native, "sqlite_errorcode", 0) & 0xFF
    if code not in _SAID:
        return None
    message, hint = _SAID[code]
    return (DatabaseLost if code in _LOST else SequencerError)(message, where=where, hint=hint)


def damaged(where: str, problem: str) -> DatabaseLost:
    """A look over the file found this."""
    return DatabaseLost(f"the database is damaged: {problem}", where=where, hint=_RESTORE)
