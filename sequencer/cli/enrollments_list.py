"""`enrollments list`: who stands where in which sequence."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.enrollment_filter import filtered, which
from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.enrollment import Enrollment
    from sequencer.store.skips import PastSkip


@click.command(
    "list",
    epilog=examples(
        "sequencer enrollments list --sequence mail-group --state held",
        "sequencer enrollments list --where 'contact.country == \"DE\"' --step catalogue --json",
    ),
)
@filtered
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(["active", "held", "finished"]),
    help="Only these. Repeatable.",
)
@click.option("--all", "all_", is_flag=True, help="Finished ones too.")
@click.option(
    "--limit", type=click.IntRange(1), default=200, show_default=True, metavar="N", help="At most so many."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(
    session: Session, /, states: tuple[str, ...], all_: bool, limit: int, as_json: bool, **whom: Any
) -> None:
    """List enrollments: active and held ones, unless --state, --contact or --all says otherwise."""
    from sequencer.cli.output import note, say_json
    from sequencer.core.enrollment import EnrollmentState
    from sequencer.flows import steer
    from sequencer.store.skips import skips_of

    every = whom["contact"] or all_
    wanted = tuple(EnrollmentState(state) for state in states) or (() if every else steer.UNFINISHED)
    with session.store.read() as tx:
        found = steer.listed(tx, which(whom), wanted)
        listed, total = found[:limit], len(found)
        skips = skips_of(tx, [one.id for one, _address in listed])
    if as_json:
        rows = [_json(one, address, skips.get(one.id, [])) for one, address in listed]
        say_json({"enrollments": rows, "total": total})
        return
    _table(listed, skips, session.config.default_zone)
    note(f"{len(listed)} of {total} enrollments", quiet=session.quiet)


def _table(listed: "list[tuple[Enrollment, str]]", skips: "dict[int, list[PastSkip]]", zone: str) -> None:
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say_table

    columns = (
        "id",
        "contact",
        "sequence",
        "round",
        "state",
        "why",
        "step",
        f"next ({zone})",
        "mailbox",
        "rep",
    )
    say_table(
        columns,
        (
            (
                *(one.id, address, one.sequence, one.round, one.state),
                _why(one, skips.get(one.id, []), zone),
                *(one.step, shown(one.next_at, zone), one.mailbox, one.rep),
            )
            for one, address in listed
        ),
    )


def _why(one: "Enrollment", skips: "list[PastSkip]", zone: str) -> str:
    skipped = [f"skipped {skip.step} ({skip.reason})" for skip in skips[-1:]]
    return ", ".join([*([state] if (state := _state(one, zone)) else []), *skipped])


def _state(one: "Enrollment", zone: str) -> str:
    from sequencer.cli.local_time import shown

    if one.finish_reason is not None:
        return one.finish_reason.value
    if one.hold is None:
        return ""
    until = f" until {shown(one.hold.until, zone)}" if one.hold.until else ""
    note = f": {one.hold.note}" if one.hold.note else ""
    return f"{one.hold.reason}{until}{note}"


def _json(one: "Enrollment", address: str, skips: "list[PastSkip]") -> dict[str, Any]:
    hold = one.hold
    return {
        "id": one.id,
        "contact": address,
        "sequence": one.sequence,
        "round": one.round,
        "state": one.state.value,
        "hold_reason": hold.reason.value if hold else None,
        "held_until": hold.until if hold else None,
        "hold_note": hold.note if hold else None,
        "finish_reason": one.finish_reason.value if one.finish_reason else None,
        "finished_at": one.finished_at,
        "skipped": [{"step": skip.step, "reason": skip.reason, "at": skip.at} for skip in skips],
        "step": one.step,
        "next_at": one.next_at,
        "mailbox": one.mailbox,
        "rep": one.rep,
        "version": one.version_hash,
        "created_at": one.created_at,
    }
