"""How users name a mail provider and a proxy, each read into one value."""

from urllib.parse import unquote, urlsplit

from sequencer.config import Proxy
from sequencer.core.provider_table import PROVIDERS
from sequencer.core.providers import CUSTOM
from sequencer.files.fault_list import mend_for_unknown
from sequencer.files.words import WordFault

_DEFAULT_PORT = 1080
_SCHEMES = ("socks5", "socks5h")
"""The same to us: names are always looked up at the proxy."""
_PROXY_HINT = 'write it as "socks5://127.0.0.1:1080", or "socks5://USER@HOST:PORT" with proxy_password'


def parse_provider(written: object) -> str:
    """A provider of the table, or custom; 163 without quotes is meant too. WordFault otherwise."""
    name = provider_key(written)
    if name not in PROVIDERS and name != CUSTOM:
        raise WordFault(f"{written!r} is no provider of the list", mend_for_unknown(name, _known()))
    return name


def provider_key(written: object) -> str:
    """The name as the table writes it, whether it is there or not."""
    return str(written).strip().lower()


def _known() -> list[str]:
    return [*PROVIDERS, CUSTOM]


def parse_proxy(written: object) -> Proxy:
    """`socks5://HOST:PORT` with or without `USER@`; WordFault, which repeats no password, otherwise."""
    if not isinstance(written, str):
        raise WordFault("must be text", "put it in quotes")
    try:
        parts = urlsplit(written.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise WordFault("is no address of a proxy", _PROXY_HINT) from None
    if parts.password is not None:
        raise WordFault(
            "a password is not written into the file itself",
            'leave it out of the address and add proxy_password = "env:NAME"',
        )
    if parts.scheme in ("http", "https", "socks4", "socks4a"):
        hint = "give the SOCKS5 port; most proxy programs have one beside the other"
        raise WordFault(f"{parts.scheme} is no kind of proxy that carries mail here", hint)
    if parts.scheme not in _SCHEMES or not host or parts.path.strip("/") or parts.query or port == 0:
        raise WordFault("is no address of a proxy", _PROXY_HINT)
    user = unquote(parts.username) if parts.username else None
    return Proxy(host=host, port=port or _DEFAULT_PORT, username=user)
