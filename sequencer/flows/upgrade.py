"""Upgrade: the database backed up, then brought to this program's schema."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sequencer.store.engine import Store, no_workspace_in
from sequencer.store.lock import RunLock
from sequencer.store.migrate import back_up, upgrade_schema
from sequencer.store.schema import HEAD_REVISION


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What was done."""

    before: str
    after: str
    backup: Path | None
    """None when there was nothing to do."""


def upgrade(store: Store, now: datetime) -> Upgraded:
    """Back up beside the database, then migrate.

    SequencerError while a `run` works on the workspace, or when the file holds none.
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
        back_up(store, backup)
        upgrade_schema(store)
    finally:
        lock.release()
    return Upgraded(before=before, after=HEAD_REVISION, backup=backup)
