"""The JSON of `sequences diff`."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sequencer.core.step_changes import step_changes

if TYPE_CHECKING:
    from sequencer.flows.diff_samples import Sample
    from sequencer.flows.sequence_diff import Effect, SequenceDiff


def diff_json(found: "SequenceDiff", samples: "Sequence[Sample]") -> dict[str, object]:
    """One document; every enrollment that would go over is in it."""
    running = Counter(one.enrollment.version_hash for one in found.effects)
    return {
        "sequence": found.name,
        "version": found.new.hash,
        "diff": found.hash,
        "current": found.current,
        "earlier": [
            {"version": hash_, "enrollments": running[hash_], "steps": _steps(found, hash_)}
            for hash_ in found.earlier
            if running[hash_]
        ],
        "enrollments": [_effect(one) for one in found.effects],
        "samples": [{"contact": one.address, "step": one.step, "lines": list(one.lines)} for one in samples],
    }


def _steps(found: "SequenceDiff", hash_: str) -> list[dict[str, object]]:
    old = found.earlier[hash_]
    stand = Counter(one.enrollment.step for one in found.effects if one.enrollment.version_hash == hash_)
    return [
        {"step": one.step, "was": one.was, "changes": list(one.words), "stand_here": stand.get(one.was, 0)}
        for one in step_changes(old, found.new, found.later_than(old))
    ]


def _effect(one: "Effect") -> dict[str, object]:
    return {
        "id": one.enrollment.id,
        "contact": one.contact.address,
        "step": one.enrollment.step,
        "new_step": one.move.step,
        "fate": one.move.fate.value,
        "due_at": one.old_at,
        "new_due_at": one.new_at,
        "reworded": list(one.new_texts),
        "new_waits": list(one.new_waits),
        "skipped": list(one.move.skipped),
        "missed": list(one.move.missed),
        "left": one.left or None,
    }
