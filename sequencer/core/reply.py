"""A rep's own answer to a buyer, sent by the program: its states, and the only arrows between them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sequencer.core.outbox import Attachment


class ReplyState(StrEnum):
    CLAIMED = "claimed"
    """Its Message-ID is committed; the courier is dialling. No content byte has left."""
    SENDING = "sending"
    """Content may be leaving. A crash here is `unsure`, never a resend."""
    SENT = "sent"
    REFUSED = "refused"
    """The server said no for good: the buyer does not have it."""
    UNSURE = "unsure"
    CANCELLED = "cancelled"
    """It did not leave and will not; the next try is another row with another Message-ID."""


S = ReplyState
REPLY_ARROWS: frozenset[tuple[ReplyState | None, ReplyState]] = frozenset(
    {
        (None, S.CLAIMED),
        (S.CLAIMED, S.SENDING),
        (S.CLAIMED, S.REFUSED),
        (S.CLAIMED, S.CANCELLED),
        (S.SENDING, S.SENT),
        (S.SENDING, S.REFUSED),
        (S.SENDING, S.CANCELLED),
        (S.SENDING, S.UNSURE),
        (S.UNSURE, S.SENT),
    }
)
"""(from, to); None is a new row."""

VOID: frozenset[ReplyState] = frozenset({S.REFUSED, S.CANCELLED})
"""States of an answer that the buyer surely does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One row of `replies`."""

    id: int
    inbox_id: int
    """The message it answers."""
    contact_id: int
    number: int
    """1 for the first answer to that message, 2 for one that the rep ordered besides, …"""
    rep: str
    mailbox: str
    address: str
    address_key: str
    state: ReplyState
    message_id: str
    date_at: datetime
    subject: str
    in_reply_to: str | None
    references: tuple[str, ...]
    own_text: str
    """What the rep wrote; the quotation stands below it in `text`."""
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    wire_id: str | None = None
    """The Message-ID a relay gave it instead of ours."""
    sending_at: datetime | None = None
    sent_at: datetime | None = None
    reason: str = ""
    created_at: datetime
