"""Whose turn it is: the real metronome over fakes, in this process."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from sequencer.core.outbox import OutboxState
from sequencer.core.ports import Cursor, FolderBatch
from sequencer.daemon import Daemon
from sequencer.store import ledger, runs
from sequencer.testing import RecordingReader
from tests.flows.meddling_courier import MeddlingCourier
from tests.flows.office import MONDAY, Office

ANA = "ana@luso.example"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    poll_every(office, timedelta(minutes=10))
    return office


def poll_every(office: Office, span: timedelta) -> None:
    office.reconfigure(limits=replace(office.engine.config.limits, poll_every_in=span))


@contextmanager
def running(office: Office) -> Iterator[Daemon]:
    daemon = Daemon(
        office.engine,
        open_courier=lambda mailbox: office.couriers[mailbox.name],
        open_reader=lambda mailbox: office.readers[mailbox.name],
    )
    thread = threading.Thread(target=daemon.run, daemon=True)
    thread.start()
    try:
        yield daemon
    finally:
        daemon.stop()
        thread.join(30)
        assert not thread.is_alive()


def until(is_so: Callable[[], bool]) -> None:
    """Until something is so; AssertionError after half a minute."""
    never = threading.Event()
    for _ in range(1500):
        if is_so():
            return
        never.wait(0.02)
    raise AssertionError("it did not come about")


class HeldReader(RecordingReader):
    """A reader whose first read lasts until it is let go."""

    def __init__(self, reader: RecordingReader) -> None:
        super().__init__(reader.mailbox)
        self.let_go = threading.Event()

    def read_new(self, cursors: Sequence[Cursor], since: datetime | None) -> Iterator[FolderBatch]:
        assert self.let_go.wait(30)
        yield from super().read_new(cursors, since)


def test_a_follow_up_that_waits_for_another_inbox_leaves_as_soon_as_that_was_read(office: Office) -> None:
    office.tick()
    with office.engine.store.write() as tx:
        tx.exec_driver_sql("UPDATE outbox SET mailbox = 'li'")
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    reader = office.readers["li"] = HeldReader(office.readers["li"])
    with running(office):
        until(lambda: "inbox of li unread" in office.rows()[-1].reason)
        assert len(office.received()) == 1
        reader.let_go.set()
        until(lambda: len(office.received()) == 2)


def test_what_a_server_said_while_the_database_was_locked_is_written_before_the_end(office: Office) -> None:
    """Else the next start calls the message unsure, and somebody may have it sent once more."""
    for engine in (office.engine.store._engine, office.engine.store._marking):
        event.listen(engine, "checkout", lambda dbapi, *_: dbapi.execute("PRAGMA busy_timeout=1000"))
    courier = office.couriers["wang"] = MeddlingCourier()
    path = office.engine.workspace.database
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        courier.after_content = lambda: other.execute("BEGIN IMMEDIATE")
        with running(office) as daemon:
            until(lambda: bool(daemon._desks["wang"].unwritten))
            until(lambda: not daemon._busy)
            assert office.rows()[0].state is OutboxState.SENDING
            other.execute("ROLLBACK")
    assert office.rows()[0].state is OutboxState.SENT
    assert len(courier.received) == 1


def test_a_mailbox_wanted_while_it_is_idle_is_read_at_once(office: Office) -> None:
    office.tick()
    with office.engine.store.write() as tx:
        tx.exec_driver_sql("UPDATE outbox SET mailbox = 'li'")
    office.clock.set(MONDAY + timedelta(days=3) - timedelta(seconds=60))
    with running(office) as daemon:
        until(lambda: len(office.readers["li"].reads) == 1 and len(office.readers["wang"].reads) == 2)
        until(lambda: not daemon._busy)
        office.clock.advance(timedelta(seconds=120))
        daemon.wake("wang")
        until(lambda: len(office.received()) == 2)
    assert len(office.readers["li"].reads) == 2


def test_a_reading_that_is_never_fresh_does_not_make_two_mailboxes_wake_each_other_for_ever(
    office: Office,
) -> None:
    office.tick()
    with office.engine.store.write() as tx:
        tx.exec_driver_sql("UPDATE outbox SET mailbox = 'li'")
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    limits = replace(office.engine.config.limits, max_inbox_age_in=timedelta(seconds=-1))
    office.reconfigure(limits=limits)
    with running(office) as daemon:
        until(lambda: "inbox of li unread" in office.rows()[-1].reason)
        until(lambda: len(office.readers["li"].reads) >= 2)
        until(lambda: not (daemon._busy or daemon._wanted or daemon._served))
    assert len(office.readers["li"].reads) <= 3
    assert len(office.received()) == 1


def test_a_tick_that_fails_once_is_logged_and_the_next_one_sends_once(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    poll_every(office, timedelta(milliseconds=100))
    courier = office.couriers["wang"] = MeddlingCourier()

    def fails_once() -> None:
        courier.before_mark = lambda: None
        raise RuntimeError("a fault of ours")

    courier.before_mark = fails_once
    with running(office):
        until(lambda: office.rows() != [] and office.rows()[0].state is OutboxState.SENT)
    assert len(courier.received) == 1
    [failed] = [one for one in caplog.records if one.getMessage() == "tick failed"]
    assert failed.mailbox == "wang"  # type: ignore[attr-defined]
    assert failed.exc_info is not None


def test_an_outcome_that_cannot_be_written_becomes_unsure_at_the_next_tick_and_leaves_no_second_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll_every(office, timedelta(milliseconds=100))
    fails = iter([True, True])

    def failing(name: str) -> None:
        write = getattr(ledger, name)

        def fails_once(*arguments: object) -> object:
            if next(fails, False):
                raise RuntimeError("database or disk is full")
            return write(*arguments)

        monkeypatch.setattr(ledger, name, fails_once)

    failing("settle_sent")
    failing("settle")
    with running(office):
        until(lambda: office.rows() != [] and office.rows()[0].state is OutboxState.UNSURE)
        reads = len(office.readers["wang"].reads)
        until(lambda: len(office.readers["wang"].reads) > reads + 1)
    assert len(office.received()) == 1


def test_one_mailbox_that_always_fails_stops_no_other(office: Office) -> None:
    office.readers["li"].read_new = None  # type: ignore[assignment,method-assign]
    with running(office):
        until(lambda: office.rows() != [] and office.rows()[0].state is OutboxState.SENT)
    assert len(office.received()) == 1
    assert office.readers["li"].reads == []


def test_a_heartbeat_that_cannot_be_written_is_logged_and_the_daemon_lives(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def is_locked(*_: object) -> None:
        raise RuntimeError("database is locked")

    monkeypatch.setattr(runs, "beat", is_locked)
    monkeypatch.setattr("sequencer.daemon.BEAT_EVERY", timedelta(milliseconds=50))
    with running(office):
        until(lambda: sum(one.getMessage() == "no heartbeat" for one in caplog.records) >= 2)
        until(lambda: office.rows() != [] and office.rows()[0].state is OutboxState.SENT)
    assert len(office.received()) == 1


def test_a_start_that_is_refused_gives_the_lock_back(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sequencer")
    office.tick()
    [wang, li] = office.engine.config.mailboxes
    office.reconfigure(mailboxes=(li,))
    refused = Daemon(
        office.engine,
        open_courier=lambda mailbox: office.couriers[mailbox.name],
        open_reader=lambda mailbox: office.readers[mailbox.name],
    )
    with pytest.raises(Exception, match="'wang' has written to buyers"):
        refused.run()
    office.reconfigure(mailboxes=(wang, li))
    with running(office):
        until(lambda: any(one.getMessage() == "started" for one in caplog.records))
