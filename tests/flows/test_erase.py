"""A person who is erased is in no row and no file, and everything that counted them still adds up."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, String, Table, select, update

from sequencer.core.enrollment import FinishReason
from sequencer.core.outbox import OutboxState
from sequencer.errors import SequencerError
from sequencer.flows import erase as flow
from sequencer.flows.report import report
from sequencer.store import enrollments, runs
from sequencer.store.schema import contacts, contents, inbox, mailboxes, metadata, notices, outbox, tasks
from sequencer.store.schema import enrollments as enrollment_rows
from tests.flows.ana import ANA, BEN, WORDS, add_ana, files_that_say, forget, with_a_past
from tests.flows.office import MONDAY, Office

MARK = "quokka-7731"

KEPT = {
    "contacts": {"stage"},
    "suppressions": {"reason", "like_pattern"},
    "former_addresses": set(),
    "enrollments": {
        *(
            "sequence",
            "version_hash",
            "rep",
            "mailbox",
            "state",
            "hold_reason",
            "finish_reason",
            "step",
            "passed",
        ),
    },
    "outbox": {
        *("sequence", "step", "mailbox", "rep", "version_hash", "state", "template", "smtp_class"),
        *("message_id", "wire_id", "attempt_id", "boot_id", "batch_boot", "window", "caps"),
    },
    "contents": set(),
    "inbox": {"mailbox", "folder", "fingerprint", "kind", "match_via"},
    "replies": {"rep", "mailbox", "state", "message_id", "wire_id"},
    "tasks": {"step", "rep"},
    "marks": {"mark", "day", "rep", "did"},
    "corrections": {"kind", "rep"},
    "notices": {"key", "kind", "channel", "rep", "mailbox"},
    "events": {"kind", "mailbox", "data"},
}
"""Text that says nothing of a person: states, names of our own, ids that we minted, hashes. A new column of
text is not among them, so that it must be blanked or be weighed here."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "ws")


def _about(table: Table, number: int) -> Any:
    if table is contacts:
        return table.c.id == number
    if table is contents:
        return table.c.outbox_id.in_(select(outbox.c.id).where(outbox.c.contact_id == number))
    return table.c.contact_id == number


def _marked(table: Table) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in table.columns:
        is_text = isinstance(column.type, JSON | String) and not column.foreign_keys
        if is_text and column.name not in KEPT[table.name]:
            values[column.name] = {"mark": MARK} if isinstance(column.type, JSON) else f"{MARK} {column.name}"
    return values


def _add_notice(office: Office, number: int) -> None:
    now = office.clock.now()
    row = {"key": "answer:1", "kind": "answer", "channel": "mail:wang", "rep": "wang", "contact_id": number}
    with office.engine.store.write() as tx:
        tx.execute(notices.insert().values(**row, due_at=now, created_at=now))


def test_no_column_of_any_table_holds_anything_of_them(office: Office) -> None:
    number = with_a_past(office)
    _add_notice(office, number)
    theirs = {"contact_id", "outbox_id"}
    about = [one for one in metadata.tables.values() if one is contacts or theirs & set(one.columns.keys())]
    # A table that knows contacts and is not weighed here fails by its missing entry in KEPT.
    with office.engine.store.write() as tx:
        for table in about:
            values = _marked(table)
            if values:
                done = tx.execute(update(table).where(_about(table, number)).values(**values))
                assert done.rowcount, f"{table.name} has no row to look at"
    forget(office, f"#{number}")
    with office.engine.store.read() as tx:
        found = [
            f"{table.name}.{column.name}"
            for table in metadata.tables.values()
            for row in tx.execute(select(table))
            for column, value in zip(table.columns, row, strict=True)
            if MARK in str(value)
        ]
        assert found == []


def test_no_byte_of_any_file_holds_anything_of_them(office: Office) -> None:
    number = with_a_past(office)
    with office.engine.store.write() as tx:
        # Pages of text, not lines: what they are blanked from is given back as whole free pages.
        long = {"text": "blue velvet wrenches\n" * 3000, "html": "<p>Zylkova</p>" * 3000}
        tx.execute(update(contents).where(_about(contents, number)).values(**long))
    assert files_that_say(office.root, *WORDS)
    done = forget(office)
    assert done.is_compact
    assert files_that_say(office.root, *WORDS) == []
    assert done.folders == (f"overrides/short/{ANA}", "drafts/reply-1.md")
    assert done.rejects == {"fair.csv.rejects.csv": 1}
    assert "Carl" in (office.root / "fair.csv.rejects.csv").read_text("utf-8-sig")


