"""The log file: turned over by size, followed when it is moved, and quiet when it cannot be written."""

import logging
from pathlib import Path

import pytest

from sequencer.cli.log_file import LogFile


def say(handler: LogFile, text: str) -> None:
    handler.handle(logging.LogRecord("sequencer", logging.INFO, "here", 1, text, None, None))


def test_it_is_turned_over_by_size_and_keeps_so_many(tmp_path: Path) -> None:
    handler = LogFile(tmp_path / "log", max_bytes=100, kept=2)
    for number in range(40):
        say(handler, f"line {number:03}")
    handler.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["log", "log.1", "log.2"]
    assert all(path.stat().st_size <= 100 for path in tmp_path.iterdir())
    assert (tmp_path / "log").read_text().splitlines()[-1] == "line 039"


@pytest.mark.parametrize("is_removed", [True, False])
def test_a_file_that_logrotate_moved_or_removed_is_opened_anew(tmp_path: Path, is_removed: bool) -> None:
    handler = LogFile(tmp_path / "log")
    say(handler, "before")
    if is_removed:
        (tmp_path / "log").unlink()
    else:
        (tmp_path / "log").rename(tmp_path / "log.old")
    say(handler, "after")
    handler.close()
    assert (tmp_path / "log").read_text() == "after\n"


def test_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    for text in ("one", "two"):
        handler = LogFile(tmp_path / "log")
        say(handler, text)
        handler.close()
    assert (tmp_path / "log").read_text() == "one\ntwo\n"


def test_what_cannot_be_written_is_told_once_and_its_end_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "log"
    handler = LogFile(path)
    path.unlink()
    (tmp_path / "logs").rmdir()
    for _ in range(3):
        say(handler, "lost")
    assert capsys.readouterr().err.count("the log cannot be written") == 1
    (tmp_path / "logs").mkdir()
    say(handler, "kept")
    assert path.read_text() == "kept\n"
    path.unlink()
    (tmp_path / "logs").rmdir()
    say(handler, "lost")
    handler.close()
    assert capsys.readouterr().err.count("the log cannot be written") == 1


def test_a_folder_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        LogFile(tmp_path / "none" / "log")
