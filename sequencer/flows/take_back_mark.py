"""Take back mark: what a mark did beside the word itself, before another one takes its place."""

from datetime import datetime

from sequencer.core.contact import Stage
from sequencer.flows.end_effects import set_stage
from sequencer.store import marks
from sequencer.store.engine import Tx
from sequencer.store.marks import Marked


def take_back_mark(tx: Tx, marked: Marked, now: datetime, by: str) -> list[str]:
    """Its open task, its stage if nobody moved the contact since, its suppressions; in words.

    What it finished stays finished, and what it let go goes on.
    """
    done = []
    task_id, stage = marked.did.get("task"), marked.did.get("stage")
    if task_id is not None and marks.cancel_task(tx, int(task_id), now):
        done.append(f"task {task_id} cancelled")
    if stage:
        before, after = (Stage(one) for one in stage)
        done += set_stage(tx, marked.contact_id, after, before, now, by)
    if marks.remove_claimed(tx, source_of(marked.inbox_id)):
        done.append("no longer suppressed")
    return done


def source_of(inbox_id: int) -> str:
    """What `suppressions list` names as the source of one that a mark made."""
    return f"answer {inbox_id}, marked unsubscribe"
