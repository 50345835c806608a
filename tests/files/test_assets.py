"""Attachments are fixed by their content, read once while they stay the same."""

import hashlib
from pathlib import Path

import pytest

from sequencer.files.assets import Assets, MissingAsset
from sequencer.files.workspace import Workspace


def test_an_attachment_says_what_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "assets" / "quotes").mkdir(parents=True)
    (tmp_path / "assets" / "quotes" / "报价 1.xlsx").write_bytes(b"x" * 10)
    found = Assets(Workspace(tmp_path)).attachment("quotes/报价 1.xlsx")
    assert (found.name, found.path, found.size) == ("报价 1.xlsx", "quotes/报价 1.xlsx", 10)
    assert found.sha256 == hashlib.sha256(b"x" * 10).hexdigest()
    assert found.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_file_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    path = tmp_path / "assets" / "a.bin"
    path.write_bytes(b"one")
    assets = Assets(Workspace(tmp_path))
    first = assets.attachment("a.bin")
    assert assets.attachments(["a.bin", "a.bin"])[1] is first
    path.write_bytes(b"other")
    assert assets.attachment("a.bin").sha256 == hashlib.sha256(b"other").hexdigest()
    assert first.media_type == "application/octet-stream"


@pytest.mark.parametrize(
    "name", ["gone.pdf", "../config.toml", "/etc/passwd", "a/../../config.toml", "", "link/x", "folder"]
)
def test_what_is_not_a_file_under_assets_is_missing(tmp_path: Path, name: str) -> None:
    (tmp_path / "assets" / "folder").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x").write_text("x")
    (tmp_path / "config.toml").write_text("x")
    (tmp_path / "assets" / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(MissingAsset) as caught:
        Assets(Workspace(tmp_path)).attachment(name)
    assert caught.value.where == f"assets/{name}"
