"""The difference an edited sequence makes: for each enrollment that runs an earlier version of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sequencer.core.arms import choose_arm
from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment
from sequencer.core.sequence import Sequence as Steps
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.core.version_change import Move, Texts, ahead, move
from sequencer.errors import SequencerError
from sequencer.flows.engine import Engine
from sequencer.flows.going_over import NextStep, due_now, due_then, going_over
from sequencer.store import applying, contacts
from sequencer.store.applying import Moving, Runner
from sequencer.store.engine import Tx

HASH_LENGTH = 12
"""Hex digits of a diff's hash: enough to tell two diffs apart, short enough to copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the edit means for one enrollment."""

    runner: Runner
    contact: Contact
    move: Move
    old_at: datetime | None
    """When its next step is due; None while it waits for a task."""
    new_at: datetime | None
    """The same once the edit is applied."""
    new_texts: tuple[str, ...]
    """The messages ahead, by their steps' new names, that this buyer would read in other words."""
    new_waits: tuple[str, ...]
    """Steps behind the next one that come after another wait than before."""
    moving: Moving | None
    left: str = ""
    """Why it keeps its version for now; empty when it goes over."""

    @property
    def enrollment(self) -> Enrollment:
        return self.runner.enrollment

    @property
    def is_redated(self) -> bool:
        return not self.left and self.new_at != self.old_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceDiff:
    """Everything that applying an edited sequence would do; nothing is written."""

    name: str
    new: SequenceVersion
    earlier: Mapping[str, SequenceVersion]
    """Every other version of it, by hash, the oldest first."""
    effects: tuple[Effect, ...]
    """One for each enrollment that runs one of those, by id."""
    current: int
    """Enrollments that run the new version already."""
    hash: str
    """Of what a person decides about: the new version, and who stands where."""

    def later_than(self, old: SequenceVersion) -> list[Steps]:
        """The sequences of the versions after this one, the new one last."""
        return _later(self.earlier, old, self.new)


def sequence_diff(engine: Engine, new: SequenceVersion) -> SequenceDiff:
    """What the version just read from the files means for those who run another one of its sequence."""
    now = engine.clock.now()
    with engine.store.read() as tx:
        found = applying.runners(tx, new.sequence.name)
        affected = [one for one in found if one.enrollment.version_hash != new.hash]
        people = contacts.contacts_of(tx, {one.enrollment.contact_id for one in affected})
        edit = _Edit(engine, tx, new)
        effects = tuple(edit.effect(one, people[one.enrollment.contact_id], now) for one in affected)
    return SequenceDiff(
        name=new.sequence.name,
        new=new,
        earlier=edit.earlier,
        effects=effects,
        current=len(found) - len(affected),
        hash=hash_of(new, found),
    )


def hash_of(new: SequenceVersion, runners: Sequence[Runner]) -> str:
    """Another one as soon as a file changes, or anybody who would go over has moved on, begun or ended."""
    standing = [
        (one.enrollment.id, one.enrollment.version_hash, one.enrollment.step, one.is_under_way)
        for one in runners
        if one.enrollment.version_hash != new.hash
    ]
    said = json.dumps([new.sequence.name, new.hash, standing])
    return hashlib.sha256(said.encode()).hexdigest()[:HASH_LENGTH]


def _later(earlier: Mapping[str, SequenceVersion], old: SequenceVersion, new: SequenceVersion) -> list[Steps]:
    hashes = list(earlier)
    return [*(earlier[one].sequence for one in hashes[hashes.index(old.hash) + 1 :]), new.sequence]


class _Edit:
    """One edited sequence beside all earlier versions of it."""

    def __init__(self, engine: Engine, tx: Tx, new: SequenceVersion) -> None:
        hashes = [one for one in applying.versions_of(tx, new.sequence.name) if one != new.hash]
        self.earlier = {one: engine.version(tx, one) for one in hashes}
        self._engine = engine
        self._new = new
        self._texts: dict[str, Texts] = {}

    def effect(self, runner: Runner, contact: Contact, now: datetime) -> Effect:
        """What becomes of one enrollment."""
        enrollment = runner.enrollment
        old = self.earlier[enrollment.version_hash]
        later = _later(self.earlier, old, self._new)
        moved = move(enrollment.step or "", old.sequence, later, enrollment.passed)
        coming = ahead(old.sequence, later, moved)
        changed = tuple(step.id for was, step in coming if not self._reads_the_same(old, was, step, contact))
        moving, left = self._moving(runner, moved, coming, changed, old, contact, now)
        old_at = due_now(runner)
        return Effect(
            runner=runner,
            contact=contact,
            move=moved,
            old_at=old_at,
            new_at=due_then(runner, moving) if moving else old_at,
            new_texts=changed,
            new_waits=tuple(
                step.id for was, step in coming[1:] if was is not None and was.timing != step.timing
            ),
            moving=moving,
            left=left,
        )

    def _moving(
        self,
        runner: Runner,
        moved: Move,
        coming: Sequence[tuple[Step | None, Step]],
        changed: Sequence[str],
        old: SequenceVersion,
        contact: Contact,
        now: datetime,
    ) -> tuple[Moving | None, str]:
        if runner.is_under_way:
            return None, f"its message of step {runner.enrollment.step} is {runner.message_state}"
        next_step = None
        if coming:
            before, after = coming[0]
            next_step = NextStep(
                before=before,
                after=after,
                has_same_window=old.sequence.window == self._new.sequence.window,
                has_same_words=after.id not in changed,
            )
        try:
            rhythm = self._engine.rhythm(contact, self._new.sequence)
            return going_over(runner, moved, next_step, rhythm, now), ""
        except SequencerError as error:
            return None, str(error)

    def _reads_the_same(
        self, old: SequenceVersion, before: Step | None, after: Step, contact: Contact
    ) -> bool:
        return before is not None and self._words(old, before, contact) == self._words(
            self._new, after, contact
        )

    def _words(self, version: SequenceVersion, step: Step, contact: Contact) -> tuple[object, ...]:
        if not step.arms:
            return (step.task,)
        if version.hash not in self._texts:
            self._texts[version.hash] = Texts(version)
        name = version.sequence.name
        arm = choose_arm(self._engine.key, name, step, contact.address_key)
        return (step.subject, step.attach, *self._texts[version.hash].of(arm, contact.language))
