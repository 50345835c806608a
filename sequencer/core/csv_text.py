"""CSV that spreadsheets open as it is meant: UTF-8 with a BOM, and no cell that runs as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
_STARTS_FORMULA = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'(?='*[=+\-@])")
"""How a cell starts that `csv_text` has guarded; lists that are read take the guard off again."""


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table as CSV text (RFC 4180), its BOM included; text that would be a formula gets a leading `'`,
    and so does text that looks guarded already: what is read back is what was written.

    Without the BOM, Excel takes UTF-8 for the machine's own code page and Chinese turns to rubbish.
    Source for the formula signs: OWASP, "CSV Injection".
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return BOM + out.getvalue()


def _cell(cell: object) -> object:
    if isinstance(cell, str) and _STARTS_FORMULA.match(cell):
        return "'" + cell
    return "" if cell is None else cell
