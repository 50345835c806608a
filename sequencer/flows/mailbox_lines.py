"""How each mailbox stands: pause, last reading, and how much of its 24 hours is used."""

from dataclasses import dataclass, replace
from datetime import datetime

from sequencer.config import Config
from sequencer.core.cap_words import ramp_in_words
from sequencer.core.caps import Cap, mailbox_caps
from sequencer.core.pacing import ROLLING_DAY
from sequencer.flows.silence import silent_since
from sequencer.store import counts, mailboxes, slow_down
from sequencer.store.cap_counts import first_sent
from sequencer.store.engine import Tx
from sequencer.store.mailboxes import MailboxStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxLine:
    """One mailbox of config.toml, or one that only the database knows."""

    name: str
    address: str
    """Empty when config.toml has no such mailbox."""
    is_configured: bool
    sent_24h: int
    """Messages handed over (or perhaps so) in the last 24 hours."""
    daily_cap: int | None
    cap_today: int | None
    """Less than `daily_cap` while its ramp lasts."""
    ramp: str
    """How far its ramp is, in words; empty when it has none, or none any more."""
    reader: str
    """The mailbox that is read for its answers."""
    paused_at: datetime | None = None
    pause_reason: str | None = None
    read_at: datetime | None = None
    """Start of the reader's last completed read."""
    read_failed_at: datetime | None = None
    """First failure since then."""
    read_failure: str | None = None
    due_next_at: datetime | None = None
    """When its next message comes due (which may be past); None: none is prepared."""
    slow_until: datetime | None = None
    """Nothing leaves before: its server asked for fewer messages."""
    silent_since: datetime | None = None
    """When its last mail came, of one that used to receive and is too long without any."""
    is_signed_in: bool | None = None
    """Whether a sign-in is kept for it; None: it logs in with a password, or nobody looked."""


def mailbox_lines(tx: Tx, config: Config, now: datetime) -> list[MailboxLine]:
    """Every mailbox, by name; before the first `run` those of config.toml that the database lacks too."""
    known = {status.name: status for status in mailboxes.statuses(tx)}
    spent, due = counts.spent_since(tx, now - ROLLING_DAY), counts.next_due(tx)
    asked = slow_down.all_asked(tx, now)
    names = sorted(known.keys() | {mailbox.name for mailbox in config.mailboxes})
    caps = _caps(tx, config)
    lines = [
        _line(name, config, known, spent.get(name, 0), due.get(name), cap=caps.get(name), now=now)
        for name in names
    ]
    lines = [replace(one, silent_since=silent_since(config, known.get(one.name), now)) for one in lines]
    return [replace(one, slow_until=asked[one.name].until) if one.name in asked else one for one in lines]


def _caps(tx: Tx, config: Config) -> dict[str, Cap]:
    """By mailbox: that of its rolling day."""
    ramped = [mailbox.name for mailbox in config.mailboxes if mailbox.ramp_from is not None]
    first = first_sent(tx, ramped)
    return {one.name: mailbox_caps(config, one, first.get(one.name))[0] for one in config.mailboxes}


def _line(
    name: str,
    config: Config,
    known: dict[str, MailboxStatus],
    spent: int,
    due_next_at: datetime | None,
    *,
    cap: Cap | None,
    now: datetime,
) -> MailboxLine:
    mailbox, status = config.mailbox(name), known.get(name)
    retired = next((one for one in config.retired if one.name == name), None)
    reader = mailbox.reader_name if mailbox else retired.replies_in if retired else name
    reading = known.get(reader)
    return MailboxLine(
        name=name,
        address=mailbox.address if mailbox else "",
        is_configured=mailbox is not None,
        sent_24h=spent,
        daily_cap=cap.limit if cap else None,
        cap_today=cap.limit_at(now) if cap else None,
        ramp=ramp_in_words(cap, now) if cap else "",
        reader=reader,
        paused_at=status.paused_at if status else None,
        pause_reason=status.pause_reason if status else None,
        read_at=reading.read_at if reading else None,
        read_failed_at=reading.read_failed_at if reading else None,
        read_failure=reading.read_failure if reading else None,
        due_next_at=due_next_at,
    )
