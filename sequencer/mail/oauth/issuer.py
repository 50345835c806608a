"""Where each issuer of tokens is asked, and for what.

Sources: learn.microsoft.com "Authenticate an IMAP, POP or SMTP connection using OAuth" (one resource,
outlook.office.com, covers IMAP and SMTP); developers.google.com "OAuth 2.0 for iOS & Desktop Apps" and "for
TV and Limited-Input Device Applications", whose list of scopes has none for mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sequencer.config import OAuth

MICROSOFT_SCOPE = (
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
)
GOOGLE_SCOPE = "https://mail.google.com/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """One issuer's addresses."""

    name: str
    authorize_url: str
    token_url: str
    device_url: str | None
    """None: it has no device sign-in for mail."""
    scope: str
    is_device_usual: bool = False
    """Whether the device sign-in is the one to begin with."""
    redirect_host: str = "127.0.0.1"
    """The name of this machine in a redirect; Microsoft lets the port vary for `localhost` alone."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further parameters of the page where a person consents."""


def issuer_of(oauth: OAuth) -> Issuer:
    """The issuer that config.toml names."""
    if oauth.issuer == "microsoft":
        base = f"https://login.microsoftonline.com/{oauth.tenant}/oauth2/v2.0"
        return Issuer(
            name="Microsoft",
            authorize_url=f"{base}/authorize",
            token_url=f"{base}/token",
            device_url=f"{base}/devicecode",
            scope=MICROSOFT_SCOPE,
            is_device_usual=True,
            redirect_host="localhost",
        )
    if oauth.issuer == "google":
        return Issuer(
            name="Google",
            authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
            token_url="https://oauth2.googleapis.com/token",  # noqa: S106  (an address)
            device_url=None,
            scope=GOOGLE_SCOPE,
            extra={"access_type": "offline", "prompt": "consent"},
        )
    return Issuer(
        name=oauth.issuer,
        authorize_url=f"{oauth.issuer}/authorize",
        token_url=f"{oauth.issuer}/token",
        device_url=f"{oauth.issuer}/device",
        scope="offline_access",
    )
