"""`backup` and `restore`: one file holds the workspace, and a restored one writes to nobody by itself."""

import contextlib
import io
import json
import sqlite3
import stat
import tarfile
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.errors import InputError, SequencerError
from sequencer.files.workspace import Workspace
from sequencer.flows.backup import backup
from sequencer.flows.engine import open_engine
from sequencer.flows.restore import restore
from sequencer.flows.start import take_over
from sequencer.store import mailboxes, runs
from sequencer.store.database_faults import DatabaseLost
from sequencer.store.engine import Store
from sequencer.store.runs import Run
from sequencer.store.schema import HEAD_REVISION
from sequencer.testing import RecordingCourier
from tests.cli.command import CommandLine
from tests.cli.command_line import run
from tests.firm import Firm
from tests.flows.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "office")


def pack(office: Office, path: Path) -> Path:
    backup(office.engine.workspace, office.engine.store, path, office.clock.now())
    return path


def rows(database: Path, question: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(question).fetchall()


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]


def repack(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def test_a_restored_workspace_is_the_one_that_was_packed(office: Office, tmp_path: Path) -> None:
    office.add_contact("ana@luso.example")
    office.enroll("ana@luso.example")
    office.tick()
    there = office.engine.workspace
    (there.assets / "深圳 list.pdf").write_bytes(b"%PDF-")
    there.holidays.write_text("AE:\n  weekend: [fri, sat, sun]\n", "utf-8")
    done = restore(pack(office, tmp_path / "b.tar.gz"), tmp_path / "new", office.clock.now())
    here = done.workspace
    assert here.read_key() == there.read_key()
    for path in (
        "config.toml",
        "sequences/short.yaml",
        "templates/short/intro.md",
        "assets/深圳 list.pdf",
        "holidays.yaml",
    ):
        assert (here.root / path).read_bytes() == (there.root / path).read_bytes()
    assert rows(here.database, "SELECT address, state FROM outbox") == [("ana@luso.example", "sent")]
    assert done.manifest.fact("schema") == HEAD_REVISION
    assert done.manifest.fact("created_at") == "2026-03-02T09:30:00Z"


def test_a_backup_holds_buyers_data_and_is_its_owners_alone(office: Office, tmp_path: Path) -> None:
    (office.engine.workspace.root / "tokens").mkdir()
    (office.engine.workspace.root / "tokens" / "wang.json").write_text("{}")
    packed = pack(office, tmp_path / "b.tar.gz")
    assert stat.S_IMODE(packed.stat().st_mode) == 0o600
    assert [name for name in members(packed) if "token" in name] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "office"]


def test_a_secret_that_stands_among_the_assets_stays_out(office: Office, tmp_path: Path) -> None:
    workspace = office.engine.workspace
    for name in ("li.secret", "list.pdf"):
        (workspace.assets / name).write_text(name)
    (workspace.assets / "link").symlink_to(workspace.assets / "li.secret")
    workspace.config.write_text('password = "file:assets/../assets/li.secret"\nfaulty =', "utf-8")
    held = members(pack(office, tmp_path / "b.tar.gz"))
    assert "assets/list.pdf" in held
    assert "assets/li.secret" not in held
    assert "assets/link" not in held


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_written(office: Office, tmp_path: Path) -> None:
    (tmp_path / "b.tar.gz").write_text("precious")
    with pytest.raises(InputError, match="there is a file of this name"):
        pack(office, tmp_path / "b.tar.gz")
    (office.engine.workspace.key).unlink()
    with pytest.raises(InputError, match=r"workspace\.key is missing"):
        pack(office, tmp_path / "c.tar.gz")
    assert (tmp_path / "b.tar.gz").read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "office"]


def test_a_backup_is_whole_while_others_write(office: Office, tmp_path: Path) -> None:
    """Each write adds two contacts at once: a copy with an odd number would be torn."""
    stop = threading.Event()
    store = office.engine.store

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with store.write() as tx:
                for half in "ab":
                    tx.exec_driver_sql(
                        "INSERT INTO contacts (address, address_key, created_at, updated_at)"
                        f" VALUES ('{number}{half}@x.example', '{number}{half}@x.example', '2026', '2026')"
                    )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for number in range(3):
            packed = pack(office, tmp_path / f"{number}.tar.gz")
            copy = tmp_path / f"{number}.db"
            copy.write_bytes(members(packed)["sequencer.db"])
            counts.append(rows(copy, "SELECT count(*) FROM contacts")[0][0])
    finally:
        stop.set()
        writer.join()
    assert [int(str(count)) % 2 for count in counts] == [0, 0, 0]
    assert counts[2] != 0


