"""Files of the workspace that name a person's address: the user's own, told of and never changed."""

import os
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sequencer.files.workspace import Workspace

_SQLITE = b"SQLite format 3\0"
_MOST_BYTES = 64 * 2**20
_PASSED_BY = frozenset({".git", "__pycache__", ".venv", "node_modules"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """Workspace-relative paths, in order."""

    files: tuple[str, ...]
    """They name the address."""
    backups: tuple[str, ...]
    """Databases and archives of earlier days: what stands in them is not searched."""
    unread: tuple[str, ...]
    """Could not be read or are too large to search."""


def find_mentions(workspace: Workspace, mention: re.Pattern[str]) -> Mentions:
    """Search every file of the workspace but its database and key: text of any encoding, and workbooks."""
    files, backups, unread = [], [], []
    for path in _files(workspace):
        shown = path.relative_to(workspace.root).as_posix()
        try:
            if _is_backup(path):
                backups.append(shown)
            elif path.stat().st_size > _MOST_BYTES:
                unread.append(shown)
            elif any(_mentions(data, mention) for data in _contents(path)):
                files.append(shown)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
            unread.append(shown)
    return Mentions(files=tuple(files), backups=tuple(backups), unread=tuple(unread))


def _files(workspace: Workspace) -> Iterator[Path]:
    database = workspace.database.name
    own = {database, *(f"{database}{end}" for end in ("-wal", "-shm", "-journal", ".lock", ".holder"))}
    own.add(workspace.key.name)
    for folder, folders, names in os.walk(workspace.root):
        folders[:] = sorted(name for name in folders if name not in _PASSED_BY)
        for name in sorted(names):
            path = Path(folder) / name
            is_own = path.parent == workspace.root and name in own
            if path.is_file() and not is_own:
                yield path


def _is_backup(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(16)
    if start == _SQLITE:
        return True
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith((".db", ".backup", "workspace.key")) for name in archive.namelist())
    return start[:2] == b"\x1f\x8b" or tarfile.is_tarfile(path)


def _contents(path: Path) -> Iterator[bytes]:
    """The bytes of a file; of a workbook (a zip of XML) those of its parts."""
    if not zipfile.is_zipfile(path):
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if part.file_size <= _MOST_BYTES:
                yield archive.read(part)


def _mentions(data: bytes, mention: re.Pattern[str]) -> bool:
    encodings = ["utf-8"]
    if b"\0" in data:
        encodings += ["utf-16-le", "utf-16-be"]
    return any(mention.search(data.decode(encoding, "ignore")) for encoding in encodings)
