"""A scripted SMTP server on raw sockets, for what no real server can be made to do."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CLOSE = "<close>"
"""Instead of an answer: close the connection."""
SILENCE = "<silence>"
"""Instead of an answer: wait until the client gives up."""
TAKEN_CLOSE, TAKEN_SILENCE = "<taken, close>", "<taken, silence>"
"""The same at DOT, after the server took responsibility for the message."""

_GOOD = {
    "CONNECT": "220 scripted.example ESMTP",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 go on",
    "DOT": "250 2.0.0 Ok: queued as 1",
    "RSET": "250 2.0.0 Ok",
    "NOOP": "250 2.0.0 Ok",
    "QUIT": "221 2.0.0 Bye",
}


@dataclass(slots=True)
class ScriptedSmtp:
    """Answers each verb as `script` says, else well; one thread per connection.

    `script` maps CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, CONTENT, DOT, RSET, QUIT to an answer
    (bytes or text, without the last CRLF), CLOSE or SILENCE, or to a sequence of these, one per occurrence,
    the last one staying. CONTENT: CLOSE resets the connection at the first content byte. `extensions` are
    offered at EHLO. `tls`: a context; used at STARTTLS, or from the first byte with `is_implicit`. Script,
    extensions and context may be changed while nobody is connected: see `play`.
    """

    script: Mapping[str, str | bytes | Sequence[str | bytes]] = field(default_factory=dict)
    extensions: Sequence[str] = ()
    tls: ssl.SSLContext | None = None
    is_implicit: bool = False
    port: int = field(default=0, init=False)
    heard: list[str] = field(default_factory=list, init=False)
    """Every command line, in order, over all connections."""
    held: list[bytes] = field(default_factory=list, init=False)
    """The contents that the server took responsibility for, whether or not it managed to say so."""
    is_dribbling: bool = False
    """Answers come byte by byte, each in a packet of its own."""
    contents: list[bytes] = field(default_factory=list, init=False)
    """Content as it came, dot-stuffed, with the final dot."""
    _used: dict[str, int] = field(default_factory=dict, init=False)
    _listener: socket.socket | None = field(default=None, init=False)
    _open: list[socket.socket] = field(default_factory=list, init=False)
    _threads: list[threading.Thread] = field(default_factory=list, init=False)
    _is_stopped: threading.Event = field(default_factory=threading.Event, init=False)

    def play(self, script: Mapping[str, str | bytes | Sequence[str | bytes]]) -> None:
        """From now on answer so."""
        self.script = script
        self._used.clear()

    def __enter__(self) -> "ScriptedSmtp":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._listener is not None
        self._is_stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()

    def _start(self, target) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        assert self._listener is not None
        while not self._is_stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            self._start(lambda accepted=connection: self._serve(accepted))

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.ExitStack() as stack:
            stack.callback(connection.close)
            with contextlib.suppress(OSError):
                if self.tls is not None and self.is_implicit:
                    connection = stack.enter_context(self.tls.wrap_socket(connection, server_side=True))
                _Talk(self, connection, stack).run()

    def _answer_to(self, verb: str) -> bytes:
        answers = self.script.get(verb, _GOOD.get(verb, "500 5.5.1 what?"))
        if isinstance(answers, str | bytes):
            answers = [answers]
        count = self._used.get(verb, 0)
        self._used[verb] = count + 1
        answer = answers[min(count, len(answers) - 1)]
        return answer if isinstance(answer, bytes) else answer.encode()


class _Talk:
    """One connection's conversation."""

    def __init__(self, server: ScriptedSmtp, connection: socket.socket, stack: contextlib.ExitStack) -> None:
        self._server = server
        self._stack = stack
        self._use(connection)

    def _use(self, connection: socket.socket) -> None:
        self._socket = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._server._open.append(connection)
        self._file = self._stack.enter_context(connection.makefile("rb"))

    def run(self) -> None:
        if not self._say("CONNECT"):
            return
        while line := self._file.readline():
            command = line.decode("utf-8", "replace").rstrip("\r\n")
            self._server.heard.append(command)
            verb = command.partition(" ")[0].upper()
            if not self._obey(verb):
                return

    def _obey(self, verb: str) -> bool:
        if verb == "EHLO" and "EHLO" not in self._server.script:
            lines = ["scripted.example", *self._server.extensions]
            marks = ["-"] * (len(lines) - 1) + [" "]
            self._send(
                "\r\n".join(f"250{mark}{line}" for mark, line in zip(marks, lines, strict=True)).encode()
            )
            return True
        if not self._say(verb):
            return False
        if verb == "STARTTLS" and self._server.tls is not None:
            self._use(self._stack.enter_context(self._server.tls.wrap_socket(self._socket, server_side=True)))
        if verb == "DATA" and self._last.startswith(b"354"):
            return self._take_content()
        return verb != "QUIT"

    def _take_content(self) -> bool:
        if self._server.script.get("CONTENT") == CLOSE:
            self._file.read(1)
            self._reset()
            return False
        content = bytearray()
        while not content.endswith(b"\r\n.\r\n") and content != b".\r\n":
            line = self._file.readline()
            if not line:
                return False
            content += line
        self._server.contents.append(bytes(content))
        return self._say("DOT")

    def _reset(self) -> None:
        """RST instead of FIN: the client's next write fails."""
        linger_now = b"\x01\0\0\0\0\0\0\0"
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_now)

    def _say(self, verb: str) -> bool:
        """Whether the conversation goes on."""
        self._last = self._server._answer_to(verb)
        if verb == "DOT" and self._last.startswith((b"2", b"<taken")):
            self._server.held.append(self._server.contents[-1])
        if self._last in (CLOSE.encode(), TAKEN_CLOSE.encode()):
            return False
        if self._last in (SILENCE.encode(), TAKEN_SILENCE.encode()):
            self._file.read()
            return False
        self._send(self._last)
        return not self._last.startswith(b"421")

    def _send(self, answer: bytes) -> None:
        whole = answer + b"\r\n"
        step = 1 if self._server.is_dribbling else len(whole)
        for start in range(0, len(whole), step):
            self._socket.sendall(whole[start : start + step])
