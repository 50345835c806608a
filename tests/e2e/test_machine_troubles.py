"""What a machine does to a daemon that nobody watches: full disks, locks, damage, clocks that jump."""

import contextlib
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.e2e.desks import ANA, Desks
from tests.servers.smtp_server import STALL

STOP_SECONDS = 10


@contextlib.contextmanager
def no_room(process: "subprocess.Popen[str]") -> Iterator[None]:
    """While this lasts every write of the process to a file fails, as on a disk without room."""
    unlimited = resource.RLIM_INFINITY
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, unlimited))
    yield
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))


def piped(desks: Desks, *arguments: str) -> "subprocess.Popen[str]":
    """`sequencer run` whose log goes through a pipe, which has room when files have none."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sequencer", "run", *arguments],
        cwd=desks.stage.workspace,
        env=desks.stage.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    desks.stage.processes.append(process)
    return process


def read_until(process: "subprocess.Popen[str]", words: str) -> list[str]:
    """Log lines up to the one with these words."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return lines
    raise AssertionError(f"{words!r} was never said:\n{''.join(lines)}")


def ended(process: "subprocess.Popen[str]") -> str:
    """Stop it; the rest of its log."""
    process.terminate()
    rest, _ = process.communicate(timeout=STOP_SECONDS)
    assert process.returncode == 0, rest
    return rest


def heartbeat(desks: Desks) -> dict[str, object]:
    return dict(json.loads((desks.stage.workspace / "heartbeat.json").read_text("utf-8")))


def test_a_full_disk_is_one_line_stops_sending_and_the_daemon_goes_on_when_there_is_room(
    desks: Desks,
) -> None:
    desks.stage.command("mailboxes", "pause", "--all", "--reason", "not yet")
    daemon = piped(desks)
    read_until(daemon, "started")
    with no_room(daemon):
        read_until(daemon, "database fails: the disk failed")
        for one in desks.imap.values():  # both mailboxes go on trying to read
            count = len(one.commands)
            desks.wait(lambda one=one, count=count: len(one.commands) > count + 6)
    before = read_until(daemon, "database works again")
    assert [line for line in before if "fails" in line or "Traceback" in line] == []
    assert desks.smtp["wang"].received == []
    desks.stage.command("mailboxes", "resume", "--all")
    desks.wait_states("sent", "sent")
    ended(daemon)


def test_a_message_that_the_server_took_while_the_disk_was_full_is_written_down_as_sent_later(
    desks: Desks,
) -> None:
    who = desks.mailbox_of(ANA)
    desks.smtp[who].fail("DOT", STALL, is_kept=True, recipient=ANA)
    daemon = piped(desks)
    desks.wait_states("sending", "sent")
    with no_room(daemon):
        desks.smtp[who].release()
        read_until(daemon, "database fails")
        assert desks.states() == ["sending", "sent"]
    desks.wait_states("sent", "sent")
    said = ended(daemon)
    assert "unsure" not in said
    assert len(desks.smtp[who].received) == 1


def test_a_damaged_database_is_refused_at_the_start_with_the_way_on(desks: Desks) -> None:
    for beside in desks.stage.workspace.glob("sequencer.db-*"):
        beside.unlink()
    [(page,)] = desks.ask("SELECT rootpage FROM sqlite_master WHERE name = 'ix_contacts_domain'")
    with desks.database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x0a" + b"\x55" * 4095)
    refused = desks.try_out("run")
    assert refused.returncode == 1
    assert f"{desks.database}: the database is damaged: " in refused.stderr
    assert "sequencer restore FILE DIR" in refused.stderr
    assert "docs/operations.md" in refused.stderr
    assert desks.smtp["wang"].received == []


def test_a_database_that_gets_damaged_ends_the_daemon(desks: Desks) -> None:
    daemon = desks.run()
    desks.wait_states("sent", "sent")
    content = desks.database.read_bytes()
    for path in (desks.database, Path(f"{desks.database}-wal")):
        with path.open("r+b") as file:
            file.write(b"\x55" * len(content) * 2)
    assert daemon.wait(STOP_SECONDS) == 1
    # While the file is being overwritten a thread may still meet another fault first, such as a short read.
    told = [line for line in desks.log.splitlines() if "database fails: " in line]
    assert len([line for line in told if "sequencer restore" in line]) == 1
    assert "sequencer restore" in told[-1]
    assert "Error: " in desks.log


def test_a_missing_database_is_never_made_anew(desks: Desks) -> None:
    desks.database.unlink()
    refused = desks.try_out("run")
    assert refused.returncode == 2
    assert "the workspace has no database" in refused.stderr
    assert not desks.database.exists()


