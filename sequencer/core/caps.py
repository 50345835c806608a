"""Caps: how many messages a mailbox, a group, a company and a contact may get or send in a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sequencer.config import Config, Limits, Mailbox
from sequencer.core.free_mail import FREE_MAIL_DOMAINS
from sequencer.core.pacing import ROLLING_DAY, cap_opens_at
from sequencer.core.wall_time import aware, instant_of, wall_time


class CapKind(StrEnum):
    """Whose messages a cap counts."""

    MAILBOX = "mailbox"
    """All of one mailbox, in any 24 hours."""
    DATE = "date"
    """All of one mailbox, on one date of its zone."""
    NEW = "new"
    """Those of one mailbox to contacts whom nobody had written to before, in any 24 hours."""
    GROUP = "group"
    """All of the mailboxes of one group, in any 24 hours."""
    COMPANY = "company"
    """All to one registrable domain, from whatever mailbox, in any 24 hours."""
    CONTACT = "contact"
    """All to one contact, of whatever sequence, in any 24 hours."""


CapKey = tuple[CapKind, str]
"""What a cap's messages are counted under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """How a young mailbox's cap grows, date by date of its zone."""

    start: int
    """Messages in the 24 hours of its first date."""
    by: int
    """And so many more with each date after it."""
    first_sent_at: datetime | None
    """Its first real message; None: it has sent none, today would be its first date."""

    def limit_on(self, day: date, zone: str, limit: int) -> int:
        """What `limit` is on this date; never more than it."""
        return min(limit, self.start + self.by * self._days_before(day, zone))

    def day_at(self, now: datetime, zone: str) -> int:
        """Which of its dates this is, from 1."""
        return 1 + self._days_before(wall_time(now, zone).date(), zone)

    def _days_before(self, day: date, zone: str) -> int:
        first = day if self.first_sent_at is None else wall_time(self.first_sent_at, zone).date()
        return max(0, (day - first).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """One limit that a message must fit under."""

    kind: CapKind
    of: str
    """Name of the mailbox or group, registrable domain, or what names the contact."""
    limit: int
    """At least 1."""
    zone: str = "UTC"
    """IANA; whose dates count, for DATE and for a ramp."""
    ramp: Ramp | None = None

    @property
    def word(self) -> str:
        """What a claim notes it as: one kind binds a message once, by one date or in one group."""
        if self.kind is CapKind.DATE:
            return f"{self.kind}:{self.zone}"
        return f"{self.kind}:{self.of}" if self.kind is CapKind.GROUP else self.kind.value

    @property
    def key(self) -> CapKey:
        """What its messages are counted under."""
        return self.kind, self.of

    def limit_at(self, now: datetime) -> int:
        """The limit at an instant: a ramp's is another each date."""
        if self.ramp is None:
            return self.limit
        return self.ramp.limit_on(wall_time(now, self.zone).date(), self.zone, self.limit)

    def since(self, now: datetime) -> datetime:
        """Messages that began after this instant count at `now`; those of this very instant do not."""
        if self.kind is CapKind.DATE:
            return instant_of(_midnight(now, self.zone), self.zone) - timedelta(microseconds=1)
        return aware(now) - ROLLING_DAY

    def opens_at(self, times: Iterable[datetime], now: datetime) -> datetime:
        """From when on one message more fits in, if none is sent meanwhile: `now`, or later.

        `times` are those of what was sent, is being sent or may have been, in any order.
        """
        sent = sorted(aware(at) for at in times)
        at = aware(now)
        while True:
            opens_at = self._opens_by_age(sent, at)
            turn = self.next_date(at)
            if opens_at < turn or opens_at == at:
                return opens_at
            at = turn

    def next_date(self, now: datetime) -> datetime:
        """When the next date begins in its zone."""
        return instant_of(_midnight(now, self.zone) + timedelta(days=1), self.zone)

    def _opens_by_age(self, sent: Sequence[datetime], now: datetime) -> datetime:
        """As `opens_at`, were the limit never another."""
        limit = self.limit_at(now)
        if self.kind is not CapKind.DATE:
            return cap_opens_at(sent, limit, now)
        since = self.since(now)
        is_full = sum(1 for at in sent if since < at) >= limit
        return self.next_date(now) if is_full else now


def mailbox_caps(config: Config, mailbox: Mailbox, first_sent_at: datetime | None) -> tuple[Cap, ...]:
    """What bounds a mailbox whoever it writes to: its own caps, and that of its group."""
    ramp = None
    if mailbox.ramp_from is not None:
        ramp = Ramp(start=mailbox.ramp_from, by=mailbox.ramp_by, first_sent_at=first_sent_at)
    own = {"of": mailbox.name, "zone": mailbox.zone}
    found = [Cap(kind=CapKind.MAILBOX, limit=mailbox.daily_cap, ramp=ramp, **own)]
    if mailbox.date_cap is not None:
        found.append(Cap(kind=CapKind.DATE, limit=mailbox.date_cap, ramp=ramp, **own))
    group = config.group(mailbox.group) if mailbox.group else None
    if group is not None:
        found.append(Cap(kind=CapKind.GROUP, of=group.name, limit=group.daily_cap))
    return tuple(found)


def new_cap(mailbox: Mailbox) -> Cap | None:
    """What bounds a mailbox's first mails; None: its other caps alone."""
    if mailbox.new_cap is None:
        return None
    return Cap(kind=CapKind.NEW, of=mailbox.name, limit=mailbox.new_cap, zone=mailbox.zone)


def company_of(domain: str) -> str | None:
    """The registrable domain, where it says whose the address is: None where anyone gets one."""
    return domain if domain and domain not in FREE_MAIL_DOMAINS else None


def buyer_caps(limits: Limits, *, contact: str, domain: str) -> tuple[Cap, ...]:
    """What bounds messages to one contact and, unless anyone gets an address there, to their company."""
    found = []
    company = company_of(domain)
    if limits.company_cap and company is not None:
        found.append(Cap(kind=CapKind.COMPANY, of=company, limit=limits.company_cap))
    if limits.contact_cap:
        found.append(Cap(kind=CapKind.CONTACT, of=contact, limit=limits.contact_cap))
    return tuple(found)


def _midnight(at: datetime, zone: str) -> datetime:
    return wall_time(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
