"""`sequencer sequences`: list, show, schema; `check` and `preview` have files of their own."""

import click

from sequencer.cli import LazyGroup, complete
from sequencer.cli.examples import examples
from sequencer.cli.session import Session

_COMMANDS = {
    "list": "sequencer.cli.sequences:list_command",
    "check": "sequencer.cli.sequences_check:check_command",
    "show": "sequencer.cli.sequences:show_command",
    "schema": "sequencer.cli.sequences:schema_command",
    "preview": "sequencer.cli.sequences_preview:preview_command",
    "diff": "sequencer.cli.sequences_apply:diff_command",
    "apply": "sequencer.cli.sequences_apply:apply_command",
}


@click.group(cls=LazyGroup, commands_at=_COMMANDS)
def sequences() -> None:
    """List, check, show and preview sequences; change what runs."""


_NONE = "There is no sequence yet: each is a file sequences/NAME.yaml."


@click.command("list", epilog=examples("sequencer sequences list --json"))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_command(session: Session, as_json: bool) -> None:
    """List the sequences of the workspace."""
    from sequencer.cli.output import note, say_json, say_table
    from sequencer.cli.sequence_json import summary_json
    from sequencer.flows.check_sequences import check_sequences

    found = check_sequences(session.workspace, session.config, (), rules=())
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
    "show",
    epilog=examples(
        "sequencer sequences show mail-group", about="NAME is that of a file sequences/NAME.yaml."
    ),
)
@click.argument("name", shell_complete=complete.sequences)
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
        rows.append((step.id, step.timing, does, threads[step.id], step.when, attach, step.approve))
    say_table(("step", "due", "does", "thread", "when", "attach", "approve"), rows)


@click.command("schema", epilog=examples("sequencer sequences schema > sequence.schema.json"))
def schema_command() -> None:
    """Print the JSON Schema of a sequence file, for editors.

    Save it, and write `# yaml-language-server: $schema=FILE` at the top of a sequence.
    """
    from sequencer.cli.output import say_json
    from sequencer.files.sequence_shape import sequence_schema

    say_json(sequence_schema())
