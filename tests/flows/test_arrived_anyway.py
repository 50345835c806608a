"""A person said what became of a message, and then it turns out otherwise: nothing leaves twice."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.enrollment import EnrollmentState, FinishReason
from sequencer.core.outbox import OutboxState
from sequencer.core.ports import Answer as Said
from sequencer.core.ports import Deferred, Outcome, Refused, Released, Sent, SmtpClass, Unsure
from sequencer.flows.resolve import Resolution, resolve
from sequencer.flows.settle import settle
from sequencer.flows.steer import choose, pause, resume
from sequencer.store.ledger import Attempt
from sequencer.store.restored import hold_back
from tests.flows.in_doubt import ANA, a_copy, an_answer, enrollment_of, office_in_doubt, row_of, told_of
from tests.flows.meddling_courier import MeddlingCourier
from tests.flows.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in_doubt(tmp_path, others=())


def a_person_says(office: Office, what: Resolution) -> None:
    resolve(office.engine, row_of(office), what, "wang")


def its_copy_appears(office: Office) -> None:
    office.mailboxes["wang"].append("Sent", a_copy(office))


def left(office: Office) -> int:
    """How often Ana's first message left."""
    headers = row_of(office).headers
    assert headers is not None
    raws = [b"".join(one.pieces) for one in office.couriers["wang"].received]
    return sum(f"Message-ID: {headers.message_id}".encode() in raw for raw in raws)


