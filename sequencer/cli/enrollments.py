"""`enrollments`: who is in which sequence, and how a person pauses, resumes or stops them."""

import click

from sequencer.cli import LazyGroup

_COMMANDS = {
    "list": "sequencer.cli.enrollments_list:list_",
    "pause": "sequencer.cli.enrollments_steer:pause",
    "resume": "sequencer.cli.enrollments_steer:resume",
    "stop": "sequencer.cli.enrollments_steer:stop",
}


@click.group(cls=LazyGroup, commands_at=_COMMANDS)
def enrollments() -> None:
    """See, pause, resume and stop contacts in sequences."""
