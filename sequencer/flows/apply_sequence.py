"""Apply an edited sequence: those who run an earlier version go over to it in one write, as was shown."""

from dataclasses import dataclass

from sequencer.errors import InputError
from sequencer.flows.engine import Engine
from sequencer.flows.sequence_diff import Effect, SequenceDiff, hash_of
from sequencer.store import applying, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of those who ran an earlier version."""

    changed: tuple[Effect, ...] = ()
    left: tuple[Effect, ...] = ()
    """They keep their version for now; `Effect.left` says why."""


def apply_sequence(engine: Engine, diff: SequenceDiff, shown: str, *, by: str) -> Applied:
    """Do what `diff` says if it is the one that was `shown` (its hash), and still true; else InputError.

    One durable commit: either all go over or nobody.
    """
    _require(diff, shown, diff.hash)
    going = [one for one in diff.effects if one.moving is not None]
    now = engine.clock.now()
    with engine.store.write() as tx:
        # Between the look and this write somebody may have moved on, answered or been enrolled.
        _require(diff, shown, hash_of(diff.new, applying.runners(tx, diff.name)))
        versions.keep(tx, diff.new, now)
        applying.go_over(tx, [one.moving for one in going if one.moving], diff.new.hash, now, by=by)
        applying.decide(tx, diff.name, diff.new.hash, now, only_new=False, by=by)
    return Applied(changed=tuple(going), left=tuple(one for one in diff.effects if one.moving is None))


def keep_for_new(engine: Engine, diff: SequenceDiff, shown: str, *, by: str) -> None:
    """The edit is for new enrollments only: who runs an earlier version keeps it, and `status` is content."""
    _require(diff, shown, diff.hash)
    now = engine.clock.now()
    with engine.store.write() as tx:
        versions.keep(tx, diff.new, now)
        applying.decide(tx, diff.name, diff.new.hash, now, only_new=True, by=by)


def _require(diff: SequenceDiff, shown: str, found: str) -> None:
    if shown.strip().lower() != found:
        raise InputError(
            f"that diff of {diff.name} is no longer true: a file was edited, or somebody moved on, since",
            hint=f"look again: `sequencer sequences diff {diff.name}`",
        )
