"""Rejected import rows that hold a person's address: found, and taken out of their files."""

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sequencer.core.address import key_or_none
from sequencer.core.csv_text import BOM
from sequencer.errors import InputError, SequencerError
from sequencer.files.delimited import read_delimited
from sequencer.files.encoding import decode

_REJECTS = re.compile(r".*\.rejects(?:-\d+)?\.csv", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s;,，；、|<>()\"']+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectsWith:
    """One file of rejected rows, split into those of the person and the others."""

    path: Path
    delimiter: str
    header: list[str]
    theirs: list[list[str]]
    others: list[list[str]]


def is_rejects_file(path: Path) -> bool:
    """Whether an import wrote it, by its name and place."""
    in_folder = path.parent.name == "rejects" and path.suffix.lower() == ".csv"
    return in_folder or _REJECTS.fullmatch(path.name) is not None


def rejects_with(root: Path, keys: Collection[str]) -> Iterator[RejectsWith]:
    """The files under `root` with rows that hold one of these addresses; those not readable are passed."""
    for path in sorted(root.rglob("*.csv")):
        if not path.is_file() or not is_rejects_file(path):
            continue
        try:
            table = read_delimited(decode(path.read_bytes(), str(path)).text, str(path))
        except (InputError, OSError):
            continue  # the search over all files names it
        rows = [cells for _line, cells in table.lines]
        theirs = [cells for cells in rows[1:] if _holds(cells, keys)]
        if theirs and not table.faults:
            others = [cells for cells in rows[1:] if not _holds(cells, keys)]
            yield RejectsWith(
                path=path, delimiter=table.delimiter, header=rows[0], theirs=theirs, others=others
            )


def remove_rows(found: RejectsWith) -> None:
    """Write the file again without the person's rows, whole or not at all; nothing left is no file."""
    try:
        if not found.others:
            found.path.unlink()
            return
        out = io.StringIO()
        csv.writer(out, delimiter=found.delimiter, lineterminator="\r\n").writerows(
            [found.header, *found.others]
        )
        beside = found.path.with_name(f"{found.path.name}.new")
        beside.write_text(BOM + out.getvalue().removeprefix(BOM), encoding="utf-8", newline="")
        beside.replace(found.path)
    except OSError as error:
        raise SequencerError(
            f"the rejected rows cannot be written: {error.strerror}",
            where=str(found.path),
            hint="close what has it open, then run the same command again",
        ) from None


def _holds(cells: Collection[str], keys: Collection[str]) -> bool:
    words = (word for cell in cells if "@" in cell for word in _BETWEEN.split(cell) if "@" in word)
    return any(key_or_none(word.strip(".:").removeprefix("mailto:")) in keys for word in words)
