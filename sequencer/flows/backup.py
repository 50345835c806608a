"""Backup: the workspace as one file, consistent while `run` works."""

import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sequencer import __version__
from sequencer.core.wall_time import utc_text
from sequencer.errors import InputError
from sequencer.files.archive import Manifest, write_archive
from sequencer.files.secret import secret_files
from sequencer.files.workspace import Workspace
from sequencer.store.database_faults import damaged
from sequencer.store.engine import Store, no_workspace_in
from sequencer.store.integrity import SQLITE_VERSION, look_over
from sequencer.store.migrate import back_up


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What was packed."""

    path: Path
    manifest: Manifest
    size: int
    """Bytes of the file."""


def backup(workspace: Workspace, store: Store, path: Path, now: datetime) -> BackedUp:
    """Pack database, key, settings, texts, assets, overrides and corpus into one new file.

    InputError when the file is there already or its folder is not; DatabaseLost when the database is
    damaged: a backup of it would only push out older ones that are sound.
    """
    if not path.parent.is_dir():
        raise InputError("there is no such folder", where=str(path.parent), hint="make it first")
    workspace.read_key()
    # Beside the backup, not in a folder that everybody may look into.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        copy = Path(folder, workspace.database.name)
        back_up(store, copy)
        revision = _revision_of_sound(copy)
        files = {workspace.database.name: copy} | dict(_files(workspace))
        manifest = write_archive(path, files, _facts(now, revision))
    return BackedUp(path=path, manifest=manifest, size=path.stat().st_size)


def _revision_of_sound(copy: Path) -> str:
    found = look_over(copy)
    if not found.is_sound:
        raise damaged(str(copy), found.problems[0])
    store = Store(copy)
    try:
        revision = store.revision()
    finally:
        store.close()
    if revision is None:
        raise no_workspace_in(copy)
    return revision


def _files(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    """Name in the backup → file. Tokens and the files of secrets are no part of it: docs/operations.md."""
    yield workspace.key.name, workspace.key
    left_out: frozenset[Path] = frozenset()
    if workspace.config.is_file():
        yield workspace.config.name, workspace.config
        left_out = secret_files(workspace.config.read_text("utf-8", "replace"), workspace.root)
    if workspace.holidays.is_file():
        yield workspace.holidays.name, workspace.holidays
    texts = (workspace.sequences, workspace.templates, workspace.snippets)
    for folder in (*texts, workspace.assets, workspace.overrides, workspace.corpus):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.resolve() not in left_out:
                yield path.relative_to(workspace.root).as_posix(), path


def _facts(now: datetime, revision: str) -> dict[str, str]:
    return {
        "created_at": utc_text(now, timespec="seconds"),
        "program": __version__,
        "schema": revision,
        "python": platform.python_version(),
        "sqlite": SQLITE_VERSION,
    }
