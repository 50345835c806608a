"""The folders under overrides/ that hold a person's own texts for one contact."""

import shutil
from collections.abc import Collection
from pathlib import Path

from sequencer.core.address import key_or_none
from sequencer.errors import SequencerError
from sequencer.files.workspace import Workspace


def override_folders(workspace: Workspace, keys: Collection[str]) -> list[Path]:
    """Those named after an address with one of these address_keys, in every sequence."""
    folders = sorted(path for path in workspace.overrides.glob("*/*") if path.is_dir())
    return [path for path in folders if key_or_none(path.name) in keys]


def remove_folders(folders: Collection[Path]) -> None:
    """Remove them with all that is in them; SequencerError when that fails."""
    for folder in folders:
        try:
            folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
        except OSError as error:
            raise SequencerError(
                f"the folder cannot be removed: {error.strerror}",
                where=str(folder),
                hint="close what has it open, then run the same command again",
            ) from None
