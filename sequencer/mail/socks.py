"""Sockets to mail servers: straight, or through a SOCKS5 proxy that looks the server's name up itself.

Sources: RFC 1928 (SOCKS5), RFC 1929 (user name and password).
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass

from sequencer.config import Proxy
from sequencer.errors import SequencerError

_VERSION, _CONNECT, _SUCCEEDED = 5, 1, 0
_NO_LOGIN, _PASSWORD_LOGIN, _NONE_FITS = 0, 2, 255
_IPV4, _NAME, _IPV6 = 1, 3, 4
_ADDRESS_SIZE = {_IPV4: 4, _IPV6: 16}
_NOT_SOCKS = "does not speak SOCKS5"
_NOT_SOCKS_HINT = "`proxy` must name the SOCKS5 port of the proxy program, not its HTTP port"
_START_HINT = "start the proxy, or mend `proxy` of this mailbox; it will be tried again"
_WAY_HINT = "look at the proxy's own log; it will be tried again"
_SERVER_HINT = (
    "check the server's host and port, and whether the proxy itself gets out; it will be tried again"
)
_REPLIES = {
    1: ("failed", _WAY_HINT, False),
    2: ("does not allow this connection", "allow this host and port in the proxy's rules", True),
    3: ("has no network to it", _SERVER_HINT, False),
    4: ("does not find this host", _SERVER_HINT, False),
    5: ("was refused by the server", _SERVER_HINT, False),
    6: ("lost the way to it", _SERVER_HINT, False),
    7: ("cannot open connections", "use a proxy that can CONNECT", True),
    8: ("takes no host names", "use a proxy that looks names up itself", True),
}
"""Reply code → what the proxy says of itself, the mend, whether a person must act."""


class ProxyFault(OSError):
    """The proxy was no way to the server; `what` follows the server's name in a line for people."""

    def __init__(self, what: str, hint: str, *, is_lasting: bool) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.is_lasting = is_lasting


def no_password() -> str:
    """The password of a proxy without a user."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a mailbox's servers are reached."""

    proxy: Proxy | None = None
    password: Callable[[], str] = no_password
    """The proxy's; may raise SequencerError. Asked for only by a proxy with a user."""

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """A connected socket with that time-out. Raises ProxyFault, or what `create_connection` raises."""
        if self.proxy is None:
            return socket.create_connection((host, port), seconds)
        return self._through(self.proxy, host, port, seconds)

    def _through(self, proxy: Proxy, host: str, port: int, seconds: float) -> socket.socket:
        secret = self._secret(proxy)
        try:
            opened = socket.create_connection((proxy.host, proxy.port), seconds)
        except (OSError, UnicodeError) as error:
            raise _fault(proxy, f"is not there ({_reason(error)})", _START_HINT, is_lasting=False) from error
        try:
            _agree(opened, proxy, secret)
            _ask(opened, proxy, host, port)
        except ProxyFault:
            opened.close()
            raise
        except OSError as error:
            opened.close()
            raise _fault(proxy, f"broke off ({_reason(error)})", _WAY_HINT, is_lasting=False) from error
        return opened

    def _secret(self, proxy: Proxy) -> str:
        if proxy.username is None:
            return ""
        try:
            return self.password()
        except SequencerError as error:
            hint = error.hint or "set proxy_password of this mailbox"
            raise _fault(proxy, f"has no password: {error.message}", hint, is_lasting=True) from error


def _agree(opened: socket.socket, proxy: Proxy, password: str) -> None:
    """Greeting and, if it wants one, the login (RFC 1928 §3, RFC 1929 §2)."""
    methods = [_NO_LOGIN] if proxy.username is None else [_NO_LOGIN, _PASSWORD_LOGIN]
    opened.sendall(bytes([_VERSION, len(methods), *methods]))
    version, method = _read(opened, 2, proxy)
    if version != _VERSION or method not in (*methods, _NONE_FITS):
        raise _fault(proxy, _NOT_SOCKS, _NOT_SOCKS_HINT, is_lasting=True)
    if method == _NONE_FITS:
        hint = 'write proxy = "socks5://USER@HOST:PORT" and proxy_password'
        raise _fault(proxy, "takes no login of the kind we have", hint, is_lasting=True)
    if method == _PASSWORD_LOGIN:
        user, secret = (proxy.username or "").encode(), password.encode()
        if max(len(user), len(secret)) > 255:
            raise _fault(
                proxy, "takes names and passwords of 255 bytes", "shorten proxy_password", is_lasting=True
            )
        opened.sendall(bytes([1, len(user)]) + user + bytes([len(secret)]) + secret)
        if _read(opened, 2, proxy)[1] != 0:
            hint = "mend the user in `proxy`, or proxy_password"
            raise _fault(proxy, "refused its user name or password", hint, is_lasting=True)


def _ask(opened: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """CONNECT by name, so that the name is looked up where the answer can be trusted (RFC 1928 §4, §6)."""
    opened.sendall(bytes([_VERSION, _CONNECT, 0]) + _address(host, proxy) + port.to_bytes(2, "big"))
    version, code, _, kind = _read(opened, 4, proxy)
    if version != _VERSION:
        raise _fault(proxy, _NOT_SOCKS, _NOT_SOCKS_HINT, is_lasting=True)
    if code != _SUCCEEDED:
        what, hint, is_lasting = _REPLIES.get(code, (f"failed (code {code})", _WAY_HINT, False))
        raise _fault(proxy, what, hint, is_lasting=is_lasting)
    size = _ADDRESS_SIZE[kind] if kind in _ADDRESS_SIZE else _read(opened, 1, proxy)[0]
    _read(opened, size + 2, proxy)


def _address(host: str, proxy: Proxy) -> bytes:
    try:
        literal = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        return bytes([_IPV4 if literal.version == 4 else _IPV6]) + literal.packed
    try:
        name = host.encode("idna")
    except UnicodeError as error:
        raise _fault(
            proxy, "was not asked: this is not a host name", "check the host's spelling", is_lasting=True
        ) from error
    return bytes([_NAME, len(name)]) + name


def _read(opened: socket.socket, size: int, proxy: Proxy) -> bytes:
    got = b""
    while len(got) < size:
        piece = opened.recv(size - len(got))
        if not piece:
            raise _fault(proxy, "hung up", _NOT_SOCKS_HINT, is_lasting=False)
        got += piece
    return got


def _fault(proxy: Proxy, what: str, hint: str, *, is_lasting: bool) -> ProxyFault:
    told = f"cannot be reached: the proxy {proxy.host}:{proxy.port} {what}"
    return ProxyFault(told, hint, is_lasting=is_lasting)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror | UnicodeError):
        return "host name not found"
    return (getattr(error, "strerror", None) or type(error).__name__).lower()
