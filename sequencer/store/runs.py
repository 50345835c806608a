"""Runs of the daemon and their heartbeats."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from sequencer.store.engine import Tx
from sequencer.store.schema import daemon_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One row of `daemon_runs`."""

    boot_id: str
    pid: int
    host: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None


def start(tx: Tx, run: Run) -> None:
    """A daemon begins."""
    tx.execute(insert(daemon_runs).values(**{name: getattr(run, name) for name in Run.__slots__}))


def beat(tx: Tx, boot_id: str, now: datetime) -> None:
    """The daemon is alive."""
    tx.execute(update(daemon_runs).where(daemon_runs.c.boot_id == boot_id).values(beat_at=now))


def stop(tx: Tx, boot_id: str, now: datetime) -> None:
    """The daemon ended in order."""
    tx.execute(
        update(daemon_runs).where(daemon_runs.c.boot_id == boot_id).values(beat_at=now, stopped_at=now)
    )


def latest(tx: Tx) -> Run | None:
    """The run that began last."""
    query = select(daemon_runs).order_by(daemon_runs.c.started_at.desc()).limit(1)
    row = tx.execute(query).mappings().first()
    return Run(**{name: row[name] for name in Run.__slots__}) if row else None
