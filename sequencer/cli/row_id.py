"""The number by which a message, an enrollment or a task is named on the command line."""

import click

# SQLite's integers end there.
ROW_ID = click.IntRange(1, 2**63 - 1)
