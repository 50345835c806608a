"""The project's documents: their fenced blocks and what they put in backquotes."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.structure.sources import ROOT

Told = tuple[str, str]
"""Where (`README.md:12`), and what."""

_SPAN = re.compile(r"`([^`\n]+)`")


def documents() -> list[Path]:
    """Everything written to be read."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def fenced_lines(path: Path) -> Iterator[Told]:
    """The lines inside ``` blocks."""
    yield from (told for told, is_fenced in _lines(path) if is_fenced)


def code_spans(path: Path) -> Iterator[Told]:
    """What stands in backquotes outside the blocks."""
    for (where, line), is_fenced in _lines(path):
        if not is_fenced:
            yield from ((where, span) for span in _SPAN.findall(line))


def _lines(path: Path) -> Iterator[tuple[Told, bool]]:
    is_fenced = False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.lstrip().startswith("```"):
            is_fenced = not is_fenced
        else:
            yield (f"{path.relative_to(ROOT)}:{number}", line), is_fenced
    assert not is_fenced, f"{path.name}: a block is not closed"
