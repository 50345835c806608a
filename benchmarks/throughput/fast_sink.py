"""An SMTP server that takes everything as fast as Python can, and counts what it took.

    python -m benchmarks.throughput.fast_sink [--no-pipelining]

It prints its port, then answers each line on stdin with its counts as JSON, and ends with its stdin.
"""

import argparse
import contextlib
import json
import socket
import sys
import threading
from dataclasses import asdict, dataclass

BUFFER_BYTES = 1 << 20
DOT = b".\r\n"
END = b"\r\n" + DOT
KEPT_BYTES = len(END) - 1
"""So much of the end of a read may be the beginning of the final dot."""

ANSWERS = {
    b"EHLO": b"250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"HELO": b"250 sink.example\r\n",
    b"MAIL": b"250 2.1.0 Ok\r\n",
    b"RCPT": b"250 2.1.5 Ok\r\n",
    b"RSET": b"250 2.0.0 Ok\r\n",
    b"NOOP": b"250 2.0.0 Ok\r\n",
    b"DATA": b"354 End data with <CR><LF>.<CR><LF>\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
}
TAKEN = b"250 2.0.0 Ok: taken\r\n"
OUT_OF_ORDER = b"503 5.5.1 MAIL and RCPT first\r\n"
UNKNOWN = b"500 5.5.2 Not a command\r\n"


@dataclass(slots=True)
class Counts:
    """What was taken: only a message whose final dot came counts."""

    messages: int = 0
    bytes: int = 0
    """Of content, final dots left out."""
    broken: int = 0
    """Connections that ended inside a message."""
    out_of_order: int = 0


class Session:
    """One connection, served by a thread of its own: waiting for one socket is cheaper than asking for many.

    A message is looked through where it was read, never copied; the last bytes of a read are kept in front
    of the next one, since a final dot may lie across both.
    """

    def __init__(self, sock: socket.socket, answers: dict[bytes, bytes], counts: Counts) -> None:
        self._sock, self._answers, self._counts = sock, answers, counts
        self._buffer = bytearray(KEPT_BYTES + BUFFER_BYTES)
        self._room = memoryview(self._buffer)[KEPT_BYTES:]
        self._rest = b""
        """The beginning of a command."""
        self._verbs: set[bytes] = set()
        """MAIL and RCPT, as far as they came since the last message."""
        self._is_in_content = self._is_over = False

    def serve(self) -> None:
        """Until QUIT or the end of the connection."""
        sock, room = self._sock, self._room
        with sock, contextlib.suppress(ConnectionError):
            sock.sendall(b"220 sink.example ESMTP\r\n")
            while not self._is_over and (count := sock.recv_into(room)):
                answer = self._content(count) if self._is_in_content else self._lines(bytes(room[:count]))
                if answer:
                    sock.sendall(answer)
        self._counts.broken += self._is_in_content

    def _content(self, count: int) -> bytes:
        buffer, filled = self._buffer, KEPT_BYTES + count
        at = buffer.find(END, 0, filled)
        if at < 0:
            self._counts.bytes += count
            buffer[:KEPT_BYTES] = buffer[filled - KEPT_BYTES : filled]
            return b""
        end = at + len(END)
        self._counts.bytes += end - KEPT_BYTES - len(DOT)
        self._counts.messages += 1
        self._is_in_content = False
        return TAKEN + self._lines(bytes(buffer[end:filled]))

    def _lines(self, data: bytes) -> bytes:
        *lines, self._rest = (self._rest + data).split(b"\n")
        answers = []
        for number, line in enumerate(lines, 1):
            answers.append(self._answer(line[:4].upper()))
            if self._is_in_content:
                early = b"\n".join([*lines[number:], self._rest])
                self._rest = b""
                return b"".join(answers) + self._early(early)
        return b"".join(answers)

    def _early(self, data: bytes) -> bytes:
        """Content that did not wait for 354."""
        if not data:
            return b""
        self._room[: len(data)] = data
        return self._content(len(data))

    def _answer(self, verb: bytes) -> bytes:
        if verb in (b"MAIL", b"RCPT"):
            self._verbs.add(verb)
        elif verb == b"QUIT":
            self._is_over = True
        elif verb == b"DATA":
            if len(self._verbs) < 2:
                self._counts.out_of_order += 1
                return OUT_OF_ORDER
            self._verbs.clear()
            self._is_in_content = True
            # A message without any line ends with a dot right after DATA's own line end.
            self._buffer[:KEPT_BYTES] = b"\0\0\r\n"
        return self._answers.get(verb, UNKNOWN)


class FastSink:
    """The listener."""

    def __init__(self, *, offers_pipelining: bool) -> None:
        self._counts: list[Counts] = []
        self._answers = dict(ANSWERS)
        if offers_pipelining:
            self._answers[b"EHLO"] = b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._listener.getsockname()[1]

    def serve(self) -> None:
        """Take connections, for ever."""
        while True:
            sock, _ = self._listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            counts = Counts()
            self._counts.append(counts)
            threading.Thread(target=Session(sock, self._answers, counts).serve, daemon=True).start()

    def counts(self) -> Counts:
        """Of all connections so far; each thread adds to its own, so that none is lost."""
        return Counts(
            messages=sum(one.messages for one in self._counts),
            bytes=sum(one.bytes for one in self._counts),
            broken=sum(one.broken for one in self._counts),
            out_of_order=sum(one.out_of_order for one in self._counts),
        )


def main() -> None:
    """Listen, say where, serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-pipelining", action="store_true", help="do not offer PIPELINING")
    sink = FastSink(offers_pipelining=not parser.parse_args().no_pipelining)
    print(sink.port, flush=True)
    threading.Thread(target=sink.serve, daemon=True).start()
    for _line in sys.stdin:
        print(json.dumps(asdict(sink.counts())), flush=True)


if __name__ == "__main__":
    main()
