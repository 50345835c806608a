"""What every tick and every message asks takes an index, however long the outbox is."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_mock_engine

from sequencer.core.enrollment import Enrollment, EnrollmentState
from sequencer.core.outbox import OutboxState
from sequencer.core.waiting import PENDING
from sequencer.store import (
    applying,
    cap_counts,
    copies,
    counts,
    digest,
    enrollment_list,
    enrollments,
    gates,
    health,
    inbox,
    ledger,
    mailboxes,
    notices,
    outbox,
    outbox_list,
    plan_times,
    replies,
    simulating,
    slow_down,
    suppressions,
    tasks,
    unsure,
    wakes,
    written,
)
from sequencer.store.engine import Store, Tx
from sequencer.store.gates import GateLimits
from sequencer.store.ledger import Attempt
from sequencer.store.running_needs import running_needs
from sequencer.store.schema import metadata
from tests.store.ledger_rows import ADDRESS, a_store, add_contact, add_enrollment, add_message
from tests.store.query_plans import analyze, watched

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LIMITS = GateLimits(oldest_read=NOW, newest_read=NOW, cap=50, cap_since=NOW - timedelta(hours=24))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = a_store(tmp_path)
    with store.write() as tx:
        add_contact(tx)
        add_enrollment(tx)
        add_message(tx)
    return store


@pytest.fixture(params=["as it is", "with statistics"])
def scans(store: Store, request: pytest.FixtureRequest) -> Iterator[dict[str, list[str]]]:
    """What the statements of the test read through; SQLite plans otherwise once somebody ran ANALYZE."""
    if request.param == "with statistics":
        analyze(store)
    with watched(store) as found:
        yield found


def an_attempt(tx: Tx) -> Attempt:
    row = outbox.by_id(tx, 1)
    assert row is not None
    return Attempt(row=row, attempt_id="a", boot_id="b")


def an_enrollment(tx: Tx) -> Enrollment:
    found = enrollments.by_id(tx, 1)
    assert found is not None
    return found


QUESTIONS: dict[str, Callable[[Tx], object]] = {
    "due": lambda tx: outbox.due_ids(tx, "wang", NOW),
    "next due": lambda tx: outbox.next_due_at(tx, "wang", NOW),
    "last sending": lambda tx: outbox.last_sending(tx, "wang"),
    "count sending": lambda tx: outbox.count_sending(tx, "wang", NOW),
    "to prepare": lambda tx: wakes.to_prepare(tx, "wang", NOW),
    "next wake": lambda tx: wakes.next_wake_at(tx, "wang", NOW),
    "holds ending": lambda tx: wakes.holds_ending(tx, "wang", NOW),
    "unsettled": ledger.unsettled_mailboxes,
    "is sending": lambda tx: ledger.is_sending(tx, "wang"),
    "recover": lambda tx: ledger.recover(tx, "wang", NOW),
    "slow down": lambda tx: slow_down.asked_of(tx, "wang", NOW),
    "shut gates": lambda tx: gates.shut_gates(tx, [1, 2], LIMITS),
    "in the way": lambda tx: outbox.in_the_way(tx, an_enrollment(tx), ADDRESS),
    "edited": lambda tx: outbox.edited_of(tx, [1, 2, 3]),
    "cancel": lambda tx: outbox.cancel_unsent(tx, [1, 2], "held"),
    "cancel of a contact": lambda tx: outbox.cancel_unsent_of_contact(tx, 1, "moved", NOW),
    "count again": lambda tx: outbox.sending_times(tx, "wang", NOW),
    "soft bounced before": lambda tx: inbox.soft_bounced_before(tx, 1, 1),
    "newly unsure": lambda tx: unsure.newly_unsure(tx, ["wang"], NOW, None),
    "doubted": lambda tx: unsure.doubted(tx, [1, 2]),
    "copies": lambda tx: (copies.due(tx, "wang", NOW, 20), copies.next_due_at(tx, "wang", NOW)),
    "copies seen": lambda tx: copies.observed(tx, "wang", copies.SEEN),
    "a rep's answers": replies.any_at_work,
    "notices": lambda tx: notices.due(tx, NOW),
    "suppressed": lambda tx: suppressions.is_suppressed(tx, ADDRESS, 1),
    "readings": lambda tx: gates.readings(tx, 1),
    "count of a mailbox": lambda tx: cap_counts.of_mailboxes(tx, ["wang", "li"], NOW),
    "count of first mails": lambda tx: cap_counts.of_mailboxes(tx, ["wang"], NOW, only_new=True),
    "times of first mails": lambda tx: cap_counts.times_of_mailboxes(tx, ["wang"], NOW, only_new=True),
    "count of companies": lambda tx: cap_counts.of_companies(tx, ["luso.example", "nord.example"], NOW),
    "count of contacts": lambda tx: cap_counts.of_contacts(tx, [1, 2], NOW),
    "written to": lambda tx: cap_counts.written_to(tx, [1, 2]),
    "first sent": lambda tx: cap_counts.first_sent(tx, ["wang"]),
    "mark": lambda tx: ledger.mark_sending(tx, an_attempt(tx), LIMITS, NOW),
    "mark in batch": lambda tx: ledger.mark_sending(tx, an_attempt(tx), LIMITS, NOW, used=3),
}


RUNNING = (EnrollmentState.ACTIVE, EnrollmentState.HELD)
AT_A_START: dict[str, Callable[[Tx], object]] = {
    "writers": mailboxes.writers,
    "running needs": running_needs,
    "stranded": lambda tx: mailboxes.active_enrollments(tx, ["wang"]),
    "unused mailbox": lambda tx: mailboxes.used_since(tx, "nobody's"),
}
BY_A_PERSON: dict[str, Callable[[Tx], object]] = {
    "status: cap": lambda tx: counts.spent_since(tx, NOW),
    "status: next": counts.next_due,
    "status: holds": counts.holds_by_reason,
    "status: decided": applying.decided_for_new,
    "plan: enrollments": lambda tx: enrollments.listed(tx, states=RUNNING),
    "simulate: to approve": simulating.to_approve,
    "simulate: tasks": lambda tx: (simulating.tasks_due(tx, NOW), simulating.next_task_at(tx)),
    "plan: sent before": lambda tx: plan_times.spent_since(tx, NOW),
    "plan: last sending": plan_times.last_sending,
    "plan: written to": lambda tx: written.last_by_contact(tx, [1, 2, 3]),
    "outbox list": lambda tx: outbox_list.listed(tx, outbox_list.Filter(states=PENDING)),
    "enrollments list": lambda tx: enrollment_list.listed(tx, enrollment_list.Filter(states=RUNNING)),
    "sequences diff": lambda tx: applying.runners(tx, "s1"),
    "tasks list": tasks.listed,
    "last fates": lambda tx: health.last_fates(tx, "wang", 100),
    "failing notices": lambda tx: notices.failing(tx, NOW),
    "holds of a mailbox": lambda tx: wakes.holds_ending(tx, "wang", NOW),
    "digest": lambda tx: (digest.sent(tx, NOW, NOW), digest.waiting_holds(tx)),
}
QUESTIONS |= AT_A_START | BY_A_PERSON


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_no_table_that_grows_is_read_through(
    store: Store, scans: dict[str, list[str]], question: Callable[[Tx], object]
) -> None:
    with store.write() as tx:
        question(tx)
    assert not scans


def test_the_net_catches_a_question_without_an_index(store: Store, scans: dict[str, list[str]]) -> None:
    with store.write() as tx:
        tx.exec_driver_sql(f"SELECT id FROM outbox WHERE reason = '{OutboxState.SENT}'")
        tx.exec_driver_sql("SELECT min(sending_at) FROM outbox WHERE mailbox = 'wang'")
        tx.exec_driver_sql("SELECT id FROM notices WHERE done_at IS NULL ORDER BY id LIMIT 5")
        tx.exec_driver_sql("SELECT id FROM outbox WHERE contact_id = 1 ORDER BY due_at")
    assert len(scans) == 3


def test_partial_indexes_are_partial_in_postgresql_too() -> None:
    made: list[str] = []
    engine = create_mock_engine(
        "postgresql://", lambda one, *_, **__: made.append(str(one.compile(dialect=engine.dialect)))
    )
    metadata.create_all(engine, checkfirst=False)
    partial = {index.name for table in metadata.tables.values() for index in table.indexes if index.info}
    said = {line.split(" INDEX ")[1].split()[0] for line in made if " INDEX " in line and " WHERE " in line}
    assert said == partial
    assert len(said) > 10


def test_what_every_tick_asks_of_a_reps_answers_takes_an_index(
    store: Store, scans: dict[str, list[str]]
) -> None:
    with store.write() as tx:
        replies.unsettled(tx, "wang")
        replies.unsure_of(tx, {"wang"}, NOW)
        replies.copies_due(tx, "wang", NOW, 20)
        replies.next_copy_at(tx, "wang", NOW)
        replies.by_message_ids(tx, {"<a@x.example>"})
        replies.to_addresses(tx, {"ana@x.example"})
    assert not scans
