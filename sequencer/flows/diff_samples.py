"""What a few buyers would read before and after an edit, line by line."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sequencer.core.arms import choose_arm
from sequencer.core.contact import Contact
from sequencer.core.render import render_step
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.core.version_change import traced
from sequencer.errors import SequencerError
from sequencer.files.override_file import read_override
from sequencer.flows.engine import Engine
from sequencer.flows.sequence_diff import Effect, SequenceDiff

SAMPLES = 3
_CONTEXT = 2
"""Unchanged lines around each change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One message of one buyer, in both versions."""

    address: str
    enrollment_id: int
    step: str
    lines: tuple[str, ...]
    """A unified diff of subject and text, without file names."""


def samples(engine: Engine, diff: SequenceDiff, limit: int = SAMPLES) -> list[Sample]:
    """The next changed message of up to `limit` buyers: of different steps and languages first."""
    chosen: dict[tuple[str, str], list[Effect]] = {}
    for effect in diff.effects:
        if effect.new_texts and not effect.left:
            chosen.setdefault((effect.new_texts[0], effect.contact.language), []).append(effect)
    rounds = max((len(effects) for effects in chosen.values()), default=0)
    in_turn = (effects[at] for at in range(rounds) for effects in chosen.values() if at < len(effects))
    return [_sample(engine, diff, effect) for effect in islice(in_turn, limit)]


def _sample(engine: Engine, diff: SequenceDiff, effect: Effect) -> Sample:
    old, name = diff.earlier[effect.enrollment.version_hash], effect.new_texts[0]
    after = diff.new.sequence.steps[diff.new.sequence.index_of(name)]
    later = diff.later_than(old)
    before = next((step for step in old.sequence.steps if traced(step.id, later) == name), None)
    was = list(_said(engine, old, before, effect)) if before is not None else []
    said = list(_said(engine, diff.new, after, effect))
    lines = list(difflib.unified_diff(was, said, n=_CONTEXT, lineterm=""))[2:]
    return Sample(
        address=effect.contact.address,
        enrollment_id=effect.enrollment.id,
        step=name,
        lines=tuple(line for line in lines if not line.startswith("@@")),
    )


def _said(engine: Engine, version: SequenceVersion, step: Step, effect: Effect) -> Iterator[str]:
    if step.task is not None:
        yield f"Task: {step.task}"
        return
    contact: Contact = effect.contact
    name = version.sequence.name
    arm = choose_arm(engine.key, name, step, contact.address_key)
    override = read_override(engine.workspace, name, contact.address, step.id)
    rep = engine.rep(effect.enrollment.rep)
    try:
        draft = render_step(version, step, contact, rep, engine.config.sender, arm=arm, override=override)
    except SequencerError as error:
        yield f"(does not render: {error})"
        return
    yield f"Subject: {draft.subject}" if draft.subject else "(in the thread)"
    yield from draft.text.splitlines()
    yield from (f"Attached: {one}" for one in draft.attach)