def test_events_hold_nothing_of_them_even_before(office: Office) -> None:
    with_a_past(office)
    with office.engine.store.read() as tx:
        told = " ".join(str(row.data) for row in tx.execute(select(metadata.tables["events"])))
    assert [word for word in WORDS if word.lower() in told.lower()] == []


def test_a_report_says_the_same_before_and_after(office: Office) -> None:
    with_a_past(office)
    store = office.engine.store
    before = [report(store, by="step", now=MONDAY), report(store, by="sequence", now=MONDAY)]
    assert before[0].lines
    forget(office)
    assert [report(store, by="step", now=MONDAY), report(store, by="sequence", now=MONDAY)] == before


def test_what_runs_is_stopped_and_what_waits_is_cancelled(office: Office) -> None:
    number = add_ana(office)
    office.add_contact(BEN, company="Muster GmbH")
    office.enroll(ANA.lower(), BEN)
    done = forget(office)
    assert done.stopped == 1
    office.tick()
    assert [mail["To"] for mail in office.received()] == ["Ana Silva <ben@muster.example>"]
    with office.engine.store.read() as tx:
        [enrollment] = enrollments.listed(tx, contact_ids=[number])
    assert enrollment.finish_reason is FinishReason.STOPPED


def test_a_finished_enrollment_keeps_how_it_finished(office: Office) -> None:
    number = with_a_past(office)
    forget(office)
    with office.engine.store.read() as tx:
        [enrollment] = enrollments.listed(tx, contact_ids=[number])
    assert enrollment.finish_reason is FinishReason.REPLIED


def test_open_tasks_are_cancelled_and_their_titles_go(office: Office) -> None:
    with_a_past(office)
    forget(office)
    with office.engine.store.read() as tx:
        rows = tx.execute(select(tasks)).all()
    assert rows
    assert all(row.title == "(erased)" and row.cancelled_at for row in rows)


def test_a_message_that_is_leaving_makes_it_wait_and_nothing_is_blanked(office: Office) -> None:
    number = with_a_past(office)
    with office.engine.store.write() as tx:
        values = {"state": OutboxState.SENDING, "sent_at": None}
        tx.execute(update(outbox).where(outbox.c.contact_id == number).values(**values))
    with pytest.raises(SequencerError, match="leaving at this moment") as error:
        forget(office)
    assert error.value.hint
    assert files_that_say(office.root, "blue velvet wrenches")


def test_their_words_about_others_go_and_others_words_about_them_are_named(office: Office) -> None:
    number = with_a_past(office)
    store = office.engine.store
    with store.write() as tx:
        to_ben = outbox.c.address == BEN
        tx.execute(update(outbox).where(to_ben).values(reason=f"550 <{ANA}> is no more"))
        bens = contents.c.outbox_id.in_(select(outbox.c.id).where(to_ben))
        tx.execute(update(contents).where(bens).values(text=f"Ask {ANA} too"))
        tx.execute(update(contacts).where(contacts.c.address == BEN).values(note=f"knows {ANA.lower()}"))
        tx.execute(update(mailboxes).values(paused_at=office.clock.now(), pause_reason=f"550 <{ANA}>"))
        of_ben = update(enrollment_rows).where(enrollment_rows.c.contact_id != number)
        tx.execute(of_ben.values(hold_note=f"not-{ANA}"))
    done = forget(office)
    assert sorted(done.by_people) == [f"contact #{number + 1}", "message 2"]
    with store.read() as tx:
        [row] = tx.execute(select(outbox).where(outbox.c.address == BEN)).all()
        assert row.reason == f"550 <erased-{number}@erased.invalid> is no more"
        assert list(tx.execute(select(contents.c.text).where(bens)).scalars()) == [f"Ask {ANA} too"]
        assert ANA not in str(tx.execute(select(mailboxes)).all())
        # A longer address that ends like theirs is somebody else's.
        assert f"not-{ANA}" in str(tx.execute(select(enrollment_rows)).all())


