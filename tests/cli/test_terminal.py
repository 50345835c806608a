"""What a terminal shows: columns lined up in any script, no colours unasked, nothing a name can command."""

import os
import pty
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.cli.command import CommandLine
from tests.files.workspaces import write

STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    run = CommandLine(tmp_path / "w", capsys)
    run("init", str(tmp_path / "w"))
    rows = "email,name,company\nana@luso.example,Ana Silva,Luso\nwang@ningbo.example,王小明,宁波工具公司\n"
    run("contacts", "import", str(write(tmp_path, "list.csv", rows)))
    return tmp_path / "w"


def on_a_terminal(folder: Path, *words: str, **more: str) -> str:
    """What the command writes to a terminal of 120 columns."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": "120", "TERM": "xterm-256color"} | more
    command = [sys.executable, "-m", "sequencer", "-q", "-w", str(folder), *words]
    with subprocess.Popen(command, stdout=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
        assert process.wait() == 0
    os.close(ours)
    return shown.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other end was closed
        return b""


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def test_columns_line_up_under_chinese_names(folder: Path) -> None:
    lines = STYLE.sub("", on_a_terminal(folder, "contacts", "list")).splitlines()
    head, ana, wang = lines
    found = [(head, "stage"), (ana, "opportunity"), (wang, "opportunity")]
    assert len({cells(line[: line.index(word)]) for line, word in found}) == 1


def test_labels_line_up_under_chinese_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    CommandLine(folder, capsys)("contacts", "edit", "ana@luso.example", "--set", "extra.客户等级=A1")
    lines = on_a_terminal(folder, "contacts", "show", "ana@luso.example").splitlines()
    found = {value: line for line in lines for value in ("Ana Silva", "A1") if line.endswith(value)}
    assert len({cells(line[: line.index(value)]) for value, line in found.items()}) == 1
    assert len(found) == 2


@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_nothing_is_coloured(folder: Path, more: dict[str, str]) -> None:
    shown = on_a_terminal(folder, "contacts", "list", **more)
    assert not re.search(r"\x1b\[[0-9;]*(3[0-9]|4[0-9]|38;5)[0-9;]*m", shown)


def test_a_pipe_gets_tabs_and_whole_cells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = CommandLine(folder, capsys)("contacts", "list").out
    assert out.splitlines()[2].split("\t")[1:4] == ["wang@ningbo.example", "王小明", "宁波工具公司"]
    assert "\x1b" not in out
