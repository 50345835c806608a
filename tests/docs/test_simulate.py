"""The page on simulations is true: its example is what the program prints, on that date and with that key."""

import os
import shlex
import sys
from pathlib import Path

from sequencer.flows.init import init
from tests.docs.page import Page
from tests.e2e.terminal import in_terminal
from tests.structure.sources import ROOT

MONDAY = "2026-03-02T01:00"
"""Nine in the morning in Shanghai."""


def test_the_example_of_the_page_is_what_is_printed(tmp_path: Path) -> None:
    workspace = init(tmp_path / "buyers")
    # In place of the random key, from which the pauses between mails derive.
    workspace.key.write_bytes(bytes(range(32)))
    page = Page(ROOT / "docs" / "simulate.md")

    def typed(line: str) -> str:
        words = [sys.executable, "-m", "tests.demo.elsewhere", MONDAY, *shlex.split(line)[1:]]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        told, code = in_terminal(words, workspace.root, environment)
        assert code == 0, told
        return told

    page.run(typed)
    page.end()