def test_a_database_that_may_not_be_written_is_refused_with_the_mend(desks: Desks) -> None:
    """Root may write everywhere: the right to is taken from the process first."""
    desks.database.chmod(0o444)
    for beside in desks.stage.workspace.glob("sequencer.db-*"):
        beside.unlink()
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_RIGHTS, sys.executable, "-m", "sequencer", "run", "--once"],
        cwd=desks.stage.workspace,
        env=desks.stage.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "the database may not be written to" in done.stderr
    assert "Hint: give yourself the right to write the file and its folder" in done.stderr


WITHOUT_RIGHTS = """
import ctypes, os, sys
CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24
if os.geteuid() == 0:
    assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_a_clock_put_back_is_told_and_every_inbox_read_again_at_once(desks: Desks) -> None:
    """A reading every hour: what is read within seconds is read because of the step."""
    desks.configure(limits="")
    text = (
        (desks.stage.workspace / "config.toml").read_text().replace('poll_every = "1s"', 'poll_every = "1h"')
    )
    (desks.stage.workspace / "config.toml").write_text(text)
    desks.stage.move(timedelta(0))
    daemon = desks.stage.launch()
    desks.wait_states("sent", "sent")
    counts = {name: len(one.commands) for name, one in desks.imap.items()}
    desks.stage.move(-timedelta(hours=3))
    desks.wait_log("the clock was put: back by")
    desks.wait(lambda: all(len(one.commands) > counts[name] for name, one in desks.imap.items()))
    assert "every inbox is read again before a follow-up leaves" in desks.log
    daemon.terminate()
    assert daemon.wait(STOP_SECONDS) == 0


def test_the_heartbeat_file_says_that_it_works_and_when_it_stopped(desks: Desks) -> None:
    daemon = desks.run()
    desks.wait_states("sent", "sent")
    desks.wait(lambda: (desks.stage.workspace / "heartbeat.json").exists())
    beat = heartbeat(desks)
    assert beat["pid"] == daemon.pid
    assert (beat["stopped_at"], beat["database"]) == (None, None)
    assert set(beat["mailboxes"]) == {"li", "wang"}  # type: ignore[call-overload]
    daemon.terminate()
    assert daemon.wait(STOP_SECONDS) == 0
    last = heartbeat(desks)
    assert last["stopped_at"] is not None
    read_ages = [one["read_age_s"] for one in last["mailboxes"].values()]  # type: ignore[attr-defined]
    assert all(0 <= age < 60 for age in read_ages)
    assert not list(desks.stage.workspace.glob("heartbeat.json.*"))


def test_the_log_file_survives_that_it_is_moved_away(desks: Desks) -> None:
    log = desks.stage.workspace / "run.log"
    daemon = desks.run("--log-file", "run.log", "--log-format", "json")
    desks.wait(lambda: log.exists() and "started" in log.read_text())
    shutil.move(log, desks.stage.workspace / "run.log.old")
    desks.wait_states("sent", "sent")
    daemon.terminate()
    assert daemon.wait(STOP_SECONDS) == 0
    assert json.loads(log.read_text().splitlines()[-1])["event"] == "stopped"
    assert desks.log == ""


def test_a_database_locked_by_another_program_is_said_to_be_and_waited_for(desks: Desks) -> None:
    """The half minute is shortened: the pragma stands in the workspace's own connection settings."""
    other = sqlite3.connect(desks.database, isolation_level=None)
    environment = desks.stage.environment | {"PYTHONPATH": os.pathsep.join([str(_patience(desks)), _root()])}
    with contextlib.closing(other):
        process = subprocess.Popen(
            [sys.executable, "-m", "sequencer", "run"],
            cwd=desks.stage.workspace,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        desks.stage.processes.append(process)
        desks.wait_states("sent", "sent")
        other.execute("BEGIN IMMEDIATE")
        read_until(process, "database fails: another program kept the database locked")
        other.execute("ROLLBACK")
        while_locked = read_until(process, "database works again")
    assert "database works again" not in ended(process), "it was told once"
    assert not [line for line in while_locked if "Traceback" in line]


def _root() -> str:
    return str(Path(__file__).parents[2])


def _patience(desks: Desks) -> Path:
    """A folder whose sitecustomize makes this one process wait a tenth of a second for a lock."""
    folder = desks.stage.root / "patience"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "from sqlalchemy import event\n"
        "from sqlalchemy.engine import Engine\n"
        "def hurry(connection, record):\n"
        "    connection.execute('PRAGMA busy_timeout=100')\n"
        "event.listen(Engine, 'checkout', lambda connection, record, proxy: hurry(connection, record))\n"
    )
    return folder
