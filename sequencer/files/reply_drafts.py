"""Drafts of answers, readable by their owner alone, kept until the answer has left."""

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

from sequencer.errors import SequencerError
from sequencer.files.workspace import Workspace


def draft_of(workspace: Workspace, answer_id: int) -> Path:
    """Where the draft of the answer to that message stands, if there is one."""
    return workspace.drafts / f"reply-{answer_id}.md"


def write_draft(workspace: Workspace, answer_id: int, text: str) -> Path:
    """Write it, in the place of an earlier one; SequencerError when it cannot be written."""
    path = draft_of(workspace, answer_id)
    try:
        workspace.drafts.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise SequencerError(f"the draft cannot be written: {error.strerror}", where=str(path)) from None
    return path


def remove_draft(workspace: Workspace, answer_id: int) -> None:
    """It has left, or nothing was to be said; the folder goes with the last one."""
    draft_of(workspace, answer_id).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # another draft is in it
        workspace.drafts.rmdir()


def drafts_of(workspace: Workspace, answer_ids: Collection[int]) -> list[Path]:
    """Those that are there of the answers to these messages."""
    return [path for one in sorted(answer_ids) if (path := draft_of(workspace, one)).is_file()]
