"""Delivering: what waits has a time or a poll to come at, one message's trouble stops no other."""

import logging
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from sequencer.config import Closure
from sequencer.core.enrollment import HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.core.pacing import gap, message_key
from sequencer.core.ports import ReadFailure
from sequencer.flows.pause_mailboxes import pause_mailboxes, resume_mailboxes
from sequencer.store import ledger
from tests.flows.meddling_courier import MeddlingCourier, nothing
from tests.flows.office import MONDAY, Office

ANA, BEN = "ana@luso.example", "ben@muster.example"


@pytest.fixture(params=[True, False], ids=["in_batches", "one_by_one"])
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Office:
    office = Office(tmp_path / "ws", in_batches=request.param)
    office.add_contact(ANA)
    office.add_contact(BEN, company="Muster GmbH", first_name="Ben", name="Ben Muster")
    return office


def lines(caplog: pytest.LogCaptureFixture, verb: str) -> list[str]:
    return [getattr(one, "detail", "") for one in caplog.records if one.getMessage() == verb]


def test_a_paused_mailbox_does_not_tick_in_circles(office: Office) -> None:
    office.enroll(ANA)
    pause_mailboxes(office.engine.store, {"wang": "wang"}, ["wang"], "stop", office.clock.now())
    ticked = office.tick()
    assert office.rows()[0].due_at <= office.clock.now()
    assert ticked.next_at is None


def test_an_unreachable_server_is_not_dialled_in_circles(office: Office) -> None:
    office.enroll(ANA, BEN)
    office.couriers["wang"].fail("MAIL", "drop", times=9)
    ticked = office.tick()
    assert office.couriers["wang"].attempts == 1
    assert ticked.next_at is not None
    assert ticked.next_at - office.clock.now() >= timedelta(minutes=5)


