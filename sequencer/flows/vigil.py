"""Vigil: what a daemon that nobody watches notices of its machine: the database, the clock, its heartbeat."""

import logging
import os
import platform
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sequencer import __version__
from sequencer.clock import Clock
from sequencer.core.spans import span_in_words
from sequencer.flows.engine import Engine
from sequencer.store import mailboxes, runs
from sequencer.store.database_faults import DatabaseLost, database_fault
from sequencer.store.heartbeat import write_heartbeat

logger = logging.getLogger("sequencer")

TOLD_FROM = timedelta(minutes=5)
"""A smaller step of the clock is an ordinary correction."""
NOTICED_FROM = timedelta(seconds=2)
"""From here on the metronome, which runs on wall time, has to be set anew."""


class ClockWatch:
    """Holds the wall clock against one that cannot be set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._before = self._difference()

    def step(self) -> timedelta:
        """How far the wall clock was put forward (or back: negative) since the last call.

        A machine that slept looks like one whose clock was put forward.
        """
        now = self._difference()
        step, self._before = now - self._before, now
        return timedelta(seconds=step)

    def _difference(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()


class Vigil:
    """Shared by the daemon's threads; `give_up` is called once when the database turns out damaged."""

    def __init__(self, engine: Engine, give_up: Callable[[], None]) -> None:
        self._engine = engine
        self._give_up = give_up
        self._clock = ClockWatch(engine.clock)
        self._lock = threading.Lock()
        self._failing: set[str] = set()
        """Who (a mailbox, the heartbeat) could not use the database when they last tried."""
        self._said: str | None = None
        self._are_reads_void = False
        self._lost: DatabaseLost | None = None
        self._started_at = engine.clock.now()

    def has_clock_stepped(self) -> bool:
        """Whether everything must be looked at now: plans made by the clock as it was are void."""
        step = self._clock.step()
        # Put forward, a reading looks older than it is; put back, younger, however small the step.
        if step <= -NOTICED_FROM or step >= TOLD_FROM:
            with self._lock:
                self._are_reads_void = True
        if abs(step) >= TOLD_FROM:
            way = "back" if step < timedelta(0) else "forward, or the machine slept,"
            detail = f"{way} by {span_in_words(step)}: every inbox is read again before a follow-up leaves"
            logger.warning("the clock was put", extra={"detail": detail})
        return abs(step) >= NOTICED_FROM

    def prepare(self) -> None:
        """Before a mailbox works: what was read by another clock counts as unread."""
        with self._lock:
            if not self._are_reads_void:
                return
            with self._engine.store.write() as tx:
                mailboxes.forget_reads(tx)
            self._are_reads_void = False

    def explains(self, who: str, error: Exception) -> bool:
        """Whether the database is to blame. One that lasts is one line, however many mailboxes it stops."""
        fault = database_fault(error)
        if fault is None:
            return False
        with self._lock:
            self._failing.add(who)
            # Of a damaged file one thread reads this, another that: once it is lost nothing more is said.
            is_new = fault.message != self._said and self._lost is None
            self._said = fault.message
            is_lost = isinstance(fault, DatabaseLost) and self._lost is None
            if isinstance(fault, DatabaseLost):
                self._lost = self._lost or fault
        if is_new:
            logger.error("database fails", extra={"detail": f"{fault.message} ({fault.hint})"})
        if is_lost:
            self._give_up()
        return True

    def works(self, who: str) -> None:
        """They could use the database; its end of trouble is told when nobody has any."""
        with self._lock:
            self._failing.discard(who)
            is_over = self._said is not None and not self._failing
            if is_over:
                self._said = None
        if is_over:
            logger.info("database works again")

    def raise_if_lost(self) -> None:
        """DatabaseLost when the daemon ended because the database is damaged."""
        if self._lost is not None:
            raise self._lost

    def beat(self, *, is_over: bool = False) -> None:
        """Sign of life: in the database for `status`, in a file for whoever watches from outside."""
        now = self._engine.clock.now()
        try:
            with self._engine.store.write() as tx:
                mark = runs.stop if is_over else runs.beat
                mark(tx, self._engine.boot_id, now)
            self.works("+beat")
        except Exception as error:
            if is_over:
                raise
            if not self.explains("+beat", error):
                logger.exception("no heartbeat")
        finally:
            self._write_file(now, is_over=is_over)

    def _write_file(self, now: datetime, *, is_over: bool) -> None:
        try:
            write_heartbeat(self._engine.workspace.root, self._document(now, is_over=is_over))
        except Exception as error:
            # A full disk is told by the database; the file's age says the rest.
            logger.debug("no heartbeat file", extra={"detail": str(error)})

    def _document(self, now: datetime, *, is_over: bool) -> dict[str, object]:
        """Keys are only ever added. `read_age_s` is null for a mailbox that was never read."""
        with self._engine.store.read() as tx:
            known = {one.name: one for one in mailboxes.statuses(tx)}
        boxes: dict[str, object] = {}
        for mailbox in self._engine.config.mailboxes:
            status, reading = known.get(mailbox.name), known.get(mailbox.reader_name)
            read_at = reading.read_at if reading else None
            boxes[mailbox.name] = {
                "read_age_s": int((now - read_at).total_seconds()) if read_at else None,
                "is_paused": status is not None and status.paused_at is not None,
                "is_failing": reading is not None and reading.read_failed_at is not None,
            }
        with self._lock:
            trouble = self._said
        return {
            "at": now,
            "pid": os.getpid(),
            "host": platform.node(),
            "version": __version__,
            "started_at": self._started_at,
            "stopped_at": now if is_over else None,
            "database": trouble,
            "mailboxes": boxes,
        }
