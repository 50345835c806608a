"""The demo as a stranger runs it: the same everywhere, its proofs zero, and not zero when it is sabotaged."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.structure.sources import ROOT

KEYS = {
    *("seed", "days", "enrolled", "active", "held", "sent", "delivered", "refused", "unsure", "replies"),
    *("auto_replies", "bounces", "opt_outs", "duplicates", "sent_after_answer", "unknown_ids"),
    *("finished_by_reason", "by_step", "versions"),
}
NINE_STEPS = {
    *("intro", "hot-products", "catalogue", "certificates", "exhibition"),
    *("factory", "customers", "quote", "new-products"),
}


def run_demo(
    folder: Path, *arguments: str, date: str = "-", zone: str = "UTC"
) -> subprocess.CompletedProcess[str]:
    """`sequencer demo …` in a folder, on a date (`-`: today), where the machine's clock shows `zone`."""
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, "TZ": zone, "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    command = [sys.executable, "-m", "tests.demo.elsewhere", date, "demo", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def audit_of(workspace: Path) -> tuple[int, dict[str, Any]]:
    """What `sequencer audit` says of a demo's records, and its exit code."""
    ended = subprocess.run(
        [sys.executable, "-m", "sequencer", "audit", "--json"],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    found: dict[str, Any] = json.loads(ended.stdout)
    return ended.returncode, found


def figures(ended: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the workspace of `seven` is left."""
    return tmp_path_factory.mktemp("seven") / "kept"


@pytest.fixture(scope="module")
def seven(kept: Path) -> subprocess.CompletedProcess[str]:
    """As a user runs it: today, in this machine's zone, with whatever network there is."""
    return subprocess.run(
        [sys.executable, "-m", "sequencer", "demo", "--seed", "7", "--json", "--keep", str(kept)],
        cwd=kept.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_nothing_is_sent_twice_nor_after_an_answer(seven: subprocess.CompletedProcess[str]) -> None:
    assert seven.returncode == 0, seven.stderr
    found = figures(seven)
    assert set(found) == KEYS
    assert (found["duplicates"], found["sent_after_answer"], found["unknown_ids"]) == (0, 0, 0)
    assert found["delivered"] == found["sent"] > 200
    assert found["unsure"] == 0


def test_the_audit_of_its_records_finds_nothing(seven: subprocess.CompletedProcess[str], kept: Path) -> None:
    code, audited = audit_of(kept)
    assert (code, audited["findings"]) == (0, [])
    assert audited["by_state"]["sent"] == figures(seven)["sent"]
    assert audited["residual_window"]["messages"] == audited["follow_ups"] > 100


def test_everybody_is_accounted_for(seven: subprocess.CompletedProcess[str]) -> None:
    found = figures(seven)
    assert found["enrolled"] == 40
    finished = sum(found["finished_by_reason"].values())
    assert finished + found["active"] + found["held"] == found["enrolled"]


def test_every_kind_of_answer_occurs_and_every_step_is_reached(
    seven: subprocess.CompletedProcess[str],
) -> None:
    found = figures(seven)
    reasons = found["finished_by_reason"]
    for reason in ("completed", "replied", "bounced", "left", "opted_out", "complained", "taken_over"):
        assert reasons.get(reason, 0) > 0, reason
    assert found["refused"] >= 1
    assert found["auto_replies"] >= 3
    steps: Mapping[str, Mapping[str, int]] = found["by_step"]["mail-group"]
    assert {step for step, line in steps.items() if line["reached"] > 0} == NINE_STEPS


@pytest.mark.parametrize(
    ("date", "zone"), [("2031-07-04T23:59:58+00:00", "Pacific/Auckland"), ("2019-03-31", "America/St_Johns")]
)
def test_it_is_the_same_in_another_folder_on_another_date_in_another_zone_without_network(
    seven: subprocess.CompletedProcess[str], tmp_path: Path, date: str, zone: str
) -> None:
    there = run_demo(tmp_path / "another", "--seed", "7", "--json", date=date, zone=zone)
    assert there.returncode == 0, there.stderr
    assert there.stdout == seven.stdout


def test_another_seed_is_another_story_with_the_same_end(
    seven: subprocess.CompletedProcess[str], tmp_path: Path
) -> None:
    other = run_demo(tmp_path / "other", "--seed", "8", "--days", "30", "--json")
    assert other.returncode == 0, other.stderr
    assert figures(other)["by_step"] != figures(seven)["by_step"]


def test_a_lost_answer_taken_for_a_failure_shows_as_duplicates(tmp_path: Path) -> None:
    there = tmp_path / "kept"
    broken = run_demo(tmp_path, "--days", "12", "--sabotage", "resend", "--keep", str(there), "--json")
    assert broken.returncode == 3, broken.stderr
    assert figures(broken)["duplicates"] > 0
    assert figures(broken)["unknown_ids"] > 0
    # The audit judges by the records, and those were told that the server had said no: docs/audit.md.
    code, audited = audit_of(there)
    assert (code, audited["findings"]) == (0, [])
    assert audited["attempts"] > audited["messages"]


def test_a_gate_left_open_shows_as_mails_after_an_answer(tmp_path: Path) -> None:
    there = tmp_path / "kept"
    broken = run_demo(tmp_path, "--days", "20", "--sabotage", "late", "--keep", str(there))
    assert broken.returncode == 3, broken.stderr
    assert "answered at" in broken.stdout
    assert "the proof shows it" in broken.stderr
    code, audited = audit_of(there)
    assert code == 3
    assert {one["check"] for one in audited["findings"]} == {"unread_inbox"}
    assert any("had come" in one["words"] for one in audited["findings"])


def test_a_kept_workspace_can_be_looked_at(tmp_path: Path) -> None:
    kept = tmp_path / "look"
    played = run_demo(tmp_path, "--days", "8", "--keep", str(kept))
    assert played.returncode == 0, played.stderr
    for command in (["status"], ["report"], ["inbox", "list"], ["sequences", "check"], ["audit"]):
        looked = subprocess.run(
            [sys.executable, "-m", "sequencer", *command],
            cwd=kept,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert looked.returncode == 0, (command, looked.stdout, looked.stderr)


def test_a_folder_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine", "utf-8")
    refused = run_demo(tmp_path, "--keep", str(tmp_path))
    assert refused.returncode == 2
    assert (tmp_path / "config.toml").read_text("utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [tmp_path / "config.toml"]
