"""The tables of a Markdown document, by the heading they stand under."""

import re
from collections.abc import Sequence
from pathlib import Path

Row = tuple[str, ...]

_CELLS = re.compile(r"^\|(.*)\|$")
_RULE = re.compile(r"[\s|:-]+")


def tables_of(path: Path) -> dict[str, list[Row]]:
    """Heading → its rows without the head, each cell without surrounding backquotes.

    A heading has at most one table; headings without one are left out.
    """
    tables: dict[str, list[Row]] = {}
    heading = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        elif (cells := _CELLS.match(line)) is not None:
            row = tuple(_bare(cell) for cell in cells[1].split("|"))
            tables.setdefault(heading, []).append(row)
    for heading, rows in tables.items():
        assert len(rows) > 2, f"no rows under {heading!r}"
        assert _RULE.fullmatch("|".join(rows[1])), f"two tables, or none, under {heading!r}"
        assert {len(row) for row in rows} == {len(rows[0])}, f"rows of unequal length under {heading!r}"
    return {heading: rows[2:] for heading, rows in tables.items()}


def _bare(cell: str) -> str:
    cell = cell.strip()
    is_code = cell.startswith("`") and cell.endswith("`") and cell.count("`") == 2
    return cell[1:-1] if is_code else cell


def with_rows(text: str, heading: str, rows: Sequence[Row]) -> str:
    """The document with these rows, their first cell in backquotes, in the table under this heading."""
    table = re.compile(
        rf"(^#+ {re.escape(heading)}\n(?:(?!#|\|).*\n)*(?:\|.*\n){{2}})((?:\|.*\n)+)", re.MULTILINE
    )
    fresh = "".join(f"| `{first}` | {' | '.join(rest)} |\n" for first, *rest in rows)
    found, count = table.subn(lambda match: match[1] + fresh, text)
    assert count == 1, f"no table under {heading!r}"
    return found
