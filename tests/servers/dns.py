"""A DNS server on loopback, UDP and TCP, that answers from a dict and notes every question."""

import socketserver
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset


class Fault(Enum):
    """Instead of records."""

    TIMEOUT = "no answer ever comes"
    SERVFAIL = "the server failed"
    REFUSED = "the server refuses"
    NXDOMAIN = "there is no such name"


@dataclass(frozen=True, slots=True)
class Truncated:
    """Over UDP only a header that says so; the records come over TCP."""

    records: Sequence[str]


@dataclass(frozen=True, slots=True)
class Alias:
    """A CNAME: what is asked here is answered from there."""

    target: str


Entry = Sequence[str] | Fault | Truncated | Alias
Zone = Mapping[tuple[str, str], Entry]
"""(name, kind) → what is answered. A name known by other kinds has no data; an unknown one is NXDOMAIN."""


@dataclass(slots=True)
class DnsServer:
    """Listens on 127.0.0.1, UDP and TCP at one free port, while the `with` block lasts."""

    zone: Zone
    asked: Counter[tuple[str, str]] = field(default_factory=Counter, init=False)
    """How often each question came, over either way."""
    over_tcp: int = field(default=0, init=False)
    port: int = field(default=0, init=False)
    _servers: list[socketserver.BaseServer] = field(default_factory=list, init=False)
    _threads: list[threading.Thread] = field(default_factory=list, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __enter__(self) -> "DnsServer":
        tcp = _Tcp(("127.0.0.1", 0), _TcpHandler)
        self.port = tcp.server_address[1]
        udp = _Udp(("127.0.0.1", self.port), _UdpHandler)
        for server in (tcp, udp):
            server.answerer = self  # type: ignore[attr-defined]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            self._servers.append(server)
            self._threads.append(thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()

    def resolver(self, seconds: float | None = None) -> dns.resolver.Resolver:
        """A resolver that knows this server only, and waits so long: not long where no answer may come."""
        if seconds is None:
            seconds = 1.0 if Fault.TIMEOUT in self.zone.values() else 10.0
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = self.port
        resolver.timeout = resolver.lifetime = seconds
        return resolver

    def answer(self, wire: bytes, *, is_tcp: bool) -> bytes | None:
        """The answer to one question on the wire; None when none shall come."""
        query = dns.message.from_wire(wire)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        with self._lock:
            self.asked[name, kind] += 1
            self.over_tcp += is_tcp
        found = self._fill(response, name, kind, is_tcp=is_tcp)
        return response.to_wire() if found else None

    def _fill(self, response: dns.message.Message, name: str, kind: str, *, is_tcp: bool) -> bool:
        """Put the zone's answer in; False when nothing shall be said."""
        entry = self.zone.get((name, kind)) or self.zone.get((name, "CNAME"))
        if entry is Fault.TIMEOUT:
            return False
        if isinstance(entry, Fault):
            response.set_rcode(dns.rcode.from_text(entry.name))
        elif isinstance(entry, Alias):
            response.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{entry.target}."))
            return self._fill(response, entry.target, kind, is_tcp=is_tcp)
        elif isinstance(entry, Truncated) and not is_tcp:
            response.flags |= dns.flags.TC
        elif entry:
            records = entry.records if isinstance(entry, Truncated) else entry
            response.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *records))
        elif not any(known == name for known, _kind in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return True


class _Udp(socketserver.ThreadingUDPServer):
    allow_reuse_address = False


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _UdpHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, socket = self.request
        answer = self.server.answerer.answer(wire, is_tcp=False)  # type: ignore[attr-defined]
        if answer is not None:
            socket.sendto(answer, self.client_address)


class _TcpHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        length = int.from_bytes(self.rfile.read(2), "big")
        answer = self.server.answerer.answer(self.rfile.read(length), is_tcp=True)  # type: ignore[attr-defined]
        if answer is not None:
            self.wfile.write(len(answer).to_bytes(2, "big") + answer)


def txt(*pieces: str) -> str:
    """A TXT record in zone-file form, of these pieces (each at most 255 bytes)."""
    return " ".join('"' + piece.replace('"', '\\"') + '"' for piece in pieces)
