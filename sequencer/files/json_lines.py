"""Lines of JSON: a list of sent messages, and what each message of a labelled folder is."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sequencer.core.corpus import Label
from sequencer.core.inbound import AutoReplyType, VerdictKind
from sequencer.core.sent_list import ListedMessage
from sequencer.files.fault_list import FaultList, mend_for_unknown
from sequencer.files.text_file import read_text

T = TypeVar("T")
_MOST = 500_000_000


def read_sent_list(path: Path) -> list[ListedMessage]:
    """Rows of `sent_id`, `message_id`, `to` and, if known, `from`, `reply_to`, `subject`, `date` (ISO 8601).

    FaultyInput with every fault.
    """
    return _read(path, _listed)


def read_labels(path: Path) -> list[Label]:
    """Rows of `file` and `kind`, and whatever else is known of the message; FaultyInput with every fault."""
    return _read(path, _label)


def _read(path: Path, make: Callable[[Mapping[str, Any]], T]) -> list[T]:
    faults = FaultList(str(path))
    made: list[T] = []
    for line, row in _rows(path, faults):
        try:
            made.append(make(row))
        except KeyError as missing:
            faults.add(line, f"there is no {missing.args[0]!r}")
        except ValueError as error:
            faults.add(line, str(error))
    faults.raise_if_any()
    return made


def _rows(path: Path, faults: FaultList) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for line, text in enumerate(read_text(path, str(path), max_bytes=_MOST).split("\n"), 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError as error:
            faults.add(line, f"is no JSON: {error}")
            continue
        if isinstance(row, dict):
            yield line, row
        else:
            faults.add(line, "is no JSON object", "write one {…} a line")


def _listed(row: Mapping[str, Any]) -> ListedMessage:
    at = datetime.fromisoformat(row["date"]) if row.get("date") else None
    return ListedMessage(
        sent_id=str(row["sent_id"]),
        message_id=str(row["message_id"]),
        to=str(row["to"]),
        sender=str(row.get("from") or ""),
        reply_to=str(row.get("reply_to") or ""),
        subject=str(row.get("subject") or ""),
        sent_at=at if at is None or at.tzinfo else at.replace(tzinfo=UTC),
    )


def _label(row: Mapping[str, Any]) -> Label:
    kinds = [kind.value for kind in VerdictKind]
    if row["kind"] not in kinds:
        raise ValueError(f"{row['kind']!r} is no kind: {mend_for_unknown(str(row['kind']), kinds)}")
    return Label(
        file=str(row["file"]),
        kind=VerdictKind(row["kind"]),
        recipients=tuple(str(one) for one in row.get("recipients") or ()),
        also={
            str(one["recipient"]).lower(): frozenset(str(alt).lower() for alt in one.get("alt") or ())
            for one in row.get("per_recipient") or ()
        },
        permanence=row.get("permanence"),
        hard=row.get("hard"),
        reason=row.get("reason"),
        orig_message_id=row.get("orig_message_id"),
        sent_id=row.get("sent_id"),
        stops_as=AutoReplyType(row["subtype"]) if row.get("subtype") in _STOPPING else None,
        label_from=str(row.get("label_from") or ""),
        source=str(row.get("source") or ""),
        provider=str(row.get("provider") or row.get("client") or ""),
        reply_text=row.get("reply_text"),
    )


_STOPPING = frozenset({AutoReplyType.LEFT_COMPANY, AutoReplyType.ADDRESS_CHANGED})
