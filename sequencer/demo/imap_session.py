"""One IMAP connection of the mail host: pymap's session, mended where clients stumble over it."""

import contextlib
import hmac
import ssl
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.concurrent import Subsystem
from pymap.imap import IMAPConnection
from pymap.imap.state import ConnectionState
from pymap.parsing.command.auth import AppendCommand, SelectCommand, StatusCommand
from pymap.parsing.response import Response
from pysasl.hashing import Cleartext


class InMemoryPasswords(Cleartext):
    """Passwords as they are (hashing them costs seconds), compared as bytes: they need not be ASCII."""

    def verify(self, secret: str, hash: str) -> bool:
        return hmac.compare_digest(secret.encode(), hash.encode())


class HostConfig(Config):
    """pymap's in-memory configuration without what a test or demo host has no use for."""

    @classmethod
    def made(cls, tls: ssl.SSLContext | None) -> "HostConfig":
        """`tls` None: no STARTTLS."""
        return cls(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=None,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            ssl_context=tls,
            tls_enabled=tls is not None,
            hash_context=InMemoryPasswords(),
            cpu_subsystem=Subsystem.for_asyncio(),
            invalid_user_sleep=0,
        )

    @property
    def greeting(self) -> bytes:
        """pymap asks for the host's name at each connection, which may take seconds."""
        return b"ready"


class HostState(ConnectionState):
    """What a connection may do. `looked_at(user, folder)` is told of each SELECT, EXAMINE and STATUS."""

    def __init__(
        self,
        login: Login,
        config: HostConfig,
        now: Callable[[], datetime],
        looked_at: Callable[[str, str], None],
    ) -> None:
        super().__init__(login, config)
        self._now = now
        self._looked_at = looked_at

    async def do_select(self, cmd: SelectCommand) -> Any:
        answer = await super().do_select(cmd)
        self._looked_at(self.session.owner, cmd.mailbox)
        return answer

    async def do_status(self, cmd: StatusCommand) -> Any:
        answer = await super().do_status(cmd)
        self._looked_at(self.session.owner, cmd.mailbox)
        return answer

    async def do_append(self, cmd: AppendCommand) -> Any:
        """pymap would date a message that comes without a date by the machine's clock."""
        cmd.messages = [replace(message, when=message.when or self._now()) for message in cmd.messages]
        return await super().do_append(cmd)


class HostConnection(IMAPConnection):
    """A connection that writes each response at once, and notes the commands."""

    __slots__ = ["_noted"]

    def __init__(
        self, config: HostConfig, reader: Any, writer: Any, info: SocketInfo, commands: list[str]
    ) -> None:
        super().__init__(config.commands, config, reader, writer, info)
        self._noted = commands

    async def read_command(self, state: ConnectionState) -> Any:
        command = await super().read_command(state)
        self._noted.append(_without_secrets(command))
        return command

    async def write_response(self, resp: Response) -> None:
        """pymap writes a response in pieces, which clients that wait in IDLE take for several."""
        pieces = _Pieces()
        await resp.async_write(pieces)
        with contextlib.suppress(ConnectionError):
            self.writer.write(pieces.joined())
            await self.writer.drain()


class _Pieces:
    """Collects what a response writes."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._pieces.append(bytes(data))

    def joined(self) -> bytes:
        return b"".join(self._pieces)


def _without_secrets(command: Any) -> str:
    """The command's words, with the folder where there is one: `EXAMINE 已处理`, `UID FETCH`."""
    words: str = command.command.decode()
    if getattr(command, "readonly", False):
        words = "EXAMINE"
    folder = getattr(command, "mailbox", None)
    return f"{words} {folder}" if folder else words
