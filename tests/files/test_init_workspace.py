"""A new workspace holds all it needs, and making one never costs anybody a file."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest

from sequencer.errors import InputError, SequencerError
from sequencer.files.init_workspace import make_workspace, unmake_workspace
from sequencer.files.samples import sample_assets
from sequencer.files.starter import starter_files

ROOT = Path(__file__).parents[2]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_starter_library_is_the_repositorys_own(tmp_path: Path) -> None:
    make_workspace(tmp_path / "w")
    made = snapshot(tmp_path / "w")
    folders = ("sequences", "templates", "snippets")
    shipped = {path: made[path] for path in made if path.split("/")[0] in folders}
    assert shipped == {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in folders
        for path in (ROOT / folder).rglob("*.*")
        if path.is_file()
    }
    assert made["config.toml"] == (ROOT / "config.example.toml").read_bytes()
    assert set(starter_files()) == {*shipped, "config.toml"}


def test_each_workspace_has_its_own_key_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = make_workspace(tmp_path / "a"), make_workspace(tmp_path / "b")
    assert len(first.read_key()) == 32
    assert first.read_key() != second.read_key()
    if os.name == "posix":
        assert first.key.stat().st_mode & 0o777 == 0o600


def test_git_sees_neither_database_nor_key_nor_buyers(tmp_path: Path) -> None:
    ignored = make_workspace(tmp_path).root.joinpath(".gitignore").read_text().splitlines()
    assert {"sequencer.db*", "workspace.key", "tokens/", "overrides/", "*.rejects.csv", "exports/"} <= set(
        ignored
    )


def test_a_workspace_is_never_made_twice(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match="this is a workspace already"):
        make_workspace(tmp_path)
    assert snapshot(tmp_path) == before


def test_a_file_in_the_way_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sequences").mkdir()
    (tmp_path / "sequences" / "bd.yaml").write_text("mine")
    (tmp_path / "notes.txt").write_text("mine too")
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match=r"already has sequences/bd\.yaml; nothing was written"):
        make_workspace(tmp_path)
    assert snapshot(tmp_path) == before


def test_other_files_may_stand_beside_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    make_workspace(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_place_that_cannot_be_written_to_is_one_clear_line_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "templates").write_text("a file where a folder must go")
    with pytest.raises(SequencerError, match="a workspace cannot be made here: ") as caught:
        make_workspace(tmp_path / "w")
    assert caught.value.hint
    assert set(snapshot(tmp_path / "w")) == {"templates"}


def test_the_samples_lie_under_assets(tmp_path: Path) -> None:
    made = snapshot(make_workspace(tmp_path).assets)
    assert made == sample_assets()


def test_a_workspace_that_is_unmade_leaves_what_was_there_before(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    unmake_workspace(make_workspace(tmp_path))
    assert list(tmp_path.rglob("*")) == [tmp_path / "notes.txt"]


def test_a_disk_that_fills_up_half_way_leaves_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = iter(range(5))

    def opened(descriptor: int, mode: str) -> BinaryIO:
        file = os.fdopen(descriptor, mode, buffering=0)
        if next(writes) == 4:
            file.write(b"half")
            file.close()
            raise OSError(28, "No space left on device")
        return file

    monkeypatch.setattr("sequencer.files.init_workspace.os", SimpleNamespace(**vars(os) | {"fdopen": opened}))
    with pytest.raises(SequencerError, match="No space left"):
        make_workspace(tmp_path / "a" / "w")
    assert list(tmp_path.rglob("*")) == [tmp_path / "a", tmp_path / "a" / "w"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_a_folder_made_for_a_workspace_is_its_owners_alone(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "new").root
    assert made.stat().st_mode & 0o777 == 0o700
    (there := tmp_path / "there").mkdir(mode=0o755)
    assert make_workspace(there).root.stat().st_mode & 0o777 == 0o755
