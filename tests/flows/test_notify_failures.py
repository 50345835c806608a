"""Notices that fail: retried, given up with a reason, never in anybody's way, never telling secrets."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from sequencer.config import SecretRef
from sequencer.core.enrollment import EnrollmentState
from sequencer.flows.notify import Notifier
from sequencer.flows.steer import resume
from tests.flows.telling import ANA, ANSWER, SECRET, Desk
from tests.servers.webhook import REFUSE, STALL, WebhookServer


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "ws")


@pytest.fixture
def room() -> Iterator[WebhookServer]:
    with WebhookServer("dingtalk") as server:
        yield server


def test_a_failing_room_is_tried_again_while_everything_else_goes_on(
    desk: Desk, room: WebhookServer, monkeypatch: Any
) -> None:
    desk.hook(room, monkeypatch)
    desk.ana_answers()
    room.fail("500", REFUSE)
    assert desk.tell() == 1
    assert len(desk.mails()) == 1
    assert desk.tell() == 0
    desk.office.clock.advance(timedelta(seconds=31))
    assert desk.tell() == 0
    [_mail, row] = desk.rows()
    assert row.tries == 2
    assert row.failure is not None
    assert row.failure.startswith("dingtalk refused it with code 310000")
    desk.office.clock.advance(timedelta(seconds=61))
    assert desk.tell() == 1
    assert desk.rows()[1].failure is None
    assert room.heard == 3


def test_after_a_day_a_notice_is_given_up_with_its_reason(
    desk: Desk, room: WebhookServer, monkeypatch: Any
) -> None:
    desk.hook(room, monkeypatch)
    desk.quiet(mail=False)
    desk.ana_answers()
    room.fail(*["500"] * 60)
    for _ in range(50):
        desk.tell()
        desk.office.clock.advance(timedelta(hours=1))
    [row] = desk.rows()
    assert row.done_at is not None
    assert row.done_at - row.created_at <= timedelta(hours=24)
    assert row.failure == "dingtalk answered 500"
    heard = room.heard
    desk.tell()
    assert room.heard == heard


def test_the_same_notice_again_is_the_same_message(desk: Desk) -> None:
    desk.ana_answers()
    desk.failing = [("DOT", "drop")]
    assert desk.tell() == 0
    assert desk.rows()[0].failure == "no answer to the final dot; it may have arrived"
    desk.failing = []
    desk.office.clock.advance(timedelta(minutes=1))
    assert desk.tell() == 1
    first, second = desk.mails()
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"] != desk.office.received()[0]["Message-ID"]


def test_a_hold_that_ended_before_it_was_told_is_not_told(desk: Desk) -> None:
    desk.office.add_contact(ANA)
    desk.office.enroll(ANA)
    desk.office.couriers["wang"].fail("RCPT", "550 5.7.1 policy")
    desk.office.tick()
    [held] = desk.office.enrollments()
    assert held.state is EnrollmentState.HELD
    assert [row.kind.value for row in desk.rows()] == ["hold"]
    assert held.hold is not None
    resume(desk.office.engine, [held], held.hold.reason)
    assert desk.tell() == 0
    assert desk.mails() == []
    assert desk.rows()[0].done_at is not None


def test_no_text_and_no_secret_stands_in_the_rows_or_the_log(
    desk: Desk, room: WebhookServer, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="sequencer")
    desk.hook(room, monkeypatch, with_text=True, secret=SecretRef("env:ROOM_SECRET"))
    desk.ana_answers()
    room.fail("500")
    desk.failing = [("DOT", f"554 5.7.1 {ANSWER} refused")]
    desk.tell()
    with desk.office.engine.store.read() as tx:
        kept = repr(tx.execute(text("SELECT * FROM notices")).all())
    kept += caplog.text + repr([record.__dict__ for record in caplog.records])
    for forbidden in ("price list", "Luso", "ana@", "very-secret-token", SECRET, room.url):
        assert forbidden not in kept, forbidden
    assert "500" in kept


def test_a_webhook_that_left_config_toml_is_given_up_at_once(
    desk: Desk, room: WebhookServer, monkeypatch: Any
) -> None:
    desk.hook(room, monkeypatch)
    desk.quiet(mail=False)
    desk.ana_answers()
    desk.office.reconfigure(webhooks=())
    desk.tell()
    [row] = desk.rows()
    assert row.done_at is not None
    assert row.failure == "webhook room is no longer in config.toml"


def test_stopping_does_not_wait_for_a_room_that_says_nothing(desk: Desk, monkeypatch: Any) -> None:
    with WebhookServer("json") as room:
        desk.hook(room, monkeypatch)
        desk.quiet(mail=False)
        desk.ana_answers()
        room.fail(STALL)
        notifier = Notifier(desk.office.engine, desk._open, desk.stop)
        under_way = threading.Thread(target=notifier.run, daemon=True)
        under_way.start()
        room.wait_heard(1)
        desk.stop.set()
        assert notifier.finish()
        under_way.join(5)
        assert not under_way.is_alive()
        [row] = desk.rows()
        assert (row.tries, row.done_at) == (0, None)