def test_a_damaged_database_is_not_backed_up(office: Office, tmp_path: Path) -> None:
    damage(office)
    with pytest.raises(DatabaseLost):
        pack(office, tmp_path / "b.tar.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["office"]


def damage(office: Office) -> None:
    """Overwrite the pages of the contacts' index of addresses: tables open, lookups go wrong."""
    office.add_contact("ana@luso.example")
    office.engine.store.close()
    database = office.engine.workspace.database
    [(page,)] = rows(database, "SELECT rootpage FROM sqlite_master WHERE name = 'ix_contacts_domain'")
    content = bytearray(database.read_bytes())
    start = (int(str(page)) - 1) * 4096
    content[start : start + 4096] = b"\x0a" + b"\x55" * 4095
    database.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("config.toml", b"me = 'x'", "config.toml is not what was packed"),
        ("workspace.key", None, "workspace.key is missing"),
        ("extra.txt", b"hello", "holds 'extra.txt', which its manifest does not list"),
        ("../evil.txt", b"hello", "holds '../evil.txt', which its manifest does not list"),
        ("manifest.json", b"{}", "its manifest cannot be read"),
        ("manifest.json", None, "does not begin with a manifest"),
    ],
)
def test_a_changed_backup_is_refused(
    office: Office, tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    files = members(pack(office, tmp_path / "b.tar.gz"))
    if content is None:
        del files[name]
    else:
        files[name] = content
    with pytest.raises(InputError) as caught:
        restore(repack(tmp_path / "c.tar.gz", files), tmp_path / "new", office.clock.now())
    assert told in caught.value.message
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "evil.txt").exists()
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_manifest_that_points_outside_is_refused(office: Office, tmp_path: Path) -> None:
    files = members(pack(office, tmp_path / "b.tar.gz"))
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["../evil.txt"] = manifest["files"]["config.toml"]
    files = {
        "manifest.json": json.dumps(manifest).encode(),
        **{k: v for k, v in files.items() if k[0] != "m"},
    }
    with pytest.raises(InputError, match=r"lists '\.\./evil\.txt' wrongly"):
        restore(repack(tmp_path / "c.tar.gz", files), tmp_path / "new", office.clock.now())


def test_a_cut_off_backup_is_refused(office: Office, tmp_path: Path) -> None:
    packed = pack(office, tmp_path / "b.tar.gz")
    packed.write_bytes(packed.read_bytes()[:-5000])
    with pytest.raises(InputError, match="no whole backup"):
        restore(packed, tmp_path / "new", office.clock.now())


def test_a_backup_of_a_newer_program_is_refused_and_says_which_is_needed(
    office: Office, tmp_path: Path
) -> None:
    files = members(pack(office, tmp_path / "b.tar.gz"))
    manifest = json.loads(files["manifest.json"]) | {"schema": "9999", "program": "7.1"}
    files["manifest.json"] = json.dumps(manifest).encode()
    with pytest.raises(SequencerError, match="schema 9999") as caught:
        restore(repack(tmp_path / "c.tar.gz", files), tmp_path / "new", office.clock.now())
    assert caught.value.hint == "use sequencer 7.1 or later"


def test_only_a_new_or_an_empty_folder_is_filled(office: Office, tmp_path: Path) -> None:
    packed = pack(office, tmp_path / "b.tar.gz")
    with pytest.raises(InputError, match="new or an empty folder"):
        restore(packed, office.engine.workspace.root, office.clock.now())
    (tmp_path / "empty").mkdir()
    restore(packed, tmp_path / "empty", office.clock.now())
    assert {"config.toml", "sequencer.db", "assets"} <= {one.name for one in (tmp_path / "empty").iterdir()}
    assert not (tmp_path / "empty" / ".restored.part").exists()


def test_every_mailbox_of_a_restored_workspace_is_paused_even_one_that_never_wrote(
    office: Office, tmp_path: Path
) -> None:
    now = office.clock.now()
    with office.engine.store.write() as tx:
        mailboxes.pause(tx, ["li"], "on holiday", now)
        tx.exec_driver_sql("DELETE FROM mailboxes WHERE name = 'wang'")
        run_ = Run(boot_id="b", pid=1, host="h", started_at=now, beat_at=now, stopped_at=None)
        runs.start(tx, run_)
    done = restore(pack(office, tmp_path / "b.tar.gz"), tmp_path / "new", now + timedelta(days=1))
    assert done.paused == ("li", "wang")
    reason = "restored: mails sent after 2026-03-02T09:30:00Z are not known here"
    told = rows(done.workspace.database, "SELECT name, pause_reason FROM mailboxes ORDER BY name")
    assert told == [("li", f"on holiday; {reason}"), ("wang", reason)]
    assert rows(done.workspace.database, "SELECT count(*) FROM daemon_runs WHERE stopped_at IS NULL") == [
        (0,)
    ]


