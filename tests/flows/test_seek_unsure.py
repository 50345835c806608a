"""A message that may have left or not is looked for, and found by its copy, its bounce or its answer."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from sequencer.core.enrollment import EnrollmentState, FinishReason, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.core.ports import ReadFailure
from sequencer.store import schema, suppressions
from sequencer.testing import DROP, FakeMailbox, RecordingSentHeads
from tests.flows.in_doubt import (
    ANA,
    BEN,
    a_bounce,
    a_copy,
    an_answer,
    enrollment_of,
    office_in_doubt,
    row_of,
    told_of,
)
from tests.flows.meddling_courier import MeddlingCourier
from tests.flows.office import Office
from tests.flows.post_office import WANG, post_office
from tests.servers.provider import Files


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in_doubt(tmp_path)


@pytest.fixture
def hidden(office: Office) -> FakeMailbox:
    """Where the reader never looks: Sent stands in `ignore_folders`."""
    mailbox = FakeMailbox(office.clock)
    office.heads["wang"] = RecordingSentHeads(mailbox)
    return mailbox


def later(office: Office, **time: float) -> None:
    office.clock.advance(timedelta(**time))
    office.tick()


def assert_goes_on(office: Office, by: str) -> None:
    """It counts as sent when it left, nobody is held, and the rest of the sequence leaves once each."""
    row, enrollment = row_of(office), enrollment_of(office)
    assert (row.state, row.sent_at) == (OutboxState.SENT, row.sending_at)
    assert [data["by"] for data in told_of(office, "resolved")] == [by]
    assert (enrollment.state, enrollment.hold, enrollment.step) == (EnrollmentState.ACTIVE, None, "offer")
    office.run(office.clock.now() + timedelta(days=21))
    recipients = [sent.recipient for sent in office.couriers["wang"].received]
    assert recipients.count(ANA) == 3
    assert enrollment_of(office).finish_reason is FinishReason.COMPLETED


def test_its_copy_read_in_sent_proves_it(office: Office) -> None:
    uid = office.mailboxes["wang"].append("Sent", a_copy(office))
    later(office, minutes=1)
    assert told_of(office, "resolved") == [{"to": "sent", "by": "sent_copy", "folder": "Sent", "uid": uid}]
    assert row_of(office).reason == "found in Sent"
    assert_goes_on(office, "sent_copy")


def test_its_copy_is_found_where_mail_is_never_read(office: Office, hidden: FakeMailbox) -> None:
    uid = hidden.append("Sent", a_copy(office))
    later(office, minutes=1)
    assert told_of(office, "resolved") == [{"to": "sent", "by": "sent_copy", "folder": "Sent", "uid": uid}]
    assert_goes_on(office, "sent_copy")


def test_a_copy_under_a_relays_id_is_found_by_what_it_says(office: Office, hidden: FakeMailbox) -> None:
    hidden.append("Sent", a_copy(office, message_id="<other@x.example>", text="Not ours at all."))
    hidden.append("Sent", a_copy(office, message_id="<relay@x.example>"))
    later(office, minutes=1)
    assert row_of(office).wire_id == "<relay@x.example>"
    assert_goes_on(office, "sent_copy")


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "I write to you myself."},
        {"text": "Hello Ana,\r\n\r\nwe make wrenches.", "to": BEN},
        {"text": "Hello Ana,\r\n\r\nwe make wrenches.", "subject": "Something else"},
    ],
)
def test_what_only_resembles_it_proves_nothing(
    office: Office, hidden: FakeMailbox, changed: dict[str, str]
) -> None:
    hidden.append("Sent", a_copy(office, message_id="<other@x.example>", **changed))
    later(office, minutes=1)
    assert row_of(office).state is OutboxState.UNSURE


def test_the_copy_of_another_message_of_ours_is_not_taken_for_it(office: Office, hidden: FakeMailbox) -> None:
    ben = row_of(office, BEN).headers
    assert ben is not None
    hidden.append("Sent", a_copy(office, message_id=ben.message_id))
    later(office, minutes=1)
    assert row_of(office).state is OutboxState.UNSURE


def test_it_is_looked_for_at_once_and_a_few_times_later_and_then_left_to_a_person(
    office: Office, hidden: FakeMailbox
) -> None:
    began = office.clock.now()
    looks = []
    for minute in range(3 * 24 * 60):
        office.clock.advance(timedelta(minutes=1))
        before = len(office.heads["wang"].looks)
        if minute < 20 or minute % 60 == 0:
            office.tick()
        if len(office.heads["wang"].looks) > before:
            looks.append(office.clock.now() - began)
    assert [round(look.total_seconds() / 60) for look in looks] == [1, 3, 15, 121, 1441]
    row, ana, ben = row_of(office), enrollment_of(office), enrollment_of(office, BEN)
    assert row.state is OutboxState.UNSURE
    assert ana.hold is not None
    assert ana.hold.reason is HoldReason.UNSURE
    assert ben.step != "intro"  # only hers waits
    office.seeking.clear()  # a restart
    later(office, minutes=1)
    assert len(office.heads["wang"].looks) == 6


def test_the_next_tick_comes_when_it_is_to_be_looked_for(office: Office, hidden: FakeMailbox) -> None:
    office.clock.advance(timedelta(minutes=1))
    ticked = office.tick()
    assert ticked.next_at == office.clock.now() + timedelta(minutes=2)


def test_a_look_that_fails_says_nothing_and_is_made_again(office: Office, hidden: FakeMailbox) -> None:
    office.heads["wang"].failures = [ReadFailure("wang: 127.0.0.1: no answer")] * 3
    for _try in range(3):
        later(office, minutes=3)
    assert row_of(office).state is OutboxState.UNSURE
    hidden.append("Sent", a_copy(office), office.clock.now() - timedelta(minutes=9))
    later(office, minutes=3)
    assert row_of(office).state is OutboxState.SENT


def test_nothing_is_looked_through_while_the_mailbox_cannot_be_read(
    office: Office, hidden: FakeMailbox
) -> None:
    office.readers["wang"].failures = [ReadFailure("wang: wrong password", is_lasting=True)]
    later(office, minutes=1)
    assert office.heads["wang"].looks == []


def test_without_doubt_nothing_is_looked_through(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.run(office.clock.now() + timedelta(days=3))
    assert office.heads["wang"].looks == []


def test_the_mailbox_that_reads_for_another_looks_for_its_messages_too(office: Office) -> None:
    [wang, li] = office.engine.config.mailboxes
    office.reconfigure(mailboxes=(replace(wang, imap=None, replies_in="li"), li))
    hidden = FakeMailbox(office.clock)
    office.heads["li"] = RecordingSentHeads(hidden)
    uid = hidden.append("Sent", a_copy(office))
    office.clock.advance(timedelta(minutes=1))
    office.tick("li")
    assert told_of(office, "resolved")[0] == {
        "to": "sent",
        "by": "sent_copy",
        "folder": "Sent",
        "uid": uid,
    }


def test_a_bounce_of_it_proves_it_and_does_what_a_bounce_does(office: Office) -> None:
    office.mailboxes["wang"].append("INBOX", a_bounce(office))
    later(office, minutes=1)
    assert row_of(office).state is OutboxState.SENT
    assert [data["by"] for data in told_of(office, "resolved")] == ["bounce"]
    assert enrollment_of(office).finish_reason is FinishReason.BOUNCED
    with office.engine.store.read() as tx:
        assert suppressions.is_suppressed(tx, ANA) is not None


def test_a_full_mailbox_proves_it_and_holds_for_a_week(office: Office) -> None:
    office.mailboxes["wang"].append("INBOX", a_bounce(office, "5.2.2"))
    later(office, minutes=1)
    enrollment = enrollment_of(office)
    assert row_of(office).state is OutboxState.SENT
    assert enrollment.hold is not None
    assert (enrollment.hold.reason, enrollment.hold.until is None) == (HoldReason.SOFT_BOUNCE, False)


def test_a_report_of_a_delay_proves_it(office: Office) -> None:
    office.mailboxes["wang"].append("INBOX", a_bounce(office, "4.4.1"))
    later(office, minutes=1)
    assert_goes_on(office, "bounce")


def test_a_receipt_proves_it(office: Office) -> None:
    headers = row_of(office).headers
    assert headers is not None
    receipt = (
        f"From: {ANA}\r\nTo: wang@firm.example\r\nSubject: Read: it\r\nMessage-ID: <mdn@luso.example>\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail was displayed.\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Final-Recipient: rfc822; {ANA}\r\nOriginal-Message-ID: {headers.message_id}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n"
    )
    office.mailboxes["wang"].append("INBOX", receipt.encode())
    later(office, minutes=1)
    assert_goes_on(office, "receipt")


def test_an_answer_proves_it_and_ends_the_sequence(office: Office) -> None:
    office.mailboxes["wang"].append("INBOX", an_answer(office, "Please send a price list."))
    later(office, minutes=1)
    assert row_of(office).state is OutboxState.SENT
    assert enrollment_of(office).finish_reason is FinishReason.REPLIED


def test_an_auto_reply_proves_it_and_holds_until_the_return(office: Office) -> None:
    absent = an_answer(office, "I am out of the office until 20 March 2026.", Auto_Submitted="auto-replied")
    office.mailboxes["wang"].append("INBOX", absent)
    later(office, minutes=1)
    hold = enrollment_of(office).hold
    assert row_of(office).state is OutboxState.SENT
    assert hold is not None
    assert hold.reason is HoldReason.OUT_OF_OFFICE


def test_a_report_that_names_only_the_address_proves_nothing(office: Office) -> None:
    office.mailboxes["wang"].append("INBOX", a_bounce(office, cites=""))
    later(office, minutes=1)
    assert row_of(office).state is OutboxState.UNSURE


def test_an_answer_to_an_older_message_proves_nothing_of_the_newer(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    office.couriers["wang"] = MeddlingCourier()
    office.add_contact(ANA)
    office.enroll(ANA)
    office.tick()
    [intro] = office.received()
    office.couriers["wang"].fail("DOT", DROP, recipient=ANA)
    office.run(office.clock.now() + timedelta(days=4))
    assert office.rows()[1].state is OutboxState.UNSURE
    office.answer(intro, "Who are you?")
    later(office, minutes=1)
    assert office.rows()[1].state is OutboxState.UNSURE


def test_an_answer_that_another_mailbox_read_while_it_was_leaving_is_remembered(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    courier = office.couriers["wang"] = MeddlingCourier()
    office.add_contact(ANA)
    office.enroll(ANA)

    def she_answers_to_li() -> None:
        office.mailboxes["li"].append("INBOX", a_bounce(office, "4.4.1"))
        office.tick("li")

    courier.after_content = she_answers_to_li
    courier.fail("DOT", DROP, is_kept=True)
    office.tick()
    courier.after_content = lambda: None
    assert row_of(office).state is OutboxState.UNSURE
    later(office, minutes=1)
    [data] = told_of(office, "resolved")
    assert (data["by"], "inbox_id" in data) == ("bounce", True)
    assert_goes_on(office, "bounce")


def test_a_hold_of_a_persons_stays_when_the_doubt_ends(office: Office) -> None:
    with office.engine.store.write() as tx:
        tx.execute(update(schema.enrollments).values(hold_reason="paused", state="held"))
    office.mailboxes["wang"].append("Sent", a_copy(office))
    later(office, minutes=1)
    hold = enrollment_of(office).hold
    assert row_of(office).state is OutboxState.SENT
    assert hold is not None
    assert hold.reason is HoldReason.PAUSED


def test_a_sequence_that_cannot_go_on_waits_for_a_person_and_the_proof_stands(office: Office) -> None:
    windows = tuple(one for one in office.engine.config.windows if one.name != "buyer")
    office.reconfigure(windows=windows)
    office.mailboxes["wang"].append("Sent", a_copy(office))
    later(office, minutes=1)
    hold = enrollment_of(office).hold
    assert row_of(office).state is OutboxState.SENT
    assert hold is not None
    assert hold.reason is HoldReason.RENDER_FAILED
    assert "window" in hold.note


def test_no_notice_is_told_of_a_doubt_that_ended(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "sequencer.mail"):
        office.mailboxes["wang"].append("Sent", a_copy(office))
        later(office, minutes=1)
    assert [record.levelname for record in caplog.records if record.msg == "proved sent"] == ["INFO"]


def test_over_the_wire_a_copy_in_an_ignored_sent_folder_is_found(tmp_path: Path) -> None:
    with post_office(tmp_path, files=Files.AT_ONCE, ignore_folders=("Sent",)) as post:
        post.host.is_cut_at_dot = True
        post.office.add_contact(ANA)
        post.office.enroll(ANA)
        post.tick()
        assert row_of(post.office).state is OutboxState.UNSURE
        post.tick(minutes=1)
        assert [data["by"] for data in told_of(post.office, "resolved")] == ["sent_copy"]
        assert len(post.sent) == 1


def test_nothing_is_put_into_sent_while_a_message_is_in_doubt(tmp_path: Path) -> None:
    with post_office(tmp_path, save_sent="always") as post:
        post.host.is_cut_at_dot = True
        post.office.add_contact(ANA)
        post.office.enroll(ANA)
        for _hour in range(30):
            post.tick(hours=1)
        assert row_of(post.office).state is OutboxState.UNSURE
        assert post.host.imap.messages(WANG, "Sent") == []
