"""Whether a database file is sound: its pages, and that every row it points at exists."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

SQLITE_VERSION = sqlite3.sqlite_version
"""Of the library, not of the module."""
CHECKED_IN_SECONDS = 20.0
"""About 1 s per gigabyte that is in memory; a slow disk must not keep the daemon from starting."""
_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """What a look over the file found."""

    problems: tuple[str, ...] = ()
    """Damage, in SQLite's words, the first few."""
    lost_links: tuple[str, ...] = ()
    """`table → table: how many`: rows that point at rows which are gone."""
    is_whole: bool = True
    """False: time was up before everything was looked at."""

    @property
    def is_sound(self) -> bool:
        return not self.problems


def look_over(path: Path, seconds: float = CHECKED_IN_SECONDS) -> Soundness:
    """`PRAGMA quick_check` and `foreign_key_check`, broken off after `seconds`. Never makes a file.

    sqlite3.Error when the file cannot be opened at all or is kept locked.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)) as connection:
        timer = threading.Timer(seconds, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            return _look(connection)
        finally:
            timer.cancel()
            timer.join()


def _look(connection: sqlite3.Connection) -> Soundness:
    try:
        said = [str(row[0]) for row in connection.execute(f"PRAGMA quick_check({_TOLD})")]
        if said != ["ok"]:
            return Soundness(problems=tuple(" ".join(line.split()) for line in said))
        lost: dict[str, int] = {}
        for table, _row, parent, _number in connection.execute("PRAGMA foreign_key_check"):
            lost[f"{table} → {parent}"] = lost.get(f"{table} → {parent}", 0) + 1
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT:
            return Soundness(is_whole=False)
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return Soundness(problems=(str(error),))
        raise
    return Soundness(lost_links=tuple(f"{link}: {count}" for link, count in sorted(lost.items())))
