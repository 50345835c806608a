"""A real SMTP server in process (aiosmtpd) with its own ledger and faults chosen per test."""

# ruff: noqa: N802  (aiosmtpd finds verbs and hooks by upper-case names)
import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP = "drop"
"""Instead of an answer: cut the connection."""
STALL = "stall"
"""Instead of an answer: say nothing until the server stops or `release` is called."""

Verb = Literal["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT", "DOT", "RSET"]
"""CONTENT: while content arrives, before the final dot (DROP only). DOT: the answer to the final dot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One message the server took responsibility for, whether or not it managed to say so."""

    index: int
    """Order of arrival, from 0."""
    sender: str
    recipient: str
    raw: bytes
    """After dot-unstuffing."""
    connection: int
    """Which connection brought it, from 1."""


@dataclass(slots=True, kw_only=True)
class _Fault:
    verb: Verb
    answer: str
    recipient: str | None
    times: int
    is_kept: bool


@dataclass(slots=True)
class SmtpServer:
    """Listens on 127.0.0.1 at a free port while the `with` block lasts.

    `security`: `starttls` (login only after it), `tls` from the first byte, or `none`. With `accounts`
    (user name → password) every sender must log in. `deliver_to(recipient, raw)` is called in the server's
    thread for every message taken. All attributes may be read from the test's thread at any time.
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    security: Literal["starttls", "tls", "none"] = "none"
    tls_context: ssl.SSLContext | None = None
    deliver_to: Callable[[str, bytes], None] | None = None
    hostname: str = "mx.test.example"
    size_limit: int = 33_554_432
    port: int = field(default=0, init=False)
    connection: Any = field(default=lambda server: Connection(server), init=False)
    connections: int = field(default=0, init=False)
    """Connections accepted so far."""
    verbs: list[str] = field(default_factory=list, init=False)
    """Every MAIL, RCPT, DATA, RSET, AUTH and QUIT heard, in order."""
    _received: list[Received] = field(default_factory=list, init=False)
    _faults: list[_Fault] = field(default_factory=list, init=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, init=False)
    _stalled: int = field(default=0, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _stop: asyncio.Event | None = field(default=None, init=False)
    _released: asyncio.Event | None = field(default=None, init=False)
    _open: "set[Connection]" = field(default_factory=set, init=False)

    @property
    def received(self) -> list[Received]:
        """The ledger: a copy."""
        with self._changed:
            return list(self._received)

    def wait_received(self, count: int, seconds: float = 30.0) -> list[Received]:
        """The ledger once it holds `count` messages; AssertionError after `seconds`."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self._received) >= count, seconds)
            assert arrived, f"{len(self._received)} of {count} messages arrived within {seconds} s"
            return list(self._received)

    def wait_verb(self, verb: str, seconds: float = 30.0) -> None:
        """Return once `verb` was heard."""
        with self._changed:
            assert self._changed.wait_for(lambda: verb in self.verbs, seconds), f"{verb} was never heard"

    def wait_stalled(self, seconds: float = 30.0) -> None:
        """Return once an answer is being withheld (STALL)."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._stalled > 0, seconds), "nothing stalled"

    def fail(
        self, verb: Verb, answer: str, *, recipient: str | None = None, times: int = 1, is_kept: bool = False
    ) -> None:
        """Answer `verb` with `answer` (`451 4.7.1 later`, DROP or STALL) the next `times` times.

        `recipient` limits it to messages to that address (from RCPT on). `is_kept`: with DROP or STALL at DOT
        the message is taken into the ledger first; a STALL then ends in 250, when there is still one to hear.
        """
        with self._changed:
            fault = _Fault(verb=verb, answer=answer, recipient=recipient, times=times, is_kept=is_kept)
            self._faults.append(fault)

    def drop_connections(self) -> None:
        """Cut every open connection, as an idle time-out of the server does."""
        assert self._loop is not None
        done = threading.Event()

        def cut() -> None:
            for connection in list(self._open):
                connection.cut()
            done.set()

        self._loop.call_soon_threadsafe(cut)
        assert done.wait(30)

    def release(self) -> None:
        """Let stalled answers go on."""
        assert self._loop is not None
        assert self._released is not None
        self._loop.call_soon_threadsafe(self._released.set)

    def __enter__(self) -> "SmtpServer":
        is_ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(is_ready)), daemon=True)
        self._thread.start()
        assert is_ready.wait(30), "the SMTP server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        assert self._stop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        assert not self._thread.is_alive(), "the SMTP server did not stop"

    async def _serve(self, is_ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_only_cut_connections)
        self._stop, self._released = asyncio.Event(), asyncio.Event()
        implicit = self.tls_context if self.security == "tls" else None
        server = await self._loop.create_server(lambda: self.connection(self), "127.0.0.1", 0, ssl=implicit)
        self.port = server.sockets[0].getsockname()[1]
        is_ready.set()
        await self._stop.wait()
        server.close()
        for connection in list(self._open):
            connection.cut()
        ours = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in ours:
            task.cancel()
        await asyncio.gather(*ours, return_exceptions=True)

    def _heard(self, verb: str) -> None:
        with self._changed:
            self.verbs.append(verb)
            self._changed.notify_all()

    async def _stall(self) -> None:
        assert self._released is not None
        with self._changed:
            self._stalled += 1
            self._changed.notify_all()
        try:
            await self._released.wait()
        finally:
            with self._changed:
                self._stalled -= 1

    def _take_fault(self, verb: Verb, recipient: str | None) -> _Fault | None:
        with self._changed:
            for fault in self._faults:
                if fault.verb == verb and fault.times > 0 and fault.recipient in (None, recipient):
                    fault.times -= 1
                    return fault
        return None

    def _record(self, sender: str, recipient: str, raw: bytes, connection: int) -> None:
        with self._changed:
            received = Received(
                index=len(self._received), sender=sender, recipient=recipient, raw=raw, connection=connection
            )
            self._received.append(received)
            self._changed.notify_all()
        if self.deliver_to is not None:
            self.deliver_to(recipient, raw)


class Connection(SMTP):
    """One connection: aiosmtpd's protocol with the server's faults in front of its verbs."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._is_in_content = False
        server.connections += 1
        self.number = server.connections
        super().__init__(
            _Handler(server, self),
            loop=asyncio.get_running_loop(),
            hostname=server.hostname,
            ident="ESMTP",
            data_size_limit=server.size_limit,
            enable_SMTPUTF8=True,
            tls_context=server.tls_context if server.security == "starttls" else None,
            require_starttls=server.security == "starttls",
            # aiosmtpd warns of logins without TLS; after implicit TLS it does not know that there is one.
            auth_required=bool(server.accounts) and server.security == "starttls",
            auth_require_tls=server.security == "starttls",
            authenticator=self._check_login,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._server._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._server._open.discard(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self._is_in_content and self._fault("CONTENT") is not None:
            self.cut()
            return
        super().data_received(data)

    def cut(self) -> None:
        """Reset the connection."""
        with contextlib.suppress(AttributeError):  # no transport, or a closed one of Python 3.11.2's TLS
            self.transport.abort()

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._failed("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:
        self._server._heard("AUTH")
        if not await self._failed("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        self._server._heard("MAIL")
        if self._needs_login():
            await self.push("530 5.7.0 Authentication required")
        elif not await self._failed("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str) -> None:
        self._server._heard("DATA")
        if await self._failed("DATA"):
            return
        self._is_in_content = True
        try:
            await super().smtp_DATA(arg)
        finally:
            self._is_in_content = False

    async def smtp_RSET(self, arg: str) -> None:
        self._server._heard("RSET")
        if not await self._failed("RSET"):
            await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg: str) -> None:
        self._server._heard("QUIT")
        await super().smtp_QUIT(arg)

    def _fault(self, verb: Verb) -> _Fault | None:
        recipients = self.envelope.rcpt_tos if self.envelope is not None else []
        return self._server._take_fault(verb, recipients[-1] if recipients else None)

    async def _failed(self, verb: Verb) -> bool:
        if (fault := self._fault(verb)) is None:
            return False
        answer = await self.act(fault)
        if answer is not None:
            await self.push(answer)
            if answer.startswith("421"):
                self.transport.close()
        return True

    async def act(self, fault: _Fault) -> str | None:
        """The answer to give; None when the connection was cut."""
        if fault.answer == STALL:
            await self._server._stall()
            return "451 4.3.0 stalled"
        if fault.answer == DROP:
            self.cut()
            return None
        return fault.answer

    def _needs_login(self) -> bool:
        is_in = self.session is not None and self.session.authenticated
        return bool(self._server.accounts) and not is_in

    def _check_login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: LoginPassword
    ) -> AuthResult:
        # `handled=False` makes aiosmtpd say 535; without it a wrong password gets no answer at all.
        is_right = self._server.accounts.get(login.login.decode()) == login.password.decode()
        return AuthResult(success=is_right, handled=False, auth_data=login.login)


class _Handler:
    """aiosmtpd's hooks for what has an envelope."""

    def __init__(self, server: SmtpServer, connection: Connection) -> None:
        self._server = server
        self._connection = connection

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self._server._heard("RCPT")
        fault = self._server._take_fault("RCPT", address)
        if fault is not None:
            return await self._answer(fault)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        (recipient,) = envelope.rcpt_tos
        fault = self._server._take_fault("DOT", recipient)
        if fault is None or fault.is_kept:
            raw = bytes(envelope.original_content or b"")
            self._server._record(envelope.mail_from or "", recipient, raw, self._connection.number)
        answer = f"250 2.0.0 Ok: queued as {len(self._server._received):08X}"
        said = answer if fault is None else await self._answer(fault)
        return answer if fault is not None and fault.is_kept and fault.answer == STALL else said

    async def _answer(self, fault: _Fault) -> str:
        answer = await self._connection.act(fault)
        if answer is None:
            raise ConnectionResetError("cut on purpose")
        if answer.startswith("421"):
            asyncio.get_running_loop().call_soon(self._connection.transport.close)
        return answer


def _only_cut_connections(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Connections cut on purpose end in ConnectionResetError; anything else is a fault of the server."""
    if not isinstance(context.get("exception"), OSError | asyncio.CancelledError):
        loop.default_exception_handler(context)
