"""Workbooks (XLSX, XLS, ODS) into rows of cells, dates and numbers as a person would type them."""

import io
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from sequencer.errors import InputError
from sequencer.files.delimited import Line

_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a workbook's, whatever the file is called."""
    return data.startswith(_SIGNATURES)


def read_sheet(data: bytes, where: str, sheet: str | None = None) -> tuple[str, list[Line], int]:
    """Name and rows of one sheet (the first when `sheet` is None), and how many sheets there are.

    InputError when the workbook cannot be read or has no such sheet.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = workbook.sheet_names
        name = _chosen(names, sheet, where)
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(
            f"the workbook cannot be read: {error}",
            where=where,
            hint="open it and save it as .xlsx or CSV UTF-8",
        ) from None
    lines = [(number, [_cell(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
    return name, [line for line in lines if any(line[1])], len(names)


def _chosen(names: list[str], sheet: str | None, where: str) -> str:
    if not names:
        raise InputError("the workbook has no sheet", where=where)
    if sheet is None:
        return names[0]
    if sheet not in names:
        raise InputError(
            f"there is no sheet {sheet!r}", where=where, hint=f"the sheets are: {', '.join(names)}"
        )
    return sheet


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 1e17:
            return str(int(value))
        case float():
            return f"{value:.15g}"
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="minutes")
        case timedelta():
            return str(value)
        case _:
            return str(value)
