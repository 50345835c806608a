"""Names that a workspace's files give, read quickly and without complaint: for the shell's completion."""

import tomllib

from sequencer.files.workspace import Workspace

SUFFIX = ".yaml"
"""Of a sequence's file."""
_MAX_BYTES = 1_000_000


def known_names(workspace: Workspace, kind: str) -> list[str]:
    """The `sequences`, `mailboxes` or `reps` of a workspace; none where config.toml can't be read."""
    if kind == "sequences":
        return sequence_names(workspace)
    try:
        with workspace.config.open("rb") as file:
            said = tomllib.loads(file.read(_MAX_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError):
        return []
    entries = said.get(kind, [])
    if not isinstance(entries, list):
        return []
    names = (entry.get("name") for entry in entries if isinstance(entry, dict))
    return sorted(name for name in names if isinstance(name, str))


def sequence_names(workspace: Workspace) -> list[str]:
    """The names of the workspace's sequences, sorted."""
    return sorted(path.stem for path in workspace.sequences.glob("*" + SUFFIX) if path.is_file())
