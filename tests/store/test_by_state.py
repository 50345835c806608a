"""What is asked by way of small indexes is what the plain question finds."""

from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import Table, func, insert, select, update

from sequencer.core.enrollment import EnrollmentState, FinishReason, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.store import counts, mailboxes
from sequencer.store.by_state import stands_in
from sequencer.store.engine import Store, Tx
from sequencer.store.schema import enrollments, outbox
from tests.store.ledger_rows import NOON, a_store, add_contact, add_enrollment, add_message

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A message in each of its states, and more than one in some; an enrollment in each of its."""
    store = a_store(tmp_path)
    with store.write() as tx:
        for number, state in enumerate([*OutboxState, OutboxState.SENT, OutboxState.READY], start=1):
            add_contact(tx, number, f"buyer{number}@firm.example")
            add_enrollment(tx, number, number)
            add_message(tx, number, number, address=f"buyer{number}@firm.example")
            _put(tx, number, state)
        held = {"state": EnrollmentState.HELD, "hold_reason": HoldReason.PAUSED}
        over = {"finish_reason": FinishReason.REPLIED, "finished_at": NOON}
        over |= {"state": EnrollmentState.FINISHED}
        tx.execute(update(enrollments).where(enrollments.c.id == 2).values(**held))
        tx.execute(update(enrollments).where(enrollments.c.id.in_([3, 4])).values(**over))
    return store


def _put(tx: Tx, row_id: int, state: OutboxState) -> None:
    at = NOON - DAY * row_id / 2
    values = {"state": state, "message_id": f"<{row_id}@firm.example>", "attempt_id": "a"}
    values |= {"is_cancelled": state is OutboxState.CANCELLED}
    if state in (OutboxState.SENDING, OutboxState.SENT, OutboxState.UNSURE):
        values["sending_at"] = at
    if state is OutboxState.SENT:
        values["sent_at"] = at
    tx.execute(update(outbox).where(outbox.c.id == row_id).values(**values))


@pytest.mark.parametrize(("table", "words"), [(enrollments, EnrollmentState), (outbox, OutboxState)])
def test_any_choice_of_states_finds_what_stands_in_them(
    store: Store, table: Table, words: type[EnrollmentState] | type[OutboxState]
) -> None:
    with store.read() as tx:
        everything = {row.id: row.state for row in tx.execute(select(table.c.id, table.c.state))}
        for length in range(len(words) + 1):
            for chosen in combinations(words, length):
                found = tx.execute(select(table.c.id).where(stands_in(table, chosen))).scalars()
                assert set(found) == {id_ for id_, state in everything.items() if state in chosen}
    assert set(everything.values()) == set(words)


def test_status_counts_every_row_once(store: Store) -> None:
    with store.read() as tx:
        for table, counted in (
            (enrollments, counts.enrollments_by_state(tx)),
            (outbox, counts.outbox_by_state(tx)),
        ):
            plain = select(table.c.state, func.count()).group_by(table.c.state)
            assert counted == {row[0]: row[1] for row in tx.execute(plain)}


def test_an_empty_workspace_has_nothing_in_any_state(tmp_path: Path) -> None:
    with a_store(tmp_path).read() as tx:
        assert (counts.enrollments_by_state(tx), counts.outbox_by_state(tx)) == ({}, {})
        assert mailboxes.writers(tx) == []
        assert mailboxes.used_since(tx, None) is None


def test_each_mailbox_that_wrote_is_named_once_and_its_day_counted(store: Store) -> None:
    with store.write() as tx:
        tx.execute(update(outbox).where(outbox.c.state == OutboxState.SENT).values(mailbox="li"))
        tx.execute(update(outbox).where(outbox.c.state == OutboxState.READY).values(mailbox="nobody's"))
        assert mailboxes.writers(tx) == ["li", "wang"]
        assert counts.spent_since(tx, NOON - DAY * 10) == {"li": 2, "wang": 2}
        assert counts.spent_since(tx, NOON) == {}


def test_a_reader_is_used_since_the_first_enrollment_or_message_of_its_mailboxes(store: Store) -> None:
    with store.write() as tx:
        mailboxes.sync(tx, {"wang": "wang", "li": "info", "new": "new"})
        first_sent = tx.execute(select(func.min(outbox.c.sending_at))).scalar()
        assert mailboxes.used_since(tx, "wang") == mailboxes.used_since(tx, None) == first_sent
        assert mailboxes.used_since(tx, "info") is None
        tx.execute(
            update(enrollments).where(enrollments.c.id == 5).values(mailbox="li", created_at=NOON + DAY)
        )
        assert mailboxes.used_since(tx, "info") == NOON + DAY
        tx.execute(update(outbox).where(outbox.c.sending_at == first_sent).values(mailbox="li"))
        assert mailboxes.used_since(tx, "info") == first_sent
        assert mailboxes.used_since(tx, "li") is mailboxes.used_since(tx, "new") is None


def test_a_mailbox_whose_enrollments_ended_before_they_sent_counts_as_unused(store: Store) -> None:
    with store.write() as tx:
        mailboxes.sync(tx, {"li": "li"})
        add_contact(tx, 90, "late@firm.example")
        row = {
            "contact_id": 90,
            "sequence": "s",
            "round": 1,
            "version_hash": "v1",
            "rep": "wang",
            "mailbox": "li",
        }
        row |= {"state": "finished", "finish_reason": "stopped", "finished_at": NOON, "anchor_at": NOON}
        tx.execute(insert(enrollments).values(**row, created_at=NOON))
        assert mailboxes.used_since(tx, "li") is None
