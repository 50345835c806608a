"""Makes a workspace: the starter library, sample attachments, a fresh key and a .gitignore."""

import contextlib
import errno
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from sequencer.errors import InputError, SequencerError
from sequencer.files.samples import SAMPLE_NAMES, sample_assets
from sequencer.files.starter import starter_files
from sequencer.files.workspace import Workspace

_GITIGNORE = """\
# Buyers' data and secrets stay on this machine.
sequencer.db*
workspace.key
tokens/
heartbeat.json*
overrides/
corpus/
drafts/
rejects/
*.rejects.csv
exports/
"""
_KEY = "workspace.key"


def make_workspace(folder: Path) -> Workspace:
    """Write the files of a new workspace (all but the database) and return it.

    Nothing is ever overwritten: InputError when the folder is a workspace already or holds a file of the
    same name, SequencerError when it cannot be written to; either way nothing but an empty
    folder is left behind.
    """
    if (folder / "config.toml").exists():
        hint = "choose another folder, or work in this one"
        raise InputError("this is a workspace already", where=str(folder), hint=hint)
    taken = sorted(path for path in _paths() if (folder / path).exists())
    if taken:
        shown = ", ".join(taken[:3]) + (", …" if len(taken) > 3 else "")
        hint = "choose an empty folder"
        raise InputError(f"the folder already has {shown}; nothing was written", where=str(folder), hint=hint)
    _write_all(folder, _contents())
    return Workspace(folder)


def _paths() -> tuple[str, ...]:
    """What a workspace is made of, relative to it; naming it draws no sample."""
    return (*starter_files(), *(f"assets/{name}" for name in SAMPLE_NAMES), _KEY, ".gitignore")


def _contents() -> dict[str, bytes]:
    """Workspace-relative path → content; config.toml comes last, since it makes a folder a workspace."""
    files = {path: source.read_bytes() for path, source in starter_files().items()}
    files |= {f"assets/{name}": content for name, content in sample_assets().items()}
    files |= {_KEY: secrets.token_bytes(32), ".gitignore": _GITIGNORE.encode()}
    files["config.toml"] = files.pop("config.toml")
    return files


def unmake_workspace(workspace: Workspace) -> None:
    """Take away what `make_workspace` wrote a moment ago, and a database that was begun since."""
    paths = [workspace.root / path for path in _paths()]
    for path in (*paths, *workspace.root.glob(f"{workspace.database.name}*")):
        path.unlink(missing_ok=True)
    _remove_empty_folders(workspace.root, paths)


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    written: list[Path] = []
    try:
        if not folder.exists():
            # Buyers' data will lie in it: nobody else on this machine needs to look.
            folder.mkdir(parents=True, mode=0o700)
        for relative, content in files.items():
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_new(path, content, mode=0o600 if relative == _KEY else 0o666)
            written.append(path)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        _remove_empty_folders(folder, [folder / path for path in files])
        raise _cannot(folder, error) from None


def _cannot(folder: Path, error: OSError) -> SequencerError:
    what = f"a workspace cannot be made here: {error.strerror}"
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    hint = "free some space on the disk" if is_full else "choose a folder you may write to"
    return SequencerError(what, where=str(folder), hint=hint)


def _remove_empty_folders(root: Path, paths: Sequence[Path]) -> None:
    """The folders under `root` that were to hold these files."""
    folders = {folder for path in paths for folder in path.parents if root in folder.parents}
    for folder in sorted(folders, reverse=True):  # the deepest first
        with contextlib.suppress(OSError):  # something else is in it
            folder.rmdir()


def _write_new(path: Path, content: bytes, mode: int) -> None:
    # O_EXCL: a file that appeared meanwhile is not overwritten either.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError:
        path.unlink()
        raise
