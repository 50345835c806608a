"""Prepared statements write what SQLAlchemy writes."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.dialects import sqlite

from sequencer.store.columns import Instant, as_text, from_text
from sequencer.store.engine import Marks, Store, create_schema
from sequencer.store.prepared import Prepared, Question, param
from sequencer.store.schema import events, mailboxes

INSTANTS = st.datetimes(
    min_value=datetime(1000, 1, 1),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(INSTANTS)
def test_an_instant_is_written_as_the_library_writes_it(at: datetime) -> None:
    library = Instant().dialect_impl(sqlite.dialect()).bind_processor(sqlite.dialect())
    assert library is not None
    assert as_text(at) == library(at)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        as_text(datetime(2026, 1, 1))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "sequencer.db")
    create_schema(store)
    return store


def test_what_both_kinds_of_transaction_write_reads_back_the_same(store: Store) -> None:
    names = ("at", "kind", "contact_id", "mailbox", "data")
    append = Prepared(lambda: insert(events).values({name: param(name, events.c[name]) for name in names}))
    row = {
        "at": datetime(2026, 3, 2, 9, 30, 0, 5, UTC),
        "kind": "sent",
        "contact_id": None,
        "mailbox": "王",
        "data": {"code": 250, "words": ["é"]},
    }
    with store.write() as tx:
        assert append.run(tx, row) == 1
        tx.execute(insert(events), [row])
    with store.marks() as marks, marks.write() as mark:
        assert append.run(mark, row) == 1
    with store.read() as tx:
        found = tx.execute(select(*(events.c[name] for name in names))).mappings().all()
    assert [dict(one) for one in found] == [row] * 3


def test_a_question_finds_what_the_library_finds_for_any_number_of_ids(store: Store) -> None:
    words: list[dict[str, Any]] = [{}, {"code": 250}, {"words": ["é"]}]
    rows = [
        {"at": datetime(2026, 3, 2, 9, 30, 0, number, UTC), "kind": f"k{number}", "contact_id": None}
        | {"data": words[number % 3]}
        for number in range(60)
    ]
    columns = (events.c.id, events.c.at, events.c.kind, events.c.contact_id, events.c.data)
    asked = Question(lambda ids: select(*columns).where(events.c.id.in_(ids)).order_by(events.c.id))
    with store.write() as tx:
        tx.execute(insert(events), rows)
        for count in (0, 1, 2, 49, 50, 51):
            wanted = list(range(3, 3 + count))
            plain = select(*columns).where(events.c.id.in_(wanted)).order_by(events.c.id)
            assert asked.rows(tx, wanted) == [dict(one) for one in tx.execute(plain).mappings()]


def test_many_at_once_write_what_one_by_one_write(store: Store) -> None:
    names = ("at", "kind", "contact_id", "data")
    append = Prepared(lambda: insert(events).values({name: param(name, events.c[name]) for name in names}))
    rows = [
        {"at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "kind": kind, "contact_id": None, "data": {}}
        for kind in ("a", "b")
    ]
    with store.write() as tx:
        assert append.run_many(tx, rows) == 2
        assert append.run_many(tx, []) == 0
        assert [append.run(tx, row) for row in rows] == [1, 1]
        found = tx.execute(select(*(events.c[name] for name in names)).order_by(events.c.id)).mappings()
        assert [dict(one) for one in found] == [*rows, *rows]


@given(INSTANTS)
def test_an_instant_reads_back_as_it_was_written(at: datetime) -> None:
    text = as_text(at)
    assert text is not None
    assert from_text(text) == at


def test_a_mark_that_fails_leaves_nothing_of_its_transaction(store: Store) -> None:
    add = Prepared(
        lambda: insert(mailboxes).values(
            name=param("name", mailboxes.c.name), reads_in=param("name", mailboxes.c.name)
        )
    )

    def fail(marks: Marks) -> None:
        with marks.write() as mark:
            add.run(mark, {"name": "wang"})
            raise RuntimeError

    with store.marks() as marks:
        with pytest.raises(RuntimeError):
            fail(marks)
        with marks.write() as mark:
            add.run(mark, {"name": "li"})
    with store.read() as tx:
        assert [row.name for row in tx.execute(select(mailboxes.c.name))] == ["li"]
