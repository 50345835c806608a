"""`sequencer sequences`: list, check, show, schema; `preview` has a file of its own."""

import click

from sequencer.cli import LazyGroup
from sequencer.cli.examples import examples
from sequencer.cli.session import Session

_COMMANDS = {
    "list": "sequencer.cli.sequences:list_command",
    "check": "sequencer.cli.sequences:check_command",
    "show": "sequencer.cli.sequences:show_command",
    "schema": "sequencer.cli.sequences:schema_command",
    "preview": "sequencer.cli.sequences_preview:preview_command",
}


@click.group(cls=LazyGroup, commands_at=_COMMANDS)
def sequences() -> None:
    """List, check, show and preview sequences."""


_NONE = "There is no sequence yet: each is a file sequences/NAME.yaml."


@click.command("list", epilog=examples("sequencer sequences list --json"))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_command(session: Session, as_json: bool) -> None:
    """List the sequences of the workspace."""
    from sequencer.cli.output import note, say_json, say_table
    from sequencer.cli.sequence_json import summary_json
    from sequencer.flows.check_sequences import check_sequences

    found = check_sequences(session.workspace, session.config, ())
    if as_json:
        say_json({"sequences": [summary_json(one) for one in found], "count": len(found)})
        return
    rows = []
    for one in found:
        sequence = one.version.sequence if one.version else None
        state = f"faulty ({len(one.faults)})" if one.faults else "fine"
        rows.append(
            (one.name, len(sequence.steps) if sequence else "", state, sequence and sequence.description)
        )
    say_table(("name", "steps", "state", "description"), rows)
    if not found:
        note(_NONE, quiet=session.quiet)


@click.command(
    "check",
    epilog="""\b
Examples:
  sequencer sequences check
  sequencer sequences check mail-group --json""",
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def check_command(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Tell every fault of sequences and templates, and which steps thread.

    Exit code 2 when there are faults, 3 when only attachments are missing or too big.
    """
    from sequencer.cli.output import note, say, say_json
    from sequencer.cli.sequence_json import checked_json, threads_of
    from sequencer.errors import FaultyInput
    from sequencer.flows.check_sequences import check_sequences

    session: Session = ctx.obj
    found = check_sequences(session.workspace, session.config, names)
    # A template shared by sequences is told once.
    faults = list(dict.fromkeys(fault for one in found for fault in one.faults))
    warnings = list(dict.fromkeys(fault for one in found for fault in one.warnings))
    if as_json:
        say_json({"sequences": [checked_json(one) for one in found]})
    else:
        for one in found:
            if one.version is not None and not one.faults:
                say(f"{one.name}: {len(one.version.sequence.steps)} steps, fine")
                for step_id, threading in threads_of(one.version):
                    say(f"  {step_id}: {threading}")
    if not found:
        note(_NONE, quiet=session.quiet)
    for warning in warnings:
        note(f"Warning: {warning}")
    if faults:
        raise FaultyInput(faults)
    if warnings:
        ctx.exit(3)


@click.command("show", epilog=examples("sequencer sequences show mail-group"))
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show_command(session: Session, name: str, as_json: bool) -> None:
    """Show the steps of one sequence: waits, templates, threads, conditions."""
    from sequencer.cli.output import say, say_json, say_table
    from sequencer.cli.sequence_json import sequence_json, threads_of
    from sequencer.files.version import load_version

    version = load_version(session.workspace, name, session.config)
    if as_json:
        say_json(sequence_json(version))
        return
    sequence = version.sequence
    say(f"{sequence.name}: {sequence.description}")
    say(f"window {sequence.window}; an answer stops the {sequence.on_reply}; version {version.hash[:12]}")
    threads = dict(threads_of(version))
    rows = []
    for step in sequence.steps:
        does = " | ".join(step.arms) or step.task
        attach = ", ".join(step.attach)
        rows.append((step.id, step.wait, does, threads[step.id], step.when, attach, step.approve))
    say_table(("step", "wait", "does", "thread", "when", "attach", "approve"), rows)


@click.command("schema", epilog=examples("sequencer sequences schema > sequence.schema.json"))
def schema_command() -> None:
    """Print the JSON Schema of a sequence file, for editors.

    Save it, and write `# yaml-language-server: $schema=FILE` at the top of a sequence.
    """
    from sequencer.cli.output import say_json
    from sequencer.files.sequence_shape import sequence_schema

    say_json(sequence_schema())
