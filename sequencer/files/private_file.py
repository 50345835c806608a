"""A new file with people's data in it: readable by its owner alone, and never over one that is there."""

import os
from pathlib import Path

from sequencer.errors import InputError, SequencerError


def write_private(path: Path, text: str) -> None:
    """Write it; InputError when something stands there already, SequencerError when it cannot be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError("there is such a file already", where=str(path), hint="name another") from None
    except OSError as error:
        raise SequencerError(f"cannot be written: {error.strerror}", where=str(path)) from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def private_folder(path: Path) -> None:
    """Make a folder for such files; one that is there is used if it is empty."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_empty = next(path.iterdir(), None) is None
    except OSError as error:
        raise SequencerError(f"cannot be made: {error.strerror}", where=str(path)) from None
    if not is_empty:
        raise InputError("the folder is not empty", where=str(path), hint="name a new one")
