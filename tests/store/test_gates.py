"""Each gate, shut by one thing, keeps `claimed → sending` from happening and says so."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from sequencer.core.enrollment import Hold, HoldReason
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.store import enrollments, gates, ledger, mailboxes, outbox, schema
from sequencer.store.engine import Store, Tx
from sequencer.store.gates import Gate
from sequencer.store.ledger import Attempt, Settlement
from tests.store.ledger_rows import (
    ADDRESS,
    NOON,
    a_store,
    add_contact,
    add_enrollment,
    add_message,
    headers_of,
    limits,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = a_store(tmp_path)
    with store.write() as tx:
        add_contact(tx)
        add_enrollment(tx)
    return store


def claimed(tx: Tx, row: OutboxRow) -> Attempt:
    attempt = Attempt(row=row, attempt_id=f"attempt-{row.id}", boot_id="boot")
    assert ledger.claim(tx, attempt, headers_of(row), NOON)
    return attempt


def sent_before(tx: Tx) -> None:
    """Another sequence wrote to the contact already: what follows is a follow-up."""
    add_enrollment(tx, enrollment_id=2)
    row = add_message(tx, enrollment_id=2)
    attempt = claimed(tx, row)
    assert ledger.mark_sending(tx, attempt, limits(), NOON)
    assert ledger.settle(tx, attempt, Settlement(state=OutboxState.SENT), NOON)


def suppress(pattern: str, like: str | None = None, contact_id: int | None = None) -> Callable[[Tx], None]:
    def shut(tx: Tx) -> None:
        values = {"pattern": pattern, "like_pattern": like, "contact_id": contact_id}
        tx.execute(insert(schema.suppressions).values(reason="asked", created_at=NOON, **values))

    return shut


def change_contact(**values: str) -> Callable[[Tx], None]:
    def shut(tx: Tx) -> None:
        tx.execute(update(schema.contacts).values(**values))

    return shut


def hold_it(tx: Tx) -> None:
    # The row's own cancellation is bypassed: the gate must hold by itself.
    tx.execute(update(schema.enrollments).values(state="held", hold_reason="paused"))


def read_long_ago(tx: Tx) -> None:
    sent_before(tx)
    mailboxes.read_completed(tx, "wang", NOON - timedelta(seconds=61))


def forget_mailbox(tx: Tx) -> None:
    sent_before(tx)
    tx.execute(update(schema.outbox).where(schema.outbox.c.state == "sent").values(mailbox="gone"))


SHUT = [
    (Gate.ENROLLMENT, hold_it),
    (Gate.ENROLLMENT, lambda tx: tx.execute(update(schema.enrollments).values(step="later"))),
    (Gate.ADDRESS, change_contact(address_key="ana.silva@luso.example")),
    (Gate.OWNER, change_contact(owner="li")),
    (Gate.SUPPRESSION, suppress(ADDRESS)),
    (Gate.SUPPRESSION, suppress("*@luso.example", like="%@luso.example")),
    (Gate.SUPPRESSION, suppress("ana.old@luso.example", contact_id=1)),
    (Gate.MAILBOX, lambda tx: mailboxes.pause(tx, ["wang"], "asked", NOON)),
    (Gate.INBOX, read_long_ago),
    (Gate.INBOX, forget_mailbox),
]


@pytest.mark.parametrize(("gate", "shut"), SHUT, ids=[f"{gate}-{n}" for n, (gate, _) in enumerate(SHUT)])
def test_a_shut_gate_stops_the_message_after_its_claim(
    store: Store, gate: Gate, shut: Callable[[Tx], None]
) -> None:
    with store.write() as tx:
        attempt = claimed(tx, add_message(tx))
        shut(tx)
        assert gates.closed_gates(tx, attempt.row.id, limits()) == [gate]
        assert not ledger.mark_sending(tx, attempt, limits(), NOON)
        row = outbox.by_id(tx, attempt.row.id)
    assert row is not None
    assert row.state is OutboxState.CLAIMED
    assert row.sending_at is None


def test_with_every_gate_open_the_message_may_leave(store: Store) -> None:
    with store.write() as tx:
        sent_before(tx)
        attempt = claimed(tx, add_message(tx))
        assert gates.closed_gates(tx, attempt.row.id, limits()) == []
        assert ledger.mark_sending(tx, attempt, limits(), NOON)


def test_a_first_message_needs_no_read_inbox(store: Store) -> None:
    with store.write() as tx:
        mailboxes.read_completed(tx, "wang", NOON - timedelta(days=1))
        attempt = claimed(tx, add_message(tx))
        assert ledger.mark_sending(tx, attempt, limits(), NOON)


def test_a_first_message_sent_again_by_order_needs_a_read_inbox(store: Store) -> None:
    later = NOON + timedelta(hours=1)
    with store.write() as tx:
        attempt = claimed(tx, add_message(tx))
        assert ledger.mark_sending(tx, attempt, limits(), NOON)
        ledger.recover(tx, "wang", NOON)
        assert ledger.resolve(tx, attempt.row, was_sent=False, by="wang", now=later)
        assert gates.closed_gates(tx, attempt.row.id, limits(later)) == [Gate.INBOX]
        mailboxes.read_completed(tx, "wang", later)
        assert gates.closed_gates(tx, attempt.row.id, limits(later)) == []


def test_a_full_cap_shuts_and_counts_only_what_left_in_24_hours(store: Store) -> None:
    with store.write() as tx:
        sent_before(tx)
        attempt = claimed(tx, add_message(tx))
        assert gates.closed_gates(tx, attempt.row.id, limits(cap=1)) == [Gate.CAP]
        assert not ledger.mark_sending(tx, attempt, limits(cap=1), NOON)
        a_day_later = NOON + timedelta(hours=24)
        mailboxes.read_completed(tx, "wang", a_day_later)
        assert ledger.mark_sending(tx, attempt, limits(a_day_later, cap=1), a_day_later)


def test_the_sending_mark_keeps_the_evidence_of_its_gates(store: Store) -> None:
    with store.write() as tx:
        sent_before(tx)
        attempt = claimed(tx, add_message(tx))
        ledger.mark_sending(tx, attempt, limits(cap=9), NOON)
        query = schema.outbox.select().where(schema.outbox.c.id == attempt.row.id)
        row = tx.execute(query).mappings().one()
    assert (row["gate_read_at"], row["cap_count"], row["cap_limit"]) == (NOON, 1, 9)


def test_a_read_in_another_mailbox_that_wrote_to_the_contact_is_required_too(store: Store) -> None:
    with store.write() as tx:
        mailboxes.sync(tx, {"wang": "wang", "li": "sales", "sales": "sales"})
        sent_before(tx)
        tx.execute(update(schema.outbox).where(schema.outbox.c.state == "sent").values(mailbox="li"))
        attempt = claimed(tx, add_message(tx))
        assert not ledger.mark_sending(tx, attempt, limits(), NOON)
        assert [u.reader for u in gates.unread_mailboxes(tx, attempt.row.id, limits())] == ["sales"]
        mailboxes.read_completed(tx, "sales", NOON)
        assert ledger.mark_sending(tx, attempt, limits(), NOON)


def test_holding_an_enrollment_cancels_its_claimed_message(store: Store) -> None:
    with store.write() as tx:
        attempt = claimed(tx, add_message(tx))
        enrollment = enrollments.by_id(tx, 1)
        assert enrollment is not None
        enrollments.hold(tx, enrollment, Hold(reason=HoldReason.PAUSED, until=None), NOON)
        assert not ledger.mark_sending(tx, attempt, limits(), NOON)
        assert not ledger.release(tx, attempt, reason="", retry_at=None, now=NOON)
        row = outbox.by_id(tx, attempt.row.id)
    assert row is not None
    assert row.state is OutboxState.CANCELLED
