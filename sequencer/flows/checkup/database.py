"""Database: its schema, its soundness, its size."""

from collections.abc import Iterator
from pathlib import Path

from sequencer.core.checkup import Check, bad, fine, unknown, warning
from sequencer.flows.checkup.ground import Ground
from sequencer.store.integrity import look_over

MB = 1_000_000
WAL_MB = 200
"""A write-ahead log grows so large only while somebody keeps a reading open for hours."""


def database(ground: Ground) -> Iterator[Check]:
    """Whether it can be opened, and is whole."""
    path = ground.workspace.database
    fault = ground.store_fault
    if fault is not None:
        yield bad("database", fault.message, fault.hint)
    if not path.exists():
        return
    found = look_over(path)
    if not found.is_sound:
        mend = "restore it from a backup (`sequencer restore FILE DIR`); see docs/operations.md"
        yield bad("database", f"it is damaged: {found.problems[0]}", mend)
        return
    for link in found.lost_links:
        yield bad("database", f"rows point at others that are gone: {link}", "see docs/operations.md")
    if not found.is_whole:
        yield unknown(
            "database", "too large to be looked over in 20 s", 'sqlite3 sequencer.db "PRAGMA quick_check"'
        )
    elif fault is None and not found.lost_links:
        revision = ground.store.revision() if ground.store else "?"
        yield fine("database", f"schema {revision}, {path.stat().st_size / MB:.1f} MB, sound")


def log_of_writes(ground: Ground) -> Iterator[Check]:
    """The write-ahead log beside it."""
    path = Path(f"{ground.workspace.database}-wal")
    size = path.stat().st_size // MB if path.exists() else 0
    if size > WAL_MB:
        what = f"its write-ahead log has {size} MB: some program keeps a reading open"
        yield warning("database", what, "close database browsers and the like")
