"""Conversation: what went back and forth with one contact, both sides, for whoever answers next."""

from dataclasses import dataclass
from datetime import datetime

from sequencer.core.inbound import VerdictKind
from sequencer.store import inbox, replies
from sequencer.store.engine import Tx
from sequencer.store.sent_to import sent_to_contact

_SHOWN = 100
"""Incoming messages of one contact that are looked at."""
_OF_NOBODY = frozenset({VerdictKind.OWN_COPY, VerdictKind.HAND_WRITTEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a conversation."""

    at: datetime
    is_ours: bool
    who: str
    """The mailbox that wrote it, or its sender."""
    subject: str
    text: str
    """Theirs without what they quoted; of a mail written by hand its own text too."""
    kind: str
    """The verdict; of our own mail the step, who answered, or `by hand`."""
    mark: str | None = None
    inbox_id: int | None = None
    outbox_id: int | None = None


def conversation(tx: Tx, contact_id: int, *, without: int | None = None) -> list[Turn]:
    """Every message, the newest first and the oldest last; `without`: the incoming one shown already."""
    turns = [
        Turn(
            at=one.sending_at,
            is_ours=True,
            who=one.mailbox,
            subject=one.subject or "",
            text=one.text,
            kind=f"{one.sequence} {one.step}",
            outbox_id=one.outbox_id,
        )
        for one in sent_to_contact(tx, contact_id)
    ]
    turns += [
        Turn(
            at=one.sending_at,
            is_ours=True,
            who=one.mailbox,
            subject=one.subject,
            text=one.own_text,
            kind=f"answer by {one.rep}",
        )
        for one in replies.left_for(tx, contact_id)
        if one.sending_at is not None and one.inbox_id != without
    ]
    turns += [
        _turn(one) for one in inbox.listed(tx, contact_id=contact_id, limit=_SHOWN) if one.id != without
    ]
    return sorted(turns, key=lambda turn: turn.at, reverse=True)


def _turn(answer: inbox.Answer) -> Turn:
    by_hand = answer.kind in _OF_NOBODY
    return Turn(
        at=answer.received_at,
        is_ours=by_hand,
        who=answer.mailbox if by_hand else answer.from_address or "(not kept)",
        subject=answer.subject or "",
        text=answer.own_text or "",
        kind="by hand" if by_hand else answer.kind.value,
        mark=answer.mark,
        inbox_id=answer.id,
    )
