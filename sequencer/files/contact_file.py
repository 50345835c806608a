"""A list of contacts (CSV and its like, XLSX, XLS, ODS) read into rows of known fields."""

import re
from collections.abc import Sequence
from pathlib import Path

from sequencer.core.contact_list import ContactList, ListRow
from sequencer.core.csv_text import GUARDED
from sequencer.core.one_line import one_line
from sequencer.errors import Fault, FaultyInput, InputError
from sequencer.files.columns import Columns, match_columns
from sequencer.files.delimited import Line, read_delimited
from sequencer.files.encoding import decode
from sequencer.files.spreadsheet import is_workbook, read_sheet

_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ADDRESS = re.compile(r"\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*")


def read_contact_file(
    path: Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    maps: Sequence[tuple[str, str]] = (),
) -> ContactList:
    """Read one file; what it is is found by its content, not its name.

    `maps` are (header, field) pairs. Cells keep their text: a value that begins with `=` or `+` is data.
    FaultyInput lists every fault of quoting and header as `file:line`; InputError when it cannot be read.
    """
    data = _bytes(path)
    where = str(path)
    if is_workbook(data):
        lines, guesses, is_guess = _from_workbook(data, where, sheet)
    else:
        if sheet is not None:
            raise InputError("--sheet is for workbooks; this is a text file", where=where)
        lines, guesses, is_guess = _from_text(data, where, encoding)
    if not lines:
        raise FaultyInput([Fault(where=where, message="the file is empty")])
    (header_line, header), body = lines[0], lines[1:]
    if _ADDRESS.fullmatch(header[0]) and not any(cell.strip() for cell in header[1:]):
        header_line, header, body = 0, ["email"], lines
        guesses.append("the file has no header; its only column is taken for address")
    header = [clean_cell(cell)[0] for cell in header]
    columns = match_columns(header, [cells for _, cells in body], maps, f"{where}:{header_line or 1}")
    if columns.faults:
        raise FaultyInput(_with_place_of_header(columns, lines, where))
    rows = [_row(line, cells, columns.fields) for line, cells in body]
    return ContactList(
        path=where,
        header=tuple(header),
        columns=columns.fields,
        rows=rows,
        guesses=(*guesses, *columns.guesses),
        samples=rows[:3] if is_guess or columns.guesses else (),
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no such file", where=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from None


def _from_workbook(data: bytes, where: str, sheet: str | None) -> tuple[list[Line], list[str], bool]:
    name, lines, count = read_sheet(data, where, sheet)
    several = sheet is None and count > 1
    guesses = [f"sheet {name!r} is read, the first of {count}; choose with --sheet"] if several else []
    return lines, guesses, several


def _from_text(data: bytes, where: str, encoding: str | None) -> tuple[list[Line], list[str], bool]:
    decoded = decode(data, where, encoding)
    table = read_delimited(decoded.text, where)
    if table.faults:
        raise FaultyInput(table.faults)
    guesses = []
    if decoded.is_guess:
        guesses.append(
            f"the encoding looks like {decoded.encoding}; if the names are garbled, give --encoding"
        )
    if table.delimiter != ",":
        guesses.append(f"cells are split at each {_DELIMITER_NAMES[table.delimiter]}")
    return table.lines, guesses, decoded.is_guess


def _with_place_of_header(columns: Columns, lines: list[Line], where: str) -> list[Fault]:
    """The faults; with one more hint when a later line looks like the header (titles stand above it)."""
    faults = list(columns.faults)
    for line, cells in lines[1:10]:
        found = match_columns(cells, [], (), where)
        if "address" in found.fields:
            message = "the header seems to be here"
            faults.append(Fault(where=f"{where}:{line}", message=message, hint="remove the lines above it"))
            break
    return faults


def _row(line: int, cells: list[str], fields: Sequence[str | None]) -> ListRow:
    values: dict[str, str] = {}
    notes: list[str] = []
    # A short row is one whose last cells are empty; a long one has slipped, and nobody knows where.
    for field, cell in zip(fields, cells, strict=False):
        if field is None or not cell:
            continue
        text, had_unseen = clean_cell(cell)
        if had_unseen:
            notes.append(f"control characters removed from {field}")
        if text:
            values[field] = text
    surplus = any(cell.strip() for cell in cells[len(fields) :])
    fault = f"has {len(cells)} cells where the header has {len(fields)}" if surplus else ""
    return ListRow(line=line, cells=tuple(cells), values=values, notes=tuple(notes), fault=fault)


def clean_cell(cell: str) -> tuple[str, bool]:
    """A cell as one line of visible text, and whether unseen characters were removed.

    The apostrophe that guards a formula in our own CSV for Excel (`'+49…`) is taken off again.
    """
    line, had_unseen = one_line(cell)
    return line[1:] if GUARDED.match(line) else line, had_unseen
