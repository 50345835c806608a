"""Finish tasks: a rep did what a task asked, and the enrollment that waited for it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sequencer.core.enrollment import EnrollmentState
from sequencer.core.progress import standing_after
from sequencer.errors import InputError
from sequencer.flows.engine import Engine
from sequencer.flows.note_contact import write_entry
from sequencer.store import contacts, enrollments, tasks
from sequencer.store.engine import Tx
from sequencer.store.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What became of the tasks."""

    done: tuple[Task, ...]
    left: tuple[tuple[Task, str], ...]
    """Tasks that were over before, with the reason."""


def finish_tasks(engine: Engine, ids: Sequence[int], *, note: str = "", by: str = "") -> Finished:
    """Mark tasks done now, `note` behind the note of their contacts.

    InputError for an id that is not there, before anything is changed.
    """
    wanted = list(dict.fromkeys(ids))
    done, left = [], []
    with engine.store.write() as tx:
        now = engine.clock.now()
        for task in _by_ids(tx, wanted):
            if task.cancelled_at is not None:
                left.append((task, "was cancelled: its enrollment has finished"))
            elif task.done_at is not None:
                left.append((task, f"was done at {task.done_at:%Y-%m-%d %H:%M}Z"))
            elif tasks.done(tx, task, now):
                done.append(task)
                _go_on(engine, tx, task, now)
                if note.strip():
                    words = f"{task.title}: {note}"
                    write_entry(tx, task.contact_id, words, by, now, engine.config.default_zone)
    return Finished(done=tuple(done), left=tuple(left))


def _go_on(engine: Engine, tx: Tx, task: Task, now: datetime) -> None:
    """A step that waits for its task ends now; with `wait_for_task: no` the enrollment is past it."""
    if task.enrollment_id is None or task.step is None:
        return
    enrollment = enrollments.by_id(tx, task.enrollment_id)
    contact = contacts.contact_of(tx, task.contact_id)
    if enrollment is None or contact is None or enrollment.state is EnrollmentState.FINISHED:
        return
    if enrollment.step != task.step:
        return
    sequence = engine.version(tx, enrollment.version_hash).sequence
    standing = standing_after(sequence, task.step, now, engine.rhythm(contact, sequence))
    enrollments.advance(tx, enrollment, standing, now)


def _by_ids(tx: Tx, ids: Sequence[int]) -> list[Task]:
    found = {task.id: task for task in tasks.by_ids(tx, ids)}
    missing = [str(one) for one in ids if one not in found]
    if missing:
        raise InputError(
            f"there is no task {', '.join(missing)}", hint="`sequencer tasks list` shows their ids"
        )
    return [found[one] for one in ids]
