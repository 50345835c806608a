"""Notices from the event to the rep's screen: real store and flows, a real receiver, fake mail servers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from sequencer.core.inbound import VerdictKind
from sequencer.core.ports import ReadFailure
from tests.flows.telling import ANA, ANSWER, Desk
from tests.servers.webhook import WebhookServer


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


def test_an_inbox_that_refuses_us_is_told_once_and_no_more_when_it_was_read(desk: Desk) -> None:
    def fail(*, is_lasting: bool) -> None:
        why = ReadFailure("wang: login refused", "make a code", is_lasting=is_lasting)
        desk.office.readers["wang"].failures.append(why)
        desk.office.engine.locked_out.clear()
        desk.office.tick()

    fail(is_lasting=True)
    fail(is_lasting=True)
    assert desk.tell() == 1
    [mail] = desk.mails()
    assert mail["Subject"] == "Mailbox wang cannot be read: its follow-ups wait"
    assert "Why: wang: login refused" in mail.get_payload()
    desk.office.engine.locked_out.clear()
    desk.office.tick()
    desk.office.clock.advance(timedelta(minutes=5))
    fail(is_lasting=False)
    assert desk.tell() == 0, "a network may be away for a while"
    desk.office.clock.advance(timedelta(hours=1))
    fail(is_lasting=False)
    assert desk.tell() == 1
    desk.office.clock.advance(timedelta(hours=3))
    fail(is_lasting=False)
    desk.office.tick()
    assert desk.tell() == 0, "it was told, and is read again"


def test_an_unknown_outcome_holds_and_tells_how_to_resolve_it(desk: Desk) -> None:
    desk.office.add_contact(ANA)
    desk.office.enroll(ANA)
    desk.office.couriers["wang"].fail("DOT", "drop")
    desk.office.tick()
    assert desk.tell() == 1
    assert "sequencer outbox resolve 1" in desk.mails()[0].get_payload()


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
