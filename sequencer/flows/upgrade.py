"""Upgrade: the database backed up, then brought to this program's schema."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sequencer.store.database_faults import damaged
from sequencer.store.engine import Store, no_workspace_in
from sequencer.store.integrity import look_over
from sequencer.store.lock import RunLock
from sequencer.store.migrate import back_up, changes, upgrade_schema
from sequencer.store.schema import HEAD_REVISION


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What was done."""

    before: str
    after: str
    backup: Path | None
    """None when there was nothing to do."""
    changes: tuple[tuple[str, str], ...] = ()
    """Each revision and what it brought, oldest first."""


def upgrade(store: Store, now: datetime) -> Upgraded:
    """Back up beside the database, migrate, and look the result over; the backup is kept.

    DatabaseLost when it is damaged before or after. SequencerError while a `run` works on the workspace, or
    when the file holds none.
    """
    before = store.revision()
    if before is None:
        raise no_workspace_in(store.path)
    if before == HEAD_REVISION:
        return Upgraded(before=before, after=HEAD_REVISION, backup=None)
    lock = RunLock(store.path)
    lock.take()
    try:
        backup = store.path.with_name(f"{store.path.name}.{before}.{now:%Y%m%d-%H%M%S}.backup")
        _require_sound(store)
        back_up(store, backup)
        upgrade_schema(store)
        _require_sound(store)
    finally:
        lock.release()
    return Upgraded(before=before, after=HEAD_REVISION, backup=backup, changes=tuple(changes(since=before)))


def _require_sound(store: Store) -> None:
    found = look_over(store.path)
    if not found.is_sound:
        raise damaged(str(store.path), found.problems[0])
