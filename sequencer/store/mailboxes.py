"""Mailboxes as the database knows them: who reads for whom, pauses, and how old each reading is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, Select, Subquery, exists, func, or_, select, update

from sequencer.core.enrollment import EnrollmentState
from sequencer.core.ports import Cursor
from sequencer.core.silence import Arrivals, arrivals_of
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record
from sequencer.store.schema import enrollments, folder_cursors, mailboxes, outbox
from sequencer.store.upsert import upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxStatus:
    """One row of `mailboxes`."""

    name: str
    reads_in: str
    paused_at: datetime | None
    pause_reason: str | None
    read_at: datetime | None
    """Start of the last read that completed."""
    read_failed_at: datetime | None
    """First failure since then."""
    read_failure: str | None
    arrivals: Arrivals | None = None
    """The mail that came in; None before the first."""


def sync(tx: Tx, reads_in: Mapping[str, str]) -> None:
    """Bring the known mailboxes in line with config.toml: name → the mailbox that is read for it."""
    for name, reader in reads_in.items():
        upsert(tx, mailboxes, {"name": name}, {"reads_in": reader})


def writers(tx: Tx) -> list[str]:
    """Every mailbox that has written, or may have."""
    return sorted(row.mailbox for row in tx.execute(select(writing_mailboxes())))


def writing_mailboxes() -> Subquery:
    """A table of what `writers` tells: from each name the next is looked up, not every message read."""
    next_at = select(func.min(outbox.c.mailbox).label("mailbox")).where(outbox.c.sending_at.is_not(None))
    found = next_at.cte("writing", recursive=True)
    after = next_at.where(outbox.c.mailbox > found.c.mailbox).correlate(found).scalar_subquery()
    found = found.union_all(select(after).where(found.c.mailbox.is_not(None)))
    return select(found.c.mailbox).where(found.c.mailbox.is_not(None)).subquery("writers")


def statuses(tx: Tx) -> list[MailboxStatus]:
    """All known mailboxes, by name."""
    query = select(mailboxes).order_by(mailboxes.c.name)
    fields = set(MailboxStatus.__slots__) - {"arrivals"}
    return [
        MailboxStatus(**{f: row[f] for f in fields}, arrivals=_arrivals(row))
        for row in tx.execute(query).mappings()
    ]


def mail_came(tx: Tx, name: str, received_at: Sequence[datetime], now: datetime) -> None:
    """Note mail that came into a mailbox; a server's clock that goes ahead makes nothing come tomorrow."""
    came_at = [min(at, now) for at in received_at]
    row = tx.execute(select(mailboxes).where(mailboxes.c.name == name)).mappings().first()
    known = _arrivals(row) if row else None
    more = known.with_more(came_at) if known and came_at else arrivals_of(came_at)
    if row and more and more != known:
        values = {"mail_from": more.first_at, "mail_at": more.last_at, "mail_days": more.days}
        tx.execute(update(mailboxes).where(mailboxes.c.name == name).values(**values))


def _arrivals(row: RowMapping) -> Arrivals | None:
    if row["mail_days"] is None:
        return None
    return Arrivals(first_at=row["mail_from"], last_at=row["mail_at"], days=row["mail_days"])


def used_since(tx: Tx, reader: str | None) -> datetime | None:
    """The first enrollment, or message, whose answers are read in `reader` (None: in any).

    None too of a reader for whose mailboxes none is active and nothing left yet.
    """
    names = select(mailboxes.c.name)
    if reader is not None:
        names = names.where(mailboxes.c.reads_in == reader)
        # Asked at each tick of a mailbox that nobody is enrolled from: the walk below would find nobody.
        if not tx.execute(select(_is_used(names))).scalar():
            return None
    # They are numbered as they were made, so that the walk ends at the first.
    walk = select(enrollments.c.created_at).where(enrollments.c.mailbox.in_(names)).order_by(enrollments.c.id)
    found = (tx.execute(query).scalar() for query in (walk.limit(1), select(_first_sent(names))))
    return min((at for at in found if at is not None), default=None)


def _is_used(names: Select[tuple[str]]) -> ColumnElement[bool]:
    is_active = is_any_of(enrollments.c.state, EnrollmentState.ACTIVE)
    runs = exists().where(enrollments.c.mailbox.in_(names), is_active)
    return or_(runs, _first_sent(names).is_not(None))


