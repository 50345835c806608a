"""Site: a workspace with a paced mailbox and one without a gap, their servers, and everyone enrolled."""

import contextlib
import logging
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sequencer.demo.imap_host import ImapHost
from tests.chaos.fates import STEPS, Fate, deal
from tests.chaos.ledger_server import SENTENCES, LedgerServer
from tests.e2e.launcher import MovedClock
from tests.servers.certificates import ca_file, server_context

ROOT = Path(__file__).parents[2]
PASSWORD = "s3cret"
PACED, RELAY = "paced", "relay"
"""A mailbox at a provider with TLS and a gap, and one at a relay of our own, without."""
BOXES = (PACED, RELAY)
LIFE_IN = timedelta(hours=3)
"""So far the clock is moved between two lives of the daemon."""

_SEQUENCE = """
sequence: spine
window: always
steps:
  - id: intro
    template: spine/intro
  - id: catalogue
    wait: 1d
    template: spine/catalogue
  - id: quote
    wait: 1d
    template: spine/quote
"""
_HEAD = """
me = "paced"
default_zone = "Europe/Lisbon"
only_to = []
[limits]
poll_every = "1s"
plan_ahead = "1s"
[notices]
mail = false
digest_at = ""
[sender]
company = "Harbour Tools Co., Ltd."
postal_address = "88 Harbour Road, Ningbo, China"
[windows.always]
zone = "buyer"
hours = ["00:00-24:00"]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
holidays = "none"
"""
_BOX = """
[[reps]]
name = "{name}"
full_name = "Wang Lei"
email = "{name}@firm.example"
mailboxes = ["{name}"]
signature = "Wang Lei"
[[mailboxes]]
name = "{name}"
address = "{name}@firm.example"
display_name = "{name}"
daily_cap = 100000
min_gap = "{gap}"
gap_jitter = "0s"
save_sent = "never"
[mailboxes.smtp]
host = "127.0.0.1"
port = {smtp_port}
{smtp_more}
[mailboxes.imap]
host = "127.0.0.1"
port = {imap_port}
security = "none"
username = "{name}"
password = "env:TEST_PASSWORD"
"""


