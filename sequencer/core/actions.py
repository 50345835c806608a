"""What an incoming message makes the program do: small values that `flows.effects` applies in SQL."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sequencer.core.contact import Stage
from sequencer.core.enrollment import FinishReason, HoldReason


@dataclass(frozen=True, slots=True)
class HoldDays:
    """Hold for so many calendar days from when the mail was received."""

    days: int


@dataclass(frozen=True, slots=True)
class HoldFor:
    """Hold for so many business days of the buyer's country from when the mail was received."""

    business_days: int


@dataclass(frozen=True, slots=True)
class HoldUntil:
    """Hold until a day back, and some business days more."""

    until: datetime
    plus_business_days: int = 0


@dataclass(frozen=True, slots=True)
class UntilPerson:
    """Hold until a person acts."""


HoldRule = HoldDays | HoldFor | HoldUntil | UntilPerson
"""How long; instants are computed by `core.calendar`, which knows the buyer's days off."""


class Scope(StrEnum):
    """Which enrollments an action means."""

    CONTACT = "contact"
    """All of the contact's (`contact_id`)."""
    ENROLLMENT = "enrollment"
    """The one the message belongs to (`enrollment_id`), else all of the contact's."""
    COMPANY = "company"
    """All contacts' at `domain`, without `contact_id` itself."""
    WHOLE_COMPANY = "whole_company"
    """All contacts' at `domain`, `contact_id` too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whose enrollments."""

    scope: Scope
    contact_id: int
    enrollment_id: int | None = None
    domain: str = ""
    created_before: datetime | None = None
    """Only enrollments made before this instant: what a rep wrote earlier took nothing over."""
    is_by_policy: bool = False
    """Of these, `on_reply: company` sequences finish (company_replied) instead of being held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishEnrollments:
    """Finish active and held enrollments (and replace `completed`), cancelling what is unsent."""

    target: Target
    reason: FinishReason


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnrollments:
    """Hold active and held enrollments; `enrollment.stronger_hold` decides against a hold that stands."""

    target: Target
    reason: HoldReason
    rule: HoldRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppress:
    """Never write to this address again."""

    address_key: str
    reason: FinishReason
    contact_id: int | None
    """Covers this contact's later addresses too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStage:
    """Move the contact's stage, only if it stands at `only_from`."""

    contact_id: int
    stage: Stage
    only_from: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask:
    """Something for the rep to do now."""

    contact_id: int
    enrollment_id: int | None
    title: str


class Counter(StrEnum):
    """Counters of a mailbox (columns of `mailboxes`)."""

    POLICY_REFUSALS = "policy_refusals"
    COMPLAINTS = "complaints"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAgainstMailbox:
    """One more against the mailbox that wrote the message (the reading one when none is known)."""

    outbox_id: int | None
    counter: Counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Tell the rep."""

    contact_id: int
    words: str


Action = FinishEnrollments | HoldEnrollments | Suppress | SetStage | AddTask | CountAgainstMailbox | Notice