def test_a_resend_that_has_not_left_stays_when_the_first_copy_is_found(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    a_person_says(office, Resolution.RESEND)
    its_copy_appears(office)
    with caplog.at_level(logging.WARNING, "sequencer.mail"):
        office.run(office.clock.now() + timedelta(days=14))
    assert left(office) == 1
    assert [data["to"] for data in told_of(office, "resolved")] == ["ready", "sent"]
    assert [record.msg for record in caplog.records].count("arrived anyway") == 1
    assert enrollment_of(office).finish_reason is FinishReason.COMPLETED
    assert len(office.received()) == 3


def test_a_resend_stays_when_she_answers_the_first_copy(office: Office) -> None:
    a_person_says(office, Resolution.RESEND)
    office.mailboxes["wang"].append("INBOX", an_answer(office, "Please send a price list."))
    office.run(office.clock.now() + timedelta(days=14))
    assert left(office) == 1
    assert row_of(office).state is OutboxState.SENT
    assert enrollment_of(office).finish_reason is FinishReason.REPLIED


def test_a_resend_that_is_being_dialled_lets_go(office: Office) -> None:
    courier = office.couriers["wang"]
    assert isinstance(courier, MeddlingCourier)
    a_person_says(office, Resolution.RESEND)

    def another_mailbox_reads_it() -> None:
        office.mailboxes["li"].append("INBOX", an_answer(office, "Who are you?"))
        office.tick("li")

    courier.before_mark = another_mailbox_reads_it
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    assert left(office) == 1
    assert row_of(office).state is OutboxState.SENT


def test_a_resend_that_a_hold_cancelled_is_not_made_afresh(office: Office) -> None:
    a_person_says(office, Resolution.RESEND)
    pause(office.engine, choose(office.engine).enrollments)
    assert row_of(office).state is OutboxState.CANCELLED
    resume(office.engine, choose(office.engine).enrollments)
    its_copy_appears(office)
    office.run(office.clock.now() + timedelta(days=14))
    assert [row.state for row in office.rows()] == [OutboxState.SENT] * 3
    assert len(office.received()) == 3


def test_nor_when_it_stands_afresh_already(office: Office) -> None:
    a_person_says(office, Resolution.RESEND)
    pause(office.engine, choose(office.engine).enrollments)
    resume(office.engine, choose(office.engine).enrollments)
    office.clock.set(office.clock.now().replace(hour=20))  # her window is shut
    office.tick()
    assert [row.state for row in office.rows()] == [OutboxState.CANCELLED, OutboxState.READY]
    its_copy_appears(office)
    office.run(office.clock.now() + timedelta(days=14))
    first, afresh, *others = office.rows()
    assert (first.state, afresh.state) == (OutboxState.SENT, OutboxState.CANCELLED)
    assert [row.step for row in others] == ["offer", "last"]
    assert len(office.received()) == 3


def test_what_was_given_up_and_arrived_is_said_once_and_the_sequence_goes_on_as_it_was(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    a_person_says(office, Resolution.NOT_SENT)
    its_copy_appears(office)
    office.mailboxes["wang"].append("INBOX", an_answer(office, "I am away.", Auto_Submitted="auto-replied"))
    with caplog.at_level(logging.WARNING, "sequencer.mail"):
        for _hour in range(3):
            office.clock.advance(timedelta(hours=1))
            office.tick()
    assert row_of(office).state is OutboxState.REFUSED
    assert [data["by"] for data in told_of(office, "arrived_anyway")] == ["answer"]  # read before Sent
    assert [record.msg for record in caplog.records].count("arrived anyway") == 1
    assert enrollment_of(office).step == "offer"


def test_a_message_that_never_was_in_doubt_is_not_ended_by_a_citation(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.couriers["wang"].fail("DATA", "451 4.7.1 later")
    office.tick()
    assert row_of(office).state is OutboxState.DEFERRED
    headers = row_of(office).headers
    assert headers is not None
    copy = f"From: wang@firm.example\r\nTo: {ANA}\r\nMessage-ID: {headers.message_id}\r\n\r\nx\r\n"
    office.mailboxes["wang"].append("Sent", copy.encode())
    office.tick()
    assert row_of(office).state is OutboxState.DEFERRED


def test_what_left_after_the_backup_does_not_leave_again_from_the_restored_one(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.couriers["wang"].fail("DATA", "451 4.7.1 later")
    office.tick()
    assert row_of(office).state is OutboxState.DEFERRED  # thus it stands in the backup; then it left
    with office.engine.store.write() as tx:
        hold_back(tx, (), "restored", office.clock.now())
    headers = row_of(office).headers
    assert headers is not None
    copy = f"From: wang@firm.example\r\nTo: {ANA}\r\nMessage-ID: {headers.message_id}\r\n\r\nx\r\n"
    office.mailboxes["wang"].append("Sent", copy.encode())
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    assert row_of(office).state is OutboxState.SENT
    assert enrollment_of(office).step == "offer"


TAKEN = Sent(answer=Said(code=250, text="Ok", verb="CONTENT"), wire_id="<relay@x.example>")
REFUSED = Refused(answer=Said(code=550, enhanced="5.1.1", verb="CONTENT"), smtp_class=SmtpClass.DEAD)
LATER = Deferred(answer=Said(code=451, verb="CONTENT"), smtp_class=SmtpClass.SOFT)


def the_late_answer_is(office: Office, outcome: Outcome, row_attempt: str | None = None) -> None:
    row = row_of(office)
    attempt = Attempt(row=row, attempt_id=row_attempt or row.attempt_id or "", boot_id="b")
    settle(office.desk(), attempt, outcome, was_marked=True)


@pytest.mark.parametrize("outcome", [TAKEN, REFUSED, LATER, Unsure(cause="no answer")])
def test_what_evidence_proved_stays_sent_whatever_the_server_says_late(
    office: Office, outcome: Outcome
) -> None:
    its_copy_appears(office)
    office.tick()
    the_late_answer_is(office, outcome)
    row, enrollment = row_of(office), enrollment_of(office)
    assert row.state is OutboxState.SENT
    if outcome is TAKEN:
        assert row.wire_id == "<relay@x.example>"
        assert told_of(office, "answered_late") == [{"state": "sent", "code": 250}]
    if outcome is REFUSED:
        assert enrollment.finish_reason is FinishReason.BOUNCED
    else:
        assert (enrollment.state, enrollment.step) == (EnrollmentState.ACTIVE, "offer")


def test_a_late_yes_ends_a_resend_that_a_person_ordered_meanwhile(office: Office) -> None:
    a_person_says(office, Resolution.RESEND)
    the_late_answer_is(office, TAKEN)
    row = row_of(office)
    assert (row.state, row.sent_at) == (OutboxState.SENT, row.sending_at)
    office.run(office.clock.now() + timedelta(days=14))
    assert left(office) == 1
    assert len(office.received()) == 3


def test_a_late_yes_ends_it_even_while_it_is_being_dialled(office: Office) -> None:
    courier = office.couriers["wang"]
    assert isinstance(courier, MeddlingCourier)
    first = row_of(office).attempt_id
    a_person_says(office, Resolution.RESEND)
    courier.before_mark = lambda: the_late_answer_is(office, TAKEN, first)
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    assert left(office) == 1
    assert row_of(office).state is OutboxState.SENT


def test_a_late_no_to_a_message_ordered_again_is_its_end(office: Office) -> None:
    a_person_says(office, Resolution.RESEND)
    the_late_answer_is(office, REFUSED)
    assert row_of(office).state is OutboxState.REFUSED
    assert enrollment_of(office).finish_reason is FinishReason.BOUNCED
    office.run(office.clock.now() + timedelta(days=2))
    assert left(office) == 1


@pytest.mark.parametrize("outcome", [LATER, Unsure(cause="no answer"), Released()])
def test_a_late_answer_that_says_nothing_leaves_the_persons_word(office: Office, outcome: Outcome) -> None:
    a_person_says(office, Resolution.RESEND)
    the_late_answer_is(office, outcome)
    assert row_of(office).state is OutboxState.READY


def test_a_late_yes_to_what_was_given_up_is_said(office: Office) -> None:
    a_person_says(office, Resolution.NOT_SENT)
    for _time in range(2):
        the_late_answer_is(office, TAKEN)
    assert row_of(office).state is OutboxState.REFUSED
    assert told_of(office, "arrived_anyway") == [{"by": "late_answer"}]
