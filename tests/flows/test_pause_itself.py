"""A mailbox that fares badly pauses itself with the reason, its reps hear of it, and the others go on."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.outbox import OutboxState
from sequencer.flows.pause_mailboxes import resume_mailboxes
from sequencer.store import mailboxes, notices
from tests.flows.office import MONDAY, Office

BUYERS = [f"buyer{at}@firm{at}.example" for at in range(8)]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A mailbox that says after four mails how it fares."""
    office = Office(tmp_path)
    limits = replace(office.engine.config.limits, pause_from=4, pause_at_bounces=0.5)
    office.reconfigure(limits=limits, notices=replace(office.engine.config.notices, mail=True))
    for address in BUYERS:
        office.add_contact(address)
    return office


def paused(office: Office) -> dict[str, str | None]:
    with office.engine.store.read() as tx:
        return {one.name: one.pause_reason for one in mailboxes.statuses(tx)}


def test_dead_addresses_pause_it_before_the_list_is_through(office: Office) -> None:
    for address in BUYERS[1:4]:
        office.couriers["wang"].fail("RCPT", "550 5.1.1 user unknown", recipient=address)
    office.enroll(*BUYERS[:4])
    office.tick()
    assert paused(office) == {
        "li": None,
        "wang": "3 of its last 4 mails went to dead addresses: look at where the list comes from",
    }
    office.enroll(*BUYERS[4:])
    office.run(MONDAY + timedelta(days=1), every=timedelta(hours=8))
    assert [one["To"].count("@") for one in office.received()] == [1]
    with office.engine.store.read() as tx:
        assert [one.kind for one in notices.due(tx, office.clock.now() + timedelta(days=9))] == ["paused"]


def test_what_came_before_it_was_resumed_says_nothing_any_more(office: Office) -> None:
    test_dead_addresses_pause_it_before_the_list_is_through(office)
    resume_mailboxes(office.engine.store, {"wang": "wang"}, ["wang"], office.clock.now())
    office.clock.advance(timedelta(minutes=1))
    office.couriers["wang"].fail("RCPT", "550 5.1.1 user unknown", recipient=BUYERS[4])
    office.run(MONDAY + timedelta(days=2), every=timedelta(hours=8))
    assert paused(office)["wang"] is None
    assert {row.state for row in office.rows() if row.step == "intro" and row.address in BUYERS[5:]} == {
        OutboxState.SENT
    }


def test_the_same_refusal_again_and_again_pauses_it(office: Office) -> None:
    office.couriers["wang"].fail("DATA", "554 5.7.1 this sender is blocked", times=99)
    office.enroll(*BUYERS)
    office.tick()
    assert "its last 5 mails were refused in the same words: 554" in (paused(office)["wang"] or "")


def test_complaints_pause_it_and_no_other(office: Office) -> None:
    office.enroll(*BUYERS[:5])
    office.tick()
    for mail in office.received()[:2]:
        office.mailboxes["wang"].append("INBOX", a_complaint(mail["Message-ID"], mail["To"]))
    office.tick()
    assert paused(office) == {
        "li": None,
        "wang": "2 of its last 5 mails were called spam: look at whom it writes to, and what",
    }


def a_complaint(message_id: str, to: str) -> bytes:
    """ARF (RFC 5965)."""
    return (
        "From: fbl@mail.example\r\nTo: wang@firm.example\r\nSubject: Abuse report\r\n"
        f"Message-ID: <fbl-{abs(hash(to))}@mail.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: abuse\r\nUser-Agent: fbl/1\r\nVersion: 1\r\nOriginal-Rcpt-To: {to}\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nTo: {to}\r\n"
        "From: wang@firm.example\r\nSubject: x\r\n\r\nhello\r\n--b--\r\n"
    ).encode()
