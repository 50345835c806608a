"""Whether a host is this machine itself, the only one to be spoken to without encryption."""

import contextlib
import ipaddress


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address (IPv6 with brackets or without), is this machine."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return host.lower() == "localhost"
