"""Fills a mailbox's servers in from its `provider`; whatever is written out wins."""

from collections.abc import Mapping
from typing import Any

from sequencer.core.provider import Endpoint
from sequencer.core.provider_table import PROVIDERS
from sequencer.core.providers import CUSTOM
from sequencer.files.provider_words import provider_key
from sequencer.files.secret import parse_secret_ref
from sequencer.files.words import WordFault

_SECURITY_OF = {"465": "tls", "993": "tls", "587": "starttls", "143": "starttls"}
"""What a port written by itself means."""


def with_presets(data: Mapping[str, Any]) -> dict[str, Any]:
    """config.toml as if every server were written out; `data` is as tomllib gives it, faults and all."""
    mailboxes = data.get("mailboxes")
    if not isinstance(mailboxes, list):
        return dict(data)
    filled = [_filled(each) if isinstance(each, dict) else each for each in mailboxes]
    return {**data, "mailboxes": filled}


def _filled(mailbox: dict[str, Any]) -> dict[str, Any]:
    name = provider_key(mailbox.get("provider", CUSTOM))
    login = _shared_login(mailbox, is_preset=name != CUSTOM)
    if name == CUSTOM:
        written = {key: mailbox[key] for key in ("smtp", "imap") if isinstance(mailbox.get(key), dict)}
        return {**mailbox, **{key: {**login, **table} for key, table in written.items()}}
    # A misspelt provider is told by itself: with somebody's servers in place nothing else seems missing.
    provider = PROVIDERS.get(name) or next(iter(PROVIDERS.values()))
    filled = {**mailbox, "smtp": _server(mailbox.get("smtp", {}), provider.smtp, login)}
    if "imap" in mailbox or "replies_in" not in mailbox:
        filled["imap"] = _server(mailbox.get("imap", {}), provider.imap, login)
    return filled


def _shared_login(mailbox: Mapping[str, Any], *, is_preset: bool) -> dict[str, Any]:
    """User name and password of both servers: with a preset, either one's password serves the other too."""
    tables = [mailbox] + [mailbox[key] for key in ("smtp", "imap") if is_preset and key in mailbox]
    written = [table["password"] for table in tables if isinstance(table, dict) and "password" in table]
    password = next((each for each in written if _is_reference(each)), None)
    login = {"password": password} if password is not None else {}
    if not is_preset and not login:
        return {}
    address = mailbox.get("address")
    return {"username": address.strip(), **login} if isinstance(address, str) and address.strip() else login


def _server(written: Any, preset: Endpoint, login: Mapping[str, Any]) -> Any:
    """A server's table; a port or a security written by itself brings its fellow along."""
    if not isinstance(written, dict):
        return written
    place: dict[str, Any] = {"host": preset.host}
    if "port" not in written and "security" not in written:
        place |= {"port": preset.port, "security": preset.security}
    elif "security" not in written:
        place["security"] = _SECURITY_OF.get(str(written["port"]), preset.security)
    elif written["security"] == preset.security:
        place["port"] = preset.port
    return {**place, **login, **written}


def _is_reference(written: object) -> bool:
    """A secret in the open is told where it stands, and not copied to where it does not."""
    try:
        parse_secret_ref(written)
    except WordFault:
        return False
    return True
