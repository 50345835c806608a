"""Messages a second over one kept connection: our courier beside smtplib.sendmail and postfix's smtp-source.

    python benchmarks/wire.py [--small 10000] [--big 60] [--rounds 2]

Against a sink of our own in a process of its own and, where postfix's test programs are installed, smtp-sink.
"""

import argparse
import contextlib
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sequencer.config import Server
from sequencer.core.body import encode_attachment
from sequencer.core.message import MessageParts, Party, assemble, mint_message_id, unsubscribe_uri
from sequencer.core.outbox import Headers
from sequencer.core.ports import Outgoing, Sent
from sequencer.mail.smtp import SmtpCourier

END = b"\r\n.\r\n"
SENDER, BUYER = "li.wei@firm.example", "ana@lusotools.example"
TEXT = "".join(
    f"Line {number:02} of a mail about hex keys, sockets and torque wrenches.\n" for number in range(24)
)
HTML = f"<html><body><p>{TEXT.replace(chr(10), '<br>')}</p></body></html>"


def serve() -> None:
    """A sink that offers PIPELINING and answers as fast as Python can; says its port, works until killed."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"220 sink\r\n")
        with connection, contextlib.suppress(ConnectionError):
            _talk(connection)


def _talk(connection: socket.socket) -> None:
    held = b""
    while data := connection.recv(1 << 20):
        held += data
        answers = []
        while (cut := held.find(b"\n") + 1) > 0:
            line, held = held[:cut], held[cut:]
            verb = line[:4].upper()
            answers.append(_ANSWERS.get(verb, b"250 ok\r\n"))
            if verb == b"DATA":
                connection.sendall(b"".join(answers))
                answers = [b"250 ok queued\r\n"]
                held = _swallow(connection, held)
        if answers:
            connection.sendall(b"".join(answers))


def _swallow(connection: socket.socket, held: bytes) -> bytes:
    """Read up to the final dot; only the tail is kept, so that a large message costs no searching."""
    tail = b"\r\n" + held
    while (at := tail.find(END)) < 0:
        data = connection.recv(1 << 20)
        if not data:
            raise ConnectionError("the client has gone")
        tail = tail[-4:] + data
    return tail[at + len(END) :]


_ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 SIZE\r\n",
    b"DATA": b"354 go\r\n",
    b"QUIT": b"221 bye\r\n",
}


def message(attachment: bytes = b"") -> Outgoing:
    """What a step sends: text and HTML, about 4 kB, perhaps a PDF."""
    pdf = (encode_attachment("catalogue.pdf", "application/pdf", attachment),) if attachment else ()
    return assemble(
        MessageParts(
            sender=Party(address=SENDER, name="Li Wei"),
            recipient=Party(address=BUYER, name="Ana Silva"),
            headers=Headers(
                message_id=mint_message_id("firm.example", "ab" * 16),
                date_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
                subject="Hex keys for Luso Tools",
            ),
            zone="Asia/Shanghai",
            text=TEXT,
            html=HTML,
            list_unsubscribe=(unsubscribe_uri(SENDER, "t" * 22),),
            attachments=pdf,
        )
    )


def by_courier(port: int, outgoing: Outgoing, count: int) -> None:
    server = Server(host="127.0.0.1", port=port, security="none", username=None, password=None)
    courier = SmtpCourier(server, lambda: "", "bench")
    for _ in range(count):
        outcome = courier.send(outgoing, lambda: True)
        assert isinstance(outcome, Sent), outcome
    courier.close()


def by_smtplib(port: int, outgoing: Outgoing, count: int) -> None:
    raw = b"".join(outgoing.pieces)
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench", timeout=20) as client:
        for _ in range(count):
            client.sendmail(outgoing.sender, [outgoing.recipient], raw)


def by_smtp_source(port: int, outgoing: Outgoing, count: int) -> None:
    size = sum(map(len, outgoing.pieces))
    words = ("-s", "1", "-d", "-m", str(count), "-l", str(size), "-f", SENDER, "-t", BUYER)
    subprocess.run(["smtp-source", *words, f"127.0.0.1:{port}"], check=True)


@contextlib.contextmanager
def own_sink() -> Iterator[int]:
    words = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


@contextlib.contextmanager
def smtp_sink() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["smtp-sink", "-u", "nobody", f"127.0.0.1:{port}", "100"]
    with subprocess.Popen(words) as process:
        try:
            for _ in range(500):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.01)
            yield port
        finally:
            process.kill()


def rate(send: Callable[[int, Outgoing, int], None], port: int, outgoing: Outgoing, count: int) -> float:
    started = time.perf_counter()
    send(port, outgoing, count)
    return count / (time.perf_counter() - started)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", type=int, default=10_000)
    options.add_argument("--big", type=int, default=60)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--serve", action="store_true")
    asked = options.parse_args()
    if asked.serve:
        serve()
    has_postfix = shutil.which("smtp-source") is not None
    sinks = {"own sink": own_sink} | ({"smtp-sink": smtp_sink} if has_postfix else {})
    senders: dict[str, Callable[[int, Outgoing, int], None]] = {"courier": by_courier, "smtplib": by_smtplib}
    if has_postfix:
        senders["smtp-source"] = by_smtp_source
    loads = ((message(), asked.small), (message(bytes(range(256)) * 8192), asked.big))
    print(f"messages a second, best of {asked.rounds}, {asked.small:,} small and {asked.big} big")
    for where, opened in sinks.items():
        for outgoing, count in loads:
            size = sum(map(len, outgoing.pieces))
            with opened() as port:
                best = {
                    who: max(rate(send, port, outgoing, count) for _ in range(asked.rounds))
                    for who, send in senders.items()
                }
            told = " · ".join(f"{who} {figure:,.0f}" for who, figure in best.items())
            print(f"{where}, {size:,} bytes: {told}")


if __name__ == "__main__":
    main()
