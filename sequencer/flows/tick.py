"""One tick of one mailbox: read, prepare, deliver, file copies, and when to come again."""

from dataclasses import dataclass
from datetime import datetime

from sequencer.flows.deliver import Delivered, deliver_due
from sequencer.flows.engine import Desk
from sequencer.flows.file_copies import file_copies
from sequencer.flows.prepare import prepare
from sequencer.flows.read import read_mailbox
from sequencer.flows.reply_copies import file_reply_copies
from sequencer.flows.reply_doubts import next_reply_look_at, recover_replies, seek_replies
from sequencer.flows.seek_unsure import next_look_at, seek_unsure
from sequencer.flows.settle import recover, write_kept
from sequencer.store import copies, outbox, replies, wakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading a mailbox came to."""

    recorded: int = 0
    is_ok: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What a tick did, and when the mailbox has something to do again."""

    read: int = 0
    """Incoming messages recorded."""
    prepared: int = 0
    handed_over: int = 0
    is_read_ok: bool = True
    next_at: datetime | None = None
    """The next known instant with work, always to come; the daemon ticks at its polling interval anyway."""


def tick(desk: Desk) -> Ticked:
    """Read new mail, prepare what is near, deliver what is due, file the copies of what left."""
    take(desk)
    return work(desk, read(desk))


def read(desk: Desk) -> Reading:
    """Read the mailbox's new mail; a mailbox that another is read for has nothing to read."""
    if desk.reader is None:
        return Reading()
    result = read_mailbox(desk.engine, desk.mailbox, desk.reader)
    desk.troubles.say(desk.mailbox.name, "inbox", result.failure)
    return Reading(recorded=result.recorded, is_ok=result.failure is None)


def work(desk: Desk, reading: Reading) -> Ticked:
    """Look for what is in doubt, prepare what is near, deliver what is due, file copies; after `reading`."""
    engine, name = desk.engine, desk.mailbox.name
    seek_unsure(desk)
    with engine.store.read() as tx:
        has_replies = replies.any_at_work(tx)  # four questions less, of each idle mailbox at each look
    if has_replies:
        recover_replies(engine, name)
        seek_replies(desk)
    prepared = prepare(engine, name, engine.clock.now(), desk.stop.is_set)
    arrived, handed_over, is_read_again = reading.recorded, 0, False
    delivered = Delivered()
    while not desk.stop.is_set():
        delivered = deliver_due(desk, may_ask_for_read=not is_read_again)
        handed_over += delivered.handed_over
        if delivered.needs_read:
            reading = read(desk)
            arrived += reading.recorded
        elif delivered.handed_over == 0 or delivered.again_at is not None:
            break
        # A reading too slow to be fresh when it ends must not be repeated for ever.
        is_read_again = delivered.needs_read and delivered.handed_over == 0
    file_copies(desk)
    if has_replies:
        file_reply_copies(desk)
    return Ticked(
        read=arrived,
        prepared=prepared,
        handed_over=handed_over,
        is_read_ok=reading.is_ok,
        next_at=_next_at(desk, delivered, has_replies=has_replies),
    )


def take(desk: Desk) -> None:
    """Only a mailbox's own tick sends for it: whatever is still under way belongs to one that died."""
    write_kept(desk)
    recover(desk.engine, desk.mailbox.name)


def _next_at(desk: Desk, delivered: Delivered, *, has_replies: bool) -> datetime | None:
    """What is due and did not leave has no time of its own: coming at once would be running in circles."""
    name, now = desk.mailbox.name, desk.engine.clock.now()
    with desk.engine.store.read() as tx:
        candidates = [outbox.next_due_at(tx, name, now), wakes.next_wake_at(tx, name, now)]
        if desk.sent_folder is not None:
            candidates.append(copies.next_due_at(tx, name, now))
        if desk.sent_heads is not None:
            candidates.append(next_look_at(desk, tx, now))
        if has_replies and desk.sent_folder is not None:
            candidates.append(replies.next_copy_at(tx, name, now))
        if has_replies and desk.sent_heads is not None:
            candidates.append(next_reply_look_at(desk, tx, now))
    return min((at for at in (*candidates, delivered.again_at) if at is not None), default=None)
