"""`sequencer suppressions`: who is never written to."""

from pathlib import Path

import click

from sequencer.cli import Noun
from sequencer.cli.examples import examples
from sequencer.cli.session import Session


@click.group(cls=Noun)
def suppressions() -> None:
    """Say who is never written to."""


@suppressions.command(
    "add",
    epilog="""\b
PATTERN is an address, *@DOMAIN for everybody at a domain, *@*.DOMAIN for its subdomains.
Messages that are already prepared are stopped too.
Examples:
  sequencer suppressions add ana@lusotools.example --reason opted_out
  sequencer suppressions add '*@competitor.example' --reason competitor""",
)
@click.argument("patterns", nargs=-1, required=True, metavar="PATTERN...")
@click.option("--reason", default="manual", show_default=True, metavar="TEXT", help="Why.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def add_command(session: Session, patterns: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Never write to these addresses."""
    from sequencer.flows.suppress import suppress

    key, clock = session.workspace.read_key(), session.clock
    done = suppress(session.store, patterns, reason=reason, source="command line", clock=clock, key=key)
    _say_done(done.added, done.present, done.covered, as_json=as_json)


@suppressions.command("import", epilog=examples("sequencer suppressions import never.csv --reason opted_out"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--reason", default="manual", show_default=True, metavar="TEXT", help="Why, where no column says it."
)
@click.option("--encoding", metavar="NAME", help="The file's encoding, when the guess is wrong.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def import_command(session: Session, file: Path, reason: str, encoding: str | None, as_json: bool) -> None:
    """Never write to the addresses and patterns in FILE.

    One to a line, or a CSV or workbook with a column of addresses and, if you like, one called `reason`.
    """
    from sequencer.cli.output import note
    from sequencer.files.contact_file import read_contact_file
    from sequencer.flows.suppress import import_suppressions

    listed = read_contact_file(file, encoding=encoding)
    for guess in listed.guesses:
        note(f"{listed.path}: {guess}", quiet=session.quiet)
    key, clock = session.workspace.read_key(), session.clock
    done = import_suppressions(session.store, listed, reason=reason, clock=clock, key=key)
    _say_done(done.added, done.present, done.covered, as_json=as_json)


@suppressions.command("list", epilog=examples("sequencer suppressions list --json"))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_command(session: Session, as_json: bool) -> None:
    """List all suppressions."""
    from sequencer.cli.contact_view import suppression_json
    from sequencer.cli.output import note, say_json, say_table
    from sequencer.store.suppressions import all_suppressions

    with session.store.read() as tx:
        found = all_suppressions(tx)
    if as_json:
        say_json({"suppressions": [suppression_json(one) for one in found], "count": len(found)})
        return
    say_table(
        ("pattern", "reason", "since", "source"),
        ((one.shown_pattern, one.reason, f"{one.created_at:%Y-%m-%d}", one.source) for one in found),
    )
    note(f"{len(found)} suppression{'' if len(found) == 1 else 's'}", quiet=session.quiet)


@suppressions.command("remove", epilog=examples("sequencer suppressions remove '*@competitor.example'"))
@click.argument("pattern")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove_command(session: Session, pattern: str, yes: bool) -> None:
    """Allow writing to PATTERN again; asks first when it is a buyer's own opt-out."""
    from sequencer.cli.output import say
    from sequencer.core.suppression import ERASED
    from sequencer.flows.suppress import find_suppression, unsuppress

    found = find_suppression(session.store, pattern, session.workspace.read_key())
    if found.is_opt_out and not yes:
        word = "was erased" if found.reason == ERASED else found.reason.replace("_", " ")
        asked = f"{pattern} {word} on {found.created_at:%Y-%m-%d}"
        click.confirm(f"{asked}: have they asked for mail again?", abort=True, err=True)
    unsuppress(session.store, found)
    say(f"{pattern if found.reason == ERASED else found.pattern} may be written to again")


def _say_done(added: int, present: int, covered: int, *, as_json: bool) -> None:
    from sequencer.cli.output import say, say_json

    if as_json:
        say_json({"added": added, "present": present, "covered_contacts": covered})
        return
    there = f", {present} were there already" if present else ""
    people = f"; nothing will be sent to {covered} contact{'' if covered == 1 else 's'}" if covered else ""
    say(f"{added} suppression{'' if added == 1 else 's'} added{there}{people}")
