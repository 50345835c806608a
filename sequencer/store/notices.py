"""The queue of notices: each told once per event and channel; rows hold ids and codes, never texts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update

from sequencer.core.notices import Channel, NoticeKind, channel_of
from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import notices


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """Something to tell through one channel. `key` names the event and the channel: told once."""

    key: str
    kind: NoticeKind
    channel: Channel
    rep: str
    due_at: datetime
    mailbox: str | None = None
    contact_id: int | None = None
    enrollment_id: int | None = None
    inbox_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """One row of `notices`."""

    id: int
    key: str
    kind: NoticeKind
    channel: Channel
    rep: str
    mailbox: str | None
    contact_id: int | None
    enrollment_id: int | None
    inbox_id: int | None
    data: dict[str, Any]
    due_at: datetime
    tries: int
    failure: str | None
    done_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """Notices that were tried and not told."""

    waiting: int
    given_up: int
    failure: str
    """Of the latest."""


def add(tx: Tx, new: Iterable[NewNotice], now: datetime) -> int:
    """Queue what is not queued yet; returns how many."""
    wanted = {one.key: one for one in new}
    before = known(tx, wanted)
    fresh = [one for key, one in wanted.items() if key not in before]
    values = [
        {
            **{name: getattr(one, name) for name in NewNotice.__slots__},
            "kind": one.kind.value,
            "channel": str(one.channel),
            "created_at": now,
        }
        for one in fresh
    ]
    if values:
        tx.execute(insert(notices), values)
    return len(values)


def known(tx: Tx, keys: Collection[str]) -> set[str]:
    """Which of these are queued, or were told."""
    found: set[str] = set()
    for some in chunks(keys):
        found |= {row.key for row in tx.execute(select(notices.c.key).where(notices.c.key.in_(some)))}
    return found


def due(tx: Tx, now: datetime, limit: int = 500) -> list[Queued]:
    """What is to be told now, longest due first: in the order of its index, which those told have left."""
    query = (
        select(notices)
        .where(notices.c.done_at.is_(None), notices.c.due_at <= now)
        .order_by(notices.c.due_at, notices.c.id)
        .limit(limit)
    )
    return [_queued(row) for row in tx.execute(query).mappings()]


def told(tx: Tx, ids: Sequence[int], now: datetime) -> None:
    """They arrived, or what they would say is no longer so."""
    _change(tx, ids, done_at=now, failure=None)


def failed(tx: Tx, one: Queued, failure: str, *, again_at: datetime | None, now: datetime) -> None:
    """It did not arrive; it goes again at `again_at`, or (None) is given up."""
    done = {"done_at": now} if again_at is None else {"due_at": again_at}
    _change(tx, [one.id], tries=one.tries + 1, failure=failure, **done)


def listed(tx: Tx, *, failed_only: bool = False, limit: int = 50) -> list[Queued]:
    """Notices, newest first."""
    query = select(notices).order_by(notices.c.id.desc()).limit(limit)
    if failed_only:
        query = query.where(notices.c.failure.is_not(None))
    return [_queued(row) for row in tx.execute(query).mappings()]


def failing(tx: Tx, given_up_since: datetime) -> Failing:
    """What was tried in vain: what still waits, and what was given up since then."""
    waiting, last_waiting = _failed(tx, notices.c.done_at.is_(None))
    given_up, last_given_up = _failed(tx, notices.c.done_at >= given_up_since)
    latest = max(last_waiting, last_given_up)
    failure = tx.execute(select(notices.c.failure).where(notices.c.id == latest)).scalar()
    return Failing(waiting=waiting, given_up=given_up, failure=failure or "")


def _failed(tx: Tx, which: ColumnElement[bool]) -> tuple[int, int]:
    """How many, and the last of them."""
    query = select(func.count(), func.coalesce(func.max(notices.c.id), 0))
    count, last = tx.execute(query.where(notices.c.failure.is_not(None), which)).one()
    return int(count), int(last)


def _change(tx: Tx, ids: Sequence[int], **values: Any) -> None:
    for some in chunks(ids):
        still = (notices.c.id.in_(some), notices.c.done_at.is_(None))
        tx.execute(update(notices).where(*still).values(**values))


def _queued(row: Any) -> Queued:
    plain = {name: row[name] for name in Queued.__slots__ if name not in ("kind", "channel")}
    return Queued(**plain, kind=NoticeKind(row["kind"]), channel=channel_of(row["channel"]))
