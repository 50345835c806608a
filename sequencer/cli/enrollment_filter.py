"""The options by which commands say which enrollments they mean."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.complete import mailboxes, reps, sequences

if TYPE_CHECKING:
    from sequencer.flows.steer import Which

FILTERS = ("contact", "sequence", "step", "rep", "mailbox", "where", "tag")


def filtered(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the filters; a command takes them as keywords named in FILTERS."""
    for option in (
        click.option("--tag", metavar="TAG", help="Only of contacts with this tag."),
        click.option("--where", metavar="EXPR", help="Only of contacts of whom this is true."),
        click.option("--mailbox", metavar="NAME", shell_complete=mailboxes, help="Only from this mailbox."),
        click.option("--rep", metavar="NAME", shell_complete=reps, help="Only this rep's."),
        click.option("--step", metavar="ID", help="Only those that stand at this step."),
        click.option("--sequence", metavar="NAME", shell_complete=sequences, help="Only in this sequence."),
        click.option("--contact", metavar="CONTACT", help="Only of this contact: id or address."),
    ):
        command = option(command)
    return command


def which(whom: dict[str, Any]) -> "Which":
    """What the filters said."""
    from sequencer.flows.steer import Which

    return Which(**{name: whom[name] for name in FILTERS})
