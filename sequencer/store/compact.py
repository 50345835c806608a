"""The database written anew, so that what was blanked or deleted is in none of its bytes."""

import sqlite3
from contextlib import closing

from sequencer.errors import SequencerError
from sequencer.store.engine import Store

_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def compact(store: Store, *, wait_seconds: float = 30) -> bool:
    """Rewrite the file (VACUUM) and empty its log; False when somebody else's use kept one of them from it.

    SQLite leaves deleted text in free space, and earlier versions of a page in the write-ahead log, until
    then (sqlite.org/lang_vacuum.html, sqlite.org/pragma.html#pragma_wal_checkpoint). It needs as much free
    disk as the database is large, and holds the write lock meanwhile.
    """
    try:
        with closing(sqlite3.connect(store.path, timeout=wait_seconds, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            [is_busy, *_pages] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not is_busy
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in _IN_USE:
            return False
        raise SequencerError(
            f"the database cannot be written anew: {error}",
            where=str(store.path),
            hint="it needs as much free disk as it is large; then run the same command again",
        ) from None
