"""What SQLite refuses is told in words that say what to do; our own mistakes are not blamed on the disk."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from sequencer.errors import SequencerError
from sequencer.store.database_faults import database_fault
from sequencer.store.engine import Store, create_schema


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "sequencer.db")
    create_schema(store)
    yield store
    store.close()


def pragma(store: Store, text: str) -> None:
    with store.read() as tx:  # the pool hands the same connection out again
        tx.exec_driver_sql(f"PRAGMA {text}")


def fault_of(action: Callable[[], object]) -> SequencerError | None:
    with pytest.raises(SQLAlchemyError) as caught:
        action()
    return database_fault(caught.value)


def fill(store: Store) -> None:
    with store.write() as tx:
        tx.exec_driver_sql("CREATE TABLE ballast (text)")
        for _ in range(100):
            tx.exec_driver_sql("INSERT INTO ballast VALUES (zeroblob(4096))")


def test_a_locked_database_says_who_may_be_in_the_way(store: Store, tmp_path: Path) -> None:
    pragma(store, "busy_timeout=0")
    other = sqlite3.connect(tmp_path / "sequencer.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = fault_of(lambda: fill(store))
    other.close()
    assert told
    assert told.message == "another program kept the database locked for half a minute"
    assert told.hint
    assert "close what has it open" in told.hint


def test_a_database_that_may_not_be_written_asks_for_the_right_to(store: Store) -> None:
    pragma(store, "query_only=1")
    told = fault_of(lambda: fill(store))
    assert told
    assert told.message == "the database may not be written to"


def test_a_full_disk_says_so_and_nothing_is_half_written(store: Store) -> None:
    pragma(store, "max_page_count=60")
    told = fault_of(lambda: fill(store))
    assert told
    assert (told.message, told.hint) == (
        "the disk is full",
        "free some space: the daemon then goes on by itself, a command has to be run again",
    )
    with store.read() as tx:
        assert not tx.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'ballast'").all()


def test_a_folder_that_is_gone_says_that_it_cannot_be_opened(tmp_path: Path) -> None:
    told = fault_of(lambda: fill(Store(tmp_path / "gone" / "sequencer.db")))
    assert told
    assert told.message == "the database cannot be opened"


def test_a_wrong_statement_is_our_own_fault(store: Store) -> None:
    def wrong() -> None:
        with store.read() as tx:
            tx.exec_driver_sql("SELECT nothing FROM nowhere")

    assert fault_of(wrong) is None
    assert database_fault(KeyError("x")) is None
