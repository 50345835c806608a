"""The workspace's `corpus/`: mail whose verdict a person corrected, as `inbox classify --check` reads it.

`eml/answer-12.eml`, one line of `labels.jsonl` each, and in `sent.jsonl` what they were to answer. All of
it is people's mail: for its owner's eyes alone, and kept out of git.
"""

import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sequencer.core.address import key_or_none
from sequencer.errors import SequencerError
from sequencer.files.workspace import Workspace

_LABELS, _SENT = "labels.jsonl", "sent.jsonl"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """One message of the corpus."""

    path: Path
    label: Row | None
    raw: bytes


def fixture_name(answer_id: int) -> str:
    """The file of a message, in `eml/` and in its label."""
    return f"answer-{answer_id}.eml"


def keep_fixture(workspace: Workspace, answer_id: int, raw: bytes, label: Row, sent: Sequence[Row]) -> Path:
    """Write or replace a message, its label, and what was sent; SequencerError when that fails."""
    folder, name = workspace.corpus, fixture_name(answer_id)
    try:
        (folder / "eml").mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        _write(folder / ".gitignore", b"*\n")
        _write(folder / "eml" / name, raw)
        _replace(folder / _LABELS, [{"file": name} | dict(label)], lambda row: row.get("file") == name)
        ids = {str(one["message_id"]) for one in sent}
        _replace(folder / _SENT, sent, lambda row: str(row.get("message_id")) in ids)
    except OSError as error:
        raise _cannot(folder, error) from None
    return folder / "eml" / name


def fixtures_of(workspace: Workspace, answer_ids: Collection[int]) -> list[Fixture]:
    """Those of these messages that are kept."""
    labels = {row.get("file"): row for _line, row in _rows(workspace.corpus / _LABELS)}
    paths = (workspace.corpus / "eml" / fixture_name(one) for one in sorted(answer_ids))
    return [
        Fixture(path=path, label=labels.get(path.name), raw=path.read_bytes())
        for path in paths
        if path.is_file()
    ]


def sent_rows_of(workspace: Workspace, keys: Collection[str]) -> list[Row]:
    """What `sent.jsonl` says was written to these address_keys."""
    return [row for _line, row in _rows(workspace.corpus / _SENT) if _is_to(row, keys)]


def remove_fixtures(workspace: Workspace, answer_ids: Collection[int], keys: Collection[str]) -> None:
    """Take these messages away with their labels, and what was written to these address_keys."""
    folder, names = workspace.corpus, {fixture_name(one) for one in answer_ids}
    try:
        for name in sorted(names):
            (folder / "eml" / name).unlink(missing_ok=True)
        _remove(folder / _LABELS, lambda row: row.get("file") in names)
        _remove(folder / _SENT, lambda row: _is_to(row, keys))
    except OSError as error:
        raise _cannot(folder, error) from None


def _is_to(row: Row, keys: Collection[str]) -> bool:
    return (key_or_none(str(row.get("to", ""))) or "") in keys


def _rows(path: Path) -> Iterator[tuple[str, Row]]:
    """The lines of a file as they stand, each with what it says; nothing for a line that is no object."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        if line.strip():
            yield line, _row(line)


def _row(line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def _remove(path: Path, is_gone: Callable[[Row], bool]) -> None:
    if any(is_gone(row) for _line, row in _rows(path)):
        _replace(path, (), is_gone)


def _replace(path: Path, new: Sequence[Row], is_old: Callable[[Row], bool]) -> None:
    """The other lines as they were, then the new ones."""
    lines = [line for line, row in _rows(path) if not is_old(row)]
    lines += [json.dumps(row, ensure_ascii=False) for row in new]
    _write(path, "".join(f"{line}\n" for line in lines).encode())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for the owner alone."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    beside.replace(path)


def _cannot(folder: Path, error: OSError) -> SequencerError:
    hint = "the verdict itself is corrected; say the same command again when that is mended"
    return SequencerError(f"the corpus cannot be written: {error.strerror}", where=str(folder), hint=hint)
