"""What holds for every HTTP request of ours: encrypted unless it stays on this machine, and no redirects."""

import urllib.request
from typing import Any

from sequencer.core.loopback import is_loopback


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry tokens and buyers' names to an address nobody wrote down."""

    def redirect_request(self, *_: Any) -> None:
        return None


def is_safe(scheme: str, host: str) -> bool:
    """Whether nobody on the way can read along."""
    return scheme == "https" or (scheme == "http" and is_loopback(host))


def opener_for(host: str) -> urllib.request.OpenerDirector:
    """Follows no redirect. A proxy from the environment serves the way out, never the way to this machine."""
    proxies = urllib.request.ProxyHandler({} if is_loopback(host) else None)
    return urllib.request.build_opener(proxies, _NoRedirect())
