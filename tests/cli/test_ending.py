"""However a command ends, the user reads one line that helps and the shell gets the right code."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import CommandLine

LISTS = "sequencer.flows.list_contacts.list_contacts"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    run = CommandLine(tmp_path / "w", capsys)
    run("init", str(tmp_path / "w"))
    return run


def breaks_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(LISTS, broken)


def test_an_error_of_ours_is_one_line_and_a_way_to_report_it(
    run: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks_with(KeyError("zone\nof\x1b[31m nobody"), monkeypatch)
    ran = run("contacts", "list")
    error, hint = ran.err.splitlines()
    assert ran.exit_code == 1
    assert error.startswith(
        "Error: internal error: KeyError: 'zone\\nof\\x1b[31m nobody' (sequencer.cli.contacts"
    )
    assert hint.startswith("Hint: ")
    assert "sequencer --debug" in hint


def test_debug_alone_shows_the_traceback(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks_with(KeyError("zone"), monkeypatch)
    with pytest.raises(KeyError):
        run("--debug", "contacts", "list")


def test_ctrl_c_ends_with_130_and_no_traceback(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks_with(KeyboardInterrupt(), monkeypatch)
    ran = run("contacts", "list")
    assert (ran.exit_code, ran.out) == (130, "")
    assert ran.err.strip() == "Stopped by Ctrl-C; what was done so far is kept."


def test_a_file_that_cannot_be_written_is_named(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks_with(PermissionError(13, "Permission denied", "/x/list.rejects.csv"), monkeypatch)
    ran = run("contacts", "list")
    assert (ran.exit_code, ran.err) == (1, "Error: /x/list.rejects.csv: Permission denied\n")


def test_a_reader_that_goes_away_is_no_error(run: CommandLine) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "sequencer", "-w", str(run.folder), "sequences", "schema"]
    ran = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert ran.stderr == b""


def test_a_damaged_database_is_said_to_be_one(run: CommandLine) -> None:
    database = run.folder / "sequencer.db"
    for beside in run.folder.glob("sequencer.db-*"):
        beside.unlink()
    content = bytearray(database.read_bytes())
    content[8192:] = b"\x55" * (len(content) - 8192)
    database.write_bytes(content)
    ran = run("contacts", "list")
    assert ran.exit_code == 1
    assert ran.err.splitlines() == [
        f"Error: {database}: the database is damaged",
        "Hint: restore it from a backup (`sequencer restore FILE DIR`); docs/operations.md has the ways on",
    ]


def test_a_question_that_nobody_answers_changes_nothing(
    run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.csv").write_text("email\nana@luso.example\n")
    run("contacts", "import", str(tmp_path / "b.csv"))
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ran = run("enroll", "bd", "--all")
    assert (ran.exit_code, ran.err.splitlines()[-1]) == (1, "Nobody answered; nothing was changed.")
    assert run("enrollments", "list", "--json").json["enrollments"] == []


def test_a_no_is_no_error(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    run("suppressions", "add", "ana@luso.example", "--reason", "opted_out")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    ran = run("suppressions", "remove", "ana@luso.example")
    assert ran.exit_code == 1
    assert ran.err.endswith("Nothing was changed.\n")
    assert run("suppressions", "list", "--json").json["count"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("outbox", "show"),
        ("outbox", "approve"),
        ("outbox", "edit"),
        ("outbox", "resolve", "--sent"),
        ("inbox", "show"),
        ("inbox", "explain"),
        ("enrollments", "stop", "--yes"),
        ("tasks", "done"),
    ],
)
@pytest.mark.parametrize("number", ["99999999999999999999", "0", "-1", "x", "7"])
def test_a_number_that_names_nothing_is_refused(
    run: CommandLine, words: tuple[str, ...], number: str
) -> None:
    ran = run(*words, "--", number)
    assert ran.exit_code == 2
    assert "internal error" not in ran.err
    assert ran.err
