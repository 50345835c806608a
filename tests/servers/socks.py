"""A SOCKS5 proxy on loopback that knows hosts of its own, and writes down what it was asked for."""

import contextlib
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

_NO_LOGIN, _LOGIN, _NONE = 0, 2, 255
_IPV4, _NAME, _IPV6 = 1, 3, 4


@dataclass(kw_only=True)
class SocksProxy:
    """`with SocksProxy(hosts={"imap.ourfirm.example": port}) as proxy:`.

    A name in `hosts` leads to that port of this machine, another one is not found. `users`: name →
    password; when there are some, a login is wanted. `refusal`: answer every request with this code.
    `greeting`: say these bytes instead of anything; `is_abrupt`: hang up instead of an answer.
    """

    hosts: Mapping[str, int] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    refusal: int | None = None
    greeting: bytes | None = None
    is_abrupt: bool = False
    asked: list[tuple[str, str, int]] = field(default_factory=list, init=False)
    """(`name` or `ip`, host, port) of each request, in order."""

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._listening, *self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(10)

    def _run(self, target, *arguments) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self._sockets.append(client)
            self._run(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError), client, client.makefile("rb") as words:
            _, count = _take(words, 2)
            methods = _take(words, count)
            if self.greeting is not None:
                client.sendall(self.greeting)
                words.read()
                return
            if not self._admits(client, words, methods):
                return
            _, _, _, kind = _take(words, 4)
            host = _host(words, kind)
            port = int.from_bytes(_take(words, 2), "big")
            self.asked.append(("name" if kind == _NAME else "ip", host, port))
            if self.is_abrupt:
                return
            self._answer(client, host)

    def _admits(self, client: socket.socket, words, methods: bytes) -> bool:
        method = _LOGIN if self.users else _NO_LOGIN
        client.sendall(bytes([5, method if method in methods else _NONE]))
        if method not in methods or not self.users:
            return method in methods
        _take(words, 1)
        user = _take(words, _take(words, 1)[0]).decode()
        password = _take(words, _take(words, 1)[0]).decode()
        is_good = self.users.get(user) == password
        client.sendall(bytes([1, 0 if is_good else 1]))
        return is_good

    def _answer(self, client: socket.socket, host: str) -> None:
        code = self.refusal if self.refusal is not None else (0 if host in self.hosts else 4)
        # The address it bound is a name here: a client must read past one of any length.
        client.sendall(bytes([5, code, 0, _NAME, 5]) + b"proxy" + (0).to_bytes(2, "big"))
        if code:
            return
        with socket.create_connection(("127.0.0.1", self.hosts[host])) as server:
            self._sockets.append(server)
            self._run(_pump, server, client)
            _pump(client, server)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _host(words, kind: int) -> str:
    if kind == _NAME:
        return _take(words, _take(words, 1)[0]).decode("ascii")
    family, size = (socket.AF_INET, 4) if kind == _IPV4 else (socket.AF_INET6, 16)
    return socket.inet_ntop(family, _take(words, size))


def _take(words, size: int) -> bytes:
    got = words.read(size)
    if len(got) < size:
        raise EOFError
    return got
