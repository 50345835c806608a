"""A database that cannot be written, and a clock that was put: no message is lost, doubled or early."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError

from sequencer.config import Notices
from sequencer.core.enrollment import EnrollmentState
from sequencer.core.ports import ReadFailure
from sequencer.flows.engine import Desk
from sequencer.flows.tick import tick
from sequencer.flows.vigil import ClockWatch, Vigil
from sequencer.store import mailboxes
from sequencer.store.engine import Store
from sequencer.testing import FakeClock
from tests.flows.meddling_courier import MeddlingCourier
from tests.flows.office import MONDAY, Office

ANA = "ana@luso.example"


@pytest.fixture
def courier() -> MeddlingCourier:
    return MeddlingCourier()


@pytest.fixture(params=[True, False], ids=["in_batches", "one_by_one"])
def office(tmp_path: Path, courier: MeddlingCourier, request: pytest.FixtureRequest) -> Office:
    """Ana's first message is due. The database waits for no lock."""
    office = Office(tmp_path / "ws", in_batches=request.param)
    office.couriers["wang"] = courier
    for engine in (office.engine.store._engine, office.engine.store._marking):
        event.listen(engine, "checkout", _impatient)
    office.add_contact(ANA)
    office.enroll(ANA)
    return office


def _impatient(connection: sqlite3.Connection, *_rest: object) -> None:
    connection.execute("PRAGMA busy_timeout=0")


@pytest.fixture
def other(office: Office) -> Iterator[sqlite3.Connection]:
    """Another program that has the database open."""
    path = office.engine.workspace.database
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        yield other


def test_nothing_leaves_when_the_mark_before_the_content_cannot_be_written(
    office: Office, courier: MeddlingCourier, other: sqlite3.Connection
) -> None:
    courier.before_mark = lambda: other.execute("BEGIN IMMEDIATE")
    with pytest.raises((OperationalError, sqlite3.OperationalError)):
        office.tick()
    assert courier.received == []
    other.execute("ROLLBACK")
    courier.before_mark = lambda: None
    office.tick()
    assert len(courier.received) == 1
    assert [row.state.value for row in office.rows()] == ["sent"]


def test_what_the_server_said_is_written_down_as_soon_as_that_can_be_done(
    office: Office, courier: MeddlingCourier, other: sqlite3.Connection
) -> None:
    desk: Desk = office.desk()
    courier.after_content = lambda: other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        tick(desk)
    assert [row.state.value for row in office.rows()] == ["sending"]
    office.clock.advance(timedelta(minutes=30))
    with pytest.raises(OperationalError):  # still locked: it stays known
        tick(desk)
    other.execute("ROLLBACK")
    tick(desk)
    [row] = office.rows()
    assert row.state.value == "sent"
    assert row.sent_at == MONDAY
    assert desk.unwritten == []
    assert len(courier.received) == 1


