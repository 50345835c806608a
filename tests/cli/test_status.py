"""`status`: one screen, and an exit code for whoever watches."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.flows.status import DaemonState, daemon_state
from sequencer.store import mailboxes, runs
from sequencer.store.runs import Run
from sequencer.testing import DROP
from tests.cli.command_line import run
from tests.firm import Firm
from tests.store.ledger_rows import NOON


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    return Firm(tmp_path)


def start_daemon(firm: Firm) -> None:
    now = firm.clock.now()
    with firm.store.write() as tx:
        run_ = Run(boot_id="b", pid=77, host="server", started_at=now, beat_at=now, stopped_at=None)
        runs.start(tx, run_)


@pytest.mark.parametrize(("age", "state"), [(0, "running"), (180, "running"), (181, "dead"), (-5, "running")])
def test_a_heartbeat_older_than_three_minutes_is_a_death(age: int, state: str) -> None:
    one = Run(boot_id="b", pid=1, host="h", started_at=NOON, beat_at=NOON, stopped_at=None)
    assert daemon_state(one, NOON + timedelta(seconds=age)) == state


def test_a_workspace_nobody_runs_is_fine(firm: Firm) -> None:
    ran = run(firm.session, "status", "--json")
    assert ran.code == 0
    assert ran.document["daemon"]["state"] == DaemonState.NEVER
    assert "never started" in run(firm.session, "status").out


def test_a_daemon_that_died_is_exit_3_with_the_document_all_the_same(firm: Firm) -> None:
    start_daemon(firm)
    assert run(firm.session, "status").code == 0
    firm.later(minutes=4)
    ran = run(firm.session, "status", "--json")
    assert ran.code == 3
    assert ran.document["daemon"]["state"] == "dead"
    assert "no sign of life since 2026-03-02 12:00Z" in ran.err
    assert "DEAD: process 77 on server, last sign of life 4 min ago" in run(firm.session, "status").out


def test_a_daemon_that_was_stopped_is_no_death(firm: Firm) -> None:
    start_daemon(firm)
    with firm.store.write() as tx:
        runs.stop(tx, "b", firm.clock.now())
    firm.later(days=1)
    ran = run(firm.session, "status")
    assert ran.code == 0
    assert "stopped 1 day ago" in ran.out


def test_it_counts_what_stands_where_and_names_the_mends(firm: Firm) -> None:
    firm.enroll("ana@luso.example", "bo@nord.example", "cy@nord.example")
    firm.courier.fail("DOT", DROP, recipient="ana@luso.example")
    firm.tick()
    with firm.store.write() as tx:
        mailboxes.pause(tx, ["wang"], "535 wrong password", firm.clock.now())
    firm.later(days=1, hours=1)
    firm.tick()
    found = run(firm.session, "status", "--json").document
    assert found["enrollments"] == {"active": 2, "held": 1}
    assert found["held"] == {"unsure": 1}
    assert found["outbox"] == {"sent": 2, "unsure": 1}
    assert [one["id"] for one in found["unsure"]] == [1]
    assert found["tasks"] == {"open": 2, "overdue": 2}
    screen = run(firm.session, "status").out
    assert "PAUSED: 535 wrong password" in screen
    assert "→ mailbox wang is paused; when it is mended: sequencer mailboxes resume wang" in screen
    assert "sequencer outbox resolve 1 --sent | --resend" in screen


def test_what_is_due_and_waits_is_shown_with_its_reason(firm: Firm) -> None:
    firm.enroll(*(f"p{number}@buyer{number}.example" for number in range(7)))
    with firm.store.write() as tx:
        mailboxes.sync(tx, {"wang": "wang"})
        mailboxes.pause(tx, ["wang"], "asked", firm.clock.now())
    firm.tick()
    overdue = run(firm.session, "status", "--json").document["overdue"]
    assert len(overdue) == 5
    assert {one["reason"] for one in overdue} == {"the mailbox is paused"}
