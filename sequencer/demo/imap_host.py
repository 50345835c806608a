"""An IMAP server in this process: real protocol (pymap), mail in memory, its own thread and event loop."""

import asyncio
import contextlib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, closing
from datetime import datetime
from typing import Any, Self

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.context import connection_exit
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag
from pymap.user import UserMetadata

from sequencer.clock import Clock, SystemClock
from sequencer.demo.imap_session import HostConfig, HostConnection, HostState
from sequencer.demo.loop_thread import LoopThread

STANDARD_FOLDERS = ("Sent", "Drafts", "Trash", "Junk", "已处理")
"""Made for each user beside INBOX; the last one needs modified UTF-7 on the wire."""


class ImapHost:
    """A mail host to read from: `with ImapHost({"wang": "secret"}) as host: … host.port`.

    `append` and its siblings may be called from any thread. The folders live as long as the host, so a host
    that was stopped and started again on the same port still holds its mail.
    """

    session_type = HostState
    """What a connection may do; another kind of provider has another one."""

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        folders: Sequence[str] = STANDARD_FOLDERS,
        tls: ssl.SSLContext | None = None,
        is_implicit_tls: bool = False,
        clock: Clock | None = None,
        loop: LoopThread | None = None,
    ) -> None:
        """With `tls` STARTTLS is offered, or TLS spoken from the first byte if `is_implicit_tls`.

        `clock` dates the messages that are appended without a date. `loop`: share it with other servers;
        whoever made it closes it.
        """
        self.host = "127.0.0.1"
        self.port = 0
        self.commands: list[str] = []
        """Every command line received, without tags and passwords, in order."""
        self._clock = clock or SystemClock()
        self._config = HostConfig.made(tls if not is_implicit_tls else None)
        self._login = Login(self._config)
        self._tls = tls if is_implicit_tls else None
        self._folders = tuple(folders)
        self._readings: dict[str, list[datetime]] = {}
        self._uid_validity = int(self._clock.now().timestamp())
        self._is_loop_shared = loop is not None
        self._loop = loop or LoopThread("imap-host")
        self._run = self._loop.run
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
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
        """Stop, and end the thread unless others share it."""
        self.stop()
        if not self._is_loop_shared:
            self._loop.close()

    def add_user(self, name: str, password: str) -> None:
        """A user who may log in, with the standard folders."""
        self._run(self._add_user(name, password))

    def append(
        self, user: str, folder: str, raw: bytes, received_at: datetime | None = None, flags: str = ""
    ) -> int:
        """Put a message into a folder, as a delivery would; returns its UID."""
        return self._run(self.take(user, folder, raw, received_at, flags))

    async def take(
        self, user: str, folder: str, raw: bytes, received_at: datetime | None = None, flags: str = ""
    ) -> int:
        """`append` for what runs in the host's own loop."""
        mailbox = await self._mailboxes(user).get_mailbox(folder)
        flag_set = frozenset(Flag(flag.encode()) for flag in flags.split())
        dated = AppendMessage(raw, received_at or self._clock.now(), flag_set)
        message = await mailbox.append(dated, recent=True)
        return int(message.uid)

    def deliver(self, user: str, raw: bytes) -> None:
        """Put a message into the user's INBOX: what an SMTP server does after DATA."""
        self.append(user, "INBOX", raw)

    def add_folder(self, user: str, folder: str) -> None:
        """A new, empty folder."""
        self._run(self._add_folder(self._mailboxes(user), folder))

    def readings(self, user: str) -> list[datetime]:
        """When a client opened the user's INBOX or asked for its STATUS, each instant of the clock once."""
        return list(self._readings[user])

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
            connection = HostConnection(self._config, reader, writer, info, self.commands)
            async with AsyncExitStack() as stack:
                connection_exit.set(stack)
                stack.enter_context(closing(connection))
                state = self.session_type(self._login, self._config, self._clock.now, self._note)
                await connection.run(state)
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
        await self._number(mailboxes, "INBOX")
        for folder in self._folders:
            await self._add_folder(mailboxes, folder)
        self._config.set_cache[name] = (mailboxes, FilterSet())
        self._readings[name] = []

    async def _add_folder(self, mailboxes: MailboxSet, folder: str) -> None:
        await mailboxes.add_mailbox(folder)
        await self._number(mailboxes, folder)

    async def _number(self, mailboxes: MailboxSet, folder: str) -> None:
        """A UIDVALIDITY from our clock and a count: pymap takes it from the machine's clock and dice."""
        self._uid_validity += 1
        (await mailboxes.get_mailbox(folder))._uid_validity = self._uid_validity

    def _note(self, user: str, folder: str) -> None:
        now, known = self._clock.now(), self._readings[user]
        if folder == "INBOX" and known[-1:] != [now]:
            known.append(now)

    def _mailboxes(self, user: str) -> MailboxSet:
        return self._config.set_cache[user][0]

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
