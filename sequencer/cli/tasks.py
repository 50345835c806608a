"""`tasks`: what reps do between mails, and what answers ask of them."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli import Noun
from sequencer.cli.complete import reps
from sequencer.cli.examples import examples
from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from datetime import datetime

    from sequencer.store.tasks import Task


@click.group(cls=Noun)
def tasks() -> None:
    """See tasks and tick them off."""


@tasks.command(
    "list", epilog=examples("sequencer tasks list --rep wang", "sequencer tasks list --due today --json")
)
@click.option("--rep", metavar="NAME", shell_complete=reps, help="Only this rep's (default: everybody's).")
@click.option("--contact", metavar="CONTACT", help="Only of this contact: id or address.")
@click.option(
    "--due", metavar="DAY", help="Due until the end of this day: `today`, `tomorrow`, or such as 2026-03-02."
)
@click.option("--all", "with_done", is_flag=True, help="Done ones too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(
    session: Session, rep: str | None, contact: str | None, due: str | None, with_done: bool, as_json: bool
) -> None:
    """List open tasks by due date."""
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import note, say_json, say_table
    from sequencer.errors import InputError
    from sequencer.flows.find_contact import the_contact
    from sequencer.store import tasks as stored

    if rep is not None and session.config.rep(rep) is None:
        known = ", ".join(one.name for one in session.config.reps)
        raise InputError(f"there is no rep {rep!r} in config.toml", hint=f"the reps are: {known}")
    before = _end_of(due, session) if due else None
    with session.store.read() as tx:
        contact_id = the_contact(tx, contact).id if contact else None
        found = stored.listed(tx, rep=rep, contact_id=contact_id, due_before=before, with_done=with_done)
    if as_json:
        say_json({"tasks": [_json(task) for task in found]})
        return
    zone, now = session.config.default_zone, session.clock.now()
    say_table(
        ("id", f"due ({zone})", "rep", "contact", "task", "state"),
        (
            (task.id, shown(task.due_at, zone), task.rep, task.address, task.title, _state(task, now))
            for task in found
        ),
    )
    note(f"{len(found)} task{'' if len(found) == 1 else 's'}", quiet=session.quiet)


@tasks.command(
    epilog=examples(
        "sequencer tasks done 3 4",
        'sequencer tasks done 3 --note "wants a sample in May"',
        about="IDs are those of `sequencer tasks list`.",
    )
)
@click.argument("ids", metavar="ID…", nargs=-1, required=True, type=ROW_ID)
@click.option("--note", "note_", default="", metavar="TEXT", help="What came of it, for the contact's note.")
@click.pass_obj
def done(session: Session, ids: tuple[int, ...], note_: str) -> None:
    """Mark tasks done; a sequence that waited for one goes on from now."""
    from sequencer.cli.output import note, say
    from sequencer.errors import Attention, SequencerError
    from sequencer.flows.finish_tasks import finish_tasks

    finished = finish_tasks(session.engine, ids, note=note_, by=session.rep.name)
    if not finished.done and len(finished.left) == 1:
        task, reason = finished.left[0]
        raise SequencerError(f"task {task.id} {reason}")
    say(f"{len(finished.done)} done.")
    for task, reason in finished.left:
        note(f"task {task.id} {reason}")
    if finished.left:
        kind = Attention if finished.done else SequencerError
        raise kind(f"{len(finished.left)} task(s) were over before")


def _end_of(day: str, session: Session) -> "datetime":
    """The instant at which a day ends in the workspace's zone."""
    from datetime import date, datetime, time, timedelta
    from zoneinfo import ZoneInfo

    from sequencer.errors import InputError

    zone = ZoneInfo(session.config.default_zone)
    today = session.clock.now().astimezone(zone).date()
    near = {"today": today, "tomorrow": today + timedelta(days=1)}
    try:
        until = near.get(day) or date.fromisoformat(day)
    except ValueError:
        raise InputError(f"--due {day}: write today, tomorrow, or a day such as 2026-03-02") from None
    return datetime.combine(until + timedelta(days=1), time(0), zone)


def _state(task: "Task", now: Any) -> str:
    if task.done_at is not None:
        return "done"
    return "overdue" if task.due_at < now else "open"


def _json(task: "Task") -> dict[str, Any]:
    return {
        "id": task.id,
        "contact": task.address,
        "enrollment": task.enrollment_id,
        "step": task.step,
        "rep": task.rep,
        "title": task.title,
        "due_at": task.due_at,
        "done_at": task.done_at,
    }
