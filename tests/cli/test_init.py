"""`sequencer init DIR`: a workspace that works as it is."""

from pathlib import Path

import pytest

from sequencer.store.engine import Store
from tests.cli.command import CommandLine


def test_a_new_workspace_has_a_database_and_passes_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = CommandLine(tmp_path / "w", capsys)
    made = run("init", str(tmp_path / "w"))
    assert (made.exit_code, made.out) == (0, f"A workspace was made in {tmp_path / 'w'}.\n")
    assert "sequencer sequences check" in made.err
    store = Store(tmp_path / "w" / "sequencer.db")
    store.require_current()
    store.close()
    assert run("sequences", "check").exit_code == 0


def test_quiet_leaves_the_advice_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert CommandLine(tmp_path, capsys)("--quiet", "init", str(tmp_path / "w")).err == ""


def test_a_second_init_changes_nothing_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = CommandLine(tmp_path, capsys)
    run("init", str(tmp_path / "w"))
    key = (tmp_path / "w" / "workspace.key").read_bytes()
    ran = run("init", str(tmp_path / "w"))
    assert ran.exit_code == 2
    assert ran.err.splitlines()[0] == f"Error: {tmp_path / 'w'}: this is a workspace already"
    assert (tmp_path / "w" / "workspace.key").read_bytes() == key


def test_a_database_that_cannot_be_made_leaves_no_workspace_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: Store) -> None:
        with store.write() as tx:
            tx.exec_driver_sql("CREATE TABLE t (x)")
        raise OSError(28, "No space left on device", str(store.path))

    monkeypatch.setattr("sequencer.flows.init.create_schema", full)
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "notes.txt").write_text("mine")
    ran = CommandLine(tmp_path, capsys)("init", str(tmp_path / "w"))
    assert ran.exit_code == 1
    assert "No space left on device" in ran.err
    assert [path.name for path in (tmp_path / "w").iterdir()] == ["notes.txt"]


def test_a_folder_with_spaces_is_named_so_that_a_shell_understands_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = CommandLine(tmp_path, capsys)("init", str(tmp_path / "客户 名单"))
    assert f"cd '{tmp_path / '客户 名单'}'" in ran.err


def test_the_folder_one_stands_in_needs_no_cd(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = CommandLine(tmp_path, capsys)("init", ".")
    assert ran.out == f"A workspace was made in {tmp_path}.\n"
    assert " cd " not in ran.err
    assert "  1. Write your firm" in ran.err


def test_a_workspace_inside_another_is_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = CommandLine(tmp_path, capsys)
    assert "lies inside" not in run("init", str(tmp_path / "w")).err
    inner = run("init", str(tmp_path / "w" / "inner"))
    assert inner.exit_code == 0
    assert f"It lies inside another workspace, {tmp_path / 'w'}" in inner.err


def test_no_folder_at_all_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = CommandLine(tmp_path, capsys)("init", "")
    assert (ran.exit_code, ran.err.splitlines()[0]) == (2, "Error: the folder has no name")
