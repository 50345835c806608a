"""The number by which a message, an enrollment or a task is named on the command line."""

from typing import Any

import click


class RowId(click.IntRange):
    """A row's number; an address in its place is told where it belongs, if there is such a place."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        takes_contact = ctx is not None and any(one.name == "contact" for one in ctx.command.params)
        if takes_contact and isinstance(value, str) and "@" in value:
            self.fail(f"{value} is an address: say --contact {value}", param, ctx)
        return super().convert(value, param, ctx)


# SQLite's integers end there.
ROW_ID = RowId(1, 2**63 - 1)
