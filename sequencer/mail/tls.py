"""Verified TLS for mail servers, and what a failed handshake means for the person who set it up."""

import contextlib
import socket
import ssl
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

_HOSTNAME_MISMATCH = frozenset({62, 64})
"""X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH."""
_NOT_YET_VALID, _EXPIRED = 9, 10
_PLAIN_TALK = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "UNKNOWN_PROTOCOL")
"""OpenSSL's reasons when the other side sent words instead of a handshake."""

_PROBE_SECONDS = 5.0
"""A server that answered a moment ago shakes hands within this."""


def client_context(ca_file: Path | None) -> ssl.SSLContext:
    """A context that checks chain and host name, trusting `ca_file` besides the system's authorities.

    Raises OSError (ssl.SSLError is one) when the file is missing or no certificate.
    """
    return _context(ca_file, ca_file.stat().st_mtime_ns if ca_file else 0)


@lru_cache(maxsize=64)
def _context(ca_file: Path | None, _changed_at: int) -> ssl.SSLContext:
    """Each holds every authority of the system, near a megabyte: connections share them."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


def told(error: OSError) -> tuple[str, str, bool]:
    """(what happened, the mend, whether a person must act) for a handshake that failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error)
    # Older Pythons tell of a peer that went away by an SSLError without a reason.
    if not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLEOFError) or not error.reason:
        return ("broke off the TLS handshake", "nothing to do unless it lasts", False)
    if error.reason in _PLAIN_TALK:
        return (
            "does not speak TLS from the first byte",
            'set security = "starttls", or the TLS port (465)',
            True,
        )
    reason = error.reason.lower().replace("_", " ")
    return (f"could not agree on TLS ({reason})", "the server needs TLS 1.2 or newer: ask its operator", True)


def speaks_tls(connect: Callable[[], socket.socket], host: str) -> bool:
    """Whether a server that did not greet us waits for a TLS handshake instead; nothing is sent over it."""
    with contextlib.suppress(OSError), connect() as plain:
        plain.settimeout(_PROBE_SECONDS)
        try:
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host):
                return True
        except ssl.SSLCertVerificationError:
            return True
    return False


def _certificate(error: ssl.SSLCertVerificationError) -> tuple[str, str, bool]:
    code, reason = error.verify_code, error.verify_message
    if code in _HOSTNAME_MISMATCH:
        return (
            f"shows a certificate for another name: {reason}",
            "set host to the name in the certificate",
            True,
        )
    if code in (_EXPIRED, _NOT_YET_VALID):
        return (
            f"shows a certificate that is not valid now: {reason}",
            "check this computer's clock, then ask the server's operator for a new certificate",
            True,
        )
    return (
        f"shows a certificate of an unknown authority: {reason}",
        "if it is your firm's own server, set ca_file to its authority's certificate",
        True,
    )
