"""A scripted IMAP server for what real servers won't do on demand: stall, drop, dribble, hang up, refuse."""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Self

CAPABILITIES = "IMAP4rev1 ID UIDPLUS"
A_MAIL = (
    b"From: ana@lusotools.example\r\nMessage-ID: <1@lusotools.example>\r\nSubject: Re: Pliers\r\n\r\nYes.\r\n"
)


class Fault(Enum):
    """What happens instead of the usual answer to a command."""

    STALL = auto()
    """Nothing is said any more."""
    DROP = auto()
    """The connection is cut before the answer."""
    HALF = auto()
    """The connection is cut in the middle of the answer."""
    HALF_STALL = auto()
    """Half of the answer comes, then nothing."""
    DRIBBLE = auto()
    """The answer comes byte by byte, each in a packet of its own."""


Step = Fault | str | bytes | None
"""A fault; the tagged answer (`NO …`); raw bytes in which TAG stands for the tag; None: the usual."""


@dataclass(kw_only=True)
class ScriptedImap:
    """One INBOX with some messages: `with ScriptedImap(script={…}) as server:`.

    A script maps a command (`GREETING`, `LOGIN`, `LIST`, `STATUS`, `EXAMINE`, `FETCH`, …) to a step, or to a
    list of steps of which each time the next is taken, and after them the usual answer.
    """

    script: Mapping[str, Step | Sequence[Step]] = field(default_factory=dict)
    capabilities: str = CAPABILITIES
    folders: Sequence[bytes] = (b'(\\HasNoChildren) "/" INBOX',)
    mails: dict[int, bytes] = field(default_factory=lambda: {1: A_MAIL})
    labels: dict[int, str] = field(default_factory=dict)
    uid_validity: int | None = 7
    uid_next: int | None = 2
    """None: neither STATUS nor EXAMINE says it."""
    wants_id: bool = False
    """As NetEase: EXAMINE before ID is an unsafe login."""
    tls: ssl.SSLContext | None = None
    """Spoken from the first byte."""
    commands: list[str] = field(default_factory=list)
    """What was asked, without tags and passwords."""

    def play(self, script: Mapping[str, Step | Sequence[Step]]) -> None:
        """From now on answer so."""
        self.script = script
        self._steps = {name: list(step) if isinstance(step, list) else step for name, step in script.items()}

    def __enter__(self) -> Self:
        self.play(self.script)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listening.getsockname()
        self.stalled, self.idling = threading.Event(), threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._listening, *self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                connected, _ = self._listening.accept()
            except OSError:
                return
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets.append(connected)
            self._threads.append(threading.Thread(target=self._serve, args=(connected,), daemon=True))
            self._threads[-1].start()

    def _serve(self, connected: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(connected.close)
            if self.tls is not None:
                connected = stack.enter_context(self.tls.wrap_socket(connected, server_side=True))
            lines = stack.enter_context(connected.makefile("rb"))
            has_id, waiting = False, ""
            self._say(connected, "GREETING", "*", b"* OK ready\r\n")
            for line in lines:
                tag, _, words = line.decode("utf-8", "replace").strip().partition(" ")
                if tag == "DONE":
                    self._say(connected, "DONE", waiting, b"TAG OK done\r\n")
                    continue
                if not words.strip():  # a TLS handshake, not a command
                    return
                name = words.removeprefix("UID ").split()[0].upper()
                self.commands.append(name if name == "LOGIN" else words)
                has_id = has_id or name == "ID"
                if name == "EXAMINE" and self.wants_id and not has_id:
                    self._say(
                        connected,
                        name,
                        tag,
                        b"TAG NO EXAMINE Unsafe Login. Please contact kefu@188.com for help\r\n",
                    )
                    continue
                if name == "IDLE":
                    waiting = tag
                    self._say(connected, name, tag, b"+ idling\r\n")
                    self.idling.set()
                    continue
                self._say(connected, name, tag, self._usual(name, words) + b"TAG OK done\r\n")
                if name == "LOGOUT":
                    return

    def _say(self, connected: socket.socket, name: str, tag: str, usual: bytes) -> None:
        """The usual answer, or what the script has instead; raises OSError to end the connection."""
        step = self._steps.get(name)
        if isinstance(step, list):
            step = step.pop(0) if step else None
        if isinstance(step, str):
            step = b"TAG " + step.encode() + b"\r\n"
        answer = (step if isinstance(step, bytes) else usual).replace(b"TAG", tag.encode())
        if step is Fault.DRIBBLE:
            for index in range(len(answer)):
                connected.sendall(answer[index : index + 1])
            return
        if step in (Fault.STALL, Fault.DROP):
            answer = b""
        elif step in (Fault.HALF, Fault.HALF_STALL):
            answer = answer[: len(answer) // 2]
        connected.sendall(answer)
        if step in (Fault.STALL, Fault.HALF_STALL):
            self.stalled.set()
            connected.recv(1)  # until the client gives up
        if isinstance(step, Fault) or b"* BYE" in answer:
            raise ConnectionAbortedError

    def _usual(self, name: str, words: str) -> bytes:
        """Untagged answers of a well-behaved server."""
        validity = "" if self.uid_validity is None else f" UIDVALIDITY {self.uid_validity}"
        next_uid = "" if self.uid_next is None else f" UIDNEXT {self.uid_next}"
        if name == "CAPABILITY":
            return f"* CAPABILITY {self.capabilities}\r\n".encode()
        if name == "LIST":
            return b"".join(b"* LIST " + line + b"\r\n" for line in self.folders)
        if name == "STATUS":
            folder = words.removeprefix("STATUS ").rpartition(" (")[0]
            return f"* STATUS {folder} (MESSAGES {len(self.mails)}{next_uid}{validity})\r\n".encode()
        if name == "EXAMINE":
            codes = "".join(f"* OK [{code.strip()}] said\r\n" for code in (validity, next_uid) if code)
            return f"* {len(self.mails)} EXISTS\r\n* 0 RECENT\r\n{codes}".encode()
        if name == "FETCH":
            by_uid, asked = words.startswith("UID "), words.removeprefix("UID ").split()[1]
            return b"".join(self._fetched(uid, words) for uid in self._asked_for(asked, by_uid=by_uid))
        return b"* BYE bye\r\n" if name == "LOGOUT" else b""

    def _asked_for(self, asked: str, *, by_uid: bool) -> list[int]:
        """The UIDs of a set such as `2,5:*`; `n:*` holds the last message even when n is above it."""
        known = {uid if by_uid else number: uid for number, uid in enumerate(sorted(self.mails), 1)}
        found = set()
        for part in asked.split(","):
            low, _, high = part.replace("*", str(max(known, default=0))).partition(":")
            ends = sorted((int(low), int(high or low)))
            found |= {uid for number, uid in known.items() if ends[0] <= number <= ends[1]}
        return sorted(found)

    def _fetched(self, uid: int, words: str) -> bytes:
        sequence_number = sorted(self.mails).index(uid) + 1
        date = f" 2-Mar-2026 09:00:{uid % 60:02d} +0000"
        text = f'* {sequence_number} FETCH (UID {uid} INTERNALDATE "{date}"'
        if "X-GM-LABELS" in words:
            text += f" X-GM-LABELS ({self.labels.get(uid, '')})"
        section = re.search(r"BODY\.PEEK(\[[^\]]*\](?:<0)?)", words)
        if section is None:
            return text.encode() + b")\r\n"
        raw = self.mails[uid]
        if "HEADER" in words:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        closing = ">" if "<" in section[1] else ""
        return f"{text} BODY{section[1]}{closing} {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
