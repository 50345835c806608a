"""A stage for end-to-end tests: real servers, a workspace made by `init`, the real daemon as a process."""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import Protocol

from tests.e2e.config_text import HEAD, MAILBOX
from tests.servers.certificates import ca_file, server_context
from tests.servers.smtp_server import SmtpServer

ROOT = Path(__file__).parents[2]
PASSWORD = "s3cret"


class MailHost(Protocol):
    """An IMAP server that mail can be put into."""

    port: int

    def deliver(self, user: str, raw: bytes) -> None: ...


@dataclass(slots=True)
class Stage:
    """One workspace and its servers; `clock` is moved by hand."""

    root: Path
    smtp: SmtpServer
    imap: MailHost
    ca_file: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    offset: timedelta = timedelta(0)

    @property
    def workspace(self) -> Path:
        return self.root / "ws"

    @property
    def clock(self) -> Path:
        return self.root / "clock"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "TEST_PASSWORD": PASSWORD,
            "HOME": str(self.root),
            "PYTHONDEVMODE": "0",
        }

    def command(self, *arguments: str, code: int = 0) -> str:
        """Run `sequencer` in the workspace; returns stdout. The exit code must be `code`."""
        done = subprocess.run(
            [sys.executable, "-m", "sequencer", *arguments],
            cwd=self.workspace if self.workspace.exists() else self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def set_up(self, sequence: str, templates: dict[str, str]) -> None:
        """`init`, then this config, and a sequence `spine` with its templates."""
        self.command("init", str(self.workspace))
        self.configure()
        (self.workspace / "sequences" / "spine.yaml").write_text(sequence, encoding="utf-8")
        (self.workspace / "templates" / "spine").mkdir()
        for name, text in templates.items():
            (self.workspace / "templates" / "spine" / f"{name}.md").write_text(text, encoding="utf-8")

    def configure(self) -> None:
        """Point the workspace at the servers, and the clock at now."""
        config = HEAD.format(limits="", mailboxes='"wang"') + MAILBOX.format(
            name="wang",
            security="starttls",
            smtp_port=self.smtp.port,
            imap_port=self.imap.port,
            ca_file=self.ca_file,
        )
        (self.workspace / "config.toml").write_text(config, encoding="utf-8")
        self.move(timedelta(0))

    def move(self, by: timedelta) -> None:
        """Move the daemon's clock forward."""
        self.offset += by
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(self.offset.total_seconds()))
        fresh.replace(self.clock)

    def launch(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the daemon through the launcher; its log goes to a file."""
        log = (self.root / "log").open("a")
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.e2e.launcher", str(self.workspace)),
                *("--clock", str(self.clock)),
                *arguments,
            ],
            env=self.environment,
            stdout=log,
            stderr=log,
            text=True,
        )
        log.close()
        self.processes.append(process)
        return process

    def wait_settled(self, count: int) -> None:
        """Wait until the ledger, not only the server, has `count` messages as sent."""
        self.smtp.wait_received(count)
        deadline = self.smtp_deadline()
        while self._sent() < count:
            assert not deadline.is_set(), self.log
            deadline.wait(0.02)

    def _sent(self) -> int:
        with contextlib.closing(sqlite3.connect(self.workspace / "sequencer.db")) as connection:
            return int(connection.execute("SELECT count(*) FROM outbox WHERE state = 'sent'").fetchone()[0])

    @staticmethod
    def smtp_deadline() -> threading.Event:
        """An event that sets itself when a wait has taken too long."""
        passed = threading.Event()
        timer = threading.Timer(30, passed.set)
        timer.daemon = True
        timer.start()
        return passed

    def run_once(self, times: int = 1) -> None:
        """`run --once` so many times, nothing in its way."""
        for _ in range(times):
            assert self.launch("--once").wait(60) == 0, self.log

    @property
    def log(self) -> str:
        return (self.root / "log").read_text()

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()

    def copy_database(self, to: Path) -> Path:
        """Database and write-ahead log as they stand on disk at this instant."""
        to.mkdir(parents=True, exist_ok=True)
        for file in self.workspace.glob("sequencer.db*"):
            if file.suffix not in (".lock", ".holder"):
                shutil.copy(file, to / file.name)
        return to / "sequencer.db"


@contextlib.contextmanager
def open_stage(root: Path, imap: MailHost) -> Iterator[Stage]:
    """SMTP with STARTTLS and AUTH beside the given IMAP host."""
    server = SmtpServer(
        accounts={"wang@firm.example": PASSWORD}, security="starttls", tls_context=server_context()
    )
    with server:
        stage = Stage(root=root, smtp=server, imap=imap, ca_file=ca_file(root))
        try:
            yield stage
        finally:
            stage.close()


def parsed(raw: bytes) -> Message:
    """A message as a mail program sees it."""
    return message_from_bytes(raw, policy=default)


def reply_to(sent: Message, text: str) -> bytes:
    """A person's answer, as a mail program would write it: in the thread, our mail quoted below."""
    reply = EmailMessage()
    reply["From"] = str(sent["To"])
    reply["To"] = str(sent["From"])
    reply["Subject"] = f"Re: {sent['Subject']}"
    reply["Message-ID"] = f"<answer.{str(sent['Message-ID'])[1:-1]}.buyer>"
    reply["In-Reply-To"] = str(sent["Message-ID"])
    reply["References"] = str(sent["Message-ID"])
    reply["Date"] = "Mon, 23 Nov 2026 10:00:00 +0000"
    body = sent.get_body(("plain",))  # type: ignore[attr-defined]
    quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
    reply.set_content(f"{text}\n\nOn Mon, 23 Nov 2026, Wang Lei wrote:\n{quoted}\n")
    return reply.as_bytes()


class ControlServer:
    """The test's end of the line to a launched daemon (see tests/e2e/launcher.py)."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(60)
        self.port = self._listener.getsockname()[1]
        self._line: socket.socket | None = None
        self._buffer = b""

    def accept(self) -> None:
        self._line, _ = self._listener.accept()
        self._line.settimeout(60)
        self._buffer = b""

    def next_instant(self) -> str | None:
        """The instant at which the daemon stands now; None when it ended."""
        assert self._line is not None
        while b"\n" not in self._buffer:
            try:
                more = self._line.recv(4096)
            except ConnectionResetError:
                more = b""
            if not more:
                return None
            self._buffer += more
        name, _, self._buffer = self._buffer.partition(b"\n")
        return name.decode()

    def let_go(self) -> None:
        assert self._line is not None
        self._line.sendall(b".")

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
        self._listener.close()
