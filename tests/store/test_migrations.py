"""A fresh schema and a migrated one are the same tables, and `run` knows which one it has."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sequencer.errors import SequencerError
from sequencer.store.engine import Store, create_schema
from sequencer.store.migrate import drift, upgrade_schema
from sequencer.store.schema import HEAD_REVISION


def tables(database: Path) -> set[tuple[str, str]]:
    """Every table and index with its SQL, white space and quotes folded."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        (name, "".join(sql.replace('"', "").replace("IF NOT EXISTS", "").split()))
        for name, sql in rows
        if name != "alembic_version"
    }


def columns(database: Path) -> dict[str, set[tuple[object, ...]]]:
    """Columns of every table, with type, nullability and default."""
    with closing(sqlite3.connect(database)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: {row[1:] for row in connection.execute(f"PRAGMA table_info({name})")} for name in names}


def test_a_migrated_database_equals_a_fresh_one(tmp_path: Path) -> None:
    fresh, migrated = Store(tmp_path / "fresh.db"), Store(tmp_path / "migrated.db")
    create_schema(fresh)
    upgrade_schema(migrated)
    assert drift(migrated) == []
    fresh_columns, migrated_columns = columns(fresh.path), columns(migrated.path)
    fresh_columns.pop("alembic_version")
    migrated_columns.pop("alembic_version")
    assert migrated_columns == fresh_columns
    indexes = {one for one in tables(fresh.path) if one[1].startswith("CREATE") and "INDEX" in one[1][:18]}
    assert indexes <= tables(migrated.path)
    for name, sql in tables(fresh.path):
        if sql.startswith("CREATETABLE"):
            checks = {part.split(",CONSTRAINT")[0] for part in sql.split("CHECK")[1:]}
            assert all(check.rstrip(",)") in dict(tables(migrated.path))[name] for check in checks), name


def test_both_ways_stamp_the_revision_that_run_requires(tmp_path: Path) -> None:
    for name, make in (("fresh", create_schema), ("migrated", upgrade_schema)):
        store = Store(tmp_path / f"{name}.db")
        make(store)
        store.require_current()
        assert store.revision() == HEAD_REVISION


@pytest.mark.parametrize(
    ("revision", "hint"),
    [("0000", "run `sequencer upgrade`"), ("9999", "use the newer sequencer that wrote it")],
)
def test_a_database_of_another_revision_is_refused_with_the_way_on(
    tmp_path: Path, revision: str, hint: str
) -> None:
    store = Store(tmp_path / "old.db")
    create_schema(store)
    with store.write() as tx:
        tx.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    with pytest.raises(SequencerError, match=f"schema {revision}") as caught:
        store.require_current()
    assert caught.value.hint == hint


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("not a database, but long enough to be read as one" * 9)
    with pytest.raises(SequencerError, match="not a database"):
        Store(tmp_path / "x.db").require_current()
