"""Certificates for the test servers, of an authority made afresh for each test process."""

import functools
import ssl
from datetime import datetime
from pathlib import Path

import trustme


@functools.cache
def authority() -> trustme.CA:
    """The authority that the test servers' certificates come from."""
    return trustme.CA()


def server_context(
    *names: str, ca: trustme.CA | None = None, not_after: datetime | None = None
) -> ssl.SSLContext:
    """A server's TLS context with a certificate for `names` (127.0.0.1 and localhost without any)."""
    issued = (ca or authority()).issue_cert(*(names or ("127.0.0.1", "localhost")), not_after=not_after)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    return context


def ca_file(folder: Path) -> Path:
    """The authority's certificate as a file for `ca_file` settings."""
    path = folder / "authority.pem"
    authority().cert_pem.write_to_path(str(path))
    return path
