"""An edited sequence beside an earlier version, step by step, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from sequencer.core.sequence import Sequence, SequenceVersion, Step
from sequencer.core.timing import Timing
from sequencer.core.version_change import Texts, moved_steps, traced

_TOLD_OTHERWISE = frozenset({"id", "was", "template", "variants", *(one.name for one in fields(Timing))})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChange:
    """One step of either version."""

    step: str
    """Its id in the new version; in the earlier one where it is removed."""
    was: str | None
    """Its id in the earlier version; None where it is added."""
    words: tuple[str, ...]
    """What changed: `added`, `due 3d → 5d`, `text of short/offer` …; empty when nothing did."""


def step_changes(old: SequenceVersion, new: SequenceVersion, later: list[Sequence]) -> list[StepChange]:
    """Every step of the new version in its order, each removed one behind the step it came after.

    `later` are the sequences of all versions after `old`, the new one last.
    """
    named = {step.id: traced(step.id, later) for step in old.sequence.steps}
    before = {name: step for step in old.sequence.steps if (name := named[step.id]) is not None}
    moved, texts = moved_steps(old.sequence, later), (Texts(old), Texts(new))
    changes = []
    for step in new.sequence.steps:
        was = before.get(step.id)
        words = tuple(_words(was, step, texts, is_moved=step.id in moved)) if was else ("added",)
        changes.append(StepChange(step=step.id, was=was.id if was else None, words=words))
    for at, step in enumerate(old.sequence.steps):
        if named[step.id] is None:
            kept = [named[one.id] for one in old.sequence.steps[:at] if named[one.id] is not None]
            gone = StepChange(step=step.id, was=step.id, words=("removed",))
            changes.insert(_place_after(changes, kept[-1] if kept else None), gone)
    return changes


def _place_after(changes: list[StepChange], step: str | None) -> int:
    at = next((at for at, one in enumerate(changes) if one.step == step), -1) + 1
    while at < len(changes) and changes[at].words == ("removed",):
        at += 1
    return at


def _words(old: Step, new: Step, texts: tuple[Texts, Texts], *, is_moved: bool) -> Iterator[str]:
    if old.id != new.id:
        yield f"was {old.id}"
    if is_moved:
        yield "moved"
    if old.timing != new.timing:
        yield f"due {old.timing} → {new.timing}"
    for one in fields(Step):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if one.name not in _TOLD_OTHERWISE and before != after:
            yield f"{one.name.replace('_', ' ')} {_said(before)} → {_said(after)}"
    if old.arms != new.arms:
        yield f"template {_said(old.arms)} → {_said(new.arms)}"
    for name in texts[0].differing(texts[1], new.arms):
        yield f"text of {name}"


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value) or "none"
    return "none" if value is None else str(value)
