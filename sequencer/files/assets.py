"""Files under assets/: their hash, size and media type, read once for as long as the file stays the same."""

import hashlib
import mimetypes
from collections.abc import Iterable
from pathlib import Path

from sequencer.core.languages import split_name
from sequencer.core.outbox import Attachment
from sequencer.core.render import asset_name_fault
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.errors import InputError
from sequencer.files.workspace import Workspace

_KNOWN_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".webp": "image/webp",
}
"""What is attached daily, without reading the machine's lists for it, and types that not every list has."""


class MissingAsset(InputError):
    """An attachment that is not there (or cannot be read): its message stays until it is."""


class Assets:
    """The workspace's attachments. Threads may share it: at worst two of them hash the same file."""

    def __init__(self, workspace: Workspace) -> None:
        self._root = workspace.assets
        self._known: dict[tuple[str, int, int], Attachment] = {}

    def path(self, name: str) -> Path:
        """Where the file called `name` is: a path under assets/, with `/`; MissingAsset when it leads out."""
        fault = asset_name_fault(name)
        path = self._root / name
        if fault is not None or not path.resolve().is_relative_to(self._root.resolve()):
            raise MissingAsset(f"{name!r} {fault or 'leads out of assets/'}", where=f"assets/{name}")
        return path

    def attachment(self, name: str) -> Attachment:
        """What the file called `name` is now; MissingAsset when it is not there. `name` is as in `path`."""
        path = self.path(name)
        try:
            state = path.stat()
            key = (name, state.st_mtime_ns, state.st_size)
            if key not in self._known:
                self._known[key] = _attachment(name, path)
        except OSError as error:
            is_missing = isinstance(error, FileNotFoundError)
            what = "there is no such attachment" if is_missing else f"cannot be read: {error.strerror}"
            hint = "put the file there; mails that attach it wait for it"
            raise MissingAsset(what, where=f"assets/{name}", hint=hint) from None
        return self._known[key]

    def attachments(self, names: Iterable[str]) -> tuple[Attachment, ...]:
        """The files called `names`, in that order; MissingAsset for the first that is not there."""
        return tuple(self.attachment(name) for name in names)


def fixed_assets(version: SequenceVersion, step: Step) -> list[str]:
    """The attachments of a step that are named without any field, each once."""
    patterns = [*step.attach]
    for name, template in version.templates.items():
        if split_name(name)[0] in step.arms:
            patterns += template.attach
    return list(dict.fromkeys(pattern for pattern in patterns if "{" not in pattern))


def _attachment(name: str, path: Path) -> Attachment:
    guessed = _KNOWN_TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        size = file.tell()
    return Attachment(
        name=path.name,
        path=name,
        sha256=digest.hexdigest(),
        media_type=guessed or "application/octet-stream",
        size=size,
    )
