"""`simulate`: the same bytes for a seed, one line for what is wrong, and a workspace left as it was."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sequencer.store import mailboxes
from sequencer.store.lock import RunLock
from tests.cli.command_line import Ran, run
from tests.firm import Firm
from tests.flows.office import Office
from tests.simulate.playing import digests
from tests.structure.sources import ROOT

A_MINUTE = timedelta(minutes=1)
RATES = ("--reply-rate", "0.3", "--ooo", "0.2", "--bounce", "0.2")


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    firm = Firm(tmp_path)
    firm.session.__dict__["workspace"] = firm.workspace
    return firm


def _simulate(firm: Firm, *words: str) -> Ran:
    return run(firm.session, "simulate", *words)


def test_equal_seeds_give_equal_bytes_and_others_other_ones(firm: Firm) -> None:
    firm.enroll("ana@luso.example", "ben@muster.example")
    firm.clock.advance(A_MINUTE)
    words = (*RATES, "--invent", "20", "--days", "10")
    first = _simulate(firm, "--seed", "5", *words)
    assert first.code == 0
    assert first.err.startswith("day 7 of 10: ")
    firm.clock.advance(13 * A_MINUTE)  # still before the quarter of an hour at which it begins
    assert _simulate(firm, "--seed", "5", *words) == first
    assert _simulate(firm, "--seed", "6", *words).out != first.out
    told = _simulate(firm, "--seed", "5", *words, "--json")
    assert _simulate(firm, "--seed", "5", *words, "--json") == told


def test_the_document_says_what_the_table_says(firm: Firm) -> None:
    firm.enroll("ana@luso.example")
    document = _simulate(firm, *RATES, "--invent", "9", "--json").document
    assert set(document) == {
        *("from", "until", "days", "seed", "rates", "enrolled_before", "invented", "approvals", "tasks"),
        *("is_rehearsal_list_ignored", "sent", "totals", "by_day", "mailboxes", "ended", "open"),
        *("last_finish_at", "versions"),
    }
    assert document["rates"] == {"reply": 0.3, "ooo": 0.2, "bounce": 0.2}
    assert document["invented"] == {"sequence": "fair", "enrolled": 9, "refused": []}
    assert document["enrolled_before"] == 1
    assert document["sent"] == sum(one["new"] + one["follow_ups"] for one in document["by_day"])
    [mailbox] = document["mailboxes"]
    assert mailbox["messages"] == sum(one["messages"] for one in mailbox["days"]) == document["sent"]
    held = document["open"]["held"]
    assert sum(document["ended"].values()) + document["open"]["active"] + sum(held.values()) == 10
    assert set(document["versions"]) == {"sequencer", "holidays", "tzdata"}
    shown = _simulate(firm, *RATES, "--invent", "9").out
    assert f"{document['sent']} sent; {document['totals']['replies']} " in shown
    assert all(f"{name} {number}" in shown for name, number in document["versions"].items())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reply-rate", "2"), "--reply-rate is a share from 0 to 1, not 2"),
        (("--ooo", "-1"), "--ooo is a share from 0 to 1, not -1"),
        (("--bounce", "nan"), "--bounce is a share from 0 to 1, not nan"),
        (("--reply-rate", "often"), "'often' is not a valid float"),
        (("--days", "0"), "0 is not in the range 1<=x<=366"),
        (("--invent", "0"), "0 is not in the range"),
        (("--invent", "3", "--sequence", "fare"), "there is no sequence 'fare'"),
        (("--invent", "3", "--mailbox", "li"), "wang writes from no mailbox 'li'"),
        (("--sequence", "fair"), "--sequence says where invented contacts go"),
        (("--from", "2025-01-01"), "things have happened in this workspace since"),
        (("--from", "soon"), "'soon' does not match the formats"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(firm: Firm, words: tuple[str, ...], said: str) -> None:
    firm.enroll("ana@luso.example")
    ran = _simulate(firm, *words)
    assert (ran.code, ran.out) == (2, "")
    [line] = [line for line in ran.err.splitlines() if line.startswith("Error: ")]
    assert said in line


def test_with_several_sequences_it_is_to_be_said_which(firm: Firm) -> None:
    other = (firm.workspace.sequences / "fair.yaml").read_text("utf-8")
    (firm.workspace.sequences / "other.yaml").write_text(other.replace(": fair", ": other"), "utf-8")
    ran = _simulate(firm, "--invent", "3")
    assert (ran.code, ran.out) == (2, "")
    assert "say which sequence" in ran.err
    assert "--sequence NAME: fair, other" in ran.err


def test_nobody_to_write_to_is_no_fault_but_is_said(firm: Firm) -> None:
    ran = _simulate(firm)
    assert ran.code == 0
    assert "0 sent; 0 replies expected." in ran.out
    assert "nobody is enrolled: `sequencer simulate --invent" in ran.err


def test_what_is_passed_over_and_what_is_not_is_said(firm: Firm) -> None:
    firm.enroll("ana@luso.example")
    firm.session.__dict__["config"] = replace(firm.config, only_to=("*@nobody.example",))
    firm.tick()
    assert "The rehearsal list (only_to in config.toml) is passed over here." in _simulate(firm).out
    with firm.store.write() as tx:
        mailboxes.pause(tx, ["wang"], "looked into", firm.clock.now())
    firm.later(hours=1)
    assert "wang is paused, and stays so here: looked into" in _simulate(firm).out


def test_neither_the_workspace_nor_the_lock_of_a_daemon_is_touched(tmp_path: Path) -> None:
    """By a process of its own: one that has the index of the log mapped already would write to it."""
    office = Office(tmp_path)
    office.add_contact("ana@luso.example", owner=None)
    office.enroll("ana@luso.example")
    words = ("--invent", "5", "--sequence", "short", "--days", "5", *RATES)
    lock = RunLock(office.engine.workspace.database)
    lock.take()
    try:
        with office.engine.store.write() as tx:
            mailboxes.sync(tx, {"somebody": "somebody"})
            before = digests(tmp_path)
            assert {"sequencer.db-wal", "sequencer.db-shm", "sequencer.db.lock"} <= before.keys()
            assert _typed(tmp_path, *words, "--json")["invented"]["enrolled"] == 5
            assert digests(tmp_path) == before
    finally:
        lock.release()
    office.engine.store.close()
    before = digests(tmp_path)
    assert "sequencer.db-wal" not in before
    assert _typed(tmp_path, *words, "--json")["enrolled_before"] == 1
    assert digests(tmp_path) == before


def _typed(workspace: Path, *words: str) -> Any:
    command = [sys.executable, "-m", "sequencer", "-w", str(workspace), "simulate", *words]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