def test_an_answer_they_wrote_in_a_colleagues_thread_goes_too(office: Office) -> None:
    with_a_past(office)
    to_ben = next(mail for mail in office.received() if BEN in mail["To"])
    office.answer(to_ben, "I answer for Ben: blue velvet wrenches!", sender=f"Ana <{ANA}>")
    office.tick()
    forget(office)
    with office.engine.store.read() as tx:
        rows = tx.execute(select(inbox).where(inbox.c.kind == "reply")).all()
    assert len(rows) == 2
    assert [(row.from_address, row.subject, row.own_text, row.effects) for row in rows] == [
        (None, None, None, [])
    ] * 2


def test_a_dry_run_says_the_same_and_changes_nothing(office: Office) -> None:
    with_a_past(office)
    before = files_that_say(office.root, *WORDS)
    told = forget(office, is_dry_run=True)
    assert files_that_say(office.root, *WORDS) == before
    done = forget(office)
    assert (told.folders, told.rejects, told.stopped) == (done.folders, done.rejects, done.stopped)
    assert told.rows["messages"] == done.rows["messages"]
    assert told.rows["answers"] == done.rows["answers"]


def test_the_users_own_files_and_backups_are_named_and_left(office: Office) -> None:
    with_a_past(office)
    (office.root / "lists").mkdir()
    own = office.root / "lists" / "fair.csv"
    own.write_bytes(f"email\n{ANA.lower()}\n".encode("utf-16"))
    (office.root / "sequencer.db.0003.backup").write_bytes(b"SQLite format 3\0 and more")
    done = forget(office)
    assert done.mentions.files == ("lists/fair.csv",)
    assert done.mentions.backups == ("sequencer.db.0003.backup",)
    assert ANA.lower() in own.read_text("utf-16")


def test_what_is_overwritten_at_any_time_is_zeroed_where_that_costs_nothing(office: Office) -> None:
    with office.engine.store.read() as tx:
        fast = 2
        assert tx.exec_driver_sql("PRAGMA secure_delete").scalar() == fast


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["_told", "remove_rows", "_blank", "_compacted"])
def test_killed_anywhere_running_it_again_completes(
    office: Office, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    number = with_a_past(office)

    def die(*_arguments: object, **_options: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(flow, at, die)
        with pytest.raises(Killed):
            forget(office)
    assert forget(office).is_compact
    assert files_that_say(office.root, *WORDS) == []
    again = forget(office, f"#{number}")
    assert again.rows.get("contact") == 1


def test_while_others_read_it_says_that_the_file_still_holds_old_text(office: Office) -> None:
    with_a_past(office)
    with office.engine.store.read() as tx:
        tx.execute(select(contacts)).all()
        # A reader's snapshot pins the log: the wait for it is cut short.
        assert not flow.compact(office.engine.store, wait_seconds=0)
    assert forget(office).is_compact


def test_a_daemon_at_work_neither_fails_nor_brings_anything_back(office: Office) -> None:
    with_a_past(office)
    faults: list[BaseException] = []
    is_erased = threading.Event()

    def ticking() -> None:
        try:
            while not is_erased.is_set():
                office.tick()
        except BaseException as error:
            faults.append(error)

    daemon = threading.Thread(target=ticking)
    daemon.start()
    try:
        forget(office)
    finally:
        is_erased.set()
        daemon.join()
    assert faults == []
    assert forget(office).is_compact
    assert files_that_say(office.root, *WORDS) == []


def test_a_large_database_is_not_written_anew_under_a_running_daemon(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_past(office)
    monkeypatch.setattr(flow, "_LARGE_BYTES", 0)
    now = office.clock.now()
    run = runs.Run(boot_id="b", pid=1, host="h", started_at=now, beat_at=now, stopped_at=None)
    with office.engine.store.write() as tx:
        runs.start(tx, run)
    assert not forget(office).is_compact
    with office.engine.store.write() as tx:
        runs.stop(tx, "b", now)
    assert forget(office).is_compact
