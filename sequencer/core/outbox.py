"""The outbox: one row per message, its states, and the only arrows between them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OutboxState(StrEnum):
    AWAITING_APPROVAL = "awaiting_approval"
    READY = "ready"
    CLAIMED = "claimed"
    """Headers are minted and committed; the courier is dialling. No content byte has left."""
    SENDING = "sending"
    """Content bytes may be leaving. A crash here is `unsure`, never a resend."""
    DEFERRED = "deferred"
    """The server said 4xx; the same bytes are tried again later."""
    SENT = "sent"
    REFUSED = "refused"
    UNSURE = "unsure"
    CANCELLED = "cancelled"


S = OutboxState
OUTBOX_ARROWS: frozenset[tuple[OutboxState | None, OutboxState]] = frozenset(
    {
        (None, S.AWAITING_APPROVAL),
        (None, S.READY),
        (S.AWAITING_APPROVAL, S.READY),
        (S.READY, S.CLAIMED),
        (S.DEFERRED, S.CLAIMED),
        (S.READY, S.AWAITING_APPROVAL),  # an approved text whose attachment or data changed
        (S.CLAIMED, S.SENDING),
        (S.CLAIMED, S.READY),
        (S.CLAIMED, S.DEFERRED),
        (S.CLAIMED, S.REFUSED),  # RCPT refused for good: no content byte ever left
        (S.CLAIMED, S.UNSURE),  # of a batch whose marks a power cut may have taken
        (S.SENDING, S.SENT),
        (S.SENDING, S.DEFERRED),
        (S.SENDING, S.REFUSED),
        (S.SENDING, S.UNSURE),
        (S.SENDING, S.READY),
        (S.DEFERRED, S.REFUSED),
        (S.UNSURE, S.SENT),
        (S.READY, S.SENT),  # a person ordered it to leave again, and the first copy is found to have arrived
        (S.DEFERRED, S.SENT),
        (S.CLAIMED, S.SENT),
        (S.CANCELLED, S.SENT),
        (S.READY, S.REFUSED),  # the same, and the server's answer to the first copy came late
        (S.UNSURE, S.REFUSED),
        (S.UNSURE, S.READY),
        (S.AWAITING_APPROVAL, S.CANCELLED),
        (S.READY, S.CANCELLED),
        (S.DEFERRED, S.CANCELLED),
        (S.CLAIMED, S.CANCELLED),
    }
)
"""(from, to); None is a new row."""

SPENT: frozenset[OutboxState] = frozenset({S.SENDING, S.SENT, S.UNSURE})
"""States that count against caps and mark the contact as written to."""

UNSENT: frozenset[OutboxState] = frozenset({S.AWAITING_APPROVAL, S.READY, S.DEFERRED, S.CLAIMED})
"""States that a hold, stop or finish of the enrollment cancels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file under assets/, fixed by its content."""

    name: str
    """File name the buyer sees."""
    path: str
    """Path under assets/, with `/`."""
    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message says, before headers are minted."""

    subject: str | None
    """None: a follow-up in the thread, `Re: <first sent subject>` at claim."""
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    template: str = ""
    """The arm that was rendered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """Minted and committed at claim; a retry of the row keeps them."""

    message_id: str
    """With angle brackets, in the sender's domain."""
    date_at: datetime
    subject: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One row of `outbox`."""

    id: int
    enrollment_id: int
    contact_id: int
    address: str
    address_key: str
    sequence: str
    round: int
    step: str
    mailbox: str
    rep: str
    version_hash: str
    state: OutboxState
    due_at: datetime
    content: Content
    rendered_at: datetime
    data_hash: str = ""
    """Hash of the contact data it was rendered from."""
    is_edited: bool = False
    is_approved: bool = False
    headers: Headers | None = None
    attempt_id: str | None = None
    attempt: int = 0
    """How often this row was claimed."""
    tries: int = 0
    """How often a server answered with 4xx; releases and shutdowns don't count."""
    deferred_at: datetime | None = None
    """When the first 4xx came."""
    retry_at: datetime | None = None
    sending_at: datetime | None = None
    sent_at: datetime | None = None
    wire_id: str | None = None
    """The Message-ID a relay gave it instead of ours."""
    reason: str = ""
    """Why it is where it is, in words for the user."""
    company: str | None = None
    """Its buyer's registrable domain; None: free mail, which is nobody's company."""

    @property
    def is_frozen(self) -> bool:
        """A person edited or approved the text: it is never rendered again by itself."""
        return self.is_edited or self.is_approved
