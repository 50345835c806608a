"""Pinned sequence versions: every text a sequence can reach, by hash."""

from datetime import datetime

from sqlalchemy import insert, select

from sequencer.core.sequence import SequenceVersion
from sequencer.store.engine import Tx
from sequencer.store.schema import sequence_versions


def keep(tx: Tx, version: SequenceVersion, now: datetime) -> None:
    """Store a version unless it is there already."""
    if name_of(tx, version.hash) is None:
        values = {"sequence": version.sequence.name, "texts": dict(version.texts), "created_at": now}
        tx.execute(insert(sequence_versions).values(hash=version.hash, **values))


def texts_of(tx: Tx, version_hash: str) -> dict[str, str] | None:
    """The pinned texts by workspace-relative path."""
    query = select(sequence_versions.c.texts).where(sequence_versions.c.hash == version_hash)
    found: dict[str, str] | None = tx.execute(query).scalar()
    return found


def name_of(tx: Tx, version_hash: str) -> str | None:
    """The sequence a version belongs to."""
    query = select(sequence_versions.c.sequence).where(sequence_versions.c.hash == version_hash)
    found: str | None = tx.execute(query).scalar()
    return found


def newest_of(tx: Tx, sequence: str) -> str | None:
    """The hash of the version of this sequence that was pinned last."""
    query = (
        select(sequence_versions.c.hash)
        .where(sequence_versions.c.sequence == sequence)
        .order_by(sequence_versions.c.created_at.desc())
        .limit(1)
    )
    found: str | None = tx.execute(query).scalar()
    return found
