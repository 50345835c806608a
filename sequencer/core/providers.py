"""What is to be said and done about a mail provider that a mailbox names, or whose host it uses."""

from sequencer.core.provider import Provider, is_under
from sequencer.core.provider_table import PROVIDERS

CUSTOM = "custom"
"""No provider of the table: every server is written out."""
MESSAGES_PER_CONNECTION = 100
"""Where nothing is published: few servers stop earlier, and dialling anew costs nothing so rarely."""


def provider_of(name: str, host: str) -> Provider | None:
    """The provider that a mailbox names, else the one that `host` belongs to."""
    named = PROVIDERS.get(name)
    return named or next((each for each in PROVIDERS.values() if is_under(host, each.hosts)), None)


def login_hint(name: str, host: str) -> str | None:
    """What a refused login to this provider wants, as the mend of a fault; None for a stranger's server."""
    provider = provider_of(name, host)
    return provider.login_hint if provider else None


def imap_hint(name: str, host: str) -> str | None:
    """Where this provider switches IMAP on."""
    provider = provider_of(name, host)
    return provider.imap_hint if provider else None


def needs_id(name: str, host: str) -> bool:
    """Whether ID must be said after login even if the server does not offer it."""
    provider = provider_of(name, host)
    return provider is not None and provider.needs_id


def can_idle(name: str, host: str) -> bool:
    """Whether this provider may be asked to say when mail comes, should its server offer IDLE."""
    provider = provider_of(name, host)
    return provider is None or provider.can_idle


def files_sent(name: str, host: str) -> bool | None:
    """Whether this provider files what it sends in the Sent folder by itself; None when nobody knows."""
    provider = provider_of(name, host)
    return provider.files_sent if provider else None


def messages_per_connection(name: str, host: str) -> int:
    """After how many messages the courier says QUIT and dials anew."""
    provider = provider_of(name, host)
    published = provider.limits.messages_per_connection if provider else None
    return published or MESSAGES_PER_CONNECTION


def above_limit(name: str, host: str, daily_cap: int) -> str | None:
    """What to say of a `daily_cap` above the published figure; None when it is not, or none is known.

    For a provider whose dearer plans take more (`limits.is_ceiling` is False) it is advice, not a fault.
    """
    provider = provider_of(name, host)
    limit = provider.limits.per_day if provider else None
    if provider is None or limit is None or daily_cap <= limit:
        return None
    plan = "" if provider.limits.is_ceiling else " from a free mailbox"
    return f"daily_cap {daily_cap} is more than {provider.title} takes in a day{plan} ({limit})"
