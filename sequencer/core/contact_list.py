"""A list of contacts as a file gives it: cells under known columns, nothing judged yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One row of a list."""

    line: int
    """Line of the file (row of the sheet) on which it starts, from 1."""
    cells: tuple[str, ...]
    """As they stood in the file."""
    values: Mapping[str, str]
    """Field (`extra.<name>` for the user's own) → text of one line, without control characters; no blanks."""
    notes: tuple[str, ...] = ()
    fault: str = ""
    """Why the row cannot be used at all; empty when it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactList:
    """What one file holds."""

    path: str
    header: tuple[str, ...]
    columns: tuple[str | None, ...]
    """The field each column fills; None for a column that is left out."""
    rows: Sequence[ListRow]
    guesses: tuple[str, ...] = ()
    """What had to be guessed (encoding, delimiter, columns), for people to check."""
    samples: Sequence[ListRow] = field(default=())
    """The first rows, shown along with a guess."""
