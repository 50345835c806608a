"""SIGKILL at every named instant of a delivery, then a restart: the server never holds two."""

import shutil
import signal
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.demo.imap_host import ImapHost
from tests.e2e.stage import PASSWORD, ControlServer, Stage, open_stage
from tests.e2e.test_walk import ANA, TEMPLATES
from tests.servers.pipelining import pipelining

SEQUENCE = """
sequence: spine
window: buyer
steps:
  - id: intro
    template: spine/intro
"""

UNKNOWABLE = ("before dot", "dot written", "after dot", "before commit sent")
"""The final dot may have reached the server, and its answer is not in the ledger yet."""

MARKED = ("after commit sending", "before data", "after data", "before content", "after content", *UNKNOWABLE)
"""Once `sending` is committed a crash leaves `unsure`: whether content left is not written down again."""

INSTANTS = (
    *("before commit claimed", "after commit claimed"),
    *("before ehlo", "after ehlo", "before starttls", "after starttls", "before auth", "after auth"),
    *("before mail", "after mail", "before rcpt", "after rcpt"),
    *("before commit sending", *MARKED),
    "after commit sent",
)

PIPELINED = (
    *("before envelope", "after mail", "after rcpt", "after 354", "before commit sending"),
    *("after commit sending", "before content", "after content", *UNKNOWABLE),
)
"""What comes instead between AUTH and the end where the server pipelines."""

MODES = [("verb by verb", instant) for instant in INSTANTS] + [
    ("pipelining", instant) for instant in PIPELINED
]


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one contact enrolled, to be copied for each test."""
    root = tmp_path_factory.mktemp("enrolled")
    with ImapHost({"wang": PASSWORD}) as host, open_stage(root, host) as stage:
        stage.set_up(SEQUENCE, TEMPLATES)
        (root / "contacts.csv").write_text(f"email,company,first_name\n{ANA},Luso Tools,Ana\n")
        stage.command("contacts", "import", str(root / "contacts.csv"))
        stage.command("enroll", "spine", "--all", "--yes")
        return stage.workspace


@pytest.fixture
def stage(tmp_path: Path, enrolled: Path) -> Iterator[Stage]:
    with ImapHost({"wang": PASSWORD}) as host, open_stage(tmp_path, host) as stage:
        shutil.copytree(enrolled, stage.workspace)
        stage.configure()
        yield stage


@pytest.fixture
def control() -> Iterator[ControlServer]:
    server = ControlServer()
    yield server
    server.close()


def state_in(database: Path) -> str:
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT state FROM outbox WHERE state <> 'cancelled'").fetchall()
    connection.close()
    return str(rows[0][0]) if rows else "absent"


def says_no_less(state: str, held_by_server: int) -> bool:
    """Whether the ledger admits at least what the server holds."""
    return held_by_server == 0 or state in ("sending", "unsure", "sent")


def serve(stage: Stage, mode: str) -> None:
    if mode == "pipelining":
        pipelining(stage.smtp)


@pytest.mark.parametrize(("mode", "instant"), MODES)
def test_a_kill_at_this_instant_never_makes_a_second_mail(
    stage: Stage, control: ControlServer, mode: str, instant: str
) -> None:
    serve(stage, mode)
    process = stage.launch("--once", "--control", str(control.port))
    control.accept()
    while (reached := control.next_instant()) != instant:
        assert reached is not None, f"{instant} was never reached:\n{stage.log}"
        control.let_go()
    copy = stage.copy_database(stage.root / "copy")
    if instant == "dot written":
        stage.smtp.wait_received(1)
    held = len(stage.smtp.received)
    assert says_no_less(state_in(copy), held)
    process.send_signal(signal.SIGKILL)
    process.wait()

    stage.move(timedelta(hours=5))
    stage.run_once(times=2)
    received = len(stage.smtp.received)
    state = state_in(stage.workspace / "sequencer.db")
    if instant in MARKED:
        assert (state, received) == ("unsure", held)
    else:
        assert (state, received) == ("sent", 1)


@pytest.mark.parametrize(("mode", "instants"), [("verb by verb", INSTANTS), ("pipelining", PIPELINED)])
def test_at_every_instant_the_database_on_disk_admits_what_the_server_holds(
    stage: Stage, control: ControlServer, mode: str, instants: tuple[str, ...]
) -> None:
    serve(stage, mode)
    process = stage.launch("--once", "--control", str(control.port))
    control.accept()
    seen = []
    while (reached := control.next_instant()) is not None:
        seen.append(reached)
        copy = stage.copy_database(stage.root / f"copy{len(seen)}")
        assert says_no_less(state_in(copy), len(stage.smtp.received)), reached
        control.let_go()
    assert process.wait(20) == 0
    assert set(instants) <= set(seen), sorted(set(instants) - set(seen))
