"""The only printer: results on stdout, notes and errors on stderr, tables that fit where they go."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import click

from sequencer.core.wall_time import utc_text
from sequencer.errors import FaultyInput, SequencerError


def say(text: str = "") -> None:
    """A line of the result, on stdout."""
    click.echo(printable(text))


def note(text: str, *, quiet: bool = False) -> None:
    """Progress, a warning or a hint, on stderr; nothing with --quiet."""
    if not quiet:
        click.echo(printable(text), err=True)


def fail(error: SequencerError) -> None:
    """The error as `Error: where: what` and `Hint: mend`, on stderr; every fault on its own line."""
    if isinstance(error, FaultyInput):
        for fault in error.faults:
            click.echo(printable(str(fault)), err=True)
        count = len(error.faults)
        click.echo(f"Error: {count} fault{'' if count == 1 else 's'}; nothing was changed.", err=True)
        return
    click.echo(printable(f"Error: {error}"), err=True)
    if error.hint:
        click.echo(printable(f"Hint: {error.hint}"), err=True)


def say_json(document: Any) -> None:
    """One JSON document on stdout; instants in UTC ISO-8601."""
    click.echo(json_text(document))


def json_text(document: Any) -> str:
    """The document as `say_json` prints it."""
    return safe_json(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def safe_json(text: str) -> str:
    """JSON with the control characters that it leaves as they are, such as C1's CSI, escaped its way."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say_bytes(content: bytes) -> None:
    """A file's bytes on stdout, untouched by its encoding and line ends."""
    click.echo(content, nl=False)


def say_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows under headings, columns lined up (CJK included); tab-separated and uncut when piped."""
    cells = [[printable("" if cell is None else str(cell)) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in ([*columns], *cells):
            click.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in line))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for line in cells:
        table.add_row(*(Text(cell) for cell in line))
    Console().print(table)


def say_fields(fields: Iterable[tuple[str, object]]) -> None:
    """`label  value` lines with the values lined up (CJK included)."""
    from rich.cells import cell_len

    shown = [(printable(label), value) for label, value in fields]
    width = max((cell_len(label) for label, _value in shown), default=0)
    for label, value in shown:
        say(f"{label}{' ' * (width - cell_len(label))}  {value}")


def printable(text: str) -> str:
    """The text with control characters shown, not obeyed: buyers' names and subjects are hostile input."""
    return _CONTROL.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


# C0 but for line break and tab, DEL, C1, other line breaks, the bidirectional overrides that can turn a line
# around, and lone surrogates, which no terminal's encoding can write.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
