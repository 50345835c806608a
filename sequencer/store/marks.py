"""What people said of incoming messages: the mark of each, and what it was taken for before."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, insert, select, update

from sequencer.core.inbound import VerdictKind
from sequencer.core.marks import Mark
from sequencer.store.engine import Tx
from sequencer.store.schema import corrections, events, inbox, marks, suppressions, tasks
from sequencer.store.upsert import upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One row of `marks`."""

    inbox_id: int
    contact_id: int
    mark: Mark
    day: str | None = None
    """Of `later`: `2027-03-01`."""
    address: str | None = None
    """Of `referral`."""
    rep: str
    marked_at: datetime
    did: dict[str, Any] = field(default_factory=dict)
    """`task` (id) and `stage` ([from, to]): what another mark takes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a message was taken for, and did, until a person said otherwise."""

    kind: VerdictKind
    verdict: dict[str, Any]
    effects: list[str]
    rep: str
    corrected_at: datetime


def mark_of(tx: Tx, inbox_id: int) -> Marked | None:
    """The mark that stands."""
    row = tx.execute(select(marks).where(marks.c.inbox_id == inbox_id)).mappings().first()
    return _marked(row) if row else None


def marks_before(tx: Tx, contact_id: int, at: datetime) -> list[Marked]:
    """The marks of a contact's messages that came before this instant."""
    query = (
        select(marks)
        .join(inbox, inbox.c.id == marks.c.inbox_id)
        .where(marks.c.contact_id == contact_id, inbox.c.received_at <= at)
        .order_by(marks.c.inbox_id)
    )
    return [_marked(row) for row in tx.execute(query).mappings()]


def said_at(tx: Tx, at: datetime) -> list[tuple[int, str, str]]:
    """(message, mark or kind, rep) of what people said of answers at exactly this instant."""
    marked = select(marks.c.inbox_id, marks.c.mark, marks.c.rep).where(marks.c.marked_at == at)
    corrected = (
        select(corrections.c.inbox_id, inbox.c.kind, corrections.c.rep)
        .join(inbox, inbox.c.id == corrections.c.inbox_id)
        .where(corrections.c.corrected_at == at)
    )
    return [(row[0], row[1], row[2]) for query in (marked, corrected) for row in tx.execute(query)]


def put_mark(tx: Tx, marked: Marked) -> None:
    """Write a message's mark in place of any other."""
    values = {name: getattr(marked, name) for name in Marked.__slots__ if name != "inbox_id"}
    upsert(tx, marks, {"inbox_id": marked.inbox_id}, values)


def remove_mark(tx: Tx, inbox_id: int) -> None:
    """A message without a mark."""
    tx.execute(delete(marks).where(marks.c.inbox_id == inbox_id))


def corrections_of(tx: Tx, inbox_id: int) -> list[Correction]:
    """What a message was taken for before, the first first."""
    query = select(corrections).where(corrections.c.inbox_id == inbox_id).order_by(corrections.c.id)
    return [
        Correction(
            kind=VerdictKind(row.kind),
            verdict=row.verdict or {},
            effects=row.effects or [],
            rep=row.rep,
            corrected_at=row.corrected_at,
        )
        for row in tx.execute(query)
    ]


def keep_corrected(tx: Tx, inbox_id: int, contact_id: int | None, before: Correction) -> None:
    """Keep what a message was taken for until now."""
    values = {
        "rep": before.rep,
        "corrected_at": before.corrected_at,
        "kind": before.kind,
        "verdict": before.verdict,
        "effects": before.effects,
    }
    tx.execute(insert(corrections).values(inbox_id=inbox_id, contact_id=contact_id, **values))


def reclassify(tx: Tx, inbox_id: int, values: dict[str, Any]) -> None:
    """Write what a message is now taken for, and did."""
    tx.execute(update(inbox).where(inbox.c.id == inbox_id).values(**values))


def open_tasks_made_with(tx: Tx, contact_id: int, made_at: datetime) -> dict[str, int]:
    """Title → id of the contact's open tasks that an answer read at this instant made."""
    query = select(tasks.c.id, tasks.c.title).where(
        tasks.c.contact_id == contact_id,
        tasks.c.created_at == made_at,
        tasks.c.step.is_(None),
        tasks.c.done_at.is_(None),
        tasks.c.cancelled_at.is_(None),
    )
    return {row.title: row.id for row in tx.execute(query)}


def cancel_task(tx: Tx, task_id: int, now: datetime) -> bool:
    """Nobody needs to do it any more."""
    is_open = (tasks.c.done_at.is_(None), tasks.c.cancelled_at.is_(None))
    which = update(tasks).where(tasks.c.id == task_id, *is_open)
    return bool(tx.execute(which.values(cancelled_at=now)).rowcount)


def last_suppression(tx: Tx) -> int:
    """The id of the latest suppression; 0 when there is none."""
    query = select(suppressions.c.id).order_by(suppressions.c.id.desc()).limit(1)
    return int(tx.execute(query).scalar() or 0)


def claim_suppressions(tx: Tx, after_id: int, source: str) -> None:
    """Say of those made after that one, in this very transaction, where they come from."""
    tx.execute(update(suppressions).where(suppressions.c.id > after_id).values(source=source))


def remove_claimed(tx: Tx, source: str) -> int:
    """Forget the suppressions that come from there; returns how many."""
    return int(tx.execute(delete(suppressions).where(suppressions.c.source == source)).rowcount)


def suppressed_by_answer(tx: Tx, keys: Collection[str], since: datetime) -> list[tuple[int, str]]:
    """(id, reason) of suppressions of these address_keys that an answer read since then made."""
    query = select(suppressions.c.id, suppressions.c.reason).where(
        suppressions.c.pattern.in_(sorted(keys)),
        suppressions.c.source == "answer",
        suppressions.c.created_at >= since,
    )
    return [(row.id, row.reason) for row in tx.execute(query.order_by(suppressions.c.id))]


def others_that(tx: Tx, contact_id: int, inbox_id: int, did: str) -> list[int]:
    """Other messages about the contact of whose effects one begins so."""
    said = cast(inbox.c.effects, String).like(f'%"{did}%')
    query = select(inbox.c.id).where(said, inbox.c.id != inbox_id, inbox.c.contact_id == contact_id)
    return [row.id for row in tx.execute(query.order_by(inbox.c.id))]


def others_that_held(tx: Tx, enrollment_id: int, inbox_id: int, since: datetime) -> list[int]:
    """Other messages, read since then, that held this enrollment too and were not marked unrelated."""
    said = cast(inbox.c.effects, String).like(f'%"enrollment {enrollment_id} held %')
    query = (
        select(inbox.c.id)
        .outerjoin(marks, marks.c.inbox_id == inbox.c.id)
        .where(said, inbox.c.id != inbox_id, inbox.c.read_at >= since)
        .where(marks.c.mark.is_distinct_from(Mark.UNRELATED))
        .order_by(inbox.c.id)
    )
    return [row.id for row in tx.execute(query)]


def last_resumed(tx: Tx, enrollment_id: int) -> datetime | None:
    """When the enrollment was last resumed."""
    query = (
        select(events.c.at)
        .where(
            events.c.enrollment_id == enrollment_id, events.c.outbox_id.is_(None), events.c.kind == "resumed"
        )
        .order_by(events.c.id.desc())
        .limit(1)
    )
    at: datetime | None = tx.execute(query).scalar()
    return at


def _marked(row: Any) -> Marked:
    return Marked(**(dict(row) | {"mark": Mark(row["mark"]), "did": row["did"] or {}}))
