"""Completion: a script for each shell, and names from the workspace's files, never an error."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from sequencer.cli import cli
from sequencer.files.init_workspace import make_workspace

CONFIG = '[[reps]]\nname = "wang"\n[[reps]]\nname = "li"\n[[mailboxes]]\nname = "sales"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workspace = make_workspace(tmp_path / "buyers")
    workspace.config.write_text(CONFIG, "utf-8")
    for file in workspace.sequences.glob("*.yaml"):
        file.unlink()
    (workspace.sequences / "fair.yaml").write_text("sequence: fair\n", "utf-8")
    (workspace.sequences / "fall.yaml").write_text("", "utf-8")
    return tmp_path / "buyers"


def offered(folder: Path, *words: str) -> list[str]:
    """What the shell would offer for the last word."""
    completing = ShellComplete(cli, {}, "sequencer", "_SEQUENCER_COMPLETE")
    found = completing.get_completions(["--workspace", str(folder), *words[:-1]], words[-1])
    return [one.value for one in found]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    ran = CliRunner().invoke(cli, ["completion", shell])
    assert ran.exit_code == 0
    assert f"_SEQUENCER_COMPLETE={shell}_complete" in ran.output
    assert "sequencer" in ran.output


def test_a_shell_that_click_does_not_know_is_refused() -> None:
    assert CliRunner().invoke(cli, ["completion", "powershell"]).exit_code == 2


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("wh",), ["why"]),
        (("enroll", "fa"), ["fair", "fall"]),
        (("enrollments", "pause", "--sequence", "fai"), ["fair"]),
        (("enrollments", "list", "--rep", ""), ["li", "wang"]),
        (("mailboxes", "pause", "s"), ["sales"]),
        (("--as", "w"), ["wang"]),
        (("tasks", "list", "--rep", "x"), []),
    ],
)
def test_names_of_the_workspace_are_offered(folder: Path, words: tuple[str, ...], names: list[str]) -> None:
    assert offered(folder, *words) == names


@pytest.mark.parametrize("config", ["[[reps", "reps = 3\n", "[[reps]]\nname = 7\n", "\udcff"])
def test_a_faulty_config_offers_nothing_and_raises_nothing(folder: Path, config: str) -> None:
    (folder / "config.toml").write_bytes(config.encode("utf-8", "surrogateescape"))
    assert offered(folder, "tasks", "list", "--rep", "") == []


def test_without_a_workspace_nothing_is_offered(tmp_path: Path) -> None:
    assert offered(tmp_path / "nowhere", "enroll", "") == []


def test_a_completion_loads_nothing_heavy_and_no_network(folder: Path) -> None:
    code = (
        "import sys\nfrom click.shell_completion import ShellComplete\nfrom sequencer.cli import cli\n"
        "ShellComplete(cli, {}, 'sequencer', 'X').get_completions(['-w', sys.argv[1], 'tasks', 'list', "
        "'--rep'], '')\n"
        "assert not {'sqlalchemy', 'socket', 'pydantic', 'jinja2', 'ruamel.yaml'} & set(sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
