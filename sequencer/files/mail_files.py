"""Raw messages from files that people name: single ones, folders of them, mbox."""

import mailbox
from collections.abc import Iterable, Iterator
from pathlib import Path

from sequencer.errors import InputError

_MBOX = frozenset({".mbox", ".mbx"})
_NOT_MAIL = frozenset({".json", ".jsonl", ".md", ".txt", ".csv", ".toml", ".yaml", ".yml"})
"""What lies beside messages in a folder; a file that is named itself is read whatever it is called."""


def mail_files(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """(name, raw message) of each, in order of name: `FILE` or, in an mbox, `FILE:3`, from 1.

    InputError for a path that is not there or cannot be read.
    """
    for path in paths:
        if not path.is_dir():
            yield from _messages(path, path.name)
            continue
        for found in sorted(path.rglob("*")):
            inside = found.relative_to(path)
            is_hidden = any(part.startswith(".") for part in inside.parts)
            if found.is_file() and not is_hidden and found.suffix.lower() not in _NOT_MAIL:
                yield from _messages(found, inside.as_posix())


def _messages(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    try:
        if path.suffix.lower() not in _MBOX:
            yield name, path.read_bytes()  # a line `From …` before the header is no sign of several
            return
        box = mailbox.mbox(path, create=False)
        try:
            for number, key in enumerate(box.keys(), 1):
                yield f"{name}:{number}", box.get_bytes(key)
        finally:
            box.close()
    except FileNotFoundError:
        raise InputError("there is no such file or folder", where=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
