"""What holds for every HTTP request of ours: encrypted unless it stays on this machine, and no redirects."""

import http.client
import urllib.request
from typing import Any

from sequencer.core.loopback import is_loopback
from sequencer.mail.socks import Way


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry tokens and buyers' names to an address nobody wrote down."""

    def redirect_request(self, *_: Any) -> None:
        return None


def is_safe(scheme: str, host: str) -> bool:
    """Whether nobody on the way can read along."""
    return scheme == "https" or (scheme == "http" and is_loopback(host))


class _HttpBy(urllib.request.HTTPHandler):
    """Opens its connections by a way of its own."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        self._way = way

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_by(self._way, http.client.HTTPConnection), req)


class _HttpsBy(urllib.request.HTTPSHandler):
    """The same under TLS, which is checked against the server's own name."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        self._way = way

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_by(self._way, http.client.HTTPSConnection), req)


def opener_for(host: str, way: Way | None = None) -> urllib.request.OpenerDirector:
    """Follows no redirect. Goes by `way` if that has a proxy, else by one of the environment.

    To this machine itself no proxy leads: there plain http is allowed, and a proxy could read along.
    """
    if way is not None and way.proxy is not None and not is_loopback(host):
        direct = urllib.request.ProxyHandler({})
        return urllib.request.build_opener(direct, _HttpBy(way), _HttpsBy(way), _NoRedirect())
    proxies = urllib.request.ProxyHandler({} if is_loopback(host) else None)
    return urllib.request.build_opener(proxies, _NoRedirect())


def _by(way: Way, kind: type[http.client.HTTPConnection]) -> Any:
    """Makes connections of this kind whose sockets come by `way`."""

    def made(host: str, **options: Any) -> http.client.HTTPConnection:
        connection = kind(host, **options)
        # The one place of http.client in which sockets are made; urllib offers none of its own.
        connection._create_connection = (  # type: ignore[attr-defined]
            lambda address, timeout, _source: way.connect(address[0], address[1], timeout)
        )
        return connection

    return made
