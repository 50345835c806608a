"""Notices: what reps are told, through which channels, and when: quiet hours and back-off."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sequencer.config import Config, Rep, Webhook, Window
from sequencer.core.wall_time import instant_of, wall_time
from sequencer.core.windows import open_until
from sequencer.core.zones import Place

FIRST_RETRY_IN = timedelta(seconds=30)
LONGEST_RETRY_IN = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
MAIL, HOOK = "mail", "hook"


class NoticeKind(StrEnum):
    """What happened."""

    REPLY = "reply"
    HOLD = "hold"
    PAUSED = "paused"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where a notice goes: `mail:REP` or `hook:NAME`, as the database and `notices list` write it."""

    via: str
    name: str

    def __str__(self) -> str:
        return f"{self.via}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that happened, in words; made when it is told, so that nothing of it is stored twice."""

    kind: NoticeKind
    headline: str
    """Who, company, what: one line that may stand in a chat."""
    facts: tuple[str, ...] = ()
    """Further lines that may stand in a chat."""
    next_step: str = ""
    """What the rep can do now."""
    subject: str = ""
    """Of the buyer's mail; theirs, so for mail to the rep only."""
    private: str = ""
    """A line that quotes data of the contact, for mail to the rep only."""
    text: str = ""
    """The buyer's own words."""
    data: Mapping[str, object] = field(default_factory=dict)
    """Ids and codes, for programs."""


def channel_of(written: str) -> Channel:
    """`mail:li` → its parts."""
    via, _, name = written.partition(":")
    return Channel(via=via, name=name)


def channels(config: Config, kind: NoticeKind, rep: str) -> list[Channel]:
    """Where this rep's news of this kind goes."""
    found = [Channel(via=MAIL, name=rep)] if config.notices.mail else []
    hooks = [hook for hook in config.webhooks if kind.value in hook.events and is_heard_by(hook, rep)]
    return [*found, *(Channel(via=HOOK, name=hook.name) for hook in hooks)]


def is_heard_by(hook: Webhook, rep: str) -> bool:
    """Whether the rep's news goes to this webhook."""
    return not hook.reps or rep in hook.reps


def zone_of(config: Config, rep: Rep) -> str:
    """The zone in which a rep's quiet hours hold: that of their first mailbox."""
    boxes = (config.mailbox(name) for name in rep.mailboxes)
    return next((box.zone for box in boxes if box is not None), config.default_zone)


def told_at(now: datetime, quiet: Sequence[tuple[time, time]], zone: str) -> datetime:
    """When something that happens now is told: now, or when the quiet hours in `zone` end (UTC)."""
    if not quiet:
        return now
    hours = Window(name="quiet", zone=zone, hours=tuple(quiet), days=(1, 2, 3, 4, 5, 6, 7), holidays="none")
    return open_until(now, hours, Place(zone=zone), (), zone) or now


def retry_at(created_at: datetime, tries: int, now: datetime, *, is_lasting: bool = False) -> datetime | None:
    """When a notice that failed for the `tries`-th time goes again: after 30 s, 1, 2, 4 … minutes, at most
    an hour; None: a day is over, it is given up. `is_lasting`: a person must mend something, so hourly."""
    wait = FIRST_RETRY_IN * (1 << min(max(tries, 1) - 1, 10))
    again = now + (LONGEST_RETRY_IN if is_lasting else min(wait, LONGEST_RETRY_IN))
    return again if again <= created_at + GIVE_UP_AFTER else None


def digest_day(now: datetime, digest_at: time, zone: str) -> date:
    """The day whose digest was due last: today from `digest_at` on, else the day before."""
    here = wall_time(now, zone)
    due = instant_of(datetime.combine(here.date(), digest_at), zone)
    return here.date() if now >= due else here.date() - timedelta(days=1)


def delivery_id(keys: Iterable[str]) -> str:
    """Names one delivery (32 hex digits): the same notices again have the same id, and can be told apart."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:32]
