"""A restored database is held back: what happened after its backup is not known to it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, literal, select, update

from sequencer.store import mailboxes
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record
from sequencer.store.schema import daemon_runs
from sequencer.store.schema import mailboxes as known


def hold_back(tx: Tx, names: Iterable[str], reason: str, now: datetime) -> list[str]:
    """Pause every mailbox, those of `names` that the database lacks too; returns them all, by name.

    What a mailbox was paused for before stands in front of the reason. Readings count as none, and the
    daemon that was at work when the backup was made is over.
    """
    held = {row.name for row in tx.execute(select(known.c.name))}
    mailboxes.sync(tx, {name: name for name in names if name not in held})
    before = func.coalesce(known.c.pause_reason + literal("; "), "")
    tx.execute(
        update(known).values(
            pause_reason=before + reason, paused_at=func.coalesce(known.c.paused_at, now), read_at=None
        )
    )
    ended = daemon_runs.c.stopped_at.is_(None)
    tx.execute(update(daemon_runs).where(ended).values(stopped_at=daemon_runs.c.beat_at))
    record(tx, now, Event(kind="restored"))
    return sorted(row.name for row in tx.execute(select(known.c.name)))
