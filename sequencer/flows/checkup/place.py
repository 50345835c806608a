"""Place: the workspace's files, who may read them, and the disk they are on."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from sequencer.core.checkup import Check, bad, fine, warning
from sequencer.errors import SequencerError
from sequencer.flows.checkup.ground import Ground
from sequencer.store.lock import refuse_unfit_place

MB = 1_000_000
LOW_MB, EMPTY_MB = 1000, 100
"""Free space below which somebody should look, and below which the daemon is about to stop."""


def files(ground: Ground) -> Iterator[Check]:
    """The key is there and nobody else's; the database is on a disk that locks hold on."""
    workspace = ground.workspace
    try:
        workspace.read_key()
    except SequencerError as error:
        yield bad("key", error.message, error.hint or "restore it from a backup")
    except OSError as error:
        yield bad("key", f"workspace.key cannot be read: {error.strerror}", "let the daemon's user read it")
    else:
        yield from _key_mode(workspace.key)
    try:
        refuse_unfit_place(workspace.database)
    except SequencerError as error:
        yield bad("folder", error.message, error.hint)
    if os.name == "posix" and workspace.database.exists() and _is_open_to_all(workspace.database):
        what = "every account of this machine can read the buyers' data"
        yield warning("folder", what, f"chmod 700 {workspace.root}")


def _key_mode(key: Path) -> Iterator[Check]:
    mode = stat.S_IMODE(key.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        what = f"workspace.key can be read by others (mode {mode:04o}): it signs every opt-out link"
        yield warning("key", what, f"chmod 600 {key}")
    else:
        yield fine("key", "workspace.key is there, and yours alone" if os.name == "posix" else "it is there")


def _is_open_to_all(path: Path) -> bool:
    if not path.stat().st_mode & stat.S_IROTH:
        return False
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.absolute().parents)


def disk(ground: Ground) -> Iterator[Check]:
    """Room for the database to grow, and for a copy of it."""
    free = shutil.disk_usage(ground.workspace.root).free // MB
    database = ground.workspace.database
    size = database.stat().st_size // MB if database.exists() else 0
    if free < EMPTY_MB:
        yield bad("disk", f"{free} MB free: nothing leaves when the disk is full", "free some space")
    elif free < max(LOW_MB, 2 * size):
        yield warning("disk", f"{free} MB free, the database has {size} MB", "free some space")
    else:
        yield fine("disk", f"{free / 1000:.1f} GB free")