def reopened(office: Office, workspace: Workspace) -> None:
    """The office moves into the restored workspace; its mail servers are the same."""
    office.engine = open_engine(workspace, office.engine.config, Store(workspace.database), office.clock)


def test_what_was_under_way_in_the_backup_is_not_sent_again(office: Office, tmp_path: Path) -> None:
    for name in ("ana", "bo"):
        office.add_contact(f"{name}@{name}.example")
        office.enroll(f"{name}@{name}.example")
    office.couriers["wang"].fail("MAIL", "451 later", times=9)
    office.tick()
    with office.engine.store.write() as tx:
        claimed = "attempt_id = 'x', message_id = 'm' || id, claimed_at = due_at, batch_boot = NULL"
        tx.exec_driver_sql(f"UPDATE outbox SET state = 'claimed', deferred_at = NULL, {claimed} WHERE id = 1")
        tx.exec_driver_sql(
            f"UPDATE outbox SET state = 'sending', sending_at = due_at, {claimed} WHERE id = 2"
        )
    done = restore(pack(office, tmp_path / "b.tar.gz"), tmp_path / "new", office.clock.now())
    reopened(office, done.workspace)
    take_over(office.engine)
    assert [row.state.value for row in office.rows()] == ["ready", "unsure"]
    office.clock.advance(timedelta(days=1))
    office.tick()
    assert office.received() == []


def test_whoever_was_written_to_after_the_backup_is_found_in_sent_and_left_alone(
    office: Office, tmp_path: Path
) -> None:
    office.add_contact("cy@cy.example")
    office.enroll("cy@cy.example")
    office.tick()
    for name in ("ana", "bo"):
        office.add_contact(f"{name}@{name}.example")
        office.enroll(f"{name}@{name}.example")
    packed = pack(office, tmp_path / "b.tar.gz")
    office.couriers["wang"].fail("MAIL", "451 later", recipient="bo@bo.example", times=9)
    office.tick()
    [_earlier, sent] = office.received()
    assert "ana@ana.example" in sent["To"]
    office.mailboxes["wang"].append("Sent", sent.as_bytes())
    done = restore(packed, tmp_path / "new", office.clock.advance(timedelta(hours=2)))
    reopened(office, done.workspace)
    office.tick()
    assert [(one.state.value, one.finish_reason) for one in office.enrollments()] == [
        ("active", None),
        ("finished", "taken_over"),
        ("active", None),
    ]
    with office.engine.store.write() as tx:
        mailboxes.resume(tx, ["wang"], office.clock.now())
    office.couriers["wang"] = RecordingCourier("wang")
    office.tick()
    [resumed] = office.received()
    assert "bo@bo.example" in resumed["To"]


def test_the_commands_say_what_is_not_in_it_and_what_to_do_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = CommandLine(tmp_path / "w", capsys)
    line("init", str(tmp_path / "w"))
    packed = line("backup", str(tmp_path / "b.tar.gz"))
    assert packed.exit_code == 0
    assert "passwords, the files of `file:` secrets, tokens/" in packed.err
    restored = line("restore", str(tmp_path / "b.tar.gz"), str(tmp_path / "new"))
    assert restored.exit_code == 0
    assert "are not known here. Paused until you have looked: li." in restored.out
    assert "sequencer mailboxes resume NAME" in restored.err
    assert line("backup", str(tmp_path / "b.tar.gz")).exit_code == 2


def test_a_workspace_with_a_faulty_config_can_be_backed_up_and_restored(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    firm = Firm(tmp_path / "w")
    (tmp_path / "w" / "config.toml").write_text("me = ", "utf-8")
    ran = run(firm.session, "backup", str(tmp_path / "b.tar.gz"))
    assert ran.code == 0
    ran = run(firm.session, "restore", str(tmp_path / "b.tar.gz"), str(tmp_path / "new"))
    assert ran.code == 0
    assert "config.toml:1: this is not TOML" in ran.err
