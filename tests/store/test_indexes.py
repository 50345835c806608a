"""What every tick and every message asks takes an index, however long the outbox is."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_mock_engine, event

from sequencer.core.outbox import OutboxState
from sequencer.store import gates, ledger, outbox, replies, slow_down, wakes
from sequencer.store.engine import Store, Tx
from sequencer.store.gates import GateLimits
from sequencer.store.ledger import Attempt
from sequencer.store.schema import metadata
from tests.store.ledger_rows import a_store, add_contact, add_enrollment, add_message

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LIMITS = GateLimits(oldest_read=NOW, newest_read=NOW, cap=50, cap_since=NOW - timedelta(hours=24))
BIG = ("replies", "outbox", "w", "spent", "earlier", "enrollments", "contacts", "events")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = a_store(tmp_path)
    with store.write() as tx:
        add_contact(tx)
        add_enrollment(tx)
        add_message(tx)
    return store


@pytest.fixture
def scans(store: Store) -> Iterator[list[str]]:
    """Every table that a statement of the test reads through, with the statement."""
    found: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith(("SELECT", "UPDATE")):
            return
        plan = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        read = [line[3].split() for line in plan]
        found.extend(
            f"{words[1]}: {statement}"
            for words in read
            if words[0] == "SCAN" and words[1] in BIG and "INDEX" not in words
        )

    event.listen(store._engine, "before_cursor_execute", explain)
    yield found
    event.remove(store._engine, "before_cursor_execute", explain)


def an_attempt(tx: Tx) -> Attempt:
    row = outbox.by_id(tx, 1)
    assert row is not None
    return Attempt(row=row, attempt_id="a", boot_id="b")


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
    "readings": lambda tx: gates.readings(tx, 1),
    "mark": lambda tx: ledger.mark_sending(tx, an_attempt(tx), LIMITS, NOW),
    "mark in batch": lambda tx: ledger.mark_sending(tx, an_attempt(tx), LIMITS, NOW, used=3),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_no_table_that_grows_is_read_through(
    store: Store, scans: list[str], question: Callable[[Tx], object]
) -> None:
    with store.write() as tx:
        question(tx)
    assert scans == []


def test_the_net_catches_a_question_without_an_index(store: Store, scans: list[str]) -> None:
    with store.write() as tx:
        tx.exec_driver_sql(f"SELECT id FROM outbox WHERE reason = '{OutboxState.SENT}'")
    assert [scan.split(":")[0] for scan in scans] == ["outbox"]


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


def test_what_every_tick_asks_of_a_reps_answers_takes_an_index(store: Store, scans: list[str]) -> None:
    with store.write() as tx:
        replies.unsettled(tx, "wang")
        replies.unsure_of(tx, {"wang"}, NOW)
        replies.copies_due(tx, "wang", NOW, 20)
        replies.next_copy_at(tx, "wang", NOW)
        replies.by_message_ids(tx, {"<a@x.example>"})
        replies.to_addresses(tx, {"ana@x.example"})
    assert scans == []
