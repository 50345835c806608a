"""What the demo's mail server took responsibility for: the only truth its proofs are made from."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One message that the server answered with 250, in the order of arrival."""

    at: datetime
    """When the final dot was answered, on the virtual clock (UTC)."""
    sender: str
    """Envelope sender."""
    recipient: str
    """Envelope recipient."""
    raw: bytes
    """The message as it came, without the Received header the server adds."""
