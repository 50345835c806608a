"""Close answered: a rep who wrote back by hand has done what a mark had asked of them."""

from datetime import datetime

from sequencer.core.marks import MARKS
from sequencer.store import marks, tasks
from sequencer.store.engine import Tx


def close_answered(tx: Tx, contact_id: int, written_at: datetime, now: datetime) -> list[str]:
    """Tick off the tasks to answer what had come before `written_at`; in words."""
    asked = [
        int(one.did["task"])
        for one in marks.marks_before(tx, contact_id, written_at)
        if MARKS[one.mark].only_unanswered and one.did.get("task")
    ]
    if not asked:
        return []
    return [f"task {one.id} done" for one in tasks.by_ids(tx, asked) if tasks.done(tx, one, now)]
