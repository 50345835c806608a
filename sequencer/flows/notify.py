"""Notify: due notices are put into words and delivered, every channel on a thread that nobody waits for."""

import logging
import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sequencer.core.notice_words import sample_words
from sequencer.core.notices import Channel, NoticeKind, Told, retry_at, told_at, zone_of
from sequencer.flows.engine import Engine
from sequencer.flows.errand import Errand, NotSent, OpenCourier
from sequencer.flows.notice_facts import told_of
from sequencer.flows.silence import Silences
from sequencer.store import notices
from sequencer.store.engine import Tx
from sequencer.store.notices import Queued

logger = logging.getLogger("sequencer.notices")

PATIENCE_SECONDS = 30.0
"""A round of deliveries takes no longer; each step of one has its own ten seconds."""
STOPPING_SECONDS = 2.0
_SLICE_SECONDS = 0.1
_MOST_WORDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one channel is told at once."""

    channel: Channel
    rows: Sequence[Queued]
    told: Sequence[Told]


class Notifier:
    """Delivers what is due; one round at a time."""

    def __init__(self, engine: Engine, open_courier: OpenCourier, stop: threading.Event) -> None:
        self._engine = engine
        self._open_courier = open_courier
        self._stop = stop
        self._silences = Silences(engine)
        self._round = threading.Lock()
        self._said: dict[str, str] = {}
        """Channel → what the log last said of it."""

    def run(self) -> None:
        """One round; whatever goes wrong is logged and disturbs nothing else."""
        with self._round:
            try:
                if not self._stop.is_set():
                    self.deliver_due()
            except Exception:
                logger.exception("notices failed")

    def finish(self) -> bool:
        """After `stop` was set: whether the round under way has ended, waiting a moment for it."""
        is_over = self._round.acquire(timeout=2 * STOPPING_SECONDS)
        if is_over:
            self._round.release()
        return is_over

    def deliver_due(self) -> int:
        """Queue digests that are due and deliver what is; returns how many notices arrived."""
        engine = self._engine
        self._silences.tell(engine.clock.now())
        if engine.config.notices.digest_at is not None:
            from sequencer.flows.digest import queue_digests

            queue_digests(engine, engine.clock.now())
        batches = self._batches()
        errands = [
            Errand(engine, self._open_courier, batch.channel, batch.told, [row.key for row in batch.rows])
            for batch in batches
        ]
        results: queue.SimpleQueue[tuple[int, NotSent | None]] = queue.SimpleQueue()
        for index, errand in enumerate(errands):
            threading.Thread(target=_run, args=[errand, index, results], daemon=True).start()
        return self._collect(batches, errands, results)

    def _collect(
        self,
        batches: Sequence[Batch],
        errands: Sequence[Errand],
        results: "queue.SimpleQueue[tuple[int, NotSent | None]]",
    ) -> int:
        """Write down each result as it comes; what takes too long has failed, unless we are stopping."""
        pending, arrived, waited, stopping = set(range(len(batches))), 0, 0.0, 0.0
        while pending and waited < PATIENCE_SECONDS and stopping < STOPPING_SECONDS:
            with suppress(queue.Empty):
                index, failure = results.get(timeout=_SLICE_SECONDS)
                pending.discard(index)
                self._settle(batches[index], failure)
                arrived += 0 if failure else len(batches[index].rows)
                continue
            waited += _SLICE_SECONDS
            stopping += _SLICE_SECONDS if self._stop.is_set() else 0.0
        for index in pending:
            errands[index].abort()
            if not self._stop.is_set():
                self._settle(batches[index], NotSent(f"not done within {PATIENCE_SECONDS:.0f} s"))
        return arrived

    def _batches(self) -> list[Batch]:
        """What is due, by channel; what is no longer so is done."""
        engine, now = self._engine, self._engine.clock.now()
        groups: dict[tuple[Channel, bool], list[tuple[Queued, Told]]] = {}
        outdated = []
        with engine.store.read() as tx:
            for row in notices.due(tx, now):
                told = _words(tx, engine, row)
                if told is None:
                    outdated.append(row.id)
                else:
                    groups.setdefault((row.channel, row.kind is NoticeKind.DIGEST), []).append((row, told))
        if outdated:
            with engine.store.write() as tx:
                notices.told(tx, outdated, now)
        return [
            Batch(channel=channel, rows=[row for row, _told in some], told=[told for _row, told in some])
            for (channel, _is_digest), some in groups.items()
        ]

    def _settle(self, batch: Batch, failure: NotSent | None) -> None:
        now = self._engine.clock.now()
        if failure is None:
            with self._engine.store.write() as tx:
                notices.told(tx, [row.id for row in batch.rows], now)
        else:
            self._fail(batch, failure)
        self._say(batch, str(failure) if failure else None)

    def _fail(self, batch: Batch, failure: NotSent) -> None:
        config, now = self._engine.config, self._engine.clock.now()
        tries = 1 + max(row.tries for row in batch.rows)
        words = str(failure)[:_MOST_WORDS]
        with self._engine.store.write() as tx:
            for row in batch.rows:
                again = retry_at(row.created_at, tries, now, is_lasting=failure.is_lasting)
                rep = config.rep(row.rep)
                if again is not None and rep is not None and row.kind is not NoticeKind.DIGEST:
                    again = told_at(again, config.notices.quiet_hours, zone_of(config, rep))
                if failure.is_hopeless:
                    again = None
                notices.failed(tx, row, words, again_at=again, now=now)

    def _say(self, batch: Batch, failure: str | None) -> None:
        """A fault that lasts is one line in the log; nobody's words stand there."""
        channel = str(batch.channel)
        before = self._said.pop(channel, None)
        if failure is not None:
            self._said[channel] = failure
            if failure != before:
                logger.warning("notice fails", extra={"detail": f"{channel}: {failure}"})
            return
        kinds = ", ".join(sorted(f"{row.kind} {row.id}" for row in batch.rows[:10]))
        logger.info("told", extra={"detail": f"{channel}: {kinds}"})


def send_sample(engine: Engine, open_courier: OpenCourier, channel: Channel) -> None:
    """Tell a channel, now, that this is where notices come; NotSent when that fails."""
    key = f"sample:{engine.boot_id}:{channel}"
    Errand(engine, open_courier, channel, [sample_words()], [key]).run()


def _words(tx: Tx, engine: Engine, row: Queued) -> Told | None:
    try:
        return told_of(tx, engine, row)
    except Exception as error:
        # A row that nothing can be made of must not stand in the way of the others.
        logger.warning("notice dropped", extra={"detail": f"{row.kind} {row.id}: {type(error).__name__}"})
        return None


def _run(errand: Errand, index: int, results: "queue.SimpleQueue[tuple[int, NotSent | None]]") -> None:
    try:
        errand.run()
    except NotSent as failure:
        results.put((index, failure))
    except Exception as error:
        # Its own words may hold a URL or a buyer's text: its kind must do.
        results.put((index, NotSent(f"internal error: {type(error).__name__}")))
    else:
        results.put((index, None))
