"""CI's promise that it skips nothing, tried on a folder of tests that do skip."""

import os
import subprocess
import sys
from pathlib import Path

from tests.structure.sources import ROOT

SKIPPING = """
import pytest

def test_skips():
    pytest.skip("no Dovecot here")

@pytest.mark.skipif(True, reason="no Dovecot at all")
def test_is_marked():
    pass

@pytest.mark.xfail(reason="known", strict=True)
def test_fails_as_expected():
    assert False

def test_passes():
    pass
"""
SKIPPING_ALTOGETHER = "import pytest\npytest.importorskip('no_such_module_anywhere')\n"


def run_tests(folder: Path, tests: str, **environment: str) -> subprocess.CompletedProcess[str]:
    conftest = (ROOT / "tests" / "conftest.py").read_text("utf-8")
    (folder / "conftest.py").write_text(conftest, "utf-8")
    (folder / "test_these.py").write_text(tests, "utf-8")
    outside = {name: value for name, value in os.environ.items() if name != "SEQUENCER_REQUIRE_ALL"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)],
        cwd=folder,
        env=outside | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_elsewhere_a_skip_is_a_skip(tmp_path: Path) -> None:
    ended = run_tests(tmp_path, SKIPPING)
    assert ended.returncode == 0, ended.stdout
    assert "1 passed, 2 skipped, 1 xfailed" in ended.stdout


def test_where_everything_is_required_a_skip_fails_with_its_reason(tmp_path: Path) -> None:
    ended = run_tests(tmp_path, SKIPPING, SEQUENCER_REQUIRE_ALL="1")
    assert ended.returncode == 1, ended.stdout
    assert "1 failed, 1 passed, 1 xfailed, 1 error" in ended.stdout
    assert "allows no skip: Skipped: no Dovecot here" in ended.stdout
    assert "allows no skip: Skipped: no Dovecot at all" in ended.stdout


def test_where_everything_is_required_a_skipped_module_fails_too(tmp_path: Path) -> None:
    assert run_tests(tmp_path, SKIPPING_ALTOGETHER).returncode == 5  # pytest: no tests ran
    ended = run_tests(tmp_path, SKIPPING_ALTOGETHER, SEQUENCER_REQUIRE_ALL="1")
    assert ended.returncode == 2, ended.stdout
    assert "no_such_module_anywhere" in ended.stdout
