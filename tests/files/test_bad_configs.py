"""Every folder of tests/bad_configs is a workspace with faults and the exact lines that tell them.

A case is laid over `_base`; `expected.txt` holds one fault a line. Adding a case is adding files. What lint
rules find is looked at in the cases called `lint-…` only: in the others nobody is to write well.
"""

import shutil
from pathlib import Path

import pytest

from sequencer.core.lint import RULES
from sequencer.errors import FaultyInput
from sequencer.files.config_file import read_config
from sequencer.files.workspace import Workspace
from sequencer.flows.check_sequences import check_sequences

CASES = Path(__file__).parents[1] / "bad_configs"
NAMES = sorted(case.name for case in CASES.iterdir() if not case.name.startswith("_"))


def faults_of(root: Path, *, is_linted: bool = False) -> list[str]:
    workspace = Workspace(root)
    try:
        config = read_config(workspace.config)
    except FaultyInput as error:
        return [str(fault) for fault in error.faults]
    found = check_sequences(workspace, config, (), RULES if is_linted else ())
    return [str(fault) for one in found for fault in (*one.faults, *one.warnings)]


@pytest.mark.parametrize("name", NAMES)
def test_a_faulty_workspace_tells_exactly_its_faults(name: str, tmp_path: Path) -> None:
    shutil.copytree(CASES / "_base", tmp_path, dirs_exist_ok=True)
    shutil.copytree(CASES / name, tmp_path, dirs_exist_ok=True)
    expected = (CASES / name / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert faults_of(tmp_path, is_linted=name.startswith("lint-")) == expected


def test_the_workspace_under_the_cases_has_no_fault(tmp_path: Path) -> None:
    shutil.copytree(CASES / "_base", tmp_path, dirs_exist_ok=True)
    (tmp_path / "sequences").mkdir()
    (tmp_path / "sequences" / "s.yaml").write_text(
        "sequence: s\nwindow: buyer\nsteps:\n  - {id: one, template: hello}\n  - {id: two, template: again}\n"
    )
    assert faults_of(tmp_path) == []
    assert len(NAMES) >= 20
