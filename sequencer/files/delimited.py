"""Delimited text (CSV, TSV and their like) into rows of cells, each with the line it starts on."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sequencer.errors import Fault

_DELIMITERS = ",;\t|"
_MAX_CELL = 131_072
_SNIFFED_LINES = 20

Line = tuple[int, list[str]]
"""The line of the file (from 1) on which a row starts, and its cells."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """The rows of a delimited text, without wholly empty ones, and every fault in its quoting."""

    delimiter: str
    lines: list[Line]
    faults: list[Fault]


def read_delimited(text: str, where: str) -> Delimited:
    """Split a text into rows; quoting must be sound, since a stray quote swallows the rows after it."""
    delimiter = find_delimiter(text)
    faults: list[Fault] = []
    lines = [line for line in _rows(text, delimiter, where, faults) if any(cell.strip() for cell in line[1])]
    return Delimited(delimiter, lines, faults)


def _rows(text: str, delimiter: str, where: str, faults: list[Fault]) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(_MAX_CELL)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(_quoting_fault(error, where, start, reader.line_num))
            if len(faults) >= 20:
                return
            continue
        yield start, cells


def _quoting_fault(error: csv.Error, where: str, start: int, noticed: int) -> Fault:
    hint = 'write a quote inside a quoted cell twice: ""'
    if "field larger" in str(error):
        return Fault(
            where=f"{where}:{start}", message=f"a cell is longer than {_MAX_CELL} characters", hint=hint
        )
    if "unexpected end" in str(error):
        return Fault(where=f"{where}:{start}", message='a quote (") is opened and never closed', hint=hint)
    seen = "" if noticed == start else f", noticed on line {noticed}"
    return Fault(where=f"{where}:{start}", message=f'a quote (") is not where it can stand{seen}', hint=hint)


def find_delimiter(text: str) -> str:
    """The sign that splits the first lines most evenly, outside quotes; a comma for a single column."""
    lines = _first_lines(text)
    if not lines:
        return ","
    scores = {sign: _score([line.count(sign) for line in lines]) for sign in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda sign: scores[sign])
    return best if scores[best] > 0 else ","


def _score(counts: list[int]) -> float:
    """How well a sign splits: it must stand in the header; lines that agree with the header count."""
    if counts[0] == 0:
        return 0.0
    agreeing = sum(1 for count in counts if count == counts[0])
    return agreeing / len(counts) * 100 + min(counts[0], 50)


def _first_lines(text: str) -> list[str]:
    """The first lines that hold something, what stands in quotes taken out."""
    start = text[:_MAX_CELL]
    bare = re.sub(r'"(?:[^"]|"")*"', '""', start)
    return [line for line in re.split(r"\r\n|\r|\n", bare) if line.strip()][:_SNIFFED_LINES]
