"""Restore: a backup becomes a workspace again, with every mailbox paused."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from sequencer.errors import FaultyInput, InputError, SequencerError
from sequencer.files.archive import Manifest, read_manifest, unpack
from sequencer.files.config_file import read_config
from sequencer.files.workspace import Workspace
from sequencer.store.database_faults import damaged
from sequencer.store.engine import Store
from sequencer.store.integrity import look_over
from sequencer.store.migrate import upgrade_schema
from sequencer.store.restored import hold_back
from sequencer.store.schema import HEAD_REVISION


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was made of a backup."""

    workspace: Workspace
    manifest: Manifest
    paused: tuple[str, ...]
    """Mailboxes that send nothing until a person resumes them."""
    config_faults: tuple[str, ...] = ()
    """Why config.toml could not be read: a mailbox that only it knows is not paused."""


def restore(path: Path, folder: Path, now: datetime) -> Restored:
    """Unpack `path` into a new or empty `folder`, check everything, and hold every mailbox back.

    All or nothing: InputError, SequencerError or DatabaseLost leave no folder behind.
    """
    _require_free(folder)
    _require_known(read_manifest(path), path)
    is_new = not folder.exists()
    # In a folder that is there already (a mount, or where the user stands) it is filled, not replaced.
    part = folder.with_name(f".{folder.name}.{token_hex(4)}.part") if is_new else folder / ".restored.part"
    part.mkdir(mode=0o700, parents=True)
    try:
        manifest = unpack(path, part)
        workspace = Workspace(part)
        workspace.read_key()
        names, faults = _mailboxes(workspace)
        paused = _hold_back(workspace, manifest, names, now)
        for needed in (workspace.sequences, workspace.templates, workspace.assets):
            needed.mkdir(exist_ok=True)
        if is_new:
            part.rename(folder)
        else:
            _move_up(part)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Restored(
        workspace=Workspace(folder), manifest=manifest, paused=tuple(paused), config_faults=faults
    )


def _move_up(part: Path) -> None:
    """config.toml last, since it makes a folder a workspace."""
    for path in sorted(part.iterdir(), key=lambda path: path.name == "config.toml"):
        path.rename(part.parent / path.name)


def pause_reason(manifest: Manifest) -> str:
    """What `status` and `mailboxes list` say of a mailbox until it is resumed."""
    return f"restored: mails sent after {manifest.fact('created_at')} are not known here"


def _hold_back(workspace: Workspace, manifest: Manifest, names: Iterable[str], now: datetime) -> list[str]:
    found = look_over(workspace.database)
    if not found.is_sound:
        raise damaged(workspace.database.name, found.problems[0])
    store = Store(workspace.database)
    try:
        upgrade_schema(store)
        with store.write() as tx:
            return hold_back(tx, names, pause_reason(manifest), now)
    finally:
        store.close()


def _mailboxes(workspace: Workspace) -> tuple[list[str], tuple[str, ...]]:
    try:
        return [mailbox.name for mailbox in read_config(workspace.config).mailboxes], ()
    except FaultyInput as error:
        return [], tuple(str(fault) for fault in error.faults)


def _require_free(folder: Path) -> None:
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(
            "a backup is restored into a new or an empty folder; nothing was written",
            where=str(folder),
            hint="name another folder, and move it into place when you have looked at it",
        )


def _require_known(manifest: Manifest, path: Path) -> None:
    schema = manifest.fact("schema")
    if not schema or schema > HEAD_REVISION:
        raise SequencerError(
            f"the backup is of schema {schema or '?'}, this program knows up to {HEAD_REVISION}",
            where=str(path),
            hint=f"use sequencer {manifest.fact('program')} or later",
        )
    for name in ("sequencer.db", "workspace.key", "config.toml"):
        if name not in manifest.files:
            raise InputError(f"the backup holds no {name}", where=str(path), hint="take another one")
