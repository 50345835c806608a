"""One row of the fault matrix: what a server does, and what then stands in database, log and server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from tests.servers.scripted_imap import ScriptedImap, Step

Tls = Literal["none", "good", "expired", "other name", "unknown authority", "broken"]
IMPATIENT = timedelta(seconds=0.3)
PATIENT = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpFault:
    """What the SMTP server does when Ana's first message is due."""

    script: Mapping[str, Any] = field(default_factory=dict)
    """For tests.servers.scripted_smtp."""
    extensions: tuple[str, ...] = ()
    tls: Tls = "none"
    wants_tls: bool = False
    """The mailbox's security is starttls."""
    logs_in: bool = False
    is_dribbling: bool = False
    is_large: bool = False
    """The message carries more than the buffers of a connection hold."""
    timeout_in: timedelta = PATIENT
    lasts: bool = False
    """For more than a day, instead of one try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpRow:
    """After the fault, and, once it has ended, an hour later."""

    happens: str
    fault: SmtpFault
    message: str
    """State in the outbox."""
    copies: int
    """How many the server holds at that moment."""
    enrollment: str
    mailbox: str
    """What becomes of the next message of the mailbox, to somebody else, once the fault is over."""
    read: str
    """The log's words."""
    mend: str
    """What to do."""
    afterwards: str
    """State of the message and the copies that the server holds in the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapRow:
    """Ana's follow-up is due; the last reading is three days old, and new mail lies in the inbox."""

    happens: str
    script: Mapping[str, Step | list[Step]] = field(default_factory=dict)
    change: Callable[[ScriptedImap], None] = lambda _server: None
    """What is otherwise different at the server."""
    timeout_in: timedelta = PATIENT
    followup: str
    """State in the outbox, and copies at the SMTP server."""
    enrollment: str = "active"
    inbox: str
    """Read, or unread and whether it is dialled again at the next turn."""
    read: str
    mend: str
    afterwards: str = "sent, 1 copy"
    """The follow-up once the fault is over."""
    answered: str = "finished: replied, 0 copies"
    """The enrollment, and the follow-up's copies, when Ana's answer was among the new mail."""
