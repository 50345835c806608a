"""The audit's questions: in chunks and few, whatever the number of messages, and as exact as the rows."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert

from sequencer.config import Limits
from sequencer.core.caps import CapKind
from sequencer.core.outbox import OutboxState
from sequencer.flows.audit import audit
from sequencer.store import audit as questions
from sequencer.store import audit_caps, schema
from sequencer.store.audit import Which
from sequencer.store.engine import MAX_ROWS_PER_WRITE, Store, Tx
from tests.store.ledger_rows import NOON, a_store, add_contact, add_enrollment


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return a_store(tmp_path)


def add_sent(tx: Tx, count: int, *, first: int = 1, **fields: Any) -> None:
    """Sent messages of one contact, a step each, half a minute apart, with the events of their chains."""
    rows, happened = [], []
    for number in range(first, first + count):
        at = NOON + timedelta(seconds=30 * number)
        rows.append(a_row(number, at) | fields)
        happened += [
            {"at": at, "kind": kind, "outbox_id": number, "data": {}}
            for kind in ("claimed", "sending", "sent")
        ]
    tx.execute(insert(schema.outbox), rows)
    tx.execute(insert(schema.events), happened)


def a_row(number: int, at: datetime) -> dict[str, Any]:
    whose = {"enrollment_id": 1, "contact_id": 1, "address": "ana@luso.example", "mailbox": "wang"}
    key = {"address_key": "ana@luso.example", "sequence": "s1", "round": 1, "step": f"step {number}"}
    text = {"rep": "wang", "version_hash": "v1", "text": "", "html": "", "rendered_at": at, "due_at": at}
    ids = {"message_id": f"<{number}@firm.example>", "attempt_id": "a", "attempt": 1}
    times = {"created_at": NOON, "claimed_at": at, "sending_at": at, "sent_at": at, "gate_read_at": at}
    cap = {"cap_count": 0, "cap_limit": 100_000}
    return {"id": number, "state": "sent", "wire_id": None, **whose, **key, **text, **ids, **times, **cap}


def a_person(tx: Tx) -> None:
    add_contact(tx)
    add_enrollment(tx)


def statements_for(store: Store) -> int:
    """How many statements an audit of everything takes."""
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(store._engine, "before_cursor_execute", count)
    try:
        assert not audit(store, Limits(), Which(), NOON).findings
    finally:
        event.remove(store._engine, "before_cursor_execute", count)
    return len(counted)


def test_questions_grow_by_chunk_and_never_by_message(store: Store) -> None:
    with store.write() as tx:
        a_person(tx)
        add_sent(tx, 10)
    few = statements_for(store)
    with store.write() as tx:
        add_sent(tx, MAX_ROWS_PER_WRITE - 10, first=11)
    assert statements_for(store) == few
    with store.write() as tx:
        add_sent(tx, MAX_ROWS_PER_WRITE, first=MAX_ROWS_PER_WRITE + 1)
    assert few < statements_for(store) < 2 * few


def test_every_message_comes_once_in_the_order_of_its_number(store: Store) -> None:
    count = 2 * MAX_ROWS_PER_WRITE + 3
    with store.write() as tx:
        a_person(tx)
        add_sent(tx, count)
    with store.read() as tx:
        found = list(questions.handed_over(tx, Which()))
    assert [len(chunk) for chunk in found] == [MAX_ROWS_PER_WRITE, MAX_ROWS_PER_WRITE, 3]
    assert [one.id for chunk in found for one in chunk] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("values", "is_judged"),
    [
        ({"state": "unsure", "sent_at": None}, True),
        ({"state": "sending", "sent_at": None}, True),
        ({"state": "refused", "sent_at": None}, True),
        ({"state": "refused", "sent_at": None, "sending_at": None}, False),
        ({"state": "ready", "sent_at": None, "sending_at": None}, False),
        ({"state": "deferred", "sent_at": None}, False),
    ],
)
def test_only_what_may_have_left_is_judged(store: Store, values: dict[str, Any], *, is_judged: bool) -> None:
    with store.write() as tx:
        a_person(tx)
        add_sent(tx, 1, **values)
        tx.execute(schema.events.delete().where(schema.events.c.kind == "sent"))
    with store.read() as tx:
        assert bool(list(questions.handed_over(tx, Which()))) is is_judged


def test_what_is_recorded_as_sent_is_judged_whatever_its_row_says(store: Store) -> None:
    with store.write() as tx:
        a_person(tx)
        add_sent(tx, 1, state="cancelled", sent_at=None)
    with store.read() as tx:
        [[one]] = questions.handed_over(tx, Which())
    assert one.state is OutboxState.CANCELLED


def test_whoever_shares_an_address_has_been_written_to(store: Store) -> None:
    with store.write() as tx:
        a_person(tx)
        add_contact(tx, 2, "other@luso.example")
        add_enrollment(tx, 2, contact_id=2)
        add_sent(tx, 1)
        add_sent(tx, 1, first=2, contact_id=2, enrollment_id=2)
        add_sent(tx, 1, first=3, contact_id=2, enrollment_id=2, address_key="other@luso.example")
    with store.read() as tx:
        [messages] = questions.handed_over(tx, Which())
        shared = questions.shared_addresses(tx)
        earlier = questions.earlier_of(tx, messages, shared)
    assert shared == {"ana@luso.example"}
    first_at = NOON + timedelta(seconds=30)
    assert min(one.sending_at for one in earlier[2]) == first_at
    assert min(one.sending_at for one in earlier[3]) == first_at + timedelta(seconds=30)


def test_what_counts_towards_a_cap_comes_by_mailbox_and_time_from_a_day_before(store: Store) -> None:
    with store.write() as tx:
        a_person(tx)
        add_sent(tx, 2, mailbox="li")
        add_sent(tx, 2, first=3)
        early = NOON - timedelta(hours=25)
        add_sent(tx, 1, first=5, sending_at=early, claimed_at=early)
    with store.read() as tx:
        assert [one.id for one in audit_caps.spent(tx, Which(), CapKind.MAILBOX)] == [1, 2, 5, 3, 4]
        assert [one.id for one in audit_caps.spent(tx, Which(mailbox="wang"), CapKind.MAILBOX)] == [5, 3, 4]
        assert [one.id for one in audit_caps.spent(tx, Which(since=NOON), CapKind.MAILBOX)] == [1, 2, 3, 4]
