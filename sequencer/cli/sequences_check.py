"""`sequencer sequences check`: faults, missing attachments, and what the lint rules find."""

from typing import TYPE_CHECKING

import click

from sequencer.cli.complete import sequences
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.lint import Rule
    from sequencer.errors import Fault
    from sequencer.flows.check_sequences import Checked


@click.command(
    "check",
    epilog="""NAME is that of a file sequences/NAME.yaml.

\b
Examples:
  sequencer sequences check
  sequencer sequences check mail-group --json
  sequencer sequences check --allow few-touches
  sequencer sequences check --rules""",
)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=sequences)
@click.option("--allow", "allowed", multiple=True, metavar="RULE", help="Leave a rule out; may be repeated.")
@click.option("--rules", "only_rules", is_flag=True, help="List the rules with their reasons.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def check_command(
    ctx: click.Context, names: tuple[str, ...], allowed: tuple[str, ...], only_rules: bool, as_json: bool
) -> None:
    """Tell every fault of sequences and templates, and what keeps buyers from answering.

    A window that opens for nobody, or for none of the contacts in a country, is a fault too. Also says
    which steps thread. Exit code 2 when there are faults, 3 when there are only warnings:
    attachments that are missing or too big, or findings of the rules.
    """
    from sequencer.cli.output import note
    from sequencer.errors import FaultyInput
    from sequencer.flows.check_sequences import check_sequences

    rules = _rules(allowed)
    if only_rules:
        _say_rules(rules, as_json=as_json)
        return
    session: Session = ctx.obj
    found = check_sequences(session.workspace, session.config, names, rules)
    shut = _shut_windows(session, found)
    # A template shared by sequences is told once.
    faults = list(dict.fromkeys([*shut, *(fault for one in found for fault in one.faults)]))
    warnings = list(dict.fromkeys(fault for one in found for fault in one.warnings))
    _say_found(found, as_json=as_json)
    if not found:
        note("There is no sequence yet: each is a file sequences/NAME.yaml.", quiet=session.quiet)
    for warning in warnings:
        note(f"Warning: {warning}")
    if faults:
        raise FaultyInput(faults)
    if warnings:
        ctx.exit(3)


def _shut_windows(session: Session, found: "list[Checked]") -> "list[Fault]":
    """Windows of these sequences that never open, for the contacts' countries where there is a database."""
    from sequencer.flows.never_opens import shut_windows
    from sequencer.store.homes import homes

    places: list[tuple[str, str]] = []
    if session.workspace.database.exists():
        with session.store.read() as tx:
            places = homes(tx)
    names = {one.version.sequence.window for one in found if one.version is not None}
    return shut_windows(session.workspace, session.config, names, places, session.clock.now())


def _rules(allowed: tuple[str, ...]) -> "tuple[Rule, ...]":
    """The rules but those allowed; InputError for an unknown one."""
    from sequencer.core.lint import RULES
    from sequencer.errors import InputError
    from sequencer.files.fault_list import mend_for_unknown

    known = [rule.name for rule in RULES]
    for name in allowed:
        if name not in known:
            raise InputError(f"there is no rule {name!r}", hint=mend_for_unknown(name, known))
    return tuple(rule for rule in RULES if rule.name not in allowed)


def _say_rules(rules: "tuple[Rule, ...]", *, as_json: bool) -> None:
    from sequencer.cli.output import say_json, say_table

    if as_json:
        say_json({"rules": [{"name": rule.name, "what": rule.what, "why": rule.why} for rule in rules]})
    else:
        say_table(("rule", "finds", "why"), [(rule.name, rule.what, rule.why) for rule in rules])


def _say_found(found: "list[Checked]", *, as_json: bool) -> None:
    from sequencer.cli.output import say, say_json
    from sequencer.cli.sequence_json import checked_json, threads_of

    if as_json:
        say_json({"sequences": [checked_json(one) for one in found]})
        return
    for one in found:
        if one.version is not None and not one.faults:
            count = len(one.warnings)
            state = "fine" if not count else "1 warning" if count == 1 else f"{count} warnings"
            say(f"{one.name}: {len(one.version.sequence.steps)} steps, {state}")
            for step_id, threading in threads_of(one.version):
                say(f"  {step_id}: {threading}")
