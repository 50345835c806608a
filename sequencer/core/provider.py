"""What can be known of a mail provider: servers, folders, limits, and what a refused login wants."""

from dataclasses import dataclass

from sequencer.config import Security


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One server as a provider publishes it."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderNames:
    """What the folders are called over IMAP, as people read them; None where it is not known."""

    sent: str | None = None
    junk: str | None = None
    trash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingLimits:
    """What the provider says it takes from one mailbox; None where it publishes no figure."""

    per_day: int | None = None
    """Messages, or recipients, which is the same here: each message of ours has one recipient."""
    per_hour: int | None = None
    recipients_per_message: int | None = None
    messages_per_connection: int | None = None
    is_ceiling: bool = False
    """No plan of this provider takes more a day; else `per_day` is that of the free plan."""
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A row of `core/provider_table.py`."""

    key: str
    """As `provider = "…"` names it."""
    title: str
    smtp: Endpoint
    imap: Endpoint
    hosts: tuple[str, ...]
    """Domains whose servers are this provider's, for mailboxes that name no provider."""
    needs_id: bool = False
    """IMAP: says no to opening a folder before ID (RFC 2971)."""
    can_idle: bool = True
    """IMAP: what it says of IDLE may be believed; where not, its mailboxes are only looked at in turn."""
    folders: FolderNames = FolderNames()
    files_sent: bool | None = None
    """Whether it puts a copy of what goes out by SMTP into Sent itself; None: unknown, or a setting."""
    limits: SendingLimits = SendingLimits()
    login_hint: str
    """The mend for a refused login."""
    imap_hint: str
    """The mend for IMAP that is switched off."""
    source: str
    """A page of the provider's on these servers, or on logging in to them."""


def is_under(host: str, domains: tuple[str, ...]) -> bool:
    """Whether a server is one of these, or stands below one of them."""
    folded = host.lower().rstrip(".")
    return any(folded == domain or folded.endswith(f".{domain}") for domain in domains)
