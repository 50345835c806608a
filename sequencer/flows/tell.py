"""Tell: a reply, a hold for a person, a mailbox in trouble: queued as notices in its own transaction."""

import logging
from datetime import datetime
from typing import Any

from sequencer.config import Rep
from sequencer.core.enrollment import Enrollment, Hold, stronger_hold
from sequencer.core.notices import NoticeKind, channels, told_at, zone_of
from sequencer.flows.engine import Engine
from sequencer.store import contacts, enrollments, notices
from sequencer.store.engine import Tx
from sequencer.store.notices import NewNotice

logger = logging.getLogger("sequencer.notices")


def tell_reply(
    tx: Tx, engine: Engine, *, inbox_id: int, contact_id: int, enrollment_id: int | None, now: datetime
) -> None:
    """A person answered: whoever wrote to them hears of it, else the owner of the contact."""
    enrollment = enrollments.by_id(tx, enrollment_id) if enrollment_id is not None else None
    contact = contacts.contact_of(tx, contact_id)
    name = enrollment.rep if enrollment else contact.owner if contact else None
    ids = {"contact_id": contact_id, "enrollment_id": enrollment_id, "inbox_id": inbox_id}
    _queue(tx, engine, NoticeKind.REPLY, f"reply:{inbox_id}", name, now, **ids)


def hold_and_tell(tx: Tx, engine: Engine, enrollment: Enrollment, new: Hold, now: datetime) -> bool:
    """Hold an enrollment; when it begins to wait for a person, its rep hears of it."""
    if not enrollments.hold(tx, enrollment, new, now):
        return False
    waited_before = enrollment.hold is not None and enrollment.hold.until is None
    kept = stronger_hold(enrollment.hold, new)
    if kept.until is None and not waited_before:
        about = f"hold:{enrollment.id}:{kept.reason.value}:{int(now.timestamp())}"
        ids = {"contact_id": enrollment.contact_id, "enrollment_id": enrollment.id}
        data = {"reason": kept.reason.value}
        _queue(tx, engine, NoticeKind.HOLD, about, enrollment.rep, now, data=data, **ids)
    return True


def tell_paused(tx: Tx, engine: Engine, mailbox: str, now: datetime) -> None:
    """A mailbox paused itself: every rep who writes from it hears of it."""
    for name in _writers(engine, mailbox):
        about = f"paused:{mailbox}:{int(now.timestamp())}"
        _queue(tx, engine, NoticeKind.PAUSED, about, name, now, mailbox=mailbox)


def tell_unread(tx: Tx, engine: Engine, mailbox: str, since: datetime, now: datetime) -> None:
    """A mailbox has not been read since then: its reps hear of it once, until it is read again."""
    for name in _writers(engine, mailbox):
        about = f"unread:{mailbox}:{int(since.timestamp())}"
        _queue(tx, engine, NoticeKind.PAUSED, about, name, now, mailbox=mailbox, data={"is_unread": True})


def tell_silent(tx: Tx, engine: Engine, mailbox: str, since: datetime, now: datetime) -> None:
    """Nothing has come since then: its reps hear of it once, until something comes."""
    data = {"is_silent": True, "since": since.isoformat()}
    for name in _writers(engine, mailbox):
        about = f"silent:{mailbox}:{int(since.timestamp())}"
        _queue(tx, engine, NoticeKind.PAUSED, about, name, now, mailbox=mailbox, data=data)


def _writers(engine: Engine, mailbox: str) -> list[str]:
    """The reps who write from a mailbox; `me` for one that is nobody's."""
    return [rep.name for rep in engine.config.reps if mailbox in rep.mailboxes] or [engine.config.me]


def _queue(
    tx: Tx, engine: Engine, kind: NoticeKind, about: str, name: str | None, now: datetime, **fields: Any
) -> None:
    config = engine.config
    try:
        rep = _listener(engine, name)
        due_at = told_at(now, config.notices.quiet_hours, zone_of(config, rep))
        with tx.begin_nested():
            new = (
                NewNotice(
                    key=f"{about}:{channel}",
                    kind=kind,
                    channel=channel,
                    rep=rep.name,
                    due_at=due_at,
                    **fields,
                )
                for channel in channels(config, kind, rep.name)
            )
            notices.add(tx, new, now)
    except Exception:
        # What happened must be written, told or not.
        logger.exception("not told", extra={"detail": kind.value})


def _listener(engine: Engine, name: str | None) -> Rep:
    """Of somebody who left the firm, `me` hears."""
    rep = engine.config.rep(name) if name else None
    return rep or engine.rep(engine.config.me)
