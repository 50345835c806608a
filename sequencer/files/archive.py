"""A backup as one file: a .tar.gz of the workspace's files with a manifest that says what each must be."""

import contextlib
import gzip
import hashlib
import io
import json
import os
import re
import secrets
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from sequencer.errors import InputError, SequencerError

MANIFEST = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20
_MAX_MANIFEST_BYTES = 16_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of a backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    facts: Mapping[str, str]
    """`created_at`, `program`, `schema` and the like."""
    files: Mapping[str, Entry]
    """By path relative to the workspace, with forward slashes."""

    def fact(self, name: str) -> str:
        """One of the facts; empty when it is not told."""
        return self.facts.get(name, "")


def write_archive(path: Path, files: Mapping[str, Path], facts: Mapping[str, str]) -> Manifest:
    """Pack `files` (name in the archive → where it stands) into a new file, readable by its owner alone.

    It appears under its name only when it is whole and on disk. InputError when the name is taken.
    """
    if path.exists():
        raise _taken(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(_create(part), "wb") as raw:
            manifest = _pack(raw, files, facts)
            raw.flush()
            os.fsync(raw.fileno())
        _put_in_place(part, path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What the backup says of itself. InputError when the file is no backup."""
    with _opened(path) as archive:
        return _manifest(archive, path)


def unpack(path: Path, folder: Path) -> Manifest:
    """Write every file into `folder` (which must be empty) and hold it against the manifest.

    InputError for a file that is missing, changed or not listed; what was written by then stays there.
    """
    with _opened(path) as archive:
        manifest = _manifest(archive, path)
        seen: set[str] = set()
        for member in archive:
            name = member.name
            if name == MANIFEST:
                continue
            if not member.isfile() or name not in manifest.files or name in seen:
                raise _damaged(path, f"it holds {name!r}, which its manifest does not list")
            seen.add(name)
            source = archive.extractfile(member)
            assert source is not None
            listed = manifest.files[name]
            # The size is looked at before anything is written: a few packed bytes can fill a disk.
            if member.size != listed.size or _write(source, folder / name) != listed:
                raise _damaged(path, f"{name} is not what was packed")
        if missing := sorted(manifest.files.keys() - seen):
            raise _damaged(path, f"{missing[0]} is missing")
    return manifest


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)


def _put_in_place(part: Path, path: Path) -> None:
    """Never over a file that appeared meanwhile; where there are no hard links, as far as can be seen."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise _taken(path) from None
    except OSError:
        if path.exists():
            raise _taken(path) from None
        part.rename(path)


def _pack(raw: BinaryIO, files: Mapping[str, Path], facts: Mapping[str, str]) -> Manifest:
    # Small files are read once: what is hashed is what is packed, whoever writes to them meanwhile.
    held = {name: source.read_bytes() for name, source in files.items() if not name.endswith(".db")}
    entries = {
        name: _entry_of(io.BytesIO(held[name])) if name in held else _entry_of_file(source)
        for name, source in files.items()
    }
    manifest = Manifest(facts=facts, files=entries)
    with (
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        document = _document(manifest)
        _add(archive, MANIFEST, io.BytesIO(document), len(document))
        for name, source in files.items():
            if name in held:
                _add(archive, name, io.BytesIO(held[name]), len(held[name]))
            else:
                with source.open("rb") as content:
                    _add(archive, name, content, entries[name].size)
    return manifest


def _add(archive: tarfile.TarFile, name: str, content: BinaryIO, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    archive.addfile(member, content)


def _document(manifest: Manifest) -> bytes:
    files = {name: {"size": one.size, "sha256": one.sha256} for name, one in manifest.files.items()}
    said = {"format": FORMAT, **manifest.facts, "files": files}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _entry_of_file(path: Path) -> Entry:
    with path.open("rb") as content:
        return _entry_of(content)


def _entry_of(content: BinaryIO) -> Entry:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Entry(size=size, sha256=digest.hexdigest())


def _write(source: Any, target: Path) -> Entry:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(_create(target), "wb") as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Entry(size=size, sha256=digest.hexdigest())


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, mode="r:gz") as archive:
            yield archive
    except FileNotFoundError:
        raise InputError("there is no such file", where=str(path)) from None
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, UnicodeDecodeError) as error:
        raise _damaged(path, f"it cannot be read as a .tar.gz ({error})") from None


def _manifest(archive: tarfile.TarFile, path: Path) -> Manifest:
    first = archive.next()
    content = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
    if content is None or first is None or first.size > _MAX_MANIFEST_BYTES:
        raise _damaged(path, "it does not begin with a manifest")
    try:
        said = json.loads(content.read())
        files = {name: Entry(size=one["size"], sha256=one["sha256"]) for name, one in said["files"].items()}
        facts = {name: value for name, value in said.items() if isinstance(value, str)}
        version = int(said["format"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise _damaged(path, "its manifest cannot be read") from None
    if version != FORMAT:
        raise SequencerError(
            f"the backup is of format {version}, this program reads {FORMAT}",
            where=str(path),
            hint="use the newer sequencer that wrote it",
        )
    for name, entry in files.items():
        if not _is_safe(name) or not _SHA256.fullmatch(str(entry.sha256)):
            raise _damaged(path, f"its manifest lists {name!r} wrongly")
        if not files.keys().isdisjoint(str(parent) for parent in PurePosixPath(name).parents):
            raise _damaged(path, f"its manifest lists {name!r} within a file")
    return Manifest(facts=facts, files=files)


def _is_safe(name: str) -> bool:
    """Whether it stays inside the folder it is unpacked into, on any system."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and "/".join(parts) == name
        and not any(part in ("..", "/", ".") or "\\" in part or ":" in part or "\0" in part for part in parts)
    )


def _taken(path: Path) -> InputError:
    return InputError(
        "there is a file of this name; nothing was written", where=str(path), hint="choose another"
    )


def _damaged(path: Path, what: str) -> InputError:
    return InputError(
        f"this is no whole backup of sequencer: {what}", where=str(path), hint="take another one"
    )
