"""An SMTP server in this process: real protocol (aiosmtpd); what it takes or refuses its owner decides."""

# ruff: noqa: N802  (aiosmtpd finds its hooks by upper-case names)

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sequencer.demo.loop_thread import LoopThread

ACCEPTED = "250 2.1.5 Ok"
"""The answer to a RCPT that is taken."""

_IDLE_SECONDS = 86_400.0
"""Real time: a demo that somebody halts in a debugger keeps its connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """What MAIL and the RCPTs taken so far have said."""

    user: str | None
    """Who logged in on this connection."""
    sender: str
    """Envelope sender; empty for reports."""
    recipients: tuple[str, ...] = ()


class Receiver(Protocol):
    """Who owns the server's decisions. Both run in the server's loop."""

    def answer_to_recipient(self, transaction: Transaction, recipient: str) -> str:
        """The answer to RCPT; the recipient is taken if it begins with 250."""

    async def take(self, transaction: Transaction, raw: bytes) -> str:
        """Take responsibility for a message; returns the answer to its final dot."""


class SmtpHost:
    """Listens on loopback from `start` to `stop`, without TLS; logging in is offered, never demanded here.

    A line may have 998 bytes, as RFC 5321 §4.5.3.1.6 has it: a longer one is refused with 500.
    """

    def __init__(
        self, loop: LoopThread, hostname: str, passwords: Mapping[str, str], receiver: Receiver
    ) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self.hostname = hostname
        self.passwords = dict(passwords)
        """Of the users who may log in."""
        self.receiver = receiver
        self.connections: set[_Connection] = set()
        """Those that are open."""
        self._loop = loop
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        """Listen on a free port."""
        self._loop.run(self._start())

    def stop(self) -> None:
        """Stop listening and cut all connections."""
        self._loop.run(self._stop())

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), self.host, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        sessions = [connection.cut() for connection in list(self.connections)]
        await asyncio.gather(*sessions, return_exceptions=True)


class _Session(Session):
    """aiosmtpd sets this after each login, and logs a warning that it is deprecated."""

    login_data: Any = None


class _Connection(SMTP):
    """One connection. Told its name and never to demand a login itself, aiosmtpd neither looks the machine's
    name up nor warns of logins without TLS."""

    def __init__(self, host: SmtpHost) -> None:
        self._host = host
        super().__init__(
            _Hooks(host.receiver),
            loop=asyncio.get_running_loop(),
            hostname=host.hostname,
            ident="ESMTP",
            timeout=_IDLE_SECONDS,
            auth_required=False,
            auth_require_tls=False,
            authenticator=self._check_login,
        )

    def _create_session(self) -> Session:
        return _Session(self.loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._host.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._host.connections.discard(self)
        super().connection_lost(error)

    def cut(self) -> "asyncio.Task[None]":
        """Reset the connection; returns the session that ends by it."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        session: asyncio.Task[None] | None = self._handler_coroutine
        assert session is not None, "aiosmtpd starts it when the connection is made"
        return session

    def _check_login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: LoginPassword
    ) -> AuthResult:
        # `handled=False` makes aiosmtpd say 535; without it a wrong password gets no answer at all.
        user = login.login.decode("utf-8", "replace")
        known = self._host.passwords.get(user)
        is_right = known is not None and known.encode() == login.password
        return AuthResult(success=is_right, handled=False, auth_data=user)


class _Hooks:
    """aiosmtpd's hooks for what has an envelope."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def handle_RCPT(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: Sequence[str]
    ) -> str:
        answer = self._receiver.answer_to_recipient(_transaction(session, envelope), address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = bytes(envelope.original_content or b"")
        return await self._receiver.take(_transaction(session, envelope), raw)


def _transaction(session: Session, envelope: Envelope) -> Transaction:
    sender = envelope.mail_from or ""
    return Transaction(
        user=session.auth_data if session.authenticated else None,
        sender="" if sender == "<>" else sender,  # aiosmtpd keeps the brackets of an empty one
        recipients=tuple(envelope.rcpt_tos),
    )
