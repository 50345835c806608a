"""What signing a mailbox in leaves: the refresh token, and the access token of the hour."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

SKEW_IN = timedelta(minutes=5)
"""An access token that ends sooner than this is replaced first: clocks differ, and sending takes time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Who was signed in through which app: tokens are good for nothing else."""

    issuer: str
    """Where tokens come from: the URL of the token endpoint."""
    client_id: str
    account: str
    """The mailbox's address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One answer of an issuer; no token is ever part of its text form."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str = field(repr=False)
    """Empty when the answer brought none: the one before stays good (RFC 6749 §6)."""

    def is_fresh(self, now: datetime) -> bool:
        """Whether the access token can still be used for a while."""
        return bool(self.access_token) and now + SKEW_IN < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What is kept of a sign-in."""

    app: App
    tokens: Tokens
