"""A mail group runs by itself, stops at an answer, and sends nothing it shouldn't."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from sequencer.core.enrollment import EnrollmentState, FinishReason, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.core.ports import ReadFailure
from sequencer.store import contacts, mailboxes, suppressions
from tests.flows.office import MONDAY, Office

ANA, BEN = "ana@luso.example", "ben@muster.example"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.add_contact(BEN, company="Muster GmbH", first_name="Ben", name="Ben Muster")
    return office


def test_three_steps_leave_at_their_times_in_one_thread(office: Office) -> None:
    office.enroll(ANA)
    office.run(MONDAY + timedelta(days=14))
    intro, offer, last = office.received()
    assert intro["Subject"] == "Torque wrenches for Luso Tools Lda"
    assert offer["Subject"] == last["Subject"] == "Re: Torque wrenches for Luso Tools Lda"
    assert last["References"] == f"{intro['Message-ID']} {offer['Message-ID']}"
    assert last["In-Reply-To"] == offer["Message-ID"]
    sent = [row.sent_at for row in office.rows()]
    assert [at.date().isoformat() for at in sent if at] == ["2026-03-02", "2026-03-05", "2026-03-12"]
    [enrollment] = office.enrollments()
    assert enrollment.finish_reason is FinishReason.COMPLETED


def test_an_answer_stops_the_follow_ups_and_moves_the_stage(office: Office) -> None:
    office.enroll(ANA, BEN)
    office.tick()
    to_ana = next(mail for mail in office.received() if ANA in mail["To"])
    office.answer(to_ana, "Thank you, please send a price list.")
    office.run(MONDAY + timedelta(days=14))
    assert [mail["To"] for mail in office.received()].count(to_ana["To"]) == 1
    assert len(office.received()) == 4
    ana, ben = office.enrollments()
    assert (ana.finish_reason, ben.finish_reason) == (FinishReason.REPLIED, FinishReason.COMPLETED)
    with office.engine.store.read() as tx:
        contact = contacts.contact_at(tx, ANA)
    assert contact is not None
    assert contact.stage == "conversation"
    assert office.answers()[-1].kind == "reply"


def test_an_answer_that_arrives_between_prepare_and_delivery_stops_the_prepared_message(
    office: Office,
) -> None:
    office.enroll(ANA)
    office.tick()
    office.clock.set(MONDAY + timedelta(days=2, hours=12))
    office.tick()
    assert office.rows()[1].state is OutboxState.READY
    office.answer(office.received()[0], "Please call me.")
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    office.tick()
    assert len(office.received()) == 1
    assert office.rows()[1].state is OutboxState.CANCELLED


def test_a_follow_up_waits_while_the_inbox_cannot_be_read(office: Office) -> None:
    office.enroll(ANA)
    office.tick()
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    office.readers["wang"].failures = [ReadFailure("wang: 127.0.0.1:2143 does not answer")] * 3
    ticked = office.tick()
    assert not ticked.is_read_ok
    assert len(office.received()) == 1
    assert "inbox of wang unread since" in office.rows()[1].reason
    office.clock.advance(timedelta(minutes=5))
    office.readers["wang"].failures = []
    office.tick()
    assert len(office.received()) == 2


def test_a_wrong_password_is_not_tried_again_at_every_poll(office: Office) -> None:
    reader = office.readers["wang"]
    reader.failures = [ReadFailure("wang: the password was refused", is_lasting=True)]
    for _ in range(5):
        assert not office.tick().is_read_ok
        office.clock.advance(timedelta(minutes=1))
    assert len(reader.reads) == 1
    office.clock.advance(timedelta(minutes=10))
    assert office.tick().is_read_ok
    assert len(reader.reads) == 2


def test_a_first_message_leaves_although_the_inbox_cannot_be_read(office: Office) -> None:
    office.enroll(ANA)
    office.readers["wang"].failures = [ReadFailure("wang: no answer")]
    office.tick()
    assert len(office.received()) == 1


def test_a_follow_up_waits_for_every_mailbox_that_wrote_to_the_contact(office: Office) -> None:
    office.enroll(ANA)
    office.tick()
    with office.engine.store.write() as tx:
        contact = contacts.contact_at(tx, ANA)
        assert contact is not None
        mailboxes.read_failed(tx, "li", "down", office.clock.now())
        tx.exec_driver_sql("UPDATE outbox SET mailbox = 'li'")
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    office.tick()
    assert len(office.received()) == 1
    assert office.wanted[-1] == "li"
    office.clock.advance(timedelta(seconds=40))
    office.tick("li")
    office.tick()
    assert len(office.received()) == 2


def test_an_out_of_office_only_delays(office: Office) -> None:
    office.enroll(ANA)
    office.tick()
    intro = office.received()[0]
    raw = (
        f"From: {ANA}\r\nTo: wang@firm.example\r\nSubject: Automatic reply: wrenches\r\n"
        "Auto-Submitted: auto-replied\r\n"
        f"Message-ID: <ooo@luso.example>\r\nIn-Reply-To: {intro['Message-ID']}\r\n\r\n"
        "I am out of the office until 16 March 2026.\r\n"
    )
    office.mailboxes["wang"].append("INBOX", raw.encode())
    office.tick()
    [enrollment] = office.enrollments()
    assert enrollment.state is EnrollmentState.HELD
    assert enrollment.hold is not None
    assert enrollment.hold.reason is HoldReason.OUT_OF_OFFICE
    office.run(MONDAY + timedelta(days=30))
    assert len(office.received()) == 3
    second = office.rows()[1].sent_at or office.rows()[2].sent_at
    assert second is not None
    assert second.date().isoformat() >= "2026-03-17"


def test_a_dead_address_finishes_and_is_suppressed(office: Office) -> None:
    office.enroll(ANA)
    office.couriers["wang"].fail("RCPT", "550 5.1.1 user unknown")
    office.tick()
    [enrollment] = office.enrollments()
    assert enrollment.finish_reason is FinishReason.BOUNCED
    assert office.rows()[0].state is OutboxState.REFUSED
    with office.engine.store.read() as tx:
        assert suppressions.is_suppressed(tx, ANA) is not None


def test_a_full_mailbox_holds_seven_days_then_the_next_step_goes(office: Office) -> None:
    office.enroll(ANA)
    office.couriers["wang"].fail("RCPT", "552 5.2.2 mailbox full")
    office.tick()
    [enrollment] = office.enrollments()
    assert (enrollment.step, enrollment.state) == ("offer", EnrollmentState.HELD)
    office.run(MONDAY + timedelta(days=8))
    assert len(office.received()) == 1


def test_a_second_full_mailbox_in_a_row_holds_for_a_person(office: Office) -> None:
    office.enroll(ANA)
    office.couriers["wang"].fail("RCPT", "552 5.2.2 mailbox full", times=2)
    office.run(MONDAY + timedelta(days=14))
    [enrollment] = office.enrollments()
    assert office.received() == []
    assert enrollment.hold is not None
    assert (enrollment.hold.reason, enrollment.hold.until) == (HoldReason.SOFT_BOUNCE, None)


def test_a_full_mailbox_that_is_emptied_in_between_counts_anew(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.couriers["wang"].fail("RCPT", "552 5.2.2 mailbox full")
    office.run(MONDAY + timedelta(days=8))
    assert len(office.received()) == 1
    office.couriers["wang"].fail("RCPT", "552 5.2.2 mailbox full")
    office.run(MONDAY + timedelta(days=16))
    [enrollment] = office.enrollments()
    assert enrollment.finish_reason is FinishReason.COMPLETED


def test_greylisting_is_tried_again_with_the_same_bytes(office: Office) -> None:
    office.enroll(ANA)
    office.couriers["wang"].fail("RCPT", "451 4.7.1 greylisted, come back")
    office.tick()
    [row] = office.rows()
    assert row.state is OutboxState.DEFERRED
    minted = row.headers
    office.clock.advance(timedelta(minutes=10))
    office.tick()
    assert office.rows()[0].state is OutboxState.SENT
    assert office.rows()[0].headers == minted


def test_a_lost_answer_to_the_final_dot_is_unsure_and_never_sent_again(office: Office) -> None:
    office.enroll(ANA)
    office.couriers["wang"].fail("DOT", "drop", is_kept=True)
    office.run(MONDAY + timedelta(days=10))
    assert len(office.received()) == 1
    assert office.rows()[0].state is OutboxState.UNSURE
    [enrollment] = office.enrollments()
    assert enrollment.hold is not None
    assert (enrollment.hold.reason, enrollment.hold.until) == (HoldReason.UNSURE, None)


def test_a_refused_password_pauses_the_mailbox_and_keeps_the_message(office: Office) -> None:
    office.enroll(ANA)
    office.couriers["wang"].fail("MAIL", "535 5.7.8 authentication failed")
    office.tick()
    assert office.rows()[0].state is OutboxState.READY
    with office.engine.store.read() as tx:
        [_li, wang] = mailboxes.statuses(tx)
    assert wang.paused_at is not None
    office.clock.advance(timedelta(hours=2))
    office.tick()
    assert office.received() == []


def test_the_rehearsal_list_keeps_everyone_else_waiting(office: Office) -> None:
    office.with_only_to("*@muster.example")
    office.enroll(ANA, BEN)
    office.tick()
    assert [mail["To"] for mail in office.received()] == [f"Ben Muster <{BEN}>"]
    assert "rehearsal" in office.rows()[0].reason


def test_a_suppression_added_after_preparing_stops_the_message(office: Office) -> None:
    office.enroll(ANA)
    office.clock.set(MONDAY - timedelta(0))
    with office.engine.store.write() as tx:
        new = suppressions.NewSuppression(pattern="*@luso.example", reason="competitor")
        suppressions.add_suppressions(tx, [new], office.clock.now())
    office.tick()
    assert office.received() == []
    assert office.enrollments()[0].finish_reason is FinishReason.STOPPED


def test_nothing_leaves_outside_the_window(office: Office) -> None:
    office.clock.set(MONDAY + timedelta(hours=10))
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=20))
    assert office.received() == []
    office.run(MONDAY + timedelta(days=1, hours=4))
    assert len(office.received()) == 1


def test_the_gap_and_the_cap_pace_a_mailbox(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", gap="10m", cap=3)
    addresses = [f"buyer{n}@firm{n}.example" for n in range(6)]
    for address in addresses:
        office.add_contact(address)
    office.enroll(*addresses)
    office.run(MONDAY + timedelta(hours=8), every=timedelta(minutes=1))
    times = sorted(row.sent_at for row in office.rows() if row.sent_at)
    assert len(times) == 3
    assert min(b - a for a, b in pairwise(times)) >= timedelta(minutes=10)
    office.run(MONDAY + timedelta(days=1, hours=2), every=timedelta(minutes=5))
    assert len(office.received()) == 6


def test_mail_that_matches_nobody_leaves_no_personal_trace(office: Office) -> None:
    head = b"From: stranger@elsewhere.example\r\nSubject: secret plans\r\n"
    raw = head + b"Message-ID: <x@y.example>\r\n\r\nhello\r\n"
    office.enroll(ANA)
    office.tick()
    office.mailboxes["wang"].append("INBOX", raw)
    office.tick()
    [answer] = office.answers()
    assert (answer.from_address, answer.subject, answer.own_text, answer.message_id) == (None,) * 4
    database = office.engine.workspace.database
    files = [database, database.with_name(database.name + "-wal")]
    assert not any(b"secret plans" in file.read_bytes() for file in files)


def test_an_unsubscribe_suppresses_everywhere(office: Office) -> None:
    office.enroll(ANA)
    office.tick()
    office.answer(office.received()[0], "Please remove me from your list.")
    office.tick()
    assert office.enrollments()[0].finish_reason is FinishReason.OPTED_OUT
    [refused] = office.plan(ANA).refused
    assert "suppressed" in refused.reason


def test_the_reps_own_copy_in_sent_is_not_an_answer(office: Office) -> None:
    office.enroll(ANA)
    office.tick()
    office.mailboxes["wang"].append("Sent", b"".join(office.couriers["wang"].received[0].pieces))
    office.tick()
    assert office.answers()[0].kind == "own_copy"
    assert office.enrollments()[0].state is EnrollmentState.ACTIVE


def test_a_sent_copy_with_an_id_of_the_relays_own_is_still_ours(office: Office) -> None:
    office.enroll(ANA)
    office.tick()
    raw = b"".join(office.couriers["wang"].received[0].pieces)
    own_id = office.received()[0]["Message-ID"].encode()
    office.mailboxes["wang"].append("Sent", raw.replace(own_id, b"<0101@relay.example>"))
    office.tick()
    assert office.answers()[0].kind == "own_copy"
    assert office.rows()[0].wire_id == "<0101@relay.example>"


def test_the_reps_own_hand_written_mail_takes_the_contact_over(office: Office) -> None:
    office.enroll(ANA)
    office.tick()
    office.clock.advance(timedelta(hours=3))
    head = f"From: wang@firm.example\r\nTo: {ANA}\r\nSubject: our call\r\n"
    raw = head + "Message-ID: <h@firm.example>\r\n\r\nhi\r\n"
    office.mailboxes["wang"].append("Sent", raw.encode())
    office.tick()
    assert office.enrollments()[0].finish_reason is FinishReason.TAKEN_OVER
