"""Going over: what one running enrollment's step, date, message and task become under an edited sequence."""

from dataclasses import dataclass
from datetime import datetime

from sequencer.core.progress import Rhythm, reopened, standing_at
from sequencer.core.sequence import Step
from sequencer.core.version_change import Fate, Move, does_the_same
from sequencer.store.applying import Moving, Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The step that comes next under the new version, beside what it was."""

    before: Step | None
    """None: the step is new."""
    after: Step
    has_same_window: bool
    has_same_words: bool
    """The buyer would read the same."""


def going_over(runner: Runner, moved: Move, coming: NextStep | None, rhythm: Rhythm, now: datetime) -> Moving:
    """How an enrollment whose message is not under way goes over; `coming` is None when nothing is left.

    What the edit does not touch stays: the date, a prepared message with its approval, an open task.
    SequencerError when the window of the new version never opens.
    """
    enrollment = runner.enrollment
    if coming is None:
        return _moving(runner, moved, None, None, withdraws=True)
    if runner.has_task and coming.after.is_task:
        return _moving(runner, moved, enrollment.next_at, enrollment.prepare_at, keeps_task=True)
    due_at = due_now(runner)
    if due_at is None or not _is_dated_alike(moved, coming):
        due_at = standing_at(coming.after, enrollment.anchor_at, rhythm).next_at
    elif _is_untouched(runner, moved, coming):
        return _moving(runner, moved, enrollment.next_at, enrollment.prepare_at)
    standing = reopened(coming.after, enrollment.anchor_at, due_at, now, rhythm)
    return _moving(runner, moved, standing.next_at, standing.prepare_at, withdraws=True)


def due_now(runner: Runner) -> datetime | None:
    """When its step is due as it stands; None while a task is waited for."""
    return runner.message_due_at if runner.has_unsent else runner.enrollment.next_at


def due_then(runner: Runner, moving: Moving) -> datetime | None:
    """When its step is due once it went over."""
    return runner.message_due_at if runner.has_unsent and not moving.withdraws else moving.next_at


def _is_dated_alike(moved: Move, coming: NextStep) -> bool:
    if moved.fate not in (Fate.STAYS, Fate.RENAMED) or coming.before is None:
        return False
    return coming.has_same_window and coming.before.timing == coming.after.timing


def _is_untouched(runner: Runner, moved: Move, coming: NextStep) -> bool:
    """A step that is not prepared yet is prepared from the new version by itself."""
    if coming.before is None or not does_the_same(coming.before, coming.after):
        return False
    return not runner.has_unsent or (moved.fate is Fate.STAYS and coming.has_same_words)


def _moving(
    runner: Runner,
    moved: Move,
    next_at: datetime | None,
    prepare_at: datetime | None,
    *,
    withdraws: bool = False,
    keeps_task: bool = False,
) -> Moving:
    return Moving(
        enrollment=runner.enrollment,
        step=moved.step,
        passed=moved.passed,
        next_at=next_at,
        prepare_at=prepare_at,
        withdraws=withdraws,
        keeps_task=keeps_task,
    )
