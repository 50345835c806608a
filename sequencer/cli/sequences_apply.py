"""`sequences diff` and `apply`: what an edited sequence means for those who run it, and doing it."""

from typing import TYPE_CHECKING

import click

from sequencer.cli.complete import sequences
from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from sequencer.flows.sequence_diff import Effect, SequenceDiff

_SHOWN = 5
"""Buyers named for each kind of change; all of them are in --json."""
_ABOUT = "NAME is that of a file sequences/NAME.yaml."


@click.command("diff", epilog=examples("sequencer sequences diff mail-group", about=_ABOUT))
@click.argument("name", shell_complete=sequences)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def diff_command(session: Session, name: str, as_json: bool) -> None:
    """Show whom an edited sequence touches: texts, dates, steps that moved or are gone; changes nothing."""
    from sequencer.cli.output import say, say_json
    from sequencer.cli.sequence_diff_json import diff_json
    from sequencer.flows.diff_samples import samples

    found = _diff(session, name)
    shown = samples(session.engine, found)
    if as_json:
        say_json(diff_json(found, shown))
        return
    if not found.effects:
        say(f"{name}: nobody runs another version than the files say ({found.current} run this one).")
        return
    _say_steps(found)
    _say_effects(session, found)
    for sample in shown:
        say()
        say(f"{sample.address}, step {sample.step}:")
        for line in sample.lines:
            say(f"  {line}")
    say()
    say(f"To do all this:           sequencer sequences apply {name} --diff {found.hash}")
    say(f"For new enrollments only: sequencer sequences apply {name} --diff {found.hash} --only-new")


@click.command(
    "apply", epilog=examples("sequencer sequences apply mail-group --diff 3f2a91c0d4e5", about=_ABOUT)
)
@click.argument("name", shell_complete=sequences)
@click.option(
    "--diff", "shown", metavar="HASH", required=True, help="The one that `sequences diff NAME` ends with."
)
@click.option("--only-new", is_flag=True, help="Who runs an earlier version keeps it; nobody is touched.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def apply_command(session: Session, name: str, shown: str, only_new: bool, as_json: bool) -> None:
    """Let those who run an earlier version go over to the edited one, as `sequences diff` showed it."""
    from sequencer.cli.output import say, say_json
    from sequencer.errors import Attention
    from sequencer.flows.apply_sequence import apply_sequence, keep_for_new

    found = _diff(session, name)
    by = session.rep.name
    left: tuple[Effect, ...] = ()
    changed = 0
    if only_new:
        keep_for_new(session.engine, found, shown, by=by)
        words = f"{name}: new enrollments get it; {len(found.effects)} keep the version they run."
    else:
        done = apply_sequence(session.engine, found, shown, by=by)
        changed, left = len(done.changed), done.left
        words = f"{name}: {changed} run version {found.new.hash[:12]} now."
    if as_json:
        waiting = [{"contact": one.contact.address, "reason": one.left} for one in left]
        say_json({"sequence": name, "version": found.new.hash, "changed": changed, "left": waiting})
    else:
        say(words)
    if left:
        told = "; ".join(f"{one.contact.address}: {one.left}" for one in left[:_SHOWN])
        raise Attention(
            f"{len(left)} keep their version for now: {told}",
            hint=f"once that is settled: `sequencer sequences diff {name}`",
        )


def _diff(session: Session, name: str) -> "SequenceDiff":
    from sequencer.files.version import load_version
    from sequencer.flows.enroll import last_pinned
    from sequencer.flows.sequence_diff import sequence_diff

    earlier = last_pinned(session.engine, name)
    version = load_version(session.workspace, name, session.config, earlier=earlier)
    return sequence_diff(session.engine, version)


def _say_steps(found: "SequenceDiff") -> None:
    from collections import Counter

    from sequencer.cli.output import say, say_table
    from sequencer.core.step_changes import step_changes

    for hash_, old in found.earlier.items():
        mine = [one for one in found.effects if one.enrollment.version_hash == hash_]
        if not mine:
            continue
        stand = Counter(one.enrollment.step for one in mine)
        say(f"{found.name}: {len(mine)} run version {hash_[:12]}; the files are {found.new.hash[:12]}.")
        changes = step_changes(old, found.new, found.later_than(old))
        say_table(
            ("step", "stand here", "what changes"),
            [(one.step, stand.get(one.was, 0) if one.was else "", "; ".join(one.words)) for one in changes],
        )
        say()


def _say_effects(session: Session, found: "SequenceDiff") -> None:
    from sequencer.cli.output import say
    from sequencer.core.version_change import Fate

    reworded = [one for one in found.effects if one.new_texts and not one.left]
    redated = [one for one in found.effects if one.is_redated]
    moved = [one for one in found.effects if one.move.fate is not Fate.STAYS and not one.left]
    missing = [one for one in found.effects if one.move.missed and not one.left]
    say(f"{len(reworded)} of {len(found.effects)} will read other words in a message still to come.")
    further = sum(bool(one.new_waits) and not one.left for one in found.effects)
    if further:
        say(f"{further} have a step further ahead that comes after another wait.")
    _say_some(f"{len(redated)} get their next step at another time", redated, _dates(session))
    _say_some(f"{len(moved)} stand at a step that is renamed or gone", moved, _place)
    _say_some(
        f"{len(missing)} have steps behind them that they never got, and will not get",
        missing,
        lambda one: ", ".join(one.move.missed),
    )
    left = [one for one in found.effects if one.left]
    _say_some(f"{len(left)} keep their version for now", left, lambda one: one.left)


def _say_some(heading: str, effects: "list[Effect]", words: "Callable[[Effect], str]") -> None:
    from sequencer.cli.output import say

    if not effects:
        return
    say(f"{heading}:")
    for one in effects[:_SHOWN]:
        say(f"  {one.contact.address}: {words(one)}")
    if len(effects) > _SHOWN:
        say(f"  … and {len(effects) - _SHOWN} more (--json names all)")


def _dates(session: Session) -> "Callable[[Effect], str]":
    from sequencer.cli.local_time import shown

    zone = session.config.default_zone

    def words(effect: "Effect") -> str:
        old = shown(effect.old_at, zone) if effect.old_at else "no date"
        new = shown(effect.new_at, zone) if effect.new_at else "no date"
        return f"{old} → {new} ({zone})"

    return words


def _place(effect: "Effect") -> str:
    to = effect.move.step
    at = effect.enrollment.step
    return f"{at} → {to}" if to is not None else f"{at} is gone, and nothing comes after it: it has completed"
