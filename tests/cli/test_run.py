"""`run` reads its workspace in a child process: what is faulty in it is told as by any other command."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.throughput import workspace
from benchmarks.throughput.load import SMALL

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("enrolled") / "ws"
    workspace.make(root, SMALL.scaled(1))
    return root


@pytest.fixture
def root(enrolled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(enrolled, tmp_path / "ws"))


def run(root: Path) -> "subprocess.CompletedProcess[str]":
    """`sequencer run --once` in a process of its own, without the threads that a test has."""
    return subprocess.run(
        [sys.executable, "-m", "sequencer", "run", "--once"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def change(root: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(root / "sequencer.db")) as connection, connection:
        connection.execute(statement)


def test_each_fault_of_the_settings_is_told_once_with_its_line(root: Path) -> None:
    config = root / "config.toml"
    config.write_text(config.read_text("utf-8").replace("port = 25", 'port = "25"'), encoding="utf-8")
    ended = run(root)
    assert ended.returncode == 2
    assert ended.stderr.count("config.toml:") == 1
    assert "`mailboxes.smtp.port` must be a whole number" in ended.stderr


def test_a_workspace_without_its_database_is_refused_and_none_is_made(root: Path) -> None:
    (root / "sequencer.db").unlink()
    ended = run(root)
    assert ended.returncode == 2
    assert ended.stderr.count("the workspace has no database") == 1
    assert not (root / "sequencer.db").exists()


def test_a_stored_sequence_that_cannot_be_read_is_told(root: Path) -> None:
    change(root, "UPDATE sequence_versions SET texts = json('{}')")
    ended = run(root)
    assert ended.returncode == 1
    assert ended.stderr.count("the stored version of the sequence 'throughput' cannot be read") == 1


def test_a_damaged_database_is_told_as_such(root: Path) -> None:
    database = root / "sequencer.db"
    content = bytearray(database.read_bytes())
    content[8192:12288] = bytes(4096)
    database.write_bytes(content)
    ended = run(root)
    assert ended.returncode == 1
    assert "damaged" in ended.stderr
