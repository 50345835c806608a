"""How much room the caps leave for some messages of a mailbox, and what is kept back."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sequencer.config import Config, Mailbox
from sequencer.core.cap_words import full_in_words
from sequencer.core.caps import Cap, CapKey, CapKind, buyer_caps, new_cap
from sequencer.core.outbox import OutboxRow
from sequencer.core.pacing import ROLLING_DAY
from sequencer.flows.engine import Engine
from sequencer.store import cap_counts
from sequencer.store.cap_counts import Counted, Counts
from sequencer.store.engine import Tx

CLAIMED_LOOK_IN = timedelta(minutes=1)
"""A cap that is full only by what others have claimed is asked again after this: some of it may not leave."""
_OF_MAILBOX = (CapKind.MAILBOX, CapKind.DATE, CapKind.GROUP)


class Scope(StrEnum):
    """What waits with a message that a cap keeps back."""

    MAILBOX = "mailbox"
    """Whatever its mailbox has to send."""
    NEW = "new"
    """Whatever its mailbox has for contacts nobody has written to."""
    MESSAGE = "message"
    """Nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapUse:
    """How much of one cap is used."""

    cap: Cap
    used: int
    """What left, may have or is claimed."""
    limit: int
    """Today's."""

    @property
    def is_full(self) -> bool:
        return self.used >= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBack:
    """Why a message may not leave now, and from when on it may."""

    scope: Scope
    reason: str
    opens_at: datetime


@dataclass(slots=True, kw_only=True)
class Room:
    """The caps of one mailbox and of some buyers at one moment, and what is counted under them."""

    tx: Tx
    config: Config
    now: datetime
    own: tuple[Cap, ...]
    new: Cap | None
    known: Collection[int]
    """Contacts who have been written to; of no meaning without a cap on first mails."""
    counted: dict[CapKey, Counted]
    companies: Counts
    contacts: Counts
    taken: Counter[CapKey] = field(default_factory=Counter)
    """What was taken of it since."""
    openings: dict[tuple[CapKey, int], datetime] = field(default_factory=dict)
    """When they open, of those that were asked."""

    def uses(self, row: OutboxRow) -> list[CapUse]:
        """Every cap that the message must fit under."""
        return [self._use(cap) for cap in self._caps_of(row)]

    def take(self, row: OutboxRow) -> dict[str, tuple[int, int]] | None:
        """Let it count, and by cap what counted before it, and the limit. None: there is no room for it."""
        uses = self.uses(row)
        if any(use.is_full for use in uses):
            return None
        self.taken.update(use.cap.key for use in uses)
        return {use.cap.word: (use.used, use.limit) for use in uses if use.cap.kind is not CapKind.MAILBOX}

    def kept_back(self, row: OutboxRow) -> KeptBack | None:
        """None: there is room for it."""
        full = [use for use in self.uses(row) if use.is_full]
        if not full:
            return None
        for scope, kinds in ((Scope.MAILBOX, _OF_MAILBOX), (Scope.NEW, (CapKind.NEW,))):
            those = [use for use in full if use.cap.kind in kinds]
            if those:
                return self._kept(scope, those)
        return self._kept(Scope.MESSAGE, full)

    def opens_at(self, cap: Cap) -> datetime:
        """From when on one message more fits under a cap that is full, as far as that is known."""
        taken = self.taken[cap.key]
        if (cap.key, taken) not in self.openings:
            opens_at = cap.opens_at([*self._times(cap), *[self.now] * taken], self.now)
            is_known = opens_at > self.now
            self.openings[cap.key, taken] = opens_at if is_known else self.now + CLAIMED_LOOK_IN
        return self.openings[cap.key, taken]

    def _kept(self, scope: Scope, full: list[CapUse]) -> KeptBack:
        opens_at, last = max(((self.opens_at(one.cap), one) for one in full), key=lambda pair: pair[0])
        return KeptBack(scope=scope, reason=full_in_words(last.cap, last.used, self.now), opens_at=opens_at)

    def _caps_of(self, row: OutboxRow) -> Iterable[Cap]:
        yield from self.own
        if self.new is not None and row.contact_id not in self.known:
            yield self.new
        yield from buyer_caps(self.config.limits, contact=str(row.contact_id), domain=row.company or "")

    def _use(self, cap: Cap) -> CapUse:
        counted = self._counted(cap)
        used = counted.spent + counted.reserved + self.taken[cap.key]
        return CapUse(cap=cap, used=used, limit=cap.limit_at(self.now))

    def _counted(self, cap: Cap) -> Counted:
        if cap.kind is CapKind.COMPANY:
            return self.companies.of(cap.of)
        if cap.kind is CapKind.CONTACT:
            return self.contacts.of(int(cap.of))
        return self.counted[cap.key]

    def _times(self, cap: Cap) -> list[datetime]:
        if cap.kind is CapKind.COMPANY:
            return self.companies.times.get(cap.of, [])
        if cap.kind is CapKind.CONTACT:
            return self.contacts.times.get(int(cap.of), [])
        names, is_new = members(self.config, cap), cap.kind is CapKind.NEW
        return cap_counts.times_of_mailboxes(self.tx, names, cap.since(self.now), only_new=is_new)


def room_for(
    engine: Engine,
    tx: Tx,
    mailbox: Mailbox,
    rows: Collection[OutboxRow],
    now: datetime,
    *,
    but: CapKind | None = None,
) -> Room:
    """What the caps leave for these messages at `now`; `but` is counted by the caller.

    In the transaction that claims them it stays true: what is claimed counts, whoever claimed it.
    """
    config, limits = engine.config, engine.config.limits
    if mailbox.name not in engine.first_sent_at:
        learn_ramp(engine, tx, mailbox)  # its first message may have left since the round began
    own = tuple(cap for cap in engine.caps_of(mailbox) if cap.kind is not but)
    new = new_cap(mailbox)
    since = now - ROLLING_DAY
    companies = {row.company for row in rows if row.company is not None} if limits.company_cap else ()
    people = {row.contact_id for row in rows}
    return Room(
        tx=tx,
        config=config,
        now=now,
        own=own,
        new=new,
        known=cap_counts.written_to(tx, people) if new is not None else (),
        counted={cap.key: _count(tx, config, cap, now) for cap in (*own, *([new] if new else ()))},
        companies=cap_counts.of_companies(tx, companies, since),
        contacts=cap_counts.of_contacts(tx, people if limits.contact_cap else (), since),
    )


def members(config: Config, cap: Cap) -> list[str]:
    """The mailboxes whose messages a mailbox's or a group's cap counts."""
    if cap.kind is CapKind.GROUP:
        return [one.name for one in config.mailboxes if one.group == cap.of]
    return [cap.of]


def learn_ramp(engine: Engine, tx: Tx, mailbox: Mailbox) -> None:
    """Ask from when on the mailbox's ramp counts, if it has one: today's caps need it."""
    if mailbox.ramp_from is not None:
        first = cap_counts.first_sent(tx, [mailbox.name])
        engine.first_sent_at.pop(mailbox.name, None)
        engine.first_sent_at.update(first)


def counts_until(caps: Iterable[Cap], now: datetime) -> datetime | None:
    """Until when what was counted at `now` says anything: some caps are another each date."""
    dated = [cap.next_date(now) for cap in caps if cap.kind is CapKind.DATE or cap.ramp is not None]
    return min(dated, default=None)


def _count(tx: Tx, config: Config, cap: Cap, now: datetime) -> Counted:
    is_new = cap.kind is CapKind.NEW
    return cap_counts.of_mailboxes(tx, members(config, cap), cap.since(now), only_new=is_new)
