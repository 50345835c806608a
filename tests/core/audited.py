"""Messages for tests of the audit, and histories of them as the ledger writes them."""

from datetime import UTC, datetime, timedelta

from sequencer.core.audit import AuditLimits, Handed, Happened, Stop
from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import OutboxState

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIMITS = AuditLimits(max_inbox_age_in=timedelta(seconds=60), retry_past_window_in=timedelta(minutes=60))


def at(seconds: float) -> datetime:
    """So many seconds after nine o'clock."""
    return NINE + timedelta(seconds=seconds)


def a_message(**fields: object) -> Handed:
    """A message claimed at nine, marked a second later and sent after another."""
    defaults: dict[str, object] = {
        "id": 7,
        "enrollment_id": 3,
        "contact_id": 5,
        "address": "ana@luso.example",
        "address_key": "ana@luso.example",
        "sequence": "bd",
        "round": 1,
        "step": "offer",
        "mailbox": "wang",
        "version_hash": "v1",
        "state": OutboxState.SENT,
        "message_id": "<7@firm.example>",
        "window": "buyer",
        "window_until": at(3600),
        "claimed_at": at(0),
        "sending_at": at(1),
        "sent_at": at(2),
        "cap_count": 0,
        "cap_limit": 50,
        "enrolled_at": at(-86_400),
    }
    return Handed(**(defaults | fields))  # type: ignore[arg-type]


def history(*kinds: str, start: float = 0) -> list[Happened]:
    """Events a second apart; `resolved:sent` and `answered_late:sent` say what they come to."""
    return [
        Happened(id=number + 1, at=at(start + number), kind=kind.partition(":")[0], data=_data(kind))
        for number, kind in enumerate(kinds)
    ]


def _data(kind: str) -> dict[str, object]:
    name, _, to = kind.partition(":")
    if name == "answered_late":
        return {"state": to, "code": 250}
    return {"to": to, "by": "wang"} if to else {}


SENT = ("claimed", "sending", "sent")


def a_stop(received_at: datetime, *, mailbox: str = "wang", **fields: object) -> Stop:
    """A reply in the mailbox that wrote, recorded long after."""
    defaults: dict[str, object] = {
        "id": 1,
        "mailbox": mailbox,
        "kind": VerdictKind.REPLY,
        "received_at": received_at,
        "read_at": at(86_400),
    }
    return Stop(**(defaults | fields))  # type: ignore[arg-type]
