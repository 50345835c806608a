"""A stage with two mailboxes, each with servers of its own, and `sequencer run` as a user starts it."""

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sequencer.demo.imap_host import ImapHost
from tests.e2e.config_text import HEAD, MAILBOX
from tests.e2e.stage import PASSWORD, ROOT, Stage
from tests.e2e.test_walk import SEQUENCE, TEMPLATES
from tests.servers.certificates import ca_file, server_context
from tests.servers.smtp_server import SmtpServer

ANA, BEN = "ana@luso.example", "ben@muster.example"
NAMES = ("li", "wang")


@dataclass(slots=True, kw_only=True)
class Desks:
    """Two mailboxes, `li` and `wang`; Ana and Ben are enrolled, one with each (`mailbox_of`)."""

    stage: Stage
    smtp: dict[str, SmtpServer]
    imap: dict[str, ImapHost]
    smtp_port: dict[str, int] = field(default_factory=dict)
    """Set before `configure`: another port than the server's."""
    imap_port: dict[str, int] = field(default_factory=dict)
    security: str = "starttls"

    @property
    def database(self) -> Path:
        return self.stage.workspace / "sequencer.db"

    @property
    def log(self) -> str:
        return self.stage.log

    def configure(self, limits: str = "", names: tuple[str, ...] = NAMES, more: str = "") -> None:
        """Write config.toml."""
        boxes = ", ".join(f'"{name}"' for name in names)
        texts = [HEAD.format(limits=limits, mailboxes=boxes)]
        texts += [
            MAILBOX.format(
                name=name,
                smtp_port=self.smtp_port.get(name, self.smtp[name].port),
                imap_port=self.imap_port.get(name, self.imap[name].port),
                security=self.security,
                ca_file=self.stage.ca_file,
            )
            for name in names
        ]
        (self.stage.workspace / "config.toml").write_text("".join([*texts, more]), encoding="utf-8")

    def run(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `sequencer run`; its log goes where the stage's does."""
        with (self.stage.root / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "sequencer", "run", *arguments],
                cwd=self.stage.workspace,
                env=self.stage.environment,
                stdout=log,
                stderr=log,
                text=True,
            )
        self.stage.processes.append(process)
        return process

    def try_out(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Any command, whatever its exit code."""
        return subprocess.run(
            [sys.executable, "-m", "sequencer", *arguments],
            cwd=self.stage.workspace,
            env=self.stage.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def wait_log(self, words: str, count: int = 1) -> None:
        """Until the log has these words so often."""
        self.wait(lambda: self.log.count(words) >= count)

    def wait(self, is_so: Any) -> None:
        """Until something is so; the log is shown when it takes half a minute."""
        deadline = self.stage.smtp_deadline()
        while not is_so():
            assert not deadline.is_set(), self.log
            deadline.wait(0.02)

    def wait_states(self, *states: str) -> None:
        """Until the outbox has exactly these states, in order of the alphabet."""
        self.wait(lambda: self.states() == sorted(states))

    def states(self) -> list[str]:
        return sorted(row[0] for row in self.ask("SELECT state FROM outbox WHERE state <> 'cancelled'"))

    def ask(self, question: str) -> list[Any]:
        """Rows straight from the database."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(question).fetchall()

    def change(self, statement: str) -> None:
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement)

    def mailbox_of(self, address: str) -> str:
        [(name,)] = self.ask(
            "SELECT mailbox FROM enrollments e JOIN contacts c ON c.id = e.contact_id"
            f" WHERE c.address = '{address}'"
        )
        return str(name)

    def status(self, code: int = 0) -> Any:
        ran = self.try_out("status", "--json")
        assert ran.returncode == code, ran.stderr
        return json.loads(ran.stdout)


@contextlib.contextmanager
def open_desks(root: Path, enrolled: Path | None = None) -> Iterator[Desks]:
    """Servers for both mailboxes, and the workspace `enrolled` copied, if there is one."""
    with contextlib.ExitStack() as stack:
        smtp = {
            name: stack.enter_context(
                SmtpServer(
                    accounts={f"{name}@firm.example": PASSWORD},
                    security="starttls",
                    tls_context=server_context(),
                )
            )
            for name in NAMES
        }
        imap = {name: stack.enter_context(ImapHost({name: PASSWORD})) for name in NAMES}
        stage = Stage(root=root, smtp=smtp["wang"], imap=imap["wang"], ca_file=ca_file(root))
        stack.callback(stage.close)
        desks = Desks(stage=stage, smtp=smtp, imap=imap)
        if enrolled is not None:
            shutil.copytree(enrolled, stage.workspace)
            desks.configure()
        yield desks


def make_enrolled(root: Path, *, both_to_ana: bool = False) -> Path:
    """A workspace with Ana and Ben enrolled, or Ana twice, so that each mailbox has one of them."""
    with open_desks(root) as desks:
        stage = desks.stage
        stage.set_up(SEQUENCE, TEMPLATES)
        desks.configure()
        other = SEQUENCE.replace("sequence: spine", "sequence: other")
        (stage.workspace / "sequences" / "other.yaml").write_text(other, encoding="utf-8")
        people = f"email,company,first_name\n{ANA},Luso Tools,Ana\n{BEN},Muster GmbH,Ben\n"
        (root / "contacts.csv").write_text(people)
        stage.command("contacts", "import", str(root / "contacts.csv"))
        if both_to_ana:
            stage.command("enroll", "spine", "--contact", ANA, "--yes")
            stage.command("enroll", "other", "--contact", ANA, "--also", "--yes")
        else:
            stage.command("enroll", "spine", "--all", "--yes")
        return stage.workspace


__all__ = ["ANA", "BEN", "NAMES", "ROOT", "Desks", "make_enrolled", "open_desks"]
