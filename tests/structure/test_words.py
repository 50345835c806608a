"""What no file of ours may say."""

import re
from pathlib import Path

from tests.structure.sources import name_of, written_files

ANOTHER_PROJECT = re.compile(r"(?:pipx?|uv)3?(?: pip| tool)? install(?: -\S+)* ['\"]?sequencer\b(?!-)")
LEFT_FOR_LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")


def test_no_file_installs_the_other_project_named_sequencer() -> None:
    """The name `sequencer` on the public index is somebody else's; ours is mailgroup-sequencer."""
    assert _lines_with(ANOTHER_PROJECT) == []


def test_no_work_is_left_for_later_in_a_comment() -> None:
    assert _lines_with(LEFT_FOR_LATER) == []


def test_the_search_finds_what_it_looks_for() -> None:
    told = "run pip " + "install sequencer first"
    assert ANOTHER_PROJECT.search(told)
    assert ANOTHER_PROJECT.search("pip " + "install -U sequencer[demo]")
    assert not ANOTHER_PROJECT.search("pip " + "install mailgroup-sequencer")
    assert LEFT_FOR_LATER.search("# TO" + "DO: later")


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in written_files()
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def _text(path: Path) -> str:
    # A test's input may be in any encoding; what we look for is ASCII.
    return path.read_text("utf-8", errors="replace")
