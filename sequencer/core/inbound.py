"""What an incoming message was found to be: the verdict, with the evidence for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class VerdictKind(StrEnum):
    """Kinds of incoming mail; what each does stands in `core.effects`."""

    REPLY = "reply"
    UNSUBSCRIBE = "unsubscribe"
    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    DELAY = "delay"
    AUTO_REPLY = "auto_reply"
    CHALLENGE = "challenge"
    RECEIPT = "receipt"
    REPORT = "report"
    OWN_COPY = "own_copy"
    HAND_WRITTEN = "hand_written"
    """The rep's own mail to the contact, found in Sent."""
    AMBIGUOUS = "ambiguous"
    OTHER = "other"


class BounceClass(StrEnum):
    DEAD = "dead"
    FULL = "full"
    SOFT = "soft"
    POLICY = "policy"
    CONTENT = "content"
    RATE = "rate"


class AutoReplyType(StrEnum):
    OUT_OF_OFFICE = "out_of_office"
    LEFT_COMPANY = "left_company"
    ADDRESS_CHANGED = "address_changed"
    TICKET = "ticket"


class Intent(StrEnum):
    INTERESTED = "interested"
    LATER = "later"
    NOT_INTERESTED = "not_interested"
    REFERRAL = "referral"
    QUESTION = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for a verdict: the rule that spoke, where it looked, and what it saw there."""

    rule: str
    where: str
    """`header:Auto-Submitted`, `part:delivery-status`, `text`, `subject`, …"""
    span: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFailure:
    """What a report says of one of its recipients."""

    address: str
    kind: VerdictKind
    """`bounce`, or `delay` for one that is still retried beside others that failed."""
    bounce_class: BounceClass
    permanence: str
    hard: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one incoming message is. Made by `core.classify.classify`."""

    kind: VerdictKind
    evidence: tuple[Evidence, ...] = ()
    subtype: AutoReplyType | None = None
    bounce_class: BounceClass | None = None
    permanence: str | None = None
    """`permanent` or `temporary`, for bounces and delays."""
    hard: bool = False
    """The address itself is dead: of several failed ones, any. Only ever True for a bounce of class dead,
    or with such a one among its failures; `core.own_failure` says what holds for our contact."""
    reason: str = ""
    recipients: tuple[str, ...] = ()
    """Failed (or complaining) recipients, Original-Recipient first; delayed ones too beside failed ones."""
    failures: tuple[RecipientFailure, ...] = ()
    """One for each recipient, where a report names several."""
    original_ids: tuple[str, ...] = ()
    """Message-IDs of ours found in a returned part, with angle brackets."""
    return_at: datetime | None = None
    """First instant after an absence; UTC midnight of the first day back when only a date is known."""
    intent: Intent | None = None
    successor: str | None = None
    """Address named by a left-company or address-changed auto-reply."""
    own_text: str = ""
    """What the sender wrote themselves, quotes and signatures of others removed."""


class MatchVia(StrEnum):
    """How an incoming message was tied to a contact, strongest first."""

    REFERENCES = "references"
    TOKEN = "token"  # noqa: S105  (a word, not a secret)
    ORIGINAL_ID = "original_id"
    RECIPIENT = "recipient"
    """A bounce without our ids, for an address we wrote to within 14 days."""
    FROM = "from"
    COMPANY = "company"
