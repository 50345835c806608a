"""A fresh schema and a migrated one are the same tables, and `run` knows which one it has."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from sequencer.core.inbound import VerdictKind
from sequencer.core.marks import Mark
from sequencer.core.outbox import Headers, OutboxState
from sequencer.core.silence import arrivals_of
from sequencer.errors import SequencerError
from sequencer.store import cap_counts, inbox, mailboxes, marks, outbox, replies
from sequencer.store.engine import Store, Tx, create_schema
from sequencer.store.marks import Correction, Marked
from sequencer.store.migrate import _config, drift, upgrade_schema
from sequencer.store.replies import NewReply
from sequencer.store.schema import HEAD_REVISION
from sequencer.store.schema import outbox as outbox_table

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


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


def put_old_rows(tx: Tx) -> None:
    """As revision 0005 had them: a cancelled and a refused message, and a mail about the second."""
    at = "2026-03-02 09:00:00.000000"
    home = {"domain": "x.example", "is_free_mail": 0}
    whose = {
        "sequence": "s",
        "round": 1,
        "rep": "wang",
        "mailbox": "wang",
        "step": "one",
        "version_hash": "v",
    }
    ana = {"address": "ana@x.example", "address_key": "ana@x.example", "created_at": at}
    put(tx, "contacts", id=1, updated_at=at, **home, **ana)
    put(tx, "sequence_versions", hash="v", sequence="s", texts="{}", created_at=at)
    put(tx, "enrollments", id=1, contact_id=1, state="active", anchor_at=at, created_at=at, **whose)
    for number, state in ((1, "cancelled"), (2, "refused")):
        said = {"text": f"words {number}", "html": f"<p>{number}", "rendered_at": at}
        put(
            tx,
            "outbox",
            id=number,
            enrollment_id=1,
            contact_id=1,
            state=state,
            due_at=at,
            **ana,
            **whose,
            **said,
        )
    place = {"mailbox": "wang", "folder": "INBOX", "uid_validity": 1, "uid": 1, "fingerprint": "f"}
    put(tx, "inbox", kind="other", outbox_id=2, received_at=at, read_at=at, **place)


def put(tx: Tx, table: str, **values: object) -> None:
    places = ", ".join("?" * len(values))
    tx.exec_driver_sql(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", tuple(values.values()))


def test_what_was_written_before_is_there_after_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "old.db")
    upgrade_schema(store, "0005")
    with store.write() as tx:
        put_old_rows(tx)
    upgrade_schema(store)
    assert_stands(store)
    with store.write() as tx:
        command.downgrade(_config(tx), "0005")
    upgrade_schema(store)
    assert_stands(store)


def test_a_mailbox_that_was_read_before_mail_was_counted_knows_of_none(tmp_path: Path) -> None:
    store = Store(tmp_path / "old.db")
    upgrade_schema(store, "0006")
    at = "2026-03-02 09:00:00.000000"
    with store.write() as tx:
        put(tx, "mailboxes", name="wang", reads_in="wang", read_at=at)
    for _ in range(2):
        upgrade_schema(store)
        with store.write() as tx:
            [wang] = mailboxes.statuses(tx)
            assert wang.arrivals is None
            assert wang.read_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
            mailboxes.mail_came(tx, "wang", [wang.read_at], wang.read_at)
            assert mailboxes.statuses(tx)[0].arrivals == arrivals_of([wang.read_at])
            command.downgrade(_config(tx), "0006")


def test_messages_of_before_know_their_company_but_those_to_free_mail_and_to_former_addresses(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "old.db")
    upgrade_schema(store, "0005")
    with store.write() as tx:
        put_old_rows(tx)
        tx.exec_driver_sql("UPDATE outbox SET address_key = 'ana@old.example' WHERE id = 1")
    upgrade_schema(store)
    with store.read() as tx:
        assert tx.exec_driver_sql("SELECT company, caps FROM outbox ORDER BY id").all() == [
            (None, None),
            ("x.example", None),
        ]
        assert cap_counts.of_companies(tx, ["x.example"], NOW).of("x.example").spent == 0
    with store.write() as tx:
        command.downgrade(_config(tx), "0011")
        tx.exec_driver_sql("UPDATE contacts SET is_free_mail = 1")
    upgrade_schema(store)
    with store.read() as tx:
        assert [row.company for row in tx.exec_driver_sql("SELECT company FROM outbox")] == [None, None]


def assert_stands(store: Store) -> None:
    with store.read() as tx:
        both = outbox.by_ids(tx, [1, 2])
        assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    assert [(row.state, row.content.text, row.content.html) for row in both] == [
        (OutboxState.CANCELLED, "words 1", "<p>1"),
        (OutboxState.REFUSED, "words 2", "<p>2"),
    ]
    again = insert(outbox_table).from_select(
        [one.name for one in outbox_table.columns if one.name != "id"],
        select(*(one for one in outbox_table.columns if one.name != "id")).where(outbox_table.c.id == 2),
    )
    with pytest.raises(IntegrityError, match="UNIQUE"), store.write() as tx:
        tx.execute(again)


def test_what_people_said_of_answers_has_a_place_beside_the_rows_that_were_there(tmp_path: Path) -> None:
    store = Store(tmp_path / "old.db")
    upgrade_schema(store, "0005")
    with store.write() as tx:
        put_old_rows(tx)
    upgrade_schema(store, "0006")
    upgrade_schema(store)
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    marked = Marked(inbox_id=1, contact_id=1, mark=Mark.DONE, rep="wang", marked_at=at)
    before = Correction(kind=VerdictKind.REPLY, verdict={}, effects=["x"], rep="wang", corrected_at=at)
    with store.write() as tx:
        marks.put_mark(tx, marked)
        marks.keep_corrected(tx, 1, 1, before)
    with store.read() as tx:
        assert marks.mark_of(tx, 1) == marked
        assert marks.corrections_of(tx, 1) == [before]
        assert [one.mark for one in inbox.listed(tx, with_strangers=True)] == ["done"]
    with store.write() as tx:
        command.downgrade(_config(tx), "0006")
    upgrade_schema(store)
    with store.read() as tx:
        assert marks.mark_of(tx, 1) is None
        assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []


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


def test_mail_read_before_answers_could_be_sent_can_be_answered_after_it(tmp_path: Path) -> None:
    """Revision 0008: the mail keeps its place, knows of no Reply-To, and takes an answer, once."""
    store = Store(tmp_path / "old.db")
    upgrade_schema(store, "0005")
    with store.write() as tx:
        put_old_rows(tx)
    upgrade_schema(store)
    with store.read() as tx:
        found = inbox.by_id(tx, 1)
    assert found is not None
    assert (found.kind, found.reply_to, found.references) == (VerdictKind.OTHER, None, ())
    headers = Headers(message_id="<1@x.example>", date_at=NOW, subject="Re: a")
    new = NewReply(
        inbox_id=1,
        contact_id=1,
        number=1,
        rep="wang",
        mailbox="wang",
        address="ana@x.example",
        address_key="ana@x.example",
        headers=headers,
        own_text="a",
        text="a",
        html="",
    )
    with store.write() as tx:
        assert replies.claim(tx, new, NOW) == 1
        assert replies.claim(tx, new, NOW) is None
    with store.write() as tx:
        command.downgrade(_config(tx), "0005")
    upgrade_schema(store)
    with store.read() as tx:
        assert replies.of_answer(tx, 1) == []
