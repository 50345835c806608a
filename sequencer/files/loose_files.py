"""Files from anywhere that a rep attaches to an answer: what they are, and encoded for mail."""

import hashlib
import mimetypes
from functools import partial
from pathlib import Path

from sequencer.core.body import WHOLE_LINES, EncodedAttachment, encode_pieces
from sequencer.core.outbox import Attachment
from sequencer.errors import InputError
from sequencer.files.workspace import Workspace


def loose_file(workspace: Workspace, named: str) -> Attachment:
    """The file as it is now: a path from here, else one under assets/. InputError when there is none."""
    path = next((one for one in (Path(named), workspace.assets / named) if one.is_file()), None)
    if path is None:
        raise InputError("there is no such file", where=named, hint="give a path, or a name under assets/")
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            size = file.tell()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=named) from None
    return Attachment(
        name=path.name,
        path=str(path.resolve()),
        sha256=digest.hexdigest(),
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        size=size,
    )


def encoded_file(attachment: Attachment) -> EncodedAttachment:
    """Ready to be spliced in; InputError when the file is gone or another by now, ValueError for its name."""
    try:
        with Path(attachment.path).open("rb") as file:
            pieces = iter(partial(file.read, WHOLE_LINES), b"")
            encoded = encode_pieces(attachment.name, attachment.media_type, pieces)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=attachment.path) from None
    if encoded.sha256 != attachment.sha256:
        raise InputError("the file changed meanwhile", where=attachment.path)
    return encoded
