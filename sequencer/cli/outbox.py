"""`outbox`: messages that wait, left, or are in doubt, and what a person may do to them."""

import click

from sequencer.cli import LazyGroup

_COMMANDS = {
    "approve": "sequencer.cli.outbox_approve:approve",
    "edit": "sequencer.cli.outbox_edit:edit",
    "list": "sequencer.cli.outbox_list:list_",
    "resolve": "sequencer.cli.outbox_resolve:resolve",
    "show": "sequencer.cli.outbox_list:show",
}


@click.group(cls=LazyGroup, commands_at=_COMMANDS)
def outbox() -> None:
    """See, edit and approve messages, and settle those in doubt."""
