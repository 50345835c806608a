"""The wheel alone is the program: built, installed beside nothing of the checkout, and put to work."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Installed:
    """A fresh environment that holds the wheel and the dependencies of this one."""

    folder: Path
    wheel: Path

    def run(self, *command: str, cwd: Path) -> str:
        """Run a program of the environment; its stdout. Anything but exit code 0 fails the test."""
        bin_folder = self.folder / ("Scripts" if os.name == "nt" else "bin")
        outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        ended = subprocess.run(
            [str(bin_folder / command[0]), *command[1:]],
            cwd=cwd,
            env=outside,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert ended.returncode == 0, f"{command}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp("wheel")
    _run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(place / "dist"), str(ROOT))
    (wheel,) = (place / "dist").glob("*.whl")
    venv.create(place / "venv", with_pip=False)
    made = Installed(place / "venv", wheel)
    _run(
        *("-m", "pip", "--python", str(place / "venv"), "install", "--no-deps", "--no-index"),
        str(wheel),
    )
    # The dependencies come from the running environment, behind the wheel and without its own .pth files
    # (which would bring the checkout back): no network is needed.
    site = Path(
        made.run("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip()
    )
    paths = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (site / "dependencies.pth").write_text("\n".join(paths) + "\n", "utf-8")
    return made


def _run(*arguments: str) -> None:
    ended = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{arguments}\n{ended.stdout}\n{ended.stderr}"


def test_the_wheel_holds_the_package_its_data_and_the_starter_library(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    for folder, suffix in (("sequences", ".yaml"), ("templates", ".md"), ("snippets", ".md")):
        for path in (ROOT / folder).rglob(f"*{suffix}"):
            assert f"sequencer/starter/{path.relative_to(ROOT).as_posix()}" in names
    data = [path for path in (ROOT / "sequencer").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert {path.relative_to(ROOT).as_posix() for path in data} <= names
    assert not {name for name in names if name.startswith(("tests/", "benchmarks/")) or "__pycache__" in name}


def test_the_installed_command_runs_the_wheel_and_not_the_checkout(
    installed: Installed, tmp_path: Path
) -> None:
    where = installed.run("python", "-c", "import sequencer; print(sequencer.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.folder)
    assert "Usage: sequencer" in installed.run("sequencer", "--help", cwd=tmp_path)


def test_init_in_an_empty_folder_makes_a_workspace_that_checks(installed: Installed, tmp_path: Path) -> None:
    installed.run("sequencer", "init", "workspace", cwd=tmp_path)
    workspace = tmp_path / "workspace"
    assert (workspace / "config.toml").is_file()
    starters = {path.relative_to(ROOT) for path in (ROOT / "sequences").glob("*.yaml")}
    assert starters
    for starter in starters:
        assert (workspace / starter).read_bytes() == (ROOT / starter).read_bytes()
    installed.run("sequencer", "sequences", "check", cwd=workspace)
