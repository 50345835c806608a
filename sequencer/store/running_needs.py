"""What running enrollments are pinned to: reps, mailboxes and sequence versions, each combination once."""

from dataclasses import dataclass

from sqlalchemy import func, select

from sequencer.store.by_state import RUNNING, stands_in
from sequencer.store.engine import Tx
from sequencer.store.schema import enrollments


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningNeeds:
    """What some running enrollments need."""

    sequence: str
    version_hash: str
    rep: str
    mailbox: str
    count: int


def running_needs(tx: Tx) -> list[RunningNeeds]:
    """Every combination that unfinished enrollments are pinned to, the most frequent first."""
    pinned = [getattr(enrollments.c, name) for name in ("sequence", "version_hash", "rep", "mailbox")]
    query = (
        select(*pinned, func.count().label("count"))
        .where(stands_in(enrollments, RUNNING))
        .group_by(*pinned)
        .order_by(func.count().desc(), enrollments.c.sequence)
    )
    return [RunningNeeds(**row) for row in tx.execute(query).mappings()]
