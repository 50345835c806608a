"""Archives that were damaged, or made with ill will: each is refused in one line, before a disk fills."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from sequencer.errors import InputError
from sequencer.files.archive import unpack


def packed(
    path: Path, listed: dict[str, bytes], held: dict[str, bytes] | None = None, form: str = "1"
) -> Path:
    """An archive whose manifest lists `listed`, and which holds `held`."""
    files = {
        name: {"size": len(one), "sha256": hashlib.sha256(one).hexdigest()} for name, one in listed.items()
    }
    manifest = f'{{"format": {form}, "files": {json.dumps(files)}}}'.encode()
    with tarfile.open(path, "w:gz") as archive:
        for name, content in [("manifest.json", manifest), *(listed if held is None else held).items()]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def test_a_file_that_is_larger_than_listed_is_not_written_at_all(tmp_path: Path) -> None:
    path = packed(tmp_path / "b.tar.gz", {"a.txt": b"small"}, {"a.txt": bytes(5_000_000)})
    with pytest.raises(InputError, match=r"a\.txt is not what was packed"):
        unpack(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a"), ("a", "./a"), ("a", "a/"), ("a", "x//b")])
def test_names_that_are_in_each_others_way_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = packed(tmp_path / "b.tar.gz", dict.fromkeys(names, b"x"))
    with pytest.raises(InputError, match="its manifest lists"):
        unpack(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_format_that_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its manifest cannot be read"):
        unpack(packed(tmp_path / "b.tar.gz", {}, form="1e999"), tmp_path / "new")


def test_any_damaged_byte_is_told_as_damage(tmp_path: Path) -> None:
    noise = "".join(hashlib.sha256(str(one).encode()).hexdigest() for one in range(2000)).encode()
    path = packed(tmp_path / "b.tar.gz", {"a.bin": noise})
    whole = path.read_bytes()
    # From the first byte behind the gzip header on; the zeros that end a tar hold nothing to damage.
    for place in range(40, len(whole) - 200, 997):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(InputError, match="no whole backup"):
            unpack(path, tmp_path / f"new-{place}")
