"""A rep's desk in a test: her folder, her terminal, the daemon in a second window."""

import shlex
import subprocess
import sys
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

from tests.e2e.stage import PASSWORD, Stage, parsed
from tests.e2e.terminal import in_terminal

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""Ten in Lisbon, eleven in Berlin: both buyers are at work."""
LI = "li.wei@ourfirm.example"
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


_AT_THEIR_OWN_TIME = ("the clock was put: forward", " told: ", " copies: ", " own_copy ")
"""On the page days pass; here the clock is put forward, which a daemon may notice or not. Notices and copies
in Sent come when their turn comes."""


class Log:
    """The daemon's window: what is new in it since it was last looked at."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._seen = 0

    def news(self) -> str:
        text = self._walk.log
        fresh, self._seen = text[self._seen :], len(text)
        lines = fresh.splitlines(keepends=True)
        return "".join(line for line in lines if not any(word in line for word in _AT_THEIR_OWN_TIME))


def letter_to(walk: Walk, address: str) -> Message:
    """What the server holds for a buyer."""
    return next(parsed(one.raw) for one in walk.smtp.received if one.recipient == address)
