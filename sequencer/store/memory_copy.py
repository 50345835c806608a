"""A copy of the database in memory, to try things out on: the file itself is only read."""

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sequencer.store.database_faults import database_fault
from sequencer.store.engine import Store

_TRIES = 5
"""A daemon that starts or stops meanwhile changes how the file must be read."""


@contextmanager
def memory_copy(path: Path) -> Iterator[Store]:
    """A store over a copy of the database at `path`; both are gone with the block.

    SequencerError when it cannot be read.
    """
    try:
        place, keeper = _copied(path)
    except sqlite3.Error as error:
        raise database_fault(error, where=str(path)) or error from None
    with closing(keeper):
        store = Store(path, is_durable=False, opened_at=f"{place}&uri=true")
        try:
            yield store
        finally:
            store.close()


def _copied(path: Path) -> tuple[str, sqlite3.Connection]:
    """Where SQLite opens the copy, and a connection without which it would be gone."""
    for left in reversed(range(_TRIES)):
        # Several connections share what is named with a slash.
        place = f"file:/{secrets.token_hex(8)}?vfs=memdb"
        keeper = sqlite3.connect(place, uri=True)
        try:
            if _copy(path, place):
                return place, keeper
        except sqlite3.OperationalError:
            if not left:
                keeper.close()
                raise
        keeper.close()
    raise sqlite3.OperationalError("the database changed while it was copied")


def _copy(path: Path, place: str) -> bool:
    """Whether the copy is of one moment. Nothing is written, nor beside the file.

    Without a log nobody has it open, and it is read as it lies there (sqlite.org/uri.html: immutable). With
    one, the index of the log is only looked at (sqlite.org/walformat.html: read-only databases); a log
    whose index is lost is nobody's either: SQLite may make one elsewhere.
    """
    log, index = path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
    if not log.exists():
        before = path.stat().st_mtime_ns
        _copy_by(path, "immutable=1", place)
        return not log.exists() and path.stat().st_mtime_ns == before
    if index.exists():
        _copy_by(path, "readonly_shm=1", place)
        return True
    with TemporaryDirectory(prefix="sequencer-") as folder:
        for one in (path, log):
            shutil.copyfile(one, Path(folder, one.name))
        _copy_by(Path(folder, path.name), "cache=private", place)
    return True


def _copy_by(path: Path, how: str, place: str) -> None:
    uri = f"{path.absolute().as_uri()}?mode=ro&{how}"
    with closing(sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)) as source:
        # Not by the backup interface: that keeps the mark of a write-ahead log, which memory can't have.
        source.execute("VACUUM INTO ?", (place,))
