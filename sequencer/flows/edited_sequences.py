"""Which sequences were edited since those who run them were pinned, and nobody decided what that means."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sequencer.files.pinned_texts import files_differ
from sequencer.flows.engine import Engine
from sequencer.store import applying, versions
from sequencer.store.engine import Tx
from sequencer.store.running_needs import running_needs


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedSequence:
    """A sequence whose files say something else than what runs."""

    name: str
    running: int
    """Unfinished enrollments whose version differs from the files."""


def edited_sequences(engine: Engine, tx: Tx) -> tuple[EditedSequence, ...]:
    """By name; without those whose files a lead said are for new enrollments only."""
    running: dict[str, Counter[str]] = {}
    for need in running_needs(tx):
        running.setdefault(need.sequence, Counter())[need.version_hash] += need.count
    decided = applying.decided_for_new(tx)
    found = []
    for name, by_version in sorted(running.items()):
        if not _is_edited(engine, tx, decided.get(name)):
            continue
        count = sum(count for hash_, count in by_version.items() if _is_edited(engine, tx, hash_))
        if count:
            found.append(EditedSequence(name=name, running=count))
    return tuple(found)


def _is_edited(engine: Engine, tx: Tx, version_hash: str | None) -> bool:
    texts: Mapping[str, str] | None = versions.texts_of(tx, version_hash) if version_hash else None
    return texts is None or files_differ(engine.workspace, texts)