def _first_sent(names: Select[tuple[str]]) -> ColumnElement[datetime]:
    """When the first message of these mailboxes left, each looked up by itself."""
    left_at = outbox.c.sending_at
    of_one = select(func.min(left_at)).where(outbox.c.mailbox == mailboxes.c.name, left_at.is_not(None))
    each = of_one.correlate(mailboxes).scalar_subquery()
    return select(func.min(each, type_=left_at.type)).where(mailboxes.c.name.in_(names)).scalar_subquery()


def pause(tx: Tx, names: Iterable[str], reason: str, now: datetime) -> int:
    """Pause mailboxes that are not paused yet; nothing of theirs is cancelled."""
    changed = 0
    for name in names:
        done = tx.execute(
            update(mailboxes)
            .where(mailboxes.c.name == name, mailboxes.c.paused_at.is_(None))
            .values(paused_at=now, pause_reason=reason)
        )
        changed += done.rowcount
        if done.rowcount:
            record(tx, now, Event(kind="mailbox_paused", mailbox=name))
    return changed


def resume(tx: Tx, names: Iterable[str], now: datetime) -> int:
    """Let paused mailboxes send again."""
    changed = 0
    for name in names:
        done = tx.execute(
            update(mailboxes)
            .where(mailboxes.c.name == name, mailboxes.c.paused_at.is_not(None))
            .values(paused_at=None, pause_reason=None, resumed_at=now)
        )
        changed += done.rowcount
        if done.rowcount:
            record(tx, now, Event(kind="mailbox_resumed", mailbox=name))
    return changed


def read_completed(tx: Tx, name: str, started_at: datetime) -> None:
    """A read of every folder ended well; its age counts from its start."""
    tx.execute(
        update(mailboxes)
        .where(mailboxes.c.name == name)
        .values(read_at=started_at, read_failed_at=None, read_failure=None)
    )


def read_failed(tx: Tx, name: str, failure: str, now: datetime) -> datetime:
    """A read did not complete; returns since when none has, which is kept until one does."""
    tx.execute(
        update(mailboxes)
        .where(mailboxes.c.name == name)
        .values(read_failed_at=func.coalesce(mailboxes.c.read_failed_at, now), read_failure=failure)
    )
    since: datetime | None = tx.execute(
        select(mailboxes.c.read_failed_at).where(mailboxes.c.name == name)
    ).scalar()
    return since or now


def forget_reads(tx: Tx) -> None:
    """Every mailbox counts as unread until its next reading."""
    tx.execute(update(mailboxes).values(read_at=None))


def count_against(tx: Tx, name: str, *, complaints: int = 0, refusals: int = 0) -> None:
    """Raise a mailbox's counters of complaints and policy refusals."""
    tx.execute(
        update(mailboxes)
        .where(mailboxes.c.name == name)
        .values(
            complaints=mailboxes.c.complaints + complaints,
            policy_refusals=mailboxes.c.policy_refusals + refusals,
        )
    )


def cursors(tx: Tx, mailbox: str) -> list[Cursor]:
    """How far each folder of a mailbox has been read."""
    query = select(folder_cursors).where(folder_cursors.c.mailbox == mailbox)
    return [
        Cursor(folder=row.folder, uid_validity=row.uid_validity, last_uid=row.last_uid)
        for row in tx.execute(query)
    ]


def set_cursor(tx: Tx, mailbox: str, cursor: Cursor) -> None:
    """Move a folder's cursor, in the transaction that recorded what was read up to it."""
    values = {"uid_validity": cursor.uid_validity, "last_uid": cursor.last_uid}
    upsert(tx, folder_cursors, {"mailbox": mailbox, "folder": cursor.folder}, values)


def active_enrollments(tx: Tx, names: Sequence[str]) -> dict[str, int]:
    """How many active enrollments each of these mailboxes carries."""
    query = (
        select(enrollments.c.mailbox, func.count())
        .where(enrollments.c.mailbox.in_(list(names)), is_any_of(enrollments.c.state, EnrollmentState.ACTIVE))
        .group_by(enrollments.c.mailbox)
    )
    return dict.fromkeys(names, 0) | {row[0]: int(row[1]) for row in tx.execute(query)}
