"""The gates that are computed, not asked of the database: gap, slow-down, window, rehearsal list."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sequencer.config import Mailbox, Window
from sequencer.core.address import matches_pattern
from sequencer.core.outbox import OutboxRow
from sequencer.core.pacing import gap, message_key, next_allowed
from sequencer.core.progress import Rhythm, closes_at, open_at
from sequencer.flows.engine import Engine
from sequencer.store import contacts, outbox, slow_down
from sequencer.store.engine import Tx
from sequencer.store.slow_down import SlowDown

RETRY_PAST_WINDOW_IN = timedelta(minutes=60)
"""A retry may run this long past its window's end."""
NOT_REHEARSED = "not on the rehearsal list (only_to in config.toml)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Whether a message's window lets it out, and when."""

    rhythm: Rhythm
    opens_at: datetime
    is_open: bool

    @property
    def window(self) -> Window:
        return self.rhythm.window

    def closes_at(self, now: datetime) -> datetime | None:
        """When the window that lets the message out closes; for a retry past its end, when it did."""
        inside = now if self.opens_at <= now else open_at(now - RETRY_PAST_WINDOW_IN, self.rhythm)
        return closes_at(inside, self.rhythm)


def pause_before(engine: Engine, mailbox: Mailbox, row: OutboxRow) -> timedelta:
    """How long the mailbox is silent before this message."""
    key = message_key(row.address_key, row.sequence, row.round, row.step)
    return gap(mailbox.min_gap_in, mailbox.gap_jitter_in, engine.key, mailbox.name, key)


def gap_over_at(engine: Engine, tx: Tx, mailbox: Mailbox, row: OutboxRow, now: datetime) -> datetime:
    """From when on the pause since the mailbox's last message is over: `now`, or later."""
    last = outbox.last_sending(tx, mailbox.name)
    return next_allowed(last, pause_before(engine, mailbox, row), now)


def asked_to_slow_down(engine: Engine, mailbox: str) -> SlowDown | None:
    """What the mailbox's server asked, while the mailbox waits for that reason."""
    with engine.store.read() as tx:
        return slow_down.asked_of(tx, mailbox, engine.clock.now())


def opening(engine: Engine, tx: Tx, row: OutboxRow, now: datetime) -> Opening | None:
    """The message's window at `now`; None when the contact is gone.

    SequencerError when its window or its version is gone, or the window never opens.
    """
    contact = contacts.contact_of(tx, row.contact_id)
    if contact is None:
        return None
    rhythm = engine.rhythm(contact, engine.version(tx, row.version_hash).sequence)
    opens_at = open_at(now, rhythm)
    is_open = opens_at <= now
    if not is_open and row.deferred_at is not None:
        is_open = open_at(now - RETRY_PAST_WINDOW_IN, rhythm) < now
    return Opening(rhythm=rhythm, opens_at=opens_at, is_open=is_open)


def is_left_out(engine: Engine, address_key: str) -> bool:
    """Whether there is a rehearsal list and the address is not on it."""
    only_to = engine.config.only_to
    return bool(only_to) and not any(matches_pattern(address_key, pattern) for pattern in only_to)
