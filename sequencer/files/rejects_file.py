"""The rows of a list that were rejected, as a file to mend and import again."""

from collections.abc import Sequence
from pathlib import Path

from sequencer.core.contact_import import Decision
from sequencer.core.contact_list import ContactList
from sequencer.core.csv_text import csv_text
from sequencer.errors import SequencerError

COLUMNS = ("rejected_line", "rejected_reason")
"""What is added to the list's own columns; an import leaves them out."""


def rejects_path(list_path: Path) -> Path:
    """Where the rejected rows of a list go: beside it, as `<file>.rejects.csv`."""
    return list_path.with_name(f"{list_path.name}.rejects.csv")


def write_rejects(path: Path, contact_list: ContactList, rejected: Sequence[Decision]) -> None:
    """Write the rejected rows with their line and reason; of several addresses in a cell only the bad one."""
    width = len(contact_list.header)
    at = contact_list.columns.index("address") if "address" in contact_list.columns else None
    rows = []
    for one in rejected:
        cells = [*one.row.cells, *[""] * (width - len(one.row.cells))]
        if at is not None and not one.row.fault:
            cells[at] = one.address or cells[at]
        # What is beyond the header would push line and reason out of their columns.
        surplus = " | ".join(cell for cell in cells[width:] if cell.strip())
        reason = f"{one.reason}: {surplus}" if surplus else one.reason
        rows.append([*cells[:width], str(one.row.line), reason])
    try:
        text = csv_text([*contact_list.header, *COLUMNS], rows)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        message = f"the rejected rows cannot be written: {error.strerror}"
        raise SequencerError(
            message, where=str(path), hint="the others are imported; close it in Excel"
        ) from None
