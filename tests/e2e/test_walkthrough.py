"""docs/walkthrough.md, lived through: real commands, real daemon, real servers, a clock moved by hand."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest

from sequencer.clock import SystemClock
from sequencer.demo.imap_host import ImapHost
from tests.docs.page import Page
from tests.e2e.launcher import MovedClock
from tests.e2e.stage import PASSWORD, ROOT, Stage, parsed, reply_to
from tests.e2e.terminal import in_terminal
from tests.servers.certificates import ca_file, server_context
from tests.servers.smtp_server import SmtpServer

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""Ten in Lisbon, eleven in Berlin: both buyers are at work."""
LI = "li.wei@ourfirm.example"
CONTACTS = """\
email,first_name,company,country
ana@luso.example,Ana,Luso,Portugal
ben@muster.example,Ben,Muster GmbH,Germany
"""
SERVER = {
    "security": '"starttls"',
    "# username": f'"{LI}"',
    "# password": '"env:LI_MAIL"',
}


class Walk(Stage):
    """Li Wei's desk: one folder with her list, her workspace, and a terminal."""

    folder: Path
    """Where she stands."""

    @property
    def workspace(self) -> Path:
        return self.root / "buyers"

    @property
    def environment(self) -> dict[str, str]:
        kept = Stage.environment.fget(self)  # type: ignore[attr-defined]
        mine = {"CLOCK": str(self.clock), "LI_MAIL": PASSWORD, "SSL_CERT_FILE": str(self.ca_file)}
        return {**kept, **mine}

    def type(self, line: str) -> str:
        """What a command line prints."""
        words = shlex.split(line)
        if words[0] == "cat":
            return (self.folder / words[1]).read_text("utf-8")
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            return ""
        assert words[0] == "sequencer"
        command = [sys.executable, "-m", "tests.e2e.moved", *words[1:]]
        printed, code = in_terminal(command, self.folder, self.environment)
        assert code == 0, printed
        return printed

    def set_up_mailbox(self) -> str:
        """Write her servers into config.toml; the lines that changed, each under its table."""
        config = self.workspace / "config.toml"
        ports = {"[mailboxes.smtp]": self.smtp.port, "[mailboxes.imap]": self.imap.port}
        table, kept, changed = "", [], []
        for line in config.read_text("utf-8").splitlines():
            table = line if line.startswith("[") else table
            key, _, _ = line.partition(" = ")
            value = SERVER.get(key) if table in ports else None
            value = str(ports[table]) if table in ports and key == "port" else value
            value = "[]" if key == "only_to" else value
            if value is not None:
                line = f"{key.removeprefix('# ')} = {value}"
                changed += [table] if table and table not in changed else []
                changed.append(line)
            kept.append(line)
        config.write_text("\n".join(kept) + "\n", "utf-8")
        return "\n".join(changed)

    def start(self) -> subprocess.Popen[str]:
        """`sequencer run` in a second terminal."""
        log = (self.root / "log").open("a")
        command = [sys.executable, "-m", "tests.e2e.moved", "run"]
        process = subprocess.Popen(
            command, cwd=self.workspace, env=self.environment, stdout=log, stderr=log, text=True
        )
        log.close()
        self.processes.append(process)
        return process

    def wait_log(self, words: str) -> None:
        """Wait until the daemon has said it."""
        deadline = self.smtp_deadline()
        while words not in self.log:
            assert not deadline.is_set(), self.log
            deadline.wait(0.02)


class Log:
    """The daemon's window: what is new in it since it was last looked at."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._seen = 0

    def news(self) -> str:
        text = self._walk.log
        fresh, self._seen = text[self._seen :], len(text)
        return fresh


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    clock = tmp_path / "clock"
    offset = MONDAY - SystemClock().now()
    clock.write_text(str(offset.total_seconds()))
    with (
        ImapHost({LI: PASSWORD}, tls=server_context(), clock=MovedClock(clock)) as imap,
        SmtpServer(accounts={LI: PASSWORD}, security="starttls", tls_context=server_context()) as smtp,
    ):
        walk = Walk(root=tmp_path, smtp=smtp, imap=imap, ca_file=ca_file(tmp_path), offset=offset)
        (tmp_path / "contacts.csv").write_text(CONTACTS, "utf-8")
        walk.folder = tmp_path
        yield walk
        walk.close()


def letter_to(walk: Walk, address: str) -> Message:
    return next(parsed(one.raw) for one in walk.smtp.received if one.recipient == address)


def test_the_page_tells_what_happens(walk: Walk) -> None:
    page = Page(ROOT / "docs" / "walkthrough.md")
    page.run(walk.type)  # init
    page.tell("toml", walk.set_up_mailbox())
    page.run(walk.type)  # import, enroll

    log = Log(walk)
    daemon = walk.start()
    walk.wait_log("sent message 1 ")
    walk.move(timedelta(minutes=3))
    walk.wait_log("sent message 2 ")
    page.tell("text", log.news())

    walk.imap.deliver(LI, reply_to(letter_to(walk, "ana@luso.example"), page.quotation))
    walk.wait_log("reply")
    walk.move(timedelta(days=2))
    walk.wait_log("sent message 3 ")
    walk.move(timedelta(days=5))
    walk.wait_log("sent message 4 ")
    daemon.send_signal(signal.SIGINT)
    assert daemon.wait(20) == 0
    page.tell("text", log.news())
    assert [one.recipient for one in walk.smtp.received[2:]] == ["ben@muster.example"] * 2

    page.run(walk.type)  # inbox, enrollments, outbox, report, status
    page.end()
