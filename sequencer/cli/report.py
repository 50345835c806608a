"""`report`: reply rates per step or sequence, with what they are parts of."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.report import Line

_COLUMNS = (
    *("sequence", "step", "reached", "replied", "rate", "low", "high"),
    *("auto_replies", "bounced", "refused", "opted_out", "complained", "unsure", "template"),
)


@click.command(epilog=examples("sequencer report --sequence mail-group", "sequencer report --csv report.csv"))
@click.option("--sequence", metavar="NAME", help="Only this sequence.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only messages sent from this day on."
)
@click.option(
    "--by",
    type=click.Choice(["step", "arm", "sequence"]),
    default="step",
    show_default=True,
    help="A line for each; arm: the template and each variant of a step.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--csv", "csv_file", metavar="FILE", help="CSV for spreadsheets; - is standard output.")
@click.pass_obj
def report(
    session: Session,
    sequence: str | None,
    since: datetime | None,
    by: str,
    as_json: bool,
    csv_file: str | None,
) -> None:
    """Count who was reached, who answered, and what else came back."""
    from zoneinfo import ZoneInfo

    from sequencer.cli.first_answers import first_answers_json, say_first_answers
    from sequencer.cli.output import note, say, say_json, say_table
    from sequencer.errors import InputError
    from sequencer.flows import report as flow

    if as_json and csv_file:
        raise InputError("use one of --json and --csv")
    zone = session.config.default_zone
    start = since.replace(tzinfo=ZoneInfo(zone)) if since else None
    units: dict[str, flow.By] = {"step": "step", "arm": "arm", "sequence": "sequence"}
    found = flow.report(session.store, by=units[by], now=session.clock.now(), sequence=sequence, since=start)
    if as_json:
        lines = [dict(zip(_COLUMNS, _cells(line), strict=True)) for line in found.lines]
        document = {"by": by, "since": start, "denominators": found.denominators, "lines": lines}
        say_json(document | {"first_answers": first_answers_json(found.first_answers)})
    elif csv_file:
        _write_csv(csv_file, [_cells(line) for line in found.lines])
        if csv_file != "-":
            note(f"{len(found.lines)} lines written to {csv_file}", quiet=session.quiet)
    else:
        span = f"Messages sent since {since:%Y-%m-%d} ({zone}). " if since else ""
        say(f"{span}{found.denominators[:1].upper()}{found.denominators[1:]}; 95 % interval (Wilson).")
        say_table(_headings(by), (_row(line, by) for line in found.lines))
        say_first_answers(found.first_answers)


def _write_csv(file: str, rows: list[tuple[object, ...]]) -> None:
    from sequencer.cli.output import say_bytes
    from sequencer.core.csv_text import csv_text
    from sequencer.errors import SequencerError

    content = csv_text(_COLUMNS, rows).encode("utf-8")
    if file == "-":
        say_bytes(content)
        return
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise SequencerError(f"can't be written: {error.strerror}", where=file) from None


def _cells(line: "Line") -> tuple[object, ...]:
    low, high = line.rate.interval
    rate = line.rate.share
    return (
        *(line.sequence, line.step, line.reached, line.replied),
        *(round(rate, 4) if rate is not None else None, round(low, 4), round(high, 4)),
        *(line.auto_replies, line.bounced, line.refused, line.opted_out, line.complained, line.unsure),
        line.template,
    )


def _headings(by: str) -> tuple[str, ...]:
    steps = {"step": ("step",), "arm": ("step", "template")}.get(by, ())
    apart = ("auto-replies", "bounced", "refused", "opted out", "complaints", "unsure")
    return ("sequence", *steps, "reached", "replied, rate (95 %)", *apart)


def _row(line: "Line", by: str) -> tuple[Any, ...]:
    steps = {"step": (line.step,), "arm": (line.step, line.template)}.get(by, ())
    apart = (line.auto_replies, line.bounced, line.refused, line.opted_out, line.complained, line.unsure)
    return (line.sequence, *steps, line.reached, str(line.rate), *apart)
