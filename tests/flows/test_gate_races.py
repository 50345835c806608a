"""What happens while a message is on its way: before the mark nothing leaves, after it the rest ends."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.enrollment import EnrollmentState, FinishReason, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.flows.edit_contact import Edit, edit_contact
from sequencer.flows.pause_mailboxes import pause_mailboxes
from sequencer.flows.read import read_mailbox
from sequencer.flows.steer import choose, pause, stop
from sequencer.flows.suppress import suppress
from sequencer.flows.tick import take, tick
from sequencer.store import contacts
from sequencer.testing import DROP
from tests.flows.meddling_courier import MeddlingCourier, nothing
from tests.flows.office import MONDAY, Office

ANA = "ana@luso.example"
Happening = Callable[[Office], None]


@pytest.fixture
def courier() -> MeddlingCourier:
    return MeddlingCourier()


@pytest.fixture(params=[True, False], ids=["in_batches", "one_by_one"])
def office(tmp_path: Path, courier: MeddlingCourier, request: pytest.FixtureRequest) -> Office:
    """Ana was written to once; her second message is prepared and due."""
    office = Office(tmp_path / "ws", in_batches=request.param)
    office.couriers["wang"] = courier
    office.add_contact(ANA)
    office.enroll(ANA)
    office.tick()
    office.clock.set(MONDAY + timedelta(days=2, hours=12))
    office.tick()
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    return office


def she_answers(office: Office, text: str = "Please call me.") -> None:
    office.answer(office.received()[0], text)
    mailbox = office.engine.config.mailbox("wang")
    assert mailbox is not None
    read_mailbox(office.engine, mailbox, office.readers["wang"])


def she_unsubscribes(office: Office) -> None:
    she_answers(office, "Please remove me from your list.")


def it_is_paused(office: Office) -> None:
    pause(office.engine, choose(office.engine).enrollments)


def it_is_stopped(office: Office) -> None:
    stop(office.engine, choose(office.engine).enrollments, FinishReason.STOPPED, "wang")


def edit(office: Office, change: Edit) -> None:
    reps, now = frozenset({"wang", "li"}), office.clock.now()
    edit_contact(office.engine.store, ANA, change, reps=reps, country_code=lambda _word: None, now=now)


def her_address_changes(office: Office) -> None:
    edit(office, Edit(address="ana.nova@luso.example"))


def her_owner_changes(office: Office) -> None:
    edit(office, Edit(owner="li"))


def her_address_is_suppressed(office: Office) -> None:
    suppress(office.engine.store, [ANA], clock=office.clock)


def her_company_is_suppressed(office: Office) -> None:
    suppress(office.engine.store, ["*@luso.example"], clock=office.clock)


def the_mailbox_is_paused(office: Office) -> None:
    pause_mailboxes(office.engine.store, {"wang": "wang"}, ["wang"], "stop it", office.clock.now())


def the_reading_gets_old(office: Office) -> None:
    office.clock.advance(timedelta(seconds=61))


CANCELLED, READY = OutboxState.CANCELLED, OutboxState.READY
RACES = [
    (she_answers, CANCELLED, "finished: replied"),
    (she_unsubscribes, CANCELLED, "finished: opted_out"),
    (it_is_paused, CANCELLED, "held: paused"),
    (it_is_stopped, CANCELLED, "finished: stopped"),
    (her_address_changes, CANCELLED, "address changed"),
    (her_owner_changes, READY, "the contact belongs to another rep"),
    (her_address_is_suppressed, READY, "the address is suppressed"),
    (her_company_is_suppressed, READY, "the address is suppressed"),
    (the_mailbox_is_paused, READY, "the mailbox is paused"),
    (the_reading_gets_old, READY, "inbox of wang unread since 2026-03-05 10:30Z"),
]


@pytest.mark.parametrize(("happens", "state", "reason"), RACES, ids=[race[0].__name__ for race in RACES])
def test_what_closes_between_claim_and_mark_keeps_the_message_back_and_its_row_says_why(
    office: Office, courier: MeddlingCourier, happens: Happening, state: OutboxState, reason: str
) -> None:
    courier.before_mark = lambda: happens(office)
    office.tick()
    row = office.rows()[1]
    assert (len(courier.received), courier.attempts) == (1, 2)
    assert (row.state, row.reason) == (state, reason)
    assert row.sending_at is None


@pytest.mark.parametrize("happens", [race[0] for race in RACES[:8]])
def test_what_was_kept_back_for_good_stays_back(
    office: Office, courier: MeddlingCourier, happens: Happening
) -> None:
    courier.before_mark = lambda: happens(office)
    office.tick()
    courier.before_mark = nothing
    office.clock.advance(timedelta(hours=1))
    office.tick()
    to_her = [sent.recipient for sent in courier.received].count(ANA)
    assert to_her == 1


def test_a_released_message_leaves_once_the_gate_is_open_again(
    office: Office, courier: MeddlingCourier
) -> None:
    courier.before_mark = lambda: the_reading_gets_old(office)
    office.tick()
    courier.before_mark = nothing
    office.tick()
    assert office.rows()[1].state is OutboxState.SENT


def test_a_stop_between_claim_and_mark_releases_the_message(office: Office, courier: MeddlingCourier) -> None:
    desk = office.desk()
    courier.before_mark = desk.stop.set
    tick(desk)
    assert (office.rows()[1].state, office.rows()[1].reason) == (READY, "the program is stopping")
    assert len(courier.received) == 1


AFTER = [
    (she_answers, EnrollmentState.FINISHED, FinishReason.REPLIED),
    (she_unsubscribes, EnrollmentState.FINISHED, FinishReason.OPTED_OUT),
    (it_is_stopped, EnrollmentState.FINISHED, FinishReason.STOPPED),
    (it_is_paused, EnrollmentState.HELD, None),
]


@pytest.mark.parametrize(("happens", "state", "reason"), AFTER, ids=[one[0].__name__ for one in AFTER])
def test_what_comes_while_the_content_leaves_lets_it_count_as_sent_and_ends_the_rest(
    office: Office,
    courier: MeddlingCourier,
    happens: Happening,
    state: EnrollmentState,
    reason: FinishReason | None,
) -> None:
    courier.after_content = lambda: happens(office)
    office.tick()
    courier.after_content = nothing
    [enrollment] = office.enrollments()
    assert office.rows()[1].state is OutboxState.SENT
    assert (enrollment.state, enrollment.finish_reason) == (state, reason)
    office.run(MONDAY + timedelta(days=20))
    assert len(courier.received) == 2


def test_an_address_edited_while_the_content_leaves_resends_no_step(
    office: Office, courier: MeddlingCourier
) -> None:
    courier.after_content = lambda: her_address_changes(office)
    office.tick()
    courier.after_content = nothing
    office.run(MONDAY + timedelta(days=20))
    assert [row.step for row in office.rows() if row.state is OutboxState.SENT] == ["intro", "offer", "last"]
    assert [sent.recipient for sent in courier.received] == [ANA, ANA, "ana.nova@luso.example"]


def test_a_mailbox_paused_while_the_content_leaves_still_learns_that_it_was_sent(
    office: Office, courier: MeddlingCourier
) -> None:
    courier.after_content = lambda: the_mailbox_is_paused(office)
    office.tick()
    assert office.rows()[1].state is OutboxState.SENT
    [enrollment] = office.enrollments()
    assert enrollment.step == "last"


def test_a_late_answer_of_the_worker_that_dialled_ends_the_hold_for_its_unsure_message(
    office: Office, courier: MeddlingCourier
) -> None:
    courier.after_content = lambda: take(office.desk())
    office.tick()
    courier.after_content = nothing
    [enrollment] = office.enrollments()
    assert office.rows()[1].state is OutboxState.SENT
    assert (enrollment.state, enrollment.step) == (EnrollmentState.ACTIVE, "last")
    office.run(MONDAY + timedelta(days=20))
    assert len(courier.received) == 3


def test_a_late_refusal_of_a_message_taken_for_lost_is_a_bounce(
    office: Office, courier: MeddlingCourier
) -> None:
    courier.fail("DOT", "550 5.1.1 no such user")
    courier.after_content = lambda: take(office.desk())
    office.tick()
    [enrollment] = office.enrollments()
    assert office.rows()[1].state is OutboxState.REFUSED
    assert enrollment.finish_reason is FinishReason.BOUNCED


def test_a_worker_that_never_learns_finds_its_message_unsure_already(
    office: Office, courier: MeddlingCourier
) -> None:
    courier.fail("DOT", DROP)
    courier.after_content = lambda: take(office.desk())
    office.tick()
    [enrollment] = office.enrollments()
    assert office.rows()[1].state is OutboxState.UNSURE
    assert enrollment.hold is not None
    assert enrollment.hold.reason is HoldReason.UNSURE


def test_another_mail_of_hers_in_the_last_second_before_the_mark_is_seen_by_the_next_reading(
    office: Office, courier: MeddlingCourier
) -> None:
    """The window that remains: what arrives after the reading began is read at the next tick."""
    courier.before_mark = lambda: office.answer(office.received()[0], "Please call me.")
    office.tick()
    courier.before_mark = nothing
    assert len(courier.received) == 2
    office.tick()
    with office.engine.store.read() as tx:
        contact = contacts.contact_at(tx, ANA)
    assert contact is not None
    assert contact.stage == "conversation"
    office.run(MONDAY + timedelta(days=20))
    assert len(courier.received) == 2
