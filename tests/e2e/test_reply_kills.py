"""SIGKILL while a rep's answer leaves, then the command again: the server never holds two unasked."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.demo.imap_host import ImapHost
from tests.e2e.stage import PASSWORD, ControlServer, Stage, open_stage, parsed, reply_to
from tests.e2e.test_kill_instants import SEQUENCE
from tests.e2e.test_walk import ANA, TEMPLATES

NOT_LEFT = (
    *("before commit claimed", "after commit claimed", "after connect", "before rcpt", "after rcpt"),
    "before commit sending",
)
MARKED = ("after commit sending", "before content", "dot written", "after dot", "before commit sent")


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which Ana has answered the first mail."""
    root = tmp_path_factory.mktemp("answered")
    with ImapHost({"wang": PASSWORD}) as host, open_stage(root, host) as stage:
        stage.set_up(SEQUENCE, TEMPLATES)
        (root / "contacts.csv").write_text(f"email,company,first_name\n{ANA},Luso Tools,Ana\n")
        stage.command("contacts", "import", str(root / "contacts.csv"))
        stage.command("enroll", "spine", "--all", "--yes")
        stage.run_once()
        stage.move(timedelta(hours=5))
        stage.run_once()
        [sent] = stage.smtp.received
        host.deliver("wang", reply_to(parsed(sent.raw), "Please send prices."))
        stage.run_once()
        (stage.workspace / "answer.md").write_text("Here they are.\n")
        return stage.workspace


@pytest.fixture
def stage(tmp_path: Path, answered: Path) -> Iterator[Stage]:
    with ImapHost({"wang": PASSWORD}) as host, open_stage(tmp_path, host) as stage:
        shutil.copytree(answered, stage.workspace)
        stage.configure()
        stage.move(timedelta(hours=6))
        yield stage


@pytest.fixture
def control() -> Iterator[ControlServer]:
    server = ControlServer()
    yield server
    server.close()


def answer(stage: Stage, control: ControlServer) -> subprocess.Popen[str]:
    """The command, stopped at each instant."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.e2e.reply_launcher", str(stage.workspace)),
            *("--clock", str(stage.clock), "--control", str(control.port)),
            *("1", str(stage.workspace / "answer.md")),
        ],
        env=stage.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    stage.processes.append(process)
    control.accept()
    return process


def again(stage: Stage) -> subprocess.CompletedProcess[str]:
    """The command as a rep types it once more."""
    return subprocess.run(
        [sys.executable, "-m", "sequencer", "inbox", "reply", "1", "--text", "answer.md", "--yes"],
        cwd=stage.workspace,
        env=stage.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def states(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT state FROM replies ORDER BY id").fetchall()
    connection.close()
    return [row[0] for row in rows]


@pytest.mark.parametrize("instant", [*NOT_LEFT, *MARKED, "after commit sent"])
def test_a_kill_at_this_instant_never_makes_a_second_answer(
    stage: Stage, control: ControlServer, instant: str
) -> None:
    process = answer(stage, control)
    seen = []
    while (reached := control.next_instant()) != instant:
        assert reached is not None, f"{instant} was never reached, only {seen}"
        seen.append(reached)
        control.let_go()
    copy = stage.copy_database(stage.root / "copy")
    if instant == "dot written":
        stage.smtp.wait_received(1)
    held = len(stage.smtp.received)
    assert held == 0 or set(states(copy)) & {"sending", "unsure", "sent"}, "the ledger admits less"
    process.send_signal(signal.SIGKILL)
    process.wait()

    done = again(stage)
    now, received = states(stage.workspace / "sequencer.db"), len(stage.smtp.received)
    if instant in NOT_LEFT:
        assert (done.returncode, now[-1], received) == (0, "sent", 1), done.stderr
    elif instant in MARKED:
        assert (done.returncode, now, received) == (3, ["unsure"], held), done.stderr
        assert "may have left" in done.stderr
    else:
        assert (done.returncode, now, received) == (1, ["sent"], 1), done.stderr
        assert "was answered by" in done.stderr


def test_the_daemon_calls_it_unsure_and_finds_it_in_sent(stage: Stage, control: ControlServer) -> None:
    process = answer(stage, control)
    while control.next_instant() != "after dot":
        control.let_go()
    process.send_signal(signal.SIGKILL)
    process.wait()
    stage.run_once()
    assert states(stage.workspace / "sequencer.db") == ["unsure"]
    stage.imap.append("wang", "Sent", stage.smtp.received[0].raw)  # type: ignore[attr-defined]
    stage.move(timedelta(minutes=20))
    stage.run_once()
    assert states(stage.workspace / "sequencer.db") == ["sent"]
    assert again(stage).returncode == 1


def test_a_daemon_at_work_leaves_one_alone_that_is_leaving(stage: Stage, control: ControlServer) -> None:
    process = answer(stage, control)
    while control.next_instant() != "after commit sending":
        control.let_go()
    stage.run_once()
    assert states(stage.workspace / "sequencer.db") == ["sending"]
    control.let_go()
    while control.next_instant() is not None:
        control.let_go()
    assert process.wait(20) == 0
    assert states(stage.workspace / "sequencer.db") == ["sent"]
    assert len(stage.smtp.received) == 1
