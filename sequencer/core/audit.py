"""The audit of what was handed over: the values it judges, and the words it judges them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sequencer.core.caps import CapKind
from sequencer.core.inbound import BounceClass, MatchVia, VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.core.spans import span_in_words


class Check(StrEnum):
    """What is asked of every message that was handed over; a finding bears the name of the check."""

    DUPLICATE = "duplicate"
    AFTER_ANSWER = "after_answer"
    UNREAD_INBOX = "unread_inbox"
    SUPPRESSED = "suppressed"
    STOPPED = "stopped"
    WINDOW = "window"
    CAP = "cap"
    CHAIN = "chain"


QUESTIONS: Mapping[Check, str] = {
    Check.DUPLICATE: "one step to one address, once",
    Check.AFTER_ANSWER: "no follow-up after an answer that could be read",
    Check.UNREAD_INBOX: "every follow-up after a recent look at the inboxes",
    Check.SUPPRESSED: "nothing to a suppressed address",
    Check.STOPPED: "nothing of an enrollment that was held or over",
    Check.WINDOW: "everything while its window was open",
    Check.CAP: "no cap exceeded: of a mailbox, a group, a company, a person",
    Check.CHAIN: "claim, sending and outcome in order, each recorded",
}


class Result(StrEnum):
    """What a check came to for one message."""

    PASSED = "passed"
    NOT_NEEDED = "not_needed"
    """The check does not concern it: a first mail needs no inbox read."""
    NOT_KNOWN = "not_known"
    """It was not written down then: never a pass, never a finding."""
    FOUND = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One message that speaks against the promises, and why."""

    check: Check
    message: int
    contact: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A message that was handed over, or may have been: what its row says of its last attempt."""

    id: int
    enrollment_id: int
    contact_id: int
    address: str
    address_key: str
    sequence: str
    round: int
    step: str
    mailbox: str
    reader: str | None = None
    """The mailbox whose reading covers the answers to it; None: its own."""
    version_hash: str
    is_version_known: bool = True
    state: OutboxState
    message_id: str | None = None
    wire_id: str | None = None
    attempt: int = 1
    batch_boot: str | None = None
    window: str | None = None
    """The window that was open at the claim; None: not written down then."""
    window_until: datetime | None = None
    claimed_at: datetime | None = None
    sending_at: datetime | None = None
    sent_at: datetime | None = None
    deferred_at: datetime | None = None
    gate_read_at: datetime | None = None
    """Start of the oldest read that the inbox gate relied on."""
    cap_count: int | None = None
    """Handed over in the 24 hours before, as the cap gate counted."""
    cap_limit: int | None = None
    caps: Mapping[str, Sequence[int]] | None = None
    """By cap (`Cap.word`): what the last claim counted before it, and the limit."""
    enrolled_at: datetime
    """When its enrollment was made."""

    @property
    def is_window_of_mark(self) -> bool:
        """Whether window and mark are of one attempt: a later claim that came to nothing has its own."""
        if self.sending_at is None or self.claimed_at is None:
            return False
        return self.sending_at >= self.claimed_at

    @property
    def is_retry(self) -> bool:
        """Whether a server had answered 4xx before this attempt."""
        first_at, left_at = self.deferred_at, self.sending_at
        return first_at is not None and (left_at is None or first_at < left_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event of a message or of its enrollment; the ids stand in the order of the commits."""

    id: int
    at: datetime
    kind: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """From when on a mailbox had written to the same contact or address, or may have."""

    reader: str
    """The mailbox whose reading covers the answers to it."""
    sending_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A recorded answer that ends every enrollment of its contact."""

    id: int
    mailbox: str
    kind: VerdictKind
    received_at: datetime
    """INTERNALDATE: whole seconds of the server's clock."""
    read_at: datetime
    """When it was recorded, by our clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A suppression that covers the message's address or contact."""

    pattern: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What else is known around one message."""

    events: Sequence[Happened] = ()
    """Of the message, in order."""
    course: Sequence[Happened] = ()
    """Of its enrollment: held, resumed, finished, in order."""
    earlier: Sequence[Earlier] = ()
    stops: Sequence[Stop] = ()
    silences: Sequence[Silence] = ()
    over: Mapping[CapKind, int] = field(default_factory=dict)
    """By cap: how many had left in its span, counted anew; without those that are within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLimits:
    """What messages are measured against."""

    max_inbox_age_in: timedelta
    retry_past_window_in: timedelta
    """A retry may run this long past its window's end."""
    ahead_in: Mapping[str, timedelta] = field(default_factory=dict)
    """By reading mailbox: how far its server's clock is ahead of ours."""


def is_stopping(
    kind: VerdictKind, via: str | None, *, is_hard: bool = False, bounce_class: str | None = None
) -> bool:
    """Whether a recorded mail ends the contact's enrollments (design 1.3): never an out-of-office.

    A stranger at the contact's company holds only, and so does a report that bears none of our ids.
    """
    if via == MatchVia.COMPANY:
        return False
    if kind is VerdictKind.BOUNCE:
        return is_hard and bounce_class == BounceClass.DEAD and via != MatchVia.RECIPIENT
    if kind is VerdictKind.COMPLAINT:
        return via != MatchVia.RECIPIENT
    return kind in (VerdictKind.REPLY, VerdictKind.UNSUBSCRIBE, VerdictKind.HAND_WRITTEN)


def said(at: datetime) -> str:
    """`2026-03-02 09:30:05 UTC`."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'seconds')} UTC"


def seconds(span: timedelta) -> str:
    """`0.4 s`, `38 s`, `40 min`, `2 days`."""
    value = span.total_seconds()
    if abs(value) < 10:
        return f"{value:.1f} s"
    return f"{value:.0f} s" if abs(value) < 120 else span_in_words(span)
