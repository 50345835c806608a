"""An IMAP server in this process: real protocol (pymap), mail in memory, its own thread and event loop."""

import asyncio
import contextlib
import hmac
import ssl
import threading
from argparse import Namespace
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AsyncExitStack, closing
from datetime import datetime
from typing import Any, Self, TypeVar

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Subsystem
from pymap.context import connection_exit
from pymap.imap import IMAPConnection
from pymap.imap.state import ConnectionState
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import Response
from pymap.parsing.specials.flag import Flag
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from sequencer.clock import Clock, SystemClock

STANDARD_FOLDERS = ("Sent", "Drafts", "Trash", "Junk", "已处理")
"""Made for each user beside INBOX; the last one needs modified UTF-7 on the wire."""

_STOP_SECONDS = 10
T = TypeVar("T")


class ImapHost:
    """A mail host to read from: `with ImapHost({"wang": "secret"}) as host: … host.port`.

    `append` and its siblings may be called from any thread. The folders live as long as the host, so a host
    that was stopped and started again on the same port still holds its mail.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        folders: Sequence[str] = STANDARD_FOLDERS,
        tls: ssl.SSLContext | None = None,
        is_implicit_tls: bool = False,
        clock: Clock | None = None,
    ) -> None:
        """With `tls` STARTTLS is offered, or TLS spoken from the first byte if `is_implicit_tls`.

        `clock` dates the messages that are appended without a date.
        """
        self.host = "127.0.0.1"
        self.port = 0
        self.commands: list[str] = []
        """Every command line received, without tags and passwords, in order."""
        self._clock = clock or SystemClock()
        self._config = _Config.made(tls if not is_implicit_tls else None)
        self._login = Login(self._config)
        self._tls = tls if is_implicit_tls else None
        self._folders = tuple(folders)
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="imap-host", daemon=True)
        self._thread.start()
        for name, password in users.items():
            self.add_user(name, password)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Listen: at first on a free port, later on the same one again."""
        self._run(self._start())

    def stop(self) -> None:
        """Stop listening and cut all connections; the mail stays."""
        self._run(self._stop())

    def close(self) -> None:
        """Stop, and end the thread."""
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOP_SECONDS)
        self._loop.close()

    def add_user(self, name: str, password: str) -> None:
        """A user who may log in, with the standard folders."""
        self._run(self._add_user(name, password))

    def append(
        self, user: str, folder: str, raw: bytes, received_at: datetime | None = None, flags: str = ""
    ) -> int:
        """Put a message into a folder, as a delivery would; returns its UID."""
        return self._run(self._append(user, folder, raw, received_at or self._clock.now(), flags))

    def deliver(self, user: str, raw: bytes) -> None:
        """Put a message into the user's INBOX: what an SMTP server does after DATA."""
        self.append(user, "INBOX", raw)

    def add_folder(self, user: str, folder: str) -> None:
        """A new, empty folder."""
        self._run(self._mailboxes(user).add_mailbox(folder))

    def messages(self, user: str, folder: str) -> list[bytes]:
        """The messages of a folder in UID order, byte by byte as appended."""
        return self._run(self._messages(user, folder))

    def flags(self, user: str, folder: str) -> dict[int, frozenset[str]]:
        """The permanent flags of each message of a folder, by UID."""
        return self._run(self._flags(user, folder))

    def delete(self, user: str, folder: str, uid: int) -> None:
        """Expunge a message."""
        self._run(self._delete(user, folder, uid))

    def renumber(self, user: str, folder: str) -> None:
        """A new UIDVALIDITY and new UIDs for what the folder holds, as after a server's repair."""
        self._run(self._renumber(user, folder))

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return future.result(_STOP_SECONDS)

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._serve, self.host, self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection. pymap's own callback starts it in a task that nothing refers to, which the garbage
        collector may end; here asyncio and `_connections` both hold it."""
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            info = SocketInfo.get(writer, None, unique_id=b"%d" % id(task))
            connection = _Connection(self._config, reader, writer, info, self.commands)
            async with AsyncExitStack() as stack:
                connection_exit.set(stack)
                stack.enter_context(closing(connection))
                await connection.run(ConnectionState(self._login, self._config))
        except (ConnectionError, EOFError, ssl.SSLError, asyncio.CancelledError):
            pass  # the client went away, or the host is stopping
        finally:
            self._connections.discard(task)
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                writer.close()
                await writer.wait_closed()

    async def _add_user(self, name: str, password: str) -> None:
        hashed = self._config.hash_context.hash(password)
        self._login.users_dict[name] = UserMetadata(self._config, name, password=hashed)
        mailboxes = MailboxSet()
        for folder in self._folders:
            await mailboxes.add_mailbox(folder)
        self._config.set_cache[name] = (mailboxes, FilterSet())

    def _mailboxes(self, user: str) -> MailboxSet:
        return self._config.set_cache[user][0]

    async def _append(self, user: str, folder: str, raw: bytes, received_at: datetime, flags: str) -> int:
        mailbox = await self._mailboxes(user).get_mailbox(folder)
        flag_set = frozenset(Flag(flag.encode()) for flag in flags.split())
        message = await mailbox.append(AppendMessage(raw, received_at, flag_set), recent=True)
        return int(message.uid)

    async def _held(self, user: str, folder: str) -> tuple[MailboxData, list[Any]]:
        mailbox = await self._mailboxes(user).get_mailbox(folder)
        return mailbox, [message async for message in mailbox.messages()]

    async def _messages(self, user: str, folder: str) -> list[bytes]:
        _, messages = await self._held(user, folder)
        return [message._content.tobytes() for message in messages]

    async def _flags(self, user: str, folder: str) -> dict[int, frozenset[str]]:
        _, messages = await self._held(user, folder)
        return {message.uid: frozenset(map(str, message.permanent_flags)) for message in messages}

    async def _delete(self, user: str, folder: str, uid: int) -> None:
        mailbox, _ = await self._held(user, folder)
        await mailbox.delete([uid])

    async def _renumber(self, user: str, folder: str) -> None:
        mailbox, messages = await self._held(user, folder)
        await mailbox.delete([message.uid for message in messages])
        mailbox._uid_validity += 1
        mailbox._max_uid = 0
        for message in messages:
            raw = message._content.tobytes()
            await mailbox.append(AppendMessage(raw, message.internal_date, message.permanent_flags))


class _InMemory(Cleartext):
    """Passwords as they are (hashing them costs seconds), compared as bytes: they need not be ASCII."""

    def verify(self, secret: str, hash: str) -> bool:
        return hmac.compare_digest(secret.encode(), hash.encode())


class _Config(Config):
    """pymap's in-memory configuration without what a test or demo host has no use for."""

    @classmethod
    def made(cls, tls: ssl.SSLContext | None) -> "_Config":
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
            hash_context=_InMemory(),
            cpu_subsystem=Subsystem.for_asyncio(),
            invalid_user_sleep=0,
        )

    @property
    def greeting(self) -> bytes:
        """pymap asks for the host's name at each connection, which may take seconds."""
        return b"ready"


class _Connection(IMAPConnection):
    """A connection that writes each response at once, and notes the commands."""

    __slots__ = ["_noted"]

    def __init__(
        self, config: _Config, reader: Any, writer: Any, info: SocketInfo, commands: list[str]
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
