"""Life: one process of the real daemon on a moved clock, from its first instant to the one it dies at."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sequencer.cli.log_format import set_up_logging
from sequencer.cli.post import open_reader
from sequencer.cli.session import Session
from sequencer.config import Mailbox
from sequencer.daemon import Daemon
from sequencer.files.secret import resolve_secret
from sequencer.flows.engine import open_engine
from sequencer.mail.smtp import SmtpCourier
from tests.chaos.broken import break_on_purpose
from tests.chaos.instants import WatchedCourier, watch_commits, watched_sessions
from tests.chaos.journal import BEGAN, Doom, Journal
from tests.e2e.launcher import MovedClock

FINAL_REPLY_IN = timedelta(seconds=2)
"""So long a daemon waits for the answer to a final dot, minutes otherwise; a busy machine needs some."""
BEGUN, IDLE = b"b", b"i"
"""What the nursery is told: ticks begin; each mailbox has ticked and waits for its next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePlan:
    """One process: what it works on and where it kills itself."""

    workspace: str
    clock: str
    journal: str
    doom: Doom = field(default_factory=Doom)
    broken: str = ""
    """What is broken on purpose (tests/chaos/broken.py)."""
    rounds: int = 0
    """So often `run --once`, two seconds of the clock apart; 0: run until killed."""


class WatchedDaemon(Daemon):
    """The daemon, telling which thread works for which mailbox and when all have ticked."""

    def __init__(self, journal: Journal, tell: int, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._journal = journal
        self._tell = tell
        self._ticked: set[str] = set()

    def _begin(self) -> None:
        super()._begin()
        self._journal.instant(BEGAN)
        os.write(self._tell, BEGUN)

    def _at_work(self, name: str, what: Any, otherwise: Any) -> Any:
        self._journal.here.mailbox = name
        self._journal.here.recipient = ""
        done = super()._at_work(name, what, otherwise)
        self._ticked.add(name)
        if len(self._ticked) == len(self._desks):
            self._ticked.clear()
            os.write(self._tell, IDLE)
        return done


def live(plan: LifePlan, tell: int) -> None:
    """Run the daemon until it dies or, with `rounds`, has nothing left to do."""
    set_up_logging("text")
    logging.getLogger("sequencer").setLevel(logging.WARNING)
    clock = MovedClock(Path(plan.clock))
    journal = Journal(Path(plan.journal), clock, plan.doom)
    watch_commits(journal)
    break_on_purpose(plan.broken)
    session = Session(workspace=plan.workspace, acting=None, quiet=False, debug=True)
    session.__dict__["clock"] = clock
    for _ in range(max(plan.rounds, 1)):
        engine = open_engine(session.workspace, session.config, session.store, clock)
        journal.boot(engine.boot_id)
        daemon = WatchedDaemon(
            journal,
            tell,
            engine,
            open_courier=_couriers(session, journal),
            open_reader=open_reader(session),
        )
        if not plan.rounds:
            return daemon.run()
        daemon.run_once()
        move(Path(plan.clock), timedelta(seconds=2))
    return None


def move(file: Path, by: timedelta) -> None:
    """Put the clock of a MovedClock forward."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(float(file.read_text()) + by.total_seconds()))
    fresh.replace(file)


def _couriers(session: Session, journal: Journal) -> Callable[[Mailbox], SmtpCourier]:
    def opened(mailbox: Mailbox) -> SmtpCourier:
        secret = mailbox.smtp.password
        courier = WatchedCourier(
            mailbox.smtp,
            lambda: resolve_secret(secret, session.workspace.root) if secret else "",
            mailbox.name,
            final_reply_in=FINAL_REPLY_IN,
            **watched_sessions(journal),
        )
        courier.journal = journal
        return courier

    return opened