def test_an_outcome_that_nobody_kept_is_unsure_and_the_log_says_what_it_was(
    office: Office, courier: MeddlingCourier, other: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    courier.after_content = lambda: other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        office.tick()
    [told] = [one for one in caplog.records if one.getMessage() == "not written"]
    assert "message 1: sent 250" in str(vars(told)["detail"])
    other.execute("ROLLBACK")
    office.tick()  # another desk: the process that knew has died
    assert [row.state.value for row in office.rows()] == ["unsure"]
    assert len(courier.received) == 1


def insert_for_ever(office: Office, size: int) -> None:
    for _ in range(100_000):
        with office.engine.store.write() as tx:
            tx.exec_driver_sql(
                "INSERT INTO events (at, kind, data)"
                f" VALUES ('2026-01-01 00:00:00', 'ballast', hex(zeroblob({size})))"
            )


def test_a_full_database_stops_the_message_before_its_content(
    office: Office, courier: MeddlingCourier
) -> None:
    """SQLITE_FULL itself: the file may not grow, and another program took what was free in it."""

    def fill() -> None:
        with office.engine.store.read() as tx:
            pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
            tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for size in (1500, 100, 1):
            with pytest.raises(DBAPIError, match="full"):
                insert_for_ever(office, size)
        for one in marking:
            one.execute(f"PRAGMA max_page_count={pages}")

    marking: list[sqlite3.Connection] = []
    event.listen(office.engine.store._marking, "checkout", lambda one, *_: marking.append(one))
    courier.before_mark = fill
    with pytest.raises((DBAPIError, sqlite3.DatabaseError), match="full"):
        office.tick()
    assert courier.received == []
    with office.engine.store.read() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count=1073741823")
    for one in marking:
        one.execute("PRAGMA max_page_count=1073741823")
    courier.before_mark = lambda: None
    office.tick()
    assert len(courier.received) == 1


def put_back(clock: FakeClock, by: timedelta) -> datetime:
    clock._now -= by
    return clock.now()


def test_a_reading_dated_ahead_of_now_keeps_the_gate_shut_until_the_next_one(office: Office) -> None:
    """She answered, the clock is put back, and her inbox can't be read: its last reading looks fresh."""
    office.tick()
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    office.tick("li")
    put_back_to = office.clock.now()
    office.clock.advance(timedelta(hours=2))
    with office.engine.store.write() as tx:
        mailboxes.read_completed(tx, "wang", office.clock.now())
    assert put_back(office.clock, timedelta(hours=2)) == put_back_to
    office.readers["wang"].failures = [ReadFailure("no answer", is_lasting=False)] * 2
    office.tick()
    assert len(office.received()) == 1
    office.readers["wang"].failures.clear()
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    assert len(office.received()) == 2


def test_a_clock_put_forward_lets_no_more_leave_than_the_cap_allows(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", cap=3)
    for number in range(12):
        office.add_contact(f"p{number}@firm{number}.example")
        office.enroll(f"p{number}@firm{number}.example")
    office.tick()
    assert len(office.received()) == 3
    office.clock.advance(timedelta(days=8))  # a week's worth has come due meanwhile
    jumped_at = office.clock.now()
    while office.clock.now() < jumped_at + timedelta(hours=23):
        office.tick()
        office.clock.advance(timedelta(minutes=20))
    assert len(office.received()) == 6


def test_a_clock_put_back_sends_nothing_early_and_nothing_beyond_the_cap(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", cap=3, gap="10m")
    for number in range(9):
        office.add_contact(f"p{number}@firm{number}.example")
        office.enroll(f"p{number}@firm{number}.example")
    for _ in range(3):
        office.tick()
        office.clock.advance(timedelta(minutes=10))
    assert len(office.received()) == 3
    put_back(office.clock, timedelta(hours=1))
    for _ in range(12):
        office.tick()
        office.clock.advance(timedelta(minutes=10))
    assert len(office.received()) == 3


def test_a_step_of_the_clock_is_seen_and_its_passing_is_not() -> None:
    clock = FakeClock()
    watch = ClockWatch(clock)
    clock.advance(timedelta(days=3))
    assert watch.step() == timedelta(0)
    put_back(clock, timedelta(minutes=7))
    assert watch.step() == timedelta(minutes=-7)
    assert watch.step() == timedelta(0)
    clock._now += timedelta(hours=1)
    assert watch.step() == timedelta(hours=1)


def vigil_of(office: Office) -> tuple[Vigil, list[str]]:
    given_up: list[str] = []
    return Vigil(office.engine, give_up=lambda: given_up.append("stop")), given_up


def test_a_great_step_voids_every_reading_a_small_one_does_not(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.tick()
    vigil, _ = vigil_of(office)

    def read_ages() -> set[datetime | None]:
        with office.engine.store.read() as tx:
            return {one.read_at for one in mailboxes.statuses(tx) if one.name == "wang"}

    for step, is_told in ((timedelta(minutes=4), False), (timedelta(minutes=-6), True)):
        office.clock._now += step
        assert vigil.has_clock_stepped()
        vigil.prepare()
        assert (read_ages() == {None}) is is_told
        assert ("the clock was put" in caplog.text) is is_told
    assert not vigil.has_clock_stepped()


def test_a_reading_during_which_the_clock_was_put_back_grows_old_like_any_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.tick()
    began_at = office.clock.now()
    read_new = type(office.desk("wang").reader).read_new

    def put_back_meanwhile(*arguments: object) -> object:
        put_back(office.clock, timedelta(hours=1))
        return read_new(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(type(office.desk("wang").reader), "read_new", put_back_meanwhile)
    office.tick()
    with office.engine.store.read() as tx:
        read_at = next(one.read_at for one in mailboxes.statuses(tx) if one.name == "wang")
    assert read_at is not None
    assert read_at <= began_at - timedelta(hours=1)


@pytest.mark.parametrize("seconds", [3, 240])
def test_a_small_step_back_voids_the_readings_that_would_look_younger(office: Office, seconds: int) -> None:
    office.tick()
    vigil, _ = vigil_of(office)
    put_back(office.clock, timedelta(seconds=seconds))
    assert vigil.has_clock_stepped()
    vigil.prepare()
    with office.engine.store.read() as tx:
        assert {one.read_at for one in mailboxes.statuses(tx)} == {None}


def test_one_fault_of_the_database_is_one_line_and_its_end_is_another(
    office: Office, other: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sequencer")
    vigil, given_up = vigil_of(office)
    other.execute("BEGIN IMMEDIATE")
    for who in ("wang", "li", "wang"):
        with pytest.raises(OperationalError) as caught:
            office.tick(who)
        assert vigil.explains(who, caught.value)
    assert not vigil.explains("wang", ValueError("ours"))
    other.execute("ROLLBACK")
    vigil.works("wang")
    assert [record.message for record in caplog.records if "database" in record.message] == ["database fails"]
    vigil.works("li")
    assert caplog.records[-1].message == "database works again"
    assert given_up == []


def test_a_damaged_database_ends_the_daemon_once(office: Office, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"\x55" * 9000)
    vigil, given_up = vigil_of(office)
    for _ in range(2):
        with pytest.raises(DBAPIError) as caught:
            Store(tmp_path / "broken.db").revision()
        assert vigil.explains("wang", caught.value)
    assert given_up == ["stop"]


def test_a_fault_that_undoes_the_whole_transaction_loses_no_answer_for_a_notice(office: Office) -> None:
    """SQLite itself rolls back everything when the disk fails or is full, not the last statement alone."""
    office.reconfigure(notices=Notices(mail=True, quiet_hours=(), digest_at=None))
    office.tick()
    [first] = office.received("wang")
    with office.engine.store.write() as tx:
        tx.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON notices BEGIN SELECT RAISE(ROLLBACK, 'disk'); END"
        )
    office.answer(first, "Please send your offer.")
    with suppress(DBAPIError):
        office.tick()
    with office.engine.store.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER full")
    office.tick()
    assert [one.state for one in office.enrollments()] == [EnrollmentState.FINISHED]


def test_a_fault_that_undoes_the_whole_transaction_keeps_what_the_server_said(
    office: Office, courier: MeddlingCourier, other: sqlite3.Connection
) -> None:
    desk = office.desk()
    courier.after_content = lambda: other.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON enrollments BEGIN SELECT RAISE(ROLLBACK, 'disk'); END"
    )
    with pytest.raises((OperationalError, sqlite3.OperationalError)):
        tick(desk)
    other.execute("DROP TRIGGER full")
    tick(desk)
    assert [row.state.value for row in office.rows()] == ["sent"]
    assert len(courier.received) == 1


def test_of_a_damaged_file_only_the_first_is_told_whatever_the_others_read_there(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    vigil, given_up = vigil_of(office)
    for code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR):
        error = sqlite3.DatabaseError("what the library says")
        error.sqlite_errorcode = code
        assert vigil.explains("wang", error)
    [line] = [record for record in caplog.records if record.message == "database fails"]
    assert "the database is damaged" in line.__dict__["detail"]
    assert given_up == ["stop"]
