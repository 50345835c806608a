"""Notices from the event to the rep's screen: real store and flows, a real receiver, fake mail servers."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from sequencer.config import Notices, SecretRef, Webhook
from sequencer.core.enrollment import EnrollmentState
from sequencer.core.inbound import VerdictKind
from sequencer.flows.notify import Notifier
from sequencer.flows.steer import resume
from sequencer.store import notices
from sequencer.store.notices import Queued
from sequencer.testing import RecordingCourier
from tests.flows.office import Office, parse
from tests.servers.webhook import REFUSE, WebhookServer

ANA = "ana@luso.example"
ANSWER = "Please send the price list for torque wrenches."
SECRET = "SEC-of-the-room"


class Desk:
    """An office that tells: its notifier, and the mail that went to the reps."""

    def __init__(self, root: Path) -> None:
        self.office = Office(root)
        self.couriers: list[RecordingCourier] = []
        self.failing: list[tuple[str, str]] = []
        self.quiet()
        self.stop = threading.Event()

    def quiet(self, *spans: tuple[time, time], digest_at: time | None = None, mail: bool = True) -> None:
        self.office.reconfigure(notices=Notices(mail=mail, quiet_hours=spans, digest_at=digest_at))

    def hook(self, server: WebhookServer, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
        monkeypatch.setenv("ROOM_URL", server.url)
        monkeypatch.setenv("ROOM_SECRET", SECRET)
        hook = Webhook(name="room", kind=server.kind, url=SecretRef("env:ROOM_URL"), **fields)  # type: ignore[arg-type]
        self.office.reconfigure(webhooks=(hook,))

    def tell(self) -> int:
        """One round of the notifier."""
        if not hasattr(self, "notifier") or self.notifier._engine is not self.office.engine:
            self.notifier = Notifier(self.office.engine, self._open, self.stop)
        return self.notifier.deliver_due()

    def _open(self, mailbox: Any) -> RecordingCourier:
        courier = RecordingCourier(mailbox.name)
        for verb, answer in self.failing:
            courier.fail(verb, answer, is_kept=True)
        self.couriers.append(courier)
        return courier

    def mails(self) -> list[Message]:
        return [parse(outgoing) for courier in self.couriers for outgoing in courier.received]

    def rows(self) -> list[Queued]:
        with self.office.engine.store.read() as tx:
            return list(reversed(notices.listed(tx)))

    def ana_answers(self, words: str = ANSWER) -> None:
        """Ana gets the first mail and answers it."""
        if not self.office.enrollments():
            self.office.add_contact(ANA, name="Ana Silva", company="Luso Tools")
            self.office.enroll(ANA)
            self.office.tick()
        self.office.answer(self.office.received()[0], words)
        self.office.tick()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "ws")


@pytest.fixture
def room() -> Iterator[WebhookServer]:
    with WebhookServer("dingtalk") as server:
        yield server


def test_a_reply_is_mailed_to_the_rep_from_their_own_mailbox_out_of_every_thread(desk: Desk) -> None:
    desk.ana_answers()
    assert desk.tell() == 1
    [mail] = desk.mails()
    assert mail["To"] == "Wang Lei <wang@firm.example>"
    assert mail["From"] == "wang <wang@firm.example>"
    assert mail["Subject"] == "Ana Silva (Luso Tools) answered: Re: Torque wrenches for Luso Tools"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [mail[name] for name in ("In-Reply-To", "References", "List-Unsubscribe")] == [None, None, None]
    body = mail.get_payload()
    assert ANSWER in body
    assert "sequencer inbox show 1" in body
    assert "Answers: short/intro" in body


def test_a_notice_is_no_message_to_a_buyer(desk: Desk) -> None:
    desk.office.with_only_to("*@luso.example")
    desk.ana_answers()
    before = [(row.id, row.state) for row in desk.office.rows()]
    assert desk.tell() == 1
    assert [(row.id, row.state) for row in desk.office.rows()] == before
    assert len(desk.office.couriers["wang"].received) == 1


def test_each_thing_is_told_once_per_channel(desk: Desk, room: WebhookServer, monkeypatch: Any) -> None:
    desk.hook(room, monkeypatch)
    desk.ana_answers()
    assert desk.tell() == 2
    assert desk.tell() == 0
    desk.office.tick()
    assert desk.tell() == 0
    assert (len(desk.mails()), len(room.accepted)) == (1, 1)


@pytest.mark.parametrize("folder", ["INBOX", "Sent", "Junk"])
@pytest.mark.parametrize(
    "words", [ANSWER, "Please unsubscribe me and never write again.", "Undeliverable: 550"]
)
def test_the_mailbox_reads_its_own_notice_and_takes_it_for_nothing(
    desk: Desk, folder: str, words: str
) -> None:
    desk.ana_answers()
    desk.tell()
    [outgoing] = desk.couriers[0].received
    raw = b"".join(outgoing.pieces)
    assert ANSWER.encode() in raw
    before = (desk.office.enrollments(), desk.office.rows(), len(desk.rows()))
    desk.office.mailboxes["wang"].append(folder, raw.replace(ANSWER.encode(), words.encode()))
    desk.office.tick()
    [notice] = [one for one in desk.office.answers() if one.folder == folder and one.contact_id is None]
    assert (notice.kind, notice.effects) == (VerdictKind.OTHER, [])
    assert (desk.office.enrollments(), desk.office.rows(), len(desk.rows())) == before


def test_a_chat_gets_the_buyers_words_only_when_configured(
    desk: Desk, room: WebhookServer, monkeypatch: Any
) -> None:
    desk.hook(room, monkeypatch)
    desk.ana_answers()
    desk.tell()
    desk.hook(room, monkeypatch, with_text=True)
    desk.ana_answers("And the delivery time, please.")
    desk.tell()
    first, second = (posted.text for posted in room.accepted)
    assert "Ana Silva (Luso Tools) answered" in first
    assert "For: Wang Lei" in first
    assert "price list" not in first
    assert "delivery time" in second


def test_a_room_hears_only_of_its_reps_and_events(desk: Desk, room: WebhookServer, monkeypatch: Any) -> None:
    desk.hook(room, monkeypatch, reps=("li",))
    desk.ana_answers()
    desk.hook(room, monkeypatch, events=("hold", "digest"))
    desk.ana_answers("Once more.")
    desk.tell()
    assert room.accepted == []
    assert len(desk.mails()) == 1
    assert desk.mails()[0]["Subject"] == "2 notices: 2 replies"


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


def test_quiet_hours_are_told_as_one_when_they_end(desk: Desk) -> None:
    desk.quiet((time(9), time(18)))
    desk.ana_answers()
    desk.ana_answers("And one more thing.")
    assert desk.tell() == 0
    desk.office.clock.set(desk.office.clock.now().replace(hour=18, minute=0, second=0))
    assert desk.tell() == 2
    [mail] = desk.mails()
    assert mail["Subject"] == "2 notices: 2 replies"


def test_a_mailbox_that_pauses_itself_tells_its_reps_through_another(desk: Desk) -> None:
    desk.office.add_contact(ANA)
    desk.office.enroll(ANA)
    desk.office.couriers["wang"].fail("MAIL", "535 5.7.8 authentication failed")
    desk.office.tick()
    assert desk.tell() == 1
    [mail] = desk.mails()
    assert mail["From"] == "li <li@firm.example>"
    assert mail["To"] == "Wang Lei <wang@firm.example>"
    assert mail["Subject"] == "Mailbox wang is paused: nothing leaves it"
    assert "sequencer mailboxes resume wang" in mail.get_payload()


def test_an_unknown_outcome_holds_and_tells_how_to_resolve_it(desk: Desk) -> None:
    desk.office.add_contact(ANA)
    desk.office.enroll(ANA)
    desk.office.couriers["wang"].fail("DOT", "drop")
    desk.office.tick()
    assert desk.tell() == 1
    assert "sequencer outbox resolve 1" in desk.mails()[0].get_payload()


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


def test_the_digest_comes_once_a_day_and_is_caught_up_once(desk: Desk) -> None:
    desk.ana_answers()
    desk.tell()
    desk.quiet(digest_at=time(8, 30))
    desk.tell()
    told = len(desk.mails())
    desk.office.clock.set(desk.office.clock.now().replace(day=3, hour=8, minute=30))
    desk.tell()
    desk.tell()
    [digest] = desk.mails()[told:]
    assert digest["Subject"] == "Mon 2 Mar: 1 sent, 1 reply"
    assert "answered: Ana Silva (Luso Tools)" in digest.get_payload()
    assert digest["To"] == "Wang Lei <wang@firm.example>"
    desk.office.clock.set(desk.office.clock.now().replace(day=9))
    desk.ana_answers("again")
    desk.office.clock.set(desk.office.clock.now().replace(day=10))
    desk.tell()
    subjects = [mail["Subject"] for mail in desk.mails()[told + 1 :]]
    assert [one for one in subjects if "sent" in one] == ["Mon 9 Mar: 0 sent, 1 reply"]


def test_a_lead_gets_the_teams_numbers_and_others_only_their_own(desk: Desk) -> None:
    wang, li = desk.office.engine.config.reps
    desk.office.reconfigure(reps=(replace(wang, team="Europe"), replace(li, leads=("Europe",))))
    desk.ana_answers()
    desk.quiet(digest_at=time(8, 30))
    desk.office.clock.set(desk.office.clock.now().replace(day=3))
    desk.tell()
    digests = {str(mail["To"]): mail.get_payload() for mail in desk.mails() if "sent" in mail["Subject"]}
    assert "Wang Lei: 1 sent, 1 reply" in digests["Li Na <li@firm.example>"]
    assert "Wang Lei:" not in digests["Wang Lei <wang@firm.example>"]


def test_stopping_does_not_wait_for_a_room_that_says_nothing(desk: Desk, monkeypatch: Any) -> None:
    from tests.servers.webhook import STALL

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