@dataclass(slots=True, kw_only=True)
class Site:
    """Where a campaign happens."""

    root: Path
    clock: MovedClock
    smtp: dict[str, LedgerServer]
    imap: ImapHost
    fates: dict[str, Fate]
    people: dict[str, list[str]]
    """Mailbox → the buyers it writes to."""
    _copy: sqlite3.Connection | None = None

    @property
    def workspace(self) -> Path:
        return self.root / "ws"

    @property
    def clock_file(self) -> Path:
        return self.root / "clock"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
        return kept | {"PYTHONPATH": str(ROOT), "TEST_PASSWORD": PASSWORD, "HOME": str(self.root)}

    def mailbox_of(self, address: str) -> str:
        return next(name for name, people in self.people.items() if address in people)

    def command(self, *arguments: str) -> None:
        """Run `sequencer` in the workspace; AssertionError with what it said unless it worked."""
        done = subprocess.run(
            [sys.executable, "-m", "sequencer", *arguments],
            cwd=self.workspace if self.workspace.exists() else self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"

    def look_afresh(self) -> None:
        """Copy database and write-ahead log as the last process left them: `ask` asks that copy."""
        self.look_away()
        to = self.root / "copy"
        shutil.rmtree(to, ignore_errors=True)
        to.mkdir()
        for name in ("sequencer.db", "sequencer.db-wal"):
            if (self.workspace / name).exists():
                shutil.copy(self.workspace / name, to / name)
        self._copy = sqlite3.connect(to / "sequencer.db")

    def look_away(self) -> None:
        """Close the copy."""
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    def ask(self, question: str) -> list[Any]:
        """Rows of the database as the last process left it."""
        if self._copy is None:
            self.look_afresh()
        assert self._copy is not None
        return self._copy.execute(question).fetchall()


@contextlib.contextmanager
def open_site(
    root: Path, *, contacts: int, lives: int, dice: random.Random, enrolled: Path | None = None
) -> Iterator[Site]:
    """Servers, and a workspace in which `contacts` begin over so many lives of the daemon, in clumps.

    `enrolled`: where the first site of the same size and dice leaves its workspace for the next ones.
    """
    (root / "clock").write_text("0")
    clock = MovedClock(root / "clock")
    addresses = [f"buyer{number}@b{number}.example" for number in range(contacts)]
    paced = set(dice.sample(addresses, contacts // 3))
    fates = deal(addresses, dice)
    context = server_context()
    # It logs each connection that breaks, which here is every one.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        tls: dict[str, Any] = {
            "security": "starttls",
            "tls_context": context,
            "accounts": {"paced@firm.example": PASSWORD},
        }
        smtp = {
            PACED: stack.enter_context(LedgerServer(clock, fates, says_pipelining=False, **tls)),
            RELAY: stack.enter_context(LedgerServer(clock, fates, says_pipelining=True)),
        }
        imap = stack.enter_context(ImapHost(dict.fromkeys(BOXES, PASSWORD), folders=("Sent",), clock=clock))
        people = {PACED: sorted(paced), RELAY: sorted(set(addresses) - paced)}
        site = Site(root=root, clock=clock, smtp=smtp, imap=imap, fates=fates, people=people)
        stack.callback(site.look_away)
        if enrolled is not None and enrolled.exists():
            shutil.copytree(enrolled, site.workspace)
            _configure(site)
        else:
            _set_up(site)
        if enrolled is not None and not enrolled.exists():
            shutil.copytree(site.workspace, enrolled)
        _spread(site, lives, dice)
        yield site


def _configure(site: Site) -> None:
    boxes, authority = [], ca_file(site.root)
    for name in BOXES:
        security = f'security = "starttls"\nusername = "{name}@firm.example"\npassword = "env:TEST_PASSWORD"'
        more = f'{security}\nca_file = "{authority}"' if name == PACED else 'security = "none"'
        box = _BOX.format(
            name=name,
            gap="1s" if name == PACED else "0s",
            smtp_port=site.smtp[name].port,
            smtp_more=more,
            imap_port=site.imap.port,
        )
        boxes.append(box)
    (site.workspace / "config.toml").write_text(_HEAD + "".join(boxes), encoding="utf-8")


def _set_up(site: Site) -> None:
    site.command("init", str(site.workspace))
    _configure(site)
    (site.workspace / "sequences" / "spine.yaml").write_text(_SEQUENCE, encoding="utf-8")
    (site.workspace / "templates" / "spine").mkdir()
    for step in STEPS:
        subject = "---\nsubject: Wrenches for {{ contact.company }}\n---\n\n" if step == STEPS[0] else ""
        words = f"{subject}Hello {{{{ contact.first_name }}}},\n\n{SENTENCES[step]}.\n"
        (site.workspace / "templates" / "spine" / f"{step}.md").write_text(words, encoding="utf-8")
    lines = [f"{address},Company {address.partition('@')[0]},Ana\n" for address in site.fates]
    (site.root / "people.csv").write_text("email,company,first_name\n" + "".join(lines))
    site.command("contacts", "import", str(site.root / "people.csv"))
    for name, people in site.people.items():
        (site.root / f"{name}.txt").write_text("\n".join(people) + "\n")
        site.command("--as", name, "enroll", "spine", "--file", str(site.root / f"{name}.txt"), "--yes")


def _spread(site: Site, lives: int, dice: random.Random) -> None:
    """Let enrollments begin in clumps, over the lives to come, so that none finds an empty queue."""
    with contextlib.closing(sqlite3.connect(site.workspace / "sequencer.db")) as connection, connection:
        rows = connection.execute("SELECT id FROM enrollments ORDER BY id").fetchall()
        waiting = [row[0] for row in rows]
        dice.shuffle(waiting)
        now = site.clock.now()
        while waiting:
            clump, waiting = waiting[: (size := dice.randint(1, 7))], waiting[size:]
            at = now + dice.random() * lives * LIFE_IN
            connection.executemany(
                "UPDATE enrollments SET anchor_at = ?, next_at = ?, prepare_at = ? WHERE id = ?",
                [(_stored(at), _stored(at), _stored(at), one) for one in clump],
            )
        assert connection.execute("SELECT count(*) FROM enrollments").fetchone()[0] == len(site.fates)


def _stored(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
