"""The rows of a list that were rejected, as a file to mend and import again."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from sequencer.core.contact_import import Decision
from sequencer.core.contact_list import ContactList
from sequencer.core.csv_text import csv_text
from sequencer.errors import SequencerError

COLUMNS = ("rejected_line", "rejected_reason")
"""What is added to the list's own columns; an import leaves them out."""


def write_rejects(list_path: Path, contact_list: ContactList, rejected: Sequence[Decision]) -> Path:
    """Write the rejected rows beside the list and return the file; SequencerError when that fails.

    The file is `<list>.rejects.csv`, or `<list>.rejects-2.csv` and so on while another stands there: it may
    hold somebody's mends.
    """
    text = csv_text([*contact_list.header, *COLUMNS], _rows(contact_list, rejected))
    path = list_path
    try:
        for number in count(1):
            path = list_path.with_name(f"{list_path.name}.rejects{f'-{number}' if number > 1 else ''}.csv")
            if not path.exists():
                path.write_text(text, encoding="utf-8", newline="")
                break
            if path.read_bytes() == text.encode():
                break
    except OSError as error:
        message = f"the rejected rows cannot be written: {error.strerror}"
        raise SequencerError(
            message, where=str(path), hint="the others are imported; make room beside the list"
        ) from None
    return path


def _rows(contact_list: ContactList, rejected: Sequence[Decision]) -> list[list[str]]:
    """Each rejected row with its line and reason; of several addresses in a cell only the bad one."""
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
    return rows
