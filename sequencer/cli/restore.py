"""`restore`: a backup becomes a workspace again; nothing leaves before a person has looked."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.flows.restore import Restored


@click.command(epilog=examples("sequencer restore monday.tar.gz buyers-restored"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_obj
def restore(session: Session, file: Path, folder: Path) -> None:
    """Make a workspace in DIR (new or empty) from the backup FILE; every mailbox is paused.

    Each file is held against the backup's manifest. Mails that were sent after the backup are not known
    to it, so that nothing leaves until you resume the mailboxes.
    """
    from sequencer.cli.output import note, say
    from sequencer.flows import restore as flow

    done = flow.restore(file, folder.absolute(), session.clock.now())
    since = done.manifest.fact("created_at")
    say(f"Restored {len(done.manifest.files)} files to {folder}, as they were at {since}.")
    paused = ", ".join(done.paused)
    say(f"Mails sent after {since} are not known here. Paused until you have looked: {paused}.")
    for line in _next_steps(done, folder):
        note(line, quiet=session.quiet)


def _next_steps(done: "Restored", folder: Path) -> list[str]:
    steps = [
        f"cd {shlex.quote(str(folder))}, and put back what no backup holds: `file:` secrets, tokens/",
        "make sure that the old workspace runs nowhere any more",
        "sequencer doctor                  says what is missing here",
        "sequencer run                     reads the inboxes and Sent; nothing leaves while all is paused",
        "sequencer enrollments list        what Sent showed is taken_over; docs/operations.md says more",
        "sequencer mailboxes resume NAME   lets a mailbox send again",
    ]
    lines = ["", "What to do next:", *(f"  {number}. {step}" for number, step in enumerate(steps, 1))]
    if done.config_faults:
        lines += ["", "config.toml has faults: a mailbox that never wrote may be missing among the paused:"]
        lines += [f"  {fault}" for fault in done.config_faults]
    return lines
