"""The metronome: mailbox ticks on time, one process per workspace, a clean stop."""

import contextlib
import logging
import os
import platform
import queue
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from types import FrameType
from typing import Any, TypeVar

from sequencer.clock import SystemClock
from sequencer.config import Mailbox
from sequencer.core.ports import Courier, MailBell, MailReader, SentFolder, SentHeads
from sequencer.flows import mail_log
from sequencer.flows.bells import Bells
from sequencer.flows.engine import Desk, Engine
from sequencer.flows.goodbye import say_goodbye
from sequencer.flows.metronome import metronome
from sequencer.flows.notify import Notifier
from sequencer.flows.open_desks import open_desks
from sequencer.flows.start import check_database, check_mailboxes, check_running, name_stranded, take_over
from sequencer.flows.tick import Reading, Ticked, read, take, tick, work
from sequencer.flows.vigil import Vigil
from sequencer.store import ledger, runs
from sequencer.store.lock import RunLock

logger = logging.getLogger("sequencer")

BEAT_EVERY = timedelta(seconds=15)
NOTICES_EVERY = timedelta(seconds=10)
IDLE_STOP_IN = timedelta(seconds=3)
"""How long a tick that is not handing a message over may finish what it does."""
AFTER_ABORT_IN = timedelta(seconds=1)
"""How long a tick may take to write down that it was broken off."""
_BREATH = timedelta(milliseconds=100)
"""APScheduler drops a wake-up that comes while the job it wakes still returns."""
_AT_ONCE, _APART = 5, timedelta(milliseconds=500)
"""So many mailboxes tick together, the next a little later: shared threads halve the memory of fifty."""
_SIGNAL_POLL_SECONDS = 1.0
"""Where a wait cannot be interrupted (Windows), Ctrl-C is noticed this late."""

T = TypeVar("T")


