"""The two servers that are fed: postfix's smtp-sink, and one of our own that is not the limit; and IMAP."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOM_FOR_CONNECTIONS = "100"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """A running server; `fast` keeps count."""

    name: str
    port: int
    process: "subprocess.Popen[str]"
    counts_itself: bool

    def taken(self) -> dict[str, int] | None:
        """Its counts so far; None when it keeps none."""
        if not self.counts_itself:
            return None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return dict(json.loads(self.process.stdout.readline()))


def tool(name: str) -> str | None:
    """Where one of postfix's tools is: they lie in sbin, which is not in everybody's PATH."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/lib/postfix/sbin")


@contextlib.contextmanager
def fast_sink(*, offers_pipelining: bool = True) -> Iterator[Sink]:
    """Our own server in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.throughput.fast_sink"]
    words += [] if offers_pipelining else ["--no-pipelining"]
    with _ended(
        subprocess.Popen(words, text=True, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        yield Sink(name="fast sink", port=port, process=process, counts_itself=True)


@contextlib.contextmanager
def smtp_sink() -> Iterator[Sink]:
    """Postfix's; SystemExit when it is not there, or does not listen within ten seconds."""
    path = tool("smtp-sink")
    if path is None:
        raise SystemExit(
            "smtp-sink is not installed (Debian: apt-get install --no-install-recommends postfix)"
        )
    port = _free_port()
    words = [path, "-u", "nobody", f"127.0.0.1:{port}", ROOM_FOR_CONNECTIONS]
    if not _is_root():
        del words[1:3]
    with _ended(subprocess.Popen(words, text=True, stderr=subprocess.DEVNULL)) as process:
        _wait_for(port)
        yield Sink(name="smtp-sink", port=port, process=process, counts_itself=False)


@contextlib.contextmanager
def imap_server(mailboxes: int) -> Iterator[int]:
    """The IMAP server that answers are read from; yields its port."""
    words = [sys.executable, "-m", "benchmarks.throughput.imap_server", str(mailboxes)]
    with _ended(subprocess.Popen(words, text=True, cwd=ROOT, stdout=subprocess.PIPE)) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())


def _is_root() -> bool:
    return os.geteuid() == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > until:
                raise SystemExit("smtp-sink does not listen") from None
            time.sleep(0.05)
        else:
            return


@contextlib.contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    """The child is gone afterwards."""
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
