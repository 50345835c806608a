"""`status`: one screen on the daemon, the mailboxes, and what needs a person."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.flows.status import Status, Waiting


@click.command(epilog=examples("sequencer status", "sequencer status --json"))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def status(session: Session, as_json: bool) -> None:
    """Show how everything stands; exit code 3 when the daemon died."""
    from sequencer.cli.output import say_json
    from sequencer.errors import Attention
    from sequencer.flows import status as flow

    found = flow.status(session.engine)
    if as_json:
        say_json(status_json(found))
    else:
        _show(found, session.config.default_zone)
    if found.daemon is flow.DaemonState.DEAD and found.run is not None:
        raise Attention(
            f"the daemon died: no sign of life since {found.run.beat_at:%Y-%m-%d %H:%M}Z",
            hint="start it again with `sequencer run`; it takes up where it stopped",
        )


def status_json(found: "Status") -> dict[str, Any]:
    """The document of `status --json`; keys are only ever added.

    `daemon.state` is never, running, stopped or dead; `enrollments`, `held` and `outbox` count by state
    and reason; `overdue` and `unsure` hold the longest waiting of each.
    """
    from sequencer.cli.mailboxes import mailbox_json

    run = found.run
    return {
        "at": found.at,
        "daemon": {
            "state": found.daemon.value,
            "pid": run.pid if run else None,
            "host": run.host if run else None,
            "started_at": run.started_at if run else None,
            "beat_at": run.beat_at if run else None,
            "stopped_at": run.stopped_at if run else None,
        },
        "mailboxes": [mailbox_json(line) for line in found.mailboxes],
        "enrollments": dict(found.enrollments),
        "held": dict(found.holds),
        "outbox": dict(found.outbox),
        "overdue": [_waiting_json(one) for one in found.overdue],
        "unsure": [_waiting_json(one) for one in found.unsure],
        "notices": {"failing": found.notices.waiting, "given_up_24h": found.notices.given_up},
        "edited_sequences": [{"sequence": one.name, "running": one.running} for one in found.edited],
        "tasks": {"open": found.tasks.count, "overdue": found.tasks.overdue},
    }


def _waiting_json(one: "Waiting") -> dict[str, Any]:
    row = one.row
    return {
        "id": row.id,
        "contact": row.address,
        "sequence": row.sequence,
        "step": row.step,
        "mailbox": row.mailbox,
        "due_at": row.due_at,
        "reason": one.reason,
    }


def _show(found: "Status", zone: str) -> None:
    from sequencer.cli.mailboxes import mailbox_cells
    from sequencer.cli.output import say, say_table

    say(f"daemon       {_daemon_words(found)}")
    say(f"enrollments  {_counts(found.enrollments)}")
    if found.holds:
        say(f"  held       {_counts(found.holds)}")
    say(f"outbox       {_counts(found.outbox)}")
    late = f", {found.tasks.overdue} overdue" if found.tasks.overdue else ""
    say(f"tasks        {found.tasks.count} open{late}")
    if found.notices.waiting or found.notices.given_up:
        given_up = f", {found.notices.given_up} given up" if found.notices.given_up else ""
        say(f"notices      {found.notices.waiting} not delivered yet{given_up}: {found.notices.failure}")
    say()
    say_table(
        ("mailbox", "address", "sent in 24 h", "inbox read", f"next ({zone})", "state"),
        (mailbox_cells(line, found.at, zone) for line in found.mailboxes),
    )
    for title, waiting in (("due and not sent", found.overdue), ("unsure", found.unsure)):
        if waiting:
            say()
            say(f"{title} (the longest waiting):")
            for one in waiting:
                say(f"  {one.row.id}  {one.row.address}  {one.row.sequence}/{one.row.step}  {one.reason}")
    mends = list(_mends(found))
    if mends:
        say()
    for mend in mends:
        say(f"→ {mend}")


def _daemon_words(found: "Status") -> str:
    from sequencer.cli.local_time import age
    from sequencer.flows.status import DaemonState

    if found.run is None:
        return "never started: `sequencer run` sends and reads"
    if found.daemon is DaemonState.STOPPED:
        return f"stopped {age(found.run.stopped_at, found.at)}: `sequencer run` starts it"
    who = f"process {found.run.pid} on {found.run.host}, last sign of life {age(found.run.beat_at, found.at)}"
    return f"{'DEAD' if found.daemon is DaemonState.DEAD else 'running'}: {who}"


def _mends(found: "Status") -> "list[str]":
    mends = []
    for line in found.mailboxes:
        if line.paused_at is not None:
            mends.append(
                f"mailbox {line.name} is paused; when it is mended: sequencer mailboxes resume {line.name}"
            )
    if found.unsure:
        first = found.unsure[0].row.id
        mends.append(
            f"look for message {first} in Sent, then: sequencer outbox resolve {first} --sent | --resend"
        )
    if waiting := found.outbox.get("awaiting_approval"):
        mends.append(f"{waiting} wait for approval: sequencer outbox list --state awaiting_approval")
    if found.notices.waiting or found.notices.given_up:
        mends.append("reps could not be told of what happened: sequencer notices list --failed")
    for one in found.edited:
        mends.append(
            f"{one.name} was edited, and {one.running} run it as it was: sequencer sequences diff {one.name}"
        )
    if found.tasks.overdue:
        mends.append(f"{found.tasks.overdue} tasks are overdue: sequencer tasks list")
    return mends


def _counts(counts: Any) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(counts.items())) or "none"
