"""The copy in memory: whole, apart from its original, and the original only read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from sequencer.errors import SequencerError
from sequencer.store import contacts, mailboxes
from sequencer.store.database_faults import DatabaseLost
from sequencer.store.engine import Store, create_schema
from sequencer.store.memory_copy import memory_copy
from sequencer.testing import a_contact
from tests.simulate.playing import digests

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA, BEN = "ana@luso.example", "ben@muster.example"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "a workspace's #1 file.db")
    create_schema(store)
    _add(store, ANA)
    yield store
    store.close()


def _add(store: Store, address: str) -> None:
    with store.write() as tx:
        contacts.insert_contacts(tx, [a_contact(address)], NOW)


def _has(store: Store, address: str) -> bool:
    with store.read() as tx:
        return contacts.contact_at(tx, address) is not None


def test_it_holds_what_the_file_holds_and_nothing_goes_back(store: Store) -> None:
    with memory_copy(store.path) as copy:
        copy.require_current()
        assert _has(copy, ANA)
        _add(copy, BEN)
        assert _has(copy, BEN)
        assert not _has(store, BEN)


def test_two_copies_know_nothing_of_each_other(store: Store) -> None:
    with memory_copy(store.path) as one, memory_copy(store.path) as other:
        _add(one, BEN)
        assert not _has(other, BEN)


def test_it_works_as_the_file_does(store: Store) -> None:
    """Several connections, small commits beside the large ones, and transactions that are undone."""
    with memory_copy(store.path) as copy, copy.marks() as marks:
        with pytest.raises(IntegrityError), copy.write() as tx:
            tx.execute(text("INSERT INTO mailboxes (name, reads_in) VALUES ('wang', 'wang'), ('li', NULL)"))
        with copy.read() as first, copy.read() as second:
            assert mailboxes.statuses(first) == mailboxes.statuses(second) == []
        with marks.write() as small:
            small.exec_driver_sql("INSERT INTO mailboxes (name, reads_in) VALUES ('li', 'li')", ())
        with copy.read() as tx:
            assert [one.name for one in mailboxes.statuses(tx)] == ["li"]


def test_a_file_that_nobody_has_open_is_read_without_a_trace(store: Store) -> None:
    store.close()
    folder, before = store.path.parent, digests(store.path.parent)
    assert list(before) == [store.path.name]
    store.path.chmod(0o400)
    folder.chmod(0o500)
    try:
        with memory_copy(store.path) as copy:
            assert _has(copy, ANA)
            _add(copy, BEN)
            assert digests(folder) == before
    finally:
        folder.chmod(0o700)
    assert digests(folder) == before


def test_what_stands_in_the_log_alone_is_copied_and_the_log_left(store: Store) -> None:
    with store.write() as writing:
        contacts.insert_contacts(writing, [a_contact(BEN)], NOW)
        before = _main_and_log(store.path)
        with memory_copy(store.path) as copy:
            assert _has(copy, ANA)
            assert not _has(copy, BEN)  # not committed
        assert _main_and_log(store.path) == before
    with memory_copy(store.path) as copy:
        assert _has(copy, BEN)


def _main_and_log(path: Path) -> list[bytes]:
    """The index of the log is mapped by this process, which notes its readers there."""
    return [path.read_bytes(), path.with_name(f"{path.name}-wal").read_bytes()]


@pytest.mark.parametrize("leaves_index", [True, False])
def test_the_log_of_one_who_died_is_read_and_left(store: Store, tmp_path: Path, leaves_index: bool) -> None:
    _add(store, BEN)
    dead = tmp_path / "dead"
    dead.mkdir()
    for path in store.path.parent.glob(f"{store.path.name}*"):
        if leaves_index or not path.name.endswith("-shm"):
            (dead / path.name).write_bytes(path.read_bytes())
    before = digests(dead)
    with memory_copy(dead / store.path.name) as copy:
        assert _has(copy, BEN)
    assert digests(dead) == before
    assert len(before) == (3 if leaves_index else 2)


def test_a_damaged_file_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "sequencer.db"
    path.write_bytes(b"a letter, not a database" * 400)
    with pytest.raises(DatabaseLost, match="not a database of sequencer"), memory_copy(path):
        pass


def test_an_older_schema_is_not_worked_on(store: Store) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with memory_copy(store.path) as copy, pytest.raises(SequencerError, match="schema 0001"):
        copy.require_current()