def test_a_fault_that_lasts_is_one_line_with_its_mend_and_its_end_another(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sequencer")
    office.enroll(ANA)
    office.couriers["wang"].fail("MAIL", "drop", times=2)
    office.readers["wang"].failures = [ReadFailure("wang: mx:993 is silent", "check the network")] * 2
    for _ in range(3):
        office.tick()
        office.clock.advance(timedelta(minutes=10))
    assert lines(caplog, "inbox fails") == ["wang: mx:993 is silent (check the network)"]
    [smtp] = lines(caplog, "smtp fails")
    assert smtp.startswith("wang: 127.0.0.1:2525 closed the connection at MAIL (")
    assert len(lines(caplog, "inbox works again")) == len(lines(caplog, "smtp works again")) == 1
    assert office.rows()[0].state is OutboxState.SENT


def test_a_wrong_password_is_an_error_line_naming_mailbox_host_mend_and_the_way_back(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.enroll(ANA)
    office.couriers["wang"].fail("MAIL", "535 5.7.8 no")
    office.tick()
    [line] = lines(caplog, "smtp fails")
    for part in ("wang: 127.0.0.1:2525", "535 5.7.8", "password", "sequencer mailboxes resume wang"):
        assert part in line


def test_a_resumed_mailbox_sends_at_its_next_tick(office: Office) -> None:
    office.enroll(ANA)
    office.couriers["wang"].fail("MAIL", "535 5.7.8 no")
    office.tick()
    office.tick()
    assert office.couriers["wang"].attempts == 1
    resume_mailboxes(office.engine.store, {"wang": "wang"}, ["wang"], office.clock.now())
    office.tick()
    assert office.rows()[0].state is OutboxState.SENT


def test_more_waiting_messages_than_any_batch_keep_nobody_from_leaving(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    strangers = [f"buyer{n}@firm{n}.example" for n in range(60)]
    for address in (*strangers, BEN):
        office.add_contact(address)
    office.enroll(*strangers, BEN)
    office.with_only_to(BEN)
    office.tick()
    assert [sent.recipient for sent in office.couriers["wang"].received] == [BEN]


def test_a_window_gone_from_config_keeps_its_message_back_until_it_is_there_again(office: Office) -> None:
    office.enroll(ANA)
    office.tick()
    office.clock.set(MONDAY + timedelta(days=2, hours=12))
    office.tick()
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    windows = office.engine.config.windows
    office.reconfigure(windows=())
    office.tick()
    assert office.rows()[1].state is OutboxState.READY
    assert "window 'buyer' of sequence 'short' is not in config.toml" in office.rows()[1].reason
    office.reconfigure(windows=windows)
    office.clock.advance(timedelta(minutes=15))
    office.tick()
    assert office.rows()[1].state is OutboxState.SENT


def test_a_version_missing_from_the_database_stops_its_message_and_no_other(office: Office) -> None:
    office.enroll(ANA, BEN)
    with office.engine.store.write() as tx:
        tx.exec_driver_sql(
            "INSERT INTO sequence_versions SELECT 'gone', sequence, 'null', created_at FROM sequence_versions"
        )
        tx.exec_driver_sql("UPDATE enrollments SET version_hash = 'gone' WHERE id = 1")
    office.tick()
    assert [sent.recipient for sent in office.couriers["wang"].received] == [BEN]
    ana, _ben = office.enrollments()
    assert ana.hold is not None
    assert ana.hold.reason is HoldReason.RENDER_FAILED
    assert "is not in the database" in ana.hold.note


def test_an_outcome_is_written_although_the_next_step_can_never_be(office: Office) -> None:
    tomorrow = MONDAY.date() + timedelta(days=1)
    office.enroll(ANA)
    office.reconfigure(closures=(Closure(name="for good", first=tomorrow, last=date(2036, 1, 1)),))
    office.tick()
    assert office.rows()[0].state is OutboxState.SENT
    [enrollment] = office.enrollments()
    assert enrollment.hold is not None
    assert "after step intro" in enrollment.hold.note
    assert "does not open within two years" in enrollment.hold.note


def test_an_outcome_that_cannot_be_committed_leaves_the_row_sending_and_becomes_unsure(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier = office.couriers["wang"] = MeddlingCourier()
    office.enroll(ANA)

    def disk_is_full(*_: object) -> bool:
        raise OperationalError("UPDATE outbox", {}, Exception("database or disk is full"))

    def fill() -> None:
        for name in ("settle", "settle_sent"):
            monkeypatch.setattr(ledger, name, disk_is_full)

    courier.after_content = fill
    with pytest.raises(OperationalError):
        office.tick()
    assert office.rows()[0].state is OutboxState.SENDING
    monkeypatch.undo()
    courier.after_content = nothing
    office.run(MONDAY + timedelta(days=20))
    assert office.rows()[0].state is OutboxState.UNSURE
    assert len(courier.received) == 1


def test_a_mark_that_cannot_be_committed_sends_nothing_and_the_next_tick_does(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.enroll(ANA)

    def is_locked(*_: object, **_named: object) -> bool:
        raise OperationalError("UPDATE outbox", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "mark_sending", is_locked)
        with pytest.raises(OperationalError):
            office.tick()
    assert office.couriers["wang"].received == []
    assert office.rows()[0].state is OutboxState.CLAIMED
    office.tick()
    assert office.rows()[0].state is OutboxState.SENT
    assert len(office.couriers["wang"].received) == 1


def test_an_error_of_the_database_shows_nobodys_address(office: Office) -> None:
    with pytest.raises(OperationalError) as raised, office.engine.store.write() as tx:
        tx.execute(select(func.no_such_function(ANA)))
    assert ANA not in str(raised.value)


def test_unreadable_mail_is_an_error_line_and_each_such_message_is_recorded(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.enroll(ANA)
    office.tick()
    for _ in range(2):
        office.mailboxes["wang"].append("INBOX", b"")
    office.tick()
    assert len(office.answers()) == 2
    assert lines(caplog, "unreadable mail") == [
        f"message {uid} in INBOX: look at it yourself, it may be an answer" for uid in (1, 2)
    ]


def test_a_reading_too_slow_to_be_fresh_is_not_repeated_for_ever(office: Office) -> None:
    office.enroll(ANA)
    office.tick()
    office.add_contact("cara@new.example")
    office.enroll("cara@new.example")
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    reader = office.readers["wang"]
    slow_read = reader.read_new

    def read_slowly(*arguments: object) -> object:
        office.clock.advance(timedelta(seconds=90))
        return slow_read(*arguments)  # type: ignore[arg-type]

    reader.read_new = read_slowly  # type: ignore[method-assign,assignment]
    before = len(reader.reads)
    office.tick()
    assert len(reader.reads) - before == 3  # the tick's own, one for the follow-up, one after a message left
    assert [sent.recipient for sent in office.couriers["wang"].received] == [ANA, "cara@new.example"]
    assert office.rows()[2].reason == "inbox of wang unread since 2026-03-05 10:33Z"


def test_whose_window_closes_during_its_pause_keeps_nobody_else_back(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", gap="10m")
    [box, other] = office.engine.config.mailboxes
    office.reconfigure(mailboxes=(replace(box, gap_jitter_in=timedelta(minutes=60)), other))
    office.clock.set(MONDAY + timedelta(hours=8))  # 17:30 in Lisbon: half an hour is left
    numbered = {f"buyer{n}@firm{n}.example": timedelta() for n in range(60)}
    for address in numbered:
        key = message_key(address, "short", 1, "intro")
        numbered[address] = gap(box.min_gap_in, timedelta(minutes=60), office.engine.key, "wang", key)
    quick, *_rest, slow = sorted(numbered, key=numbered.__getitem__)
    assert numbered[quick] < timedelta(minutes=30) < numbered[slow]
    for address, country in ((ANA, "PT"), (slow, "PT"), (quick, "BR")):
        office.add_contact(address, country=country)
    office.enroll(ANA)
    office.tick()
    office.clock.advance(timedelta(minutes=1))
    office.enroll(slow)
    office.enroll(quick)
    at = office.tick().next_at
    assert at == MONDAY.replace(hour=18, minute=0)  # Lisbon closes: it is looked who comes next
    office.clock.set(at)
    office.tick()
    assert [one.recipient for one in office.couriers["wang"].received][1:] == [quick]