class Daemon:
    """Runs every mailbox of one workspace until told to stop."""

    def __init__(
        self,
        engine: Engine,
        *,
        open_courier: Callable[[Mailbox], Courier],
        open_reader: Callable[[Mailbox], MailReader],
        open_sent_folder: Callable[[Mailbox, MailReader], SentFolder | None] = lambda _mailbox, _reader: None,
        open_sent_heads: Callable[[Mailbox, MailReader], SentHeads | None] = lambda _mailbox, _reader: None,
        open_bell: Callable[[Mailbox, MailReader], MailBell | None] = lambda _mailbox, _reader: None,
    ) -> None:
        self._engine = engine
        self._stop = threading.Event()
        self._is_over: queue.SimpleQueue[None] = queue.SimpleQueue()
        """What the main thread waits on: a signal handler may fill it at any instant, unlike an Event."""
        self._lock = RunLock(engine.workspace.database)
        self._idle = threading.Condition()
        """Guards the sets below; notified whenever a tick ends."""
        self._busy: set[str] = set()
        self._wanted: set[str] = set()
        """Mailboxes to tick again as soon as their tick ends."""
        self._waiting: dict[str, set[str]] = {}
        """Mailbox that is to be read → mailboxes whose follow-ups wait for that."""
        self._served: set[str] = set()  # tick because what they waited for was read: they ask no second time
        self._desks = open_desks(
            engine,
            self._stop,
            self._want,
            open_courier=open_courier,
            open_reader=open_reader,
            open_sent_folder=open_sent_folder,
            open_sent_heads=open_sent_heads,
            open_bell=open_bell,
        )
        self._notifier = Notifier(engine, open_courier, self._stop)
        self._metronome: Any = None  # `run` alone needs one
        self._vigil = Vigil(engine, give_up=self.stop)
        self._bells = Bells(engine, self.wake)

    def run(self) -> None:
        """Tick every mailbox until a signal or `stop`. SequencerError when another run holds the lock."""
        self._begin()
        try:
            self._start_metronome()
            self._wait_until_over()
            logger.info("stopping", extra={"detail": "no new message leaves"})
        except BaseException:
            self._end()
            raise
        self._leave(self._end())

    def run_once(self) -> dict[str, Ticked]:
        """Read every mailbox, then prepare and deliver in each, by name; what was not reached is missing."""
        self._begin()
        done: dict[str, Ticked] = {}
        try:
            threading.Thread(target=self._work_once, args=[done], daemon=True).start()
            self._wait_until_over()
        except BaseException:
            self._end()
            raise
        self._leave(self._end())
        return done

    def stop(self) -> None:
        """No new message from now on; what is under way may end."""
        self._stop.set()
        self._is_over.put(None)

    def handle_signals(self) -> None:
        """SIGINT, SIGTERM and a closed terminal stop in order; the second signal leaves at once."""
        is_told = False

        def on_signal(number: int, _frame: FrameType | None) -> None:
            nonlocal is_told
            if is_told:
                os._exit(128 + number)
            is_told = True
            self.stop()

        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
            number = getattr(signal, name, None)
            # What the caller ignores stays ignored: `nohup sequencer run &` survives its terminal.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, on_signal)

    def wake(self, name: str) -> None:
        """Tick this mailbox as soon as its thread is free."""
        with self._idle:
            self._wanted.add(name)
            is_busy = name in self._busy
        if not is_busy:
            self._come_again(name, _BREATH)

    def _begin(self) -> None:
        engine = self._engine
        self._lock.take()
        try:
            check_database(engine)
            check_mailboxes(engine)
            check_running(engine)
            name_stranded(engine)
            take_over(engine)
            now = engine.clock.now()
            with engine.store.write() as tx:
                for name in self._desks:
                    ledger.look_again(tx, name)
                run = runs.Run(
                    boot_id=engine.boot_id,
                    pid=os.getpid(),
                    host=platform.node(),
                    started_at=now,
                    beat_at=now,
                    stopped_at=None,
                )
                runs.start(tx, run)
        except BaseException:
            self._lock.release()
            raise
        count = len(self._desks)
        logger.info("started", extra={"detail": f"{count} mailbox{'' if count == 1 else 'es'}"})

    def _start_metronome(self) -> None:
        self._metronome = metronome(len(self._desks))
        every = self._engine.config.limits.poll_every_in.total_seconds()
        for number, name in enumerate(self._desks):
            first_at = SystemClock().now() + number // _AT_ONCE * _APART
            self._metronome.add_job(
                self._tick_and_reschedule,
                "interval",
                seconds=every,
                start_date=first_at,
                id=name,
                args=[name],
                next_run_time=first_at,
            )
        for name, job, often in (
            ("+beat", self._vigil.beat, BEAT_EVERY),
            ("+notices", self._notifier.run, NOTICES_EVERY),
        ):
            now = SystemClock().now()
            self._metronome.add_job(
                job, "interval", seconds=often.total_seconds(), id=name, next_run_time=now
            )
        self._metronome.start()

    def _wait_until_over(self) -> None:
        while True:
            with contextlib.suppress(queue.Empty):
                return self._is_over.get(timeout=_SIGNAL_POLL_SECONDS)
            if self._vigil.has_clock_stepped() and self._metronome is not None:
                for job in self._metronome.get_jobs():
                    job.modify(next_run_time=SystemClock().now())

    def _work_once(self, done: dict[str, Ticked]) -> None:
        # Reading comes first everywhere: a follow-up may need another mailbox's inbox.
        readings = {name: self._at_work(name, read, Reading(is_ok=False)) for name in sorted(self._desks)}
        for name, reading in readings.items():
            ticked = self._at_work(name, partial(work, reading=reading), None)
            if ticked is not None or not self._stop.is_set():
                done[name] = ticked or Ticked(read=reading.recorded, is_read_ok=False)
        self._notifier.run()
        self._is_over.put(None)

    def _tick_and_reschedule(self, name: str) -> None:
        while True:
            ticked = self._at_work(name, self._turn, Ticked(is_read_ok=False))
            with self._idle:
                waiting = self._waiting.pop(name, set()) if ticked.is_read_ok else set()
                self._served.discard(name)
                self._served |= waiting
                is_wanted = name in self._wanted and not self._stop.is_set()
            for other in sorted(waiting):
                self.wake(other)
            if not is_wanted:
                break
        if ticked.next_at is not None:
            # APScheduler runs on the machine's time: what counts is what the Clock says is left.
            self._come_again(name, ticked.next_at - self._engine.clock.now())

    def _turn(self, desk: Desk) -> Ticked:
        self._bells.before(desk)
        ticked = tick(desk)
        if not self._stop.is_set():
            self._bells.after(desk, ticked)
        return ticked

    def _at_work(self, name: str, what: Callable[[Desk], T], otherwise: T) -> T:
        """What one mailbox does; `otherwise` when the daemon stops or it fails, which stops no other."""
        with self._idle:
            if self._stop.is_set():
                return otherwise
            self._busy.add(name)
            self._wanted.discard(name)
        try:
            self._vigil.prepare()
            done = what(self._desks[name])
            self._vigil.works(name)
        except Exception as error:
            # Its unfinished message is looked after when its next tick takes the mailbox.
            if not self._vigil.explains(name, error):
                logger.exception("tick failed", extra={"mailbox": name})
            return otherwise
        else:
            return done
        finally:
            with self._idle:
                self._busy.discard(name)
                self._idle.notify_all()

    def _want(self, waiting: str, name: str) -> None:
        """`waiting` has a follow-up that may leave once mailbox `name` was read."""
        if name == waiting or name not in self._desks:
            return
        with self._idle:
            self._waiting.setdefault(name, set()).add(waiting)
            is_served = waiting in self._served
        if not is_served:
            self.wake(name)

    def _come_again(self, name: str, left: timedelta) -> None:
        """Tick a mailbox after `left`, or when it would tick anyway if that is sooner."""
        at: datetime = SystemClock().now() + max(left, _BREATH)
        if self._metronome is None:
            return
        with contextlib.suppress(LookupError):  # the metronome has stopped
            job = self._metronome.get_job(name)
            if job is not None and (not job.next_run_time or at < job.next_run_time):
                job.modify(next_run_time=at)

    def _end(self) -> list[str]:
        """Stop in order; returns the mailboxes whose threads are still blocked in the network."""
        self._stop.set()
        if self._metronome is not None and self._metronome.running:
            self._metronome.shutdown(wait=False)
        stuck = self._wait_for_ticks()
        self._notifier.finish()
        try:
            free = [desk for name, desk in self._desks.items() if name not in stuck]
            say_goodbye(free, self._engine.clock)
            # A blocked thread is past helping: its message is unsure, unless its answer comes even now.
            for name, desk in self._desks.items():
                if name in stuck or desk.unwritten:
                    take(desk)
            self._vigil.beat(is_over=True)
        finally:
            if not stuck:
                self._lock.release()
        logger.info("stopped")
        return stuck

    def _leave(self, stuck: list[str]) -> None:
        """Python would wait for blocked threads; until this process is gone it keeps the lock."""
        if stuck:
            logging.shutdown()
            os._exit(0)
        self._vigil.raise_if_lost()

    def _wait_for_ticks(self) -> list[str]:
        """Give ticks their time, then break them off; returns the mailboxes that are busy even then."""
        clock, grace = self._engine.clock, self._engine.config.limits.shutdown_grace_in
        started = clock.monotonic()
        aborted_at: dict[str, float] = {}
        with self._idle:
            while self._busy:
                now = clock.monotonic()
                for name in self._busy - aborted_at.keys():
                    allowed = grace if self._is_sending(name) else IDLE_STOP_IN
                    if now - started >= allowed.total_seconds():
                        self._abort(name)
                        aborted_at[name] = now
                last = max(aborted_at.values(), default=now)
                if self._busy <= aborted_at.keys() and now - last >= AFTER_ABORT_IN.total_seconds():
                    break
                self._idle.wait(0.1)
            return sorted(self._busy)

    def _abort(self, name: str) -> None:
        mail_log.mailbox_event(logging.WARNING, "aborted", name, "still in the network when stopping")
        desk = self._desks[name]
        desk.courier.abort()
        if desk.reader is not None:
            desk.reader.abort()

    def _is_sending(self, name: str) -> bool:
        with self._engine.store.read() as tx:
            return ledger.is_sending(tx, name)
