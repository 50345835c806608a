"""`plan`: what leaves when."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.forecast import Forecast, PlannedMessage

_NAMED = 3
"""Contacts named for each reason to wait; all of them are in --json."""


@click.command(epilog=examples("sequencer plan", "sequencer plan --days 14 --json"))
@click.option(
    "--days", type=click.IntRange(1, 366), default=7, show_default=True, metavar="N", help="How far ahead."
)
@click.option(
    "--from",
    "from_",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    metavar="TIME",
    help="What leaves from this time on, in the workspace's zone (default: now).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--ics", "ics_file", metavar="FILE", help="A calendar file; - is standard output.")
@click.pass_obj
def plan(session: Session, days: int, from_: datetime | None, as_json: bool, ics_file: str | None) -> None:
    """What will leave when, from which mailbox, if nobody answers; and what waits, with the reason.

    Tasks are taken to be done on their due date, approvals to be given at once; what rests on that says so.
    """
    from sequencer.cli.plan_calendar import write_calendar
    from sequencer.errors import InputError

    if as_json and ics_file:
        raise InputError("use one of --json and --ics")
    if ics_file:
        found, _start = _plan(session, days, from_)
        write_calendar(session, ics_file, found)
    else:
        show_plan(session, days=days, from_=from_, as_json=as_json)


def show_plan(session: Session, *, days: int, from_: datetime | None, as_json: bool) -> None:
    """Print the plan; `run --dry-run` shows the same for one day."""
    from sequencer.cli.output import note, say, say_json
    from sequencer.cli.plan_load import load_json, loads, say_load

    found, start = _plan(session, days, from_)
    load = loads(session, found, start, days)
    if as_json:
        say_json(_document(found, start, days) | {"load": load_json(load)})
        return
    _say_messages(session, found)
    messages = "1 message" if len(found.messages) == 1 else f"{len(found.messages)} messages"
    waiting = "1 waits" if len(found.held) == 1 else f"{len(found.held)} wait"
    say(f"{messages} in {days} day{'s' if days > 1 else ''}, {waiting}.")
    if found.later:
        more = "1 more is" if len(found.later) == 1 else f"{len(found.later)} more are"
        say(f"{more} due by then and held back until later.")
    for line in _taken_for_granted(found):
        say(line)
    say_load(load, is_from_today=from_ is None)
    for reason, contacts in (_by_skip(found) | _by_reason(found)).items():
        more = f" and {len(contacts) - _NAMED} more" if len(contacts) > _NAMED else ""
        note(f"{', '.join(contacts[:_NAMED])}{more}: {reason}", quiet=session.quiet)


def _plan(session: Session, days: int, from_: datetime | None) -> "tuple[Forecast, datetime]":
    from zoneinfo import ZoneInfo

    from sequencer.flows.plan import plan as make_plan

    now = start = session.clock.now()
    if from_ is not None:
        start = max(now, from_.replace(tzinfo=ZoneInfo(session.config.default_zone)))
    return make_plan(session.engine, start=now, days=days, shown_from=start), start


def _say_messages(session: Session, found: "Forecast") -> None:
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say_table
    from sequencer.cli.plan_load import kept_by

    is_any_resting = any(_rests_on(m) for m in found.messages)
    is_any_kept = any(kept_by(m) for m in found.messages)
    rows = [
        (
            shown(m.due_at, session.config.default_zone),
            f"{m.local_time:%a %H:%M}",
            m.zone + (" (guessed)" if m.is_zone_guessed else ""),
            m.mailbox,
            m.contact,
            f"{m.sequence}/{m.step}",
            *([kept_by(m)] if is_any_kept else []),
            *([_rests_on(m)] if is_any_resting else []),
        )
        for m in found.messages
    ]
    if rows:
        leaves = f"leaves ({session.config.default_zone})"
        headings = [leaves, "there", "zone", "mailbox", "contact", "step"]
        more = ["kept by cap"] * is_any_kept + ["rests on"] * is_any_resting
        say_table([*headings, *more], rows)


def _rests_on(message: "PlannedMessage") -> str:
    """What a person must do in time for the message to leave then: `task`, `approval` or both."""
    from sequencer.core.forecast import Gate

    return ", ".join(gate for gate in (Gate.TASK, Gate.APPROVAL) if gate in message.gates)


def _taken_for_granted(found: "Forecast") -> list[str]:
    """How much of the plan rests on what people do in time; nothing when nothing does."""
    from sequencer.core.forecast import Gate

    tasks, approvals = found.rest_on(Gate.TASK), found.rest_on(Gate.APPROVAL)
    lines = [
        f"{_rest(tasks)} on tasks being done on their due date." if tasks else "",
        f"{_rest(approvals)} on approvals given at once." if approvals else "",
    ]
    return [line for line in lines if line]


def _rest(count: int) -> str:
    return "1 message rests" if count == 1 else f"{count} messages rest"


def _by_reason(found: "Forecast") -> dict[str, list[str]]:
    waiting: dict[str, list[str]] = {}
    for held in found.held:
        waiting.setdefault(held.reason, []).append(held.contact)
    return waiting


def _by_skip(found: "Forecast") -> dict[str, list[str]]:
    """Contacts by what is passed over because its time has gone."""
    skips: dict[str, list[str]] = {}
    for one in found.skipped:
        skips.setdefault(f"{one.sequence}/{one.step} is skipped ({one.reason})", []).append(one.contact)
    return skips


def _document(found: "Forecast", start: datetime, days: int) -> dict[str, object]:
    from sequencer.core.forecast import Gate

    return {
        "from": start,
        "days": days,
        "messages": [
            {
                "contact": message.contact,
                "sequence": message.sequence,
                "step": message.step,
                "mailbox": message.mailbox,
                "due_at": message.due_at,
                "local_time": message.local_time.isoformat(),
                "zone": message.zone,
                "is_zone_guessed": message.is_zone_guessed,
                "gates": list(message.gates),
            }
            for message in found.messages
        ],
        "rest_on": {gate: found.rest_on(gate) for gate in (Gate.TASK, Gate.APPROVAL)},
        "held": [
            {name: getattr(held, name) for name in ("contact", "sequence", "step", "mailbox", "reason")}
            for held in found.held
        ],
        "later": [
            {name: getattr(one, name) for name in ("contact", "sequence", "step", "mailbox")}
            | {"gates": list(one.gates)}
            for one in found.later
        ],
        "skipped": [
            {name: getattr(one, name) for name in ("contact", "sequence", "step", "mailbox", "reason")}
            for one in found.skipped
        ],
    }
