"""`upgrade` backs up and migrates, leaves a current database alone and never makes an emptied one anew."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from sequencer.errors import SequencerError
from sequencer.flows.upgrade import upgrade
from sequencer.store.contacts import contact_at, insert_contacts
from sequencer.store.database_faults import DatabaseLost
from sequencer.store.engine import Store, create_schema
from sequencer.store.lock import RunLock
from sequencer.store.migrate import back_up, upgrade_schema
from sequencer.store.schema import HEAD_REVISION
from sequencer.testing import FakeClock, a_contact


def test_an_older_database_is_backed_up_and_brought_up_to_date(tmp_path: Path) -> None:
    store = Store(tmp_path / "sequencer.db")
    upgrade_schema(store, "0001")
    with store.write() as tx:
        insert_contacts(tx, [a_contact("ana@luso.example")], FakeClock().now())
    done = upgrade(store, FakeClock().now())
    assert (done.before, done.after) == ("0001", HEAD_REVISION)
    store.require_current()
    with store.read() as tx:
        assert contact_at(tx, "ana@luso.example") is not None
    assert done.backup is not None
    assert Store(done.backup).revision() == "0001"
    with closing(sqlite3.connect(done.backup)) as backup:
        assert backup.execute("SELECT address FROM contacts").fetchall() == [("ana@luso.example",)]
        assert backup.execute("SELECT count(*) FROM sqlite_master WHERE name = 'outbox'").fetchone() == (0,)


def test_it_says_what_each_revision_brought_and_keeps_the_backup_to_its_owner(tmp_path: Path) -> None:
    store = Store(tmp_path / "sequencer.db")
    upgrade_schema(store, "0002")
    done = upgrade(store, FakeClock().now())
    assert done.changes[0] == ("0003", "Answers, tasks, events and the daemon's runs")
    assert [revision for revision, _ in done.changes][-1] == HEAD_REVISION
    assert all(what and "A record" not in what for _, what in done.changes)
    assert done.backup is not None
    assert stat.S_IMODE(done.backup.stat().st_mode) == 0o600


def test_a_damaged_database_is_not_migrated(tmp_path: Path) -> None:
    store = Store(tmp_path / "sequencer.db")
    upgrade_schema(store, "0003")
    with store.read() as tx:
        page = tx.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_contacts_domain'"
        ).scalar_one()
    store.close()
    with (tmp_path / "sequencer.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x0a" + b"\x55" * 4095)
    with pytest.raises(DatabaseLost):
        upgrade(store, FakeClock().now())
    assert store.revision() == "0003"


def test_a_current_database_is_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "sequencer.db")
    create_schema(store)
    assert upgrade(store, FakeClock().now()).backup is None
    assert list(tmp_path.glob("*.backup")) == []


def test_an_emptied_database_is_not_made_anew(tmp_path: Path) -> None:
    store = Store(tmp_path / "sequencer.db")
    for refused in (lambda: upgrade(store, FakeClock().now()), store.require_current):
        with pytest.raises(SequencerError, match="holds no workspace") as caught:
            refused()
        assert caught.value.hint == "restore it from a backup"


def test_nothing_is_migrated_under_a_running_daemon(tmp_path: Path) -> None:
    store = Store(tmp_path / "sequencer.db")
    create_schema(store)
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    lock = RunLock(store.path)
    lock.take()
    try:
        with pytest.raises(SequencerError, match="another `sequencer run`"):
            upgrade(store, FakeClock().now())
    finally:
        lock.release()
    assert store.revision() == "0000"


def test_a_backup_holds_what_was_committed(tmp_path: Path) -> None:
    store = Store(tmp_path / "sequencer.db")
    with store.write() as tx:
        tx.exec_driver_sql("CREATE TABLE kept (word TEXT)")
        tx.exec_driver_sql("INSERT INTO kept VALUES ('hello')")
    back_up(store, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as backup:
        assert backup.execute("SELECT word FROM kept").fetchall() == [("hello",)]
