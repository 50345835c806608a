"""What must hold in [mailboxes.oauth]: an issuer that is known or safe to speak to."""

import re
from urllib.parse import urlsplit

from sequencer.core.loopback import is_loopback
from sequencer.files.config_names import Tell
from sequencer.files.config_shape import OAuthShape
from sequencer.files.fault_list import did_you_mean

ISSUERS = ("microsoft", "google")
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


def check_oauth(oauth: OAuthShape, at: tuple[str | int, ...], tell: Tell) -> None:
    """Tell what is wrong with the issuer and its tenant."""
    if oauth.issuer not in ISSUERS:
        _check_url(oauth.issuer, (*at, "issuer"), tell)
    if not _TENANT.fullmatch(oauth.tenant):
        tell((*at, "tenant"), f"{oauth.tenant!r} is no tenant", 'write "common", your domain or the id')
    elif oauth.tenant != "common" and oauth.issuer != "microsoft":
        tell((*at, "tenant"), "only microsoft has tenants", "remove this line")


def _check_url(issuer: str, at: tuple[str | int, ...], tell: Tell) -> None:
    try:
        parts = urlsplit(issuer)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("https", "http") or not host or parts.query or parts.fragment:
        hint = did_you_mean(issuer, ISSUERS) or 'write "microsoft", "google" or an https:// address'
        tell(at, f"there is no issuer {issuer!r}", hint)
    elif parts.username is not None:
        tell(at, "the issuer's address holds a user name", "remove it")
    elif parts.scheme == "http" and not is_loopback(host):
        hint = "write https://; only an issuer on this machine may do without"
        tell(at, f"without encryption anybody on the way to {host} could sign in as you", hint)
