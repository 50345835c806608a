"""`sequencer init DIR`: a new workspace that can be tried out as it is."""

import shlex
from pathlib import Path

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session


@click.command(
    "init",
    epilog=examples("sequencer init buyers", about="Then go there: `cd buyers`."),
)
@click.argument("folder", metavar="DIR", type=click.Path())
@click.pass_obj
def init_command(session: Session, folder: str) -> None:
    """Make a workspace in DIR: settings, sequences, templates, key, database.

    Nothing is overwritten. Its mailbox points at this machine and `only_to` holds every mail back, so that
    nothing can leave by accident.
    """
    from sequencer.cli.output import note, say
    from sequencer.errors import InputError
    from sequencer.files.workspace import workspace_around
    from sequencer.flows.init import init

    if not folder.strip():
        raise InputError("the folder has no name", hint="name one, or write . for the folder you are in")
    workspace = init(Path(folder).absolute())
    is_here = workspace.root == Path.cwd()
    say(f"A workspace was made in {workspace.root if is_here else folder}.")
    for line in _next_steps(None if is_here else folder):
        note(line, quiet=session.quiet)
    keep = f"\nKeep {workspace.key.name} with your backups: without it, dates and variants differ."
    note(keep, quiet=session.quiet)
    around = workspace_around(workspace.root.parent)
    if around is not None and around.key.exists():
        note(f"\nIt lies inside another workspace, {around.root}: make sure that you are in the right one.")


def _next_steps(folder: str | None) -> list[str]:
    steps = [
        "Write your firm, yourself and your mailbox into config.toml.",
        "Rewrite templates/ in your own words, and put your own files into assets/.",
        "sequencer sequences check          says what is wrong, with file and line",
        "sequencer sequences preview bd     shows the mails as a buyer would read them",
        "sequencer contacts import FILE     takes your list, CSV or Excel",
    ]
    if folder is not None:
        steps.insert(0, f"cd {shlex.quote(folder)}")
    return ["", "What to do next:", *(f"  {number}. {step}" for number, step in enumerate(steps, 1))]
